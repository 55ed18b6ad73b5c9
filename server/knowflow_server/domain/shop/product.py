"""Products and their variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowflow.store.v1.product_pb2 import Product, Variant
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.money import money
from knowflow_server.domain.shop.names import name_of, numbers_of
from knowflow_server.domain.shop.place import (
    PRODUCT,
    TAG,
    TYPE,
    VARIANT,
    VENDOR,
    Place,
    currency_of,
    give_up,
    next_number,
)
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.shop import (
    ProductNotFoundError,
    ProductWithoutVariantsError,
    ShopLimitReachedError,
    VariantNotFoundError,
    VariantTakenError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_VARIANTS = 100
PRICES = ("price", "compare_price")
# What a caller may say of a variant: the values of options as the surface calls them are `value_1` and `value_2`.
Changes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a product is sorted by, as names; None leaves what there is, an empty name takes it away."""

    type: str | None = None
    vendor: str | None = None
    tags: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A product that is to be made.

    Args:
        values: Fields of the record.
        labels: What it is sorted by.
        variant: What the product says of the variant which it is itself, when it uses no variants.
        variants: Its variants, when it uses them.
    """

    values: Changes
    labels: Labels = field(default_factory=Labels)
    variant: Changes = field(default_factory=dict)
    variants: Sequence[Changes] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """A product with all that is shown of it.

    Args:
        product: The product.
        variants: Its variants, in the order in which they are shown.
        type: Name of its type; empty for none.
        vendor: Name of its vendor; empty for none.
        tags: Names of its tags.
        currency: What its prices are in.
    """

    product: Product
    variants: Sequence[Variant]
    type: str
    vendor: str
    tags: Sequence[str]
    currency: str


def owned_product(entities: EntityStore | Transaction, place: Place, number: int) -> Product:
    """Return a product of a chatbot, read-only.

    Raises:
        ProductNotFoundError: It does not exist there.
    """
    record = entities.get(Product, place.record_id(number))
    if record is None:
        raise ProductNotFoundError(product_id=number)
    return record


def owned_variant(entities: EntityStore | Transaction, place: Place, number: int, *, product: str = "") -> Variant:
    """Return a variant of a chatbot, read-only.

    Args:
        entities: Where it is kept.
        place: The chatbot.
        number: The variant.
        product: Identifier of the product whose variant it must be; empty means any.

    Raises:
        VariantNotFoundError: It does not exist there.
    """
    record = entities.get(Variant, place.record_id(number))
    if record is None or (product and record.product_id != product):
        raise VariantNotFoundError(variant_id=number)
    return record


def variants_of(entities: EntityStore | Transaction, product: Product) -> list[Variant]:
    """Return the variants of a product in the order in which they are shown, read-only."""
    found = entities.children(Variant, product.organization_id, product.id)
    return sorted(found, key=lambda one: (one.display_order, one.number))


class Products:
    """The products of all shops; each method acts for one."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def list(self, place: Place, page: PageRequest, *, part: str = "", kind: int = 0, vendor: int = 0) -> Page[Product]:
        """Return one page of the products, newest first.

        Args:
            place: The chatbot.
            page: Which page.
            part: Only those whose name contains this; upper and lower case count as equal.
            kind: Only those of a type, when it is not 0.
            vendor: Only those of a vendor, when it is not 0.
        """
        found = self._entities.children(Product, place.organization_id, place.flow_id)[::-1]
        if part:
            found = [one for one in found if part.casefold() in one.name.casefold()]
        if kind or vendor:
            found = [one for one in found if kind in (0, one.type) and vendor in (0, one.vendor)]
        return page_of(found, page)

    def get(self, place: Place, number: int) -> Product:
        """Return a product, read-only.

        Raises:
            ProductNotFoundError: It does not exist in the chatbot.
        """
        return owned_product(self._entities, place, number)

    def whole(self, place: Place, product: Product) -> Whole:
        """Return a product with all that is shown of it; names that were deleted are not."""

        def names(kind: str, numbers: Iterable[int]) -> list[str]:
            found = (name_of(self._entities, place, kind, number) for number in numbers)
            return [name.name for name in found if name is not None]

        return Whole(
            product,
            variants_of(self._entities, product),
            "".join(names(TYPE, [product.type])),
            "".join(names(VENDOR, [product.vendor])),
            names(TAG, product.tags),
            currency_of(self._entities, place),
        )

    async def create(self, place: Place, draft: Draft) -> Product:
        """Make a product with its variants and return it.

        Raises:
            InvalidArgumentError, ShopLimitReachedError, VariantTakenError: As their sentences say.
        """
        _check_options(draft)

        def work(transaction: Transaction) -> Product:
            now = microseconds(self._clock)
            number = next_number(transaction, place, PRODUCT, now)
            product = Product(
                id=place.record_id(number),
                organization_id=place.organization_id,
                flow_id=place.flow_id,
                number=number,
                created_at=now,
                updated_at=now,
                **draft.values,
            )
            _label(transaction, place, product, draft.labels, now)
            transaction.put(product)
            made: list[Variant] = []
            for order, given in enumerate(draft.variants, 1):
                where = f"variants.{order - 1}."
                made.append(_add(transaction, place, product, made, {"display_order": order, **given}, now, where))
            if not product.use_variant:
                _add(transaction, place, product, made, draft.variant, now)
            return product

        return await self._entities.transact(work)

    async def update(self, place: Place, number: int, values: Changes, labels: Labels) -> Product:
        """Change a product and return it.

        Args:
            place: The chatbot.
            number: The product.
            values: New values of fields of the record.
            labels: What it is sorted by from now on.

        Raises:
            ProductNotFoundError, ShopLimitReachedError: As their sentences say.
        """

        def work(transaction: Transaction) -> Product:
            now = microseconds(self._clock)
            product = transaction.edit(owned_product(transaction, place, number))
            for name, value in values.items():
                setattr(product, name, value)
            _label(transaction, place, product, labels, now)
            product.updated_at = now
            return product

        return await self._entities.transact(work)

    async def delete(self, place: Place, number: int) -> None:
        """Delete a product with its variants; it leaves carts, and orders keep what was sold.

        Raises:
            ProductNotFoundError: It does not exist in the chatbot.
        """

        def work(transaction: Transaction) -> None:
            now = microseconds(self._clock)
            product = owned_product(transaction, place, number)
            give_up(transaction, place, VARIANT, now, count=len(variants_of(transaction, product)))
            transaction.delete(product)
            give_up(transaction, place, PRODUCT, now)

        await self._entities.transact(work)

    def variants(self, place: Place, number: int, page: PageRequest) -> Page[Variant]:
        """Return one page of the variants of a product, in the order in which they are shown.

        Raises:
            ProductNotFoundError: It does not exist in the chatbot.
        """
        return page_of(variants_of(self._entities, owned_product(self._entities, place, number)), page)

    def variant(self, place: Place, number: int, variant: int) -> Variant:
        """Return a variant of a product, read-only.

        Raises:
            ProductNotFoundError, VariantNotFoundError: They do not exist in the chatbot.
        """
        product = owned_product(self._entities, place, number)
        return owned_variant(self._entities, place, variant, product=product.id)

    async def add_variant(self, place: Place, number: int, given: Changes) -> Variant:
        """Add a variant to a product that uses them, and return it.

        Raises:
            ProductNotFoundError, ProductWithoutVariantsError, VariantTakenError, ShopLimitReachedError,
            InvalidArgumentError: As their sentences say.
        """

        def work(transaction: Transaction) -> Variant:
            product = owned_product(transaction, place, number)
            if not product.use_variant:
                raise ProductWithoutVariantsError(product_id=number)
            others = variants_of(transaction, product)
            last = max((one.display_order for one in others), default=0)
            now = microseconds(self._clock)
            return _add(transaction, place, product, others, {"display_order": last + 1, **given}, now)

        return await self._entities.transact(work)

    async def update_variant(self, place: Place, number: int, variant: int, given: Changes) -> Variant:
        """Change a variant and return it; orders keep what it was when it was sold.

        Raises:
            ProductNotFoundError, VariantNotFoundError, VariantTakenError, InvalidArgumentError: As their sentences say.
        """

        def work(transaction: Transaction) -> Variant:
            product = owned_product(transaction, place, number)
            present = owned_variant(transaction, place, variant, product=product.id)
            record = transaction.edit(present)
            _apply(record, given, currency_of(transaction, place), where="")
            _check_values(product, record, variants_of(transaction, product), where="")
            record.updated_at = microseconds(self._clock)
            return record

        return await self._entities.transact(work)

    async def delete_variant(self, place: Place, number: int, variant: int) -> None:
        """Delete a variant; it leaves carts, and orders keep what was sold.

        Raises:
            ProductNotFoundError, VariantNotFoundError, ProductWithoutVariantsError: As their sentences say.
        """

        def work(transaction: Transaction) -> None:
            product = owned_product(transaction, place, number)
            record = owned_variant(transaction, place, variant, product=product.id)
            if not product.use_variant:
                raise ProductWithoutVariantsError(product_id=number)
            transaction.delete(record)
            give_up(transaction, place, VARIANT, microseconds(self._clock))

        await self._entities.transact(work)


