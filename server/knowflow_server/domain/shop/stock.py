"""Stock: taken when an order is made, given back when it is cancelled or refunded, never below nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from knowflow.store.v1.order_pb2 import CartLine, OrderLine
from knowflow.store.v1.product_pb2 import Product, Variant
from knowflow_server.domain.shop.discount import Priced
from knowflow_server.domain.shop.place import Place
from knowflow_server.domain.shop.product import described, owned_variant
from knowflow_server.errors.shop import NotForSaleError, OutOfStockError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


def product_of(entities: EntityStore | Transaction, variant: Variant) -> Product:
    """Return the product of a variant, read-only; they go together."""
    return entities.get(Product, variant.product_id) or Product()


def check_sold(entities: EntityStore | Transaction, variant: Variant, qty: int) -> None:
    """Refuse to sell so many pieces of a variant.

    Raises:
        NotForSaleError, OutOfStockError: As their sentences say.
    """
    product = product_of(entities, variant)
    if product.inactive:
        raise NotForSaleError(variant_id=variant.number, name=product.name)
    if variant.track_stock and not variant.allow_no_stock_sell and qty > variant.qty:
        raise OutOfStockError(variant_id=variant.number, name=product.name, available=variant.qty, wanted=qty)


def take(
    transaction: Transaction, place: Place, wanted: Iterable[CartLine], *, before: Sequence[OrderLine] = ()
) -> list[OrderLine]:
    """Take pieces out of stock and return them as they are sold.

    Args:
        transaction: Takes all of them, or none.
        place: The chatbot.
        wanted: What is bought; lines of one variant are taken together.
        before: What the order held until now. Its variants keep the price they were sold at, and in no greater number
            they stay in the order even when they are no longer for sale; what is not wanted any more goes back.

    Raises:
        VariantNotFoundError, NotForSaleError, OutOfStockError: As their sentences say; nothing may be written then.
    """
    numbers: dict[int, int] = {}
    for line in wanted:
        numbers[line.variant] = numbers.get(line.variant, 0) + line.qty
    earlier: Mapping[int, OrderLine] = {line.variant: line for line in before}
    give_back(transaction, place, (line for line in before if not 0 < numbers.get(line.variant, 0) <= line.qty))
    return [_taken(transaction, place, number, qty, earlier.get(number)) for number, qty in numbers.items()]


def _taken(transaction: Transaction, place: Place, number: int, qty: int, earlier: OrderLine | None) -> OrderLine:
    if earlier is not None and qty <= earlier.qty:
        # Less of what the order has: nothing new is sold, whatever has become of the variant since.
        return _less(transaction, place, earlier, qty)
    variant = owned_variant(transaction, place, number)
    check_sold(transaction, variant, qty)
    line = sold(transaction, variant, qty)
    if earlier is not None:
        line.CopyFrom(earlier)
        line.qty = qty
    # Of what is sold beyond the stock nothing lies in it.
    line.taken = min(qty, variant.qty) if variant.track_stock else 0
    if line.taken:
        transaction.edit(variant).qty -= line.taken
    return line


def _less(transaction: Transaction, place: Place, earlier: OrderLine, qty: int) -> OrderLine:
    line = OrderLine()
    line.CopyFrom(earlier)
    line.qty = qty
    line.taken = min(qty, earlier.taken)
    variant = transaction.get(Variant, place.record_id(line.variant))
    if variant is not None and earlier.taken > line.taken:
        transaction.edit(variant).qty += earlier.taken - line.taken
    return line


def give_back(transaction: Transaction, place: Place, lines: Iterable[OrderLine]) -> None:
    """Put back into stock what lines took out of it, once; variants that were deleted take nothing."""
    for line in lines:
        variant = transaction.get(Variant, place.record_id(line.variant)) if line.taken else None
        if variant is not None:
            transaction.edit(variant).qty += line.taken
        line.taken = 0


def sold(entities: EntityStore | Transaction, variant: Variant, qty: int) -> OrderLine:
    """Return pieces of a variant as they are sold, with all that must stay readable when the product goes."""
    product = product_of(entities, variant)
    return OrderLine(
        variant=variant.number,
        product=product.number,
        name=product.name,
        desc=described(variant),
        image=variant.image or product.image,
        sku=variant.sku,
        price=variant.price,
        compare_price=variant.compare_price,
        taxable=variant.taxable,
        qty=qty,
    )


def priced(lines: Iterable[OrderLine]) -> list[Priced]:
    """Return what lines cost."""
    return [Priced(Decimal(line.price), line.qty) for line in lines]