def _check_options(draft: Draft) -> None:
    """Refuse a product that uses variants and does not say in what they differ, or the other way round."""
    first, second = (draft.values.get(f"option_{place}", "") for place in (1, 2))
    uses = draft.values.get("use_variant", False)
    if uses and not first:
        name = "variant_1_name"
        raise InvalidArgumentError(field_sentence(name, "Field required with `use_variant`", first), field=name)
    if not uses and (first or second or draft.variants):
        name = "variants" if draft.variants else "variant_1_name" if first else "variant_2_name"
        raise InvalidArgumentError(field_sentence(name, "Input should come with `use_variant`", ""), field=name)
    if uses and draft.variant:
        name = next(iter(draft.variant))
        sentence = "Input should stand in `variants`, as the product uses them"
        raise InvalidArgumentError(field_sentence(name, sentence, draft.variant[name]), field=name)


def _label(transaction: Transaction, place: Place, product: Product, labels: Labels, now: int) -> None:
    if labels.type is not None:
        product.type = (numbers_of(transaction, place, TYPE, [labels.type], now) if labels.type else [0])[0]
    if labels.vendor is not None:
        product.vendor = (numbers_of(transaction, place, VENDOR, [labels.vendor], now) if labels.vendor else [0])[0]
    if labels.tags is not None:
        product.tags[:] = numbers_of(transaction, place, TAG, labels.tags, now)


def _add(
    transaction: Transaction,
    place: Place,
    product: Product,
    others: Sequence[Variant],
    given: Changes,
    now: int,
    where: str = "",
) -> Variant:
    """Put a new variant of a product beside the others and return it; `where` says where it stands in the request."""
    if len(others) >= MAX_VARIANTS:
        raise ShopLimitReachedError(kind="variant of a product", limit=MAX_VARIANTS)
    number = next_number(transaction, place, VARIANT, now)
    variant = Variant(
        id=place.record_id(number),
        organization_id=place.organization_id,
        product_id=product.id,
        flow_id=place.flow_id,
        number=number,
        price="0",
        # Who says how many there are wants them counted.
        track_stock=product.track_stock or "qty" in given,
        allow_no_stock_sell=product.allow_no_stock_sell,
        taxable=True,
        created_at=now,
        updated_at=now,
    )
    _apply(variant, given, currency_of(transaction, place), where=where)
    _check_values(product, variant, others, where=where)
    transaction.put(variant)
    return variant


def _apply(variant: Variant, given: Changes, currency: str, *, where: str) -> None:
    for name, value in given.items():
        setattr(variant, name, money(value, currency, where + name) if name in PRICES else value)


def _check_values(product: Product, variant: Variant, others: Iterable[Variant], *, where: str) -> None:
    """Refuse a variant whose values do not fit the options of its product, or are those of another one."""
    for place in (1, 2):
        option, value = getattr(product, f"option_{place}"), getattr(variant, f"value_{place}")
        name = f"{where}variant_{place}_value"
        if option and not value:
            raise InvalidArgumentError(field_sentence(name, f"Field required, a {option}", ""), field=name)
        if value and not option:
            sentence = f"Input should be empty, as the product has no `variant_{place}_name`"
            raise InvalidArgumentError(field_sentence(name, sentence, value), field=name)
    mine = (variant.value_1.casefold(), variant.value_2.casefold())
    for other in others:
        if other.id != variant.id and (other.value_1.casefold(), other.value_2.casefold()) == mine:
            raise VariantTakenError(values=described(variant))


def described(variant: Variant) -> str:
    """Return what a variant has of the options. Example: `L / red`."""
    return " / ".join(value for value in (variant.value_1, variant.value_2) if value)
