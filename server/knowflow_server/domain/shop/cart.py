"""Carts: what subscribers are about to buy. A cart holds back nothing for its owner; stock goes to who pays first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowflow.store.v1.discount_pb2 import DiscountCode
from knowflow.store.v1.order_pb2 import Cart, CartLine, Order, OrderLine
from knowflow.store.v1.product_pb2 import Variant
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.code import code_written, use_of
from knowflow_server.domain.shop.discount import Reckoning, check, reckoned
from knowflow_server.domain.shop.order import PAID, make_order
from knowflow_server.domain.shop.place import Buyer, Place, currency_of, live_buyer
from knowflow_server.domain.shop.product import owned_variant
from knowflow_server.domain.shop.stock import check_sold, priced, sold
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.shop import CartEmptyError, NotInCartError, ShopLimitReachedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MAX_LINES = 100
MAX_QTY = 10_000


@dataclass(frozen=True, slots=True)
class Filled:
    """A cart as it would be sold at this moment.

    Args:
        cart: The cart.
        lines: What is in it, at present prices; what was deleted since is not.
        reckoning: What it costs.
        currency: What that is in.
    """

    cart: Cart
    lines: list[OrderLine]
    reckoning: Reckoning
    currency: str


class Carts:
    """The carts of all subscribers; each method acts for one."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def get(self, place: Place, buyer: Buyer) -> Filled:
        """Return a cart with what it costs."""
        return _filled(self._entities, place, buyer)

    def discounted(self, place: Place, buyer: Buyer, code: str) -> tuple[DiscountCode, Filled]:
        """Return a discount code, and the cart with what it would cost with it; nothing is used by that.

        Raises:
            CartEmptyError, DiscountCodeNotFoundError, DiscountRefusedError: As their sentences say.
        """
        found = code_written(self._entities, place, code)
        filled = _filled(self._entities, place, buyer)
        if not filled.lines:
            raise CartEmptyError(user_ns=buyer.user_ns)
        items = priced(filled.lines)
        used = use_of(self._entities, found, buyer.id).used
        check(found, items, used=used, now=microseconds(self._clock))
        return found, Filled(
            filled.cart, filled.lines, reckoned(items, found.discount, filled.currency), filled.currency
        )

    async def add(self, place: Place, buyer: Buyer, variant: int, qty: int) -> None:
        """Put pieces of a variant in a cart, to those which are in it.

        Raises:
            VariantNotFoundError, NotForSaleError, OutOfStockError, ShopLimitReachedError,
            InvalidArgumentError: As their sentences say.
        """

        def work(transaction: Transaction) -> None:
            record = owned_variant(transaction, place, variant)
            cart = self._opened(transaction, place, buyer)
            line = next((one for one in cart.lines if one.variant == variant), None)
            if line is None:
                # Those of deleted variants are in nobody's way.
                kept = [one for one in cart.lines if _exists(transaction, place, one)]
                if len(kept) >= MAX_LINES:
                    raise ShopLimitReachedError(kind="variant in a cart", limit=MAX_LINES)
                del cart.lines[:]
                cart.lines.extend(kept)
                line = cart.lines.add(variant=variant)
            line.qty += qty
            if line.qty > MAX_QTY:
                sentence = f"Input should leave at most {MAX_QTY} pieces in the cart"
                raise InvalidArgumentError(field_sentence("qty", sentence, qty), field="qty")
            check_sold(transaction, record, line.qty)

        await self._entities.transact(work)

    async def remove(self, place: Place, buyer: Buyer, variant: int) -> None:
        """Take a variant out of a cart, with all of its pieces.

        Raises:
            NotInCartError: It is not in it.
        """

        def work(transaction: Transaction) -> None:
            cart = self._opened(transaction, place, buyer)
            line = next((one for one in cart.lines if one.variant == variant), None)
            if line is None:
                raise NotInCartError(variant_id=variant, user_ns=buyer.user_ns)
            cart.lines.remove(line)

        await self._entities.transact(work)

    async def empty(self, place: Place, buyer: Buyer) -> None:
        """Take everything out of a cart."""

        def work(transaction: Transaction) -> None:
            if transaction.get(Cart, buyer.id) is not None:
                del self._opened(transaction, place, buyer).lines[:]

        await self._entities.transact(work)

    async def paid(self, place: Place, buyer: Buyer, contact: Mapping[str, str], *, code: str = "") -> Order:
        """Make an order of a cart that was paid for, take it out of stock, empty the cart, and return the order.

        Args:
            place: The chatbot.
            buyer: Whose cart.
            contact: Fields of `OrderContact`.
            code: Discount code; empty means none.

        Raises:
            CartEmptyError, NotForSaleError, OutOfStockError, DiscountCodeNotFoundError,
            DiscountRefusedError: As their sentences say; the cart stays as it is.
        """

        def work(transaction: Transaction) -> Order:
            cart = self._opened(transaction, place, buyer)
            wanted = [CartLine(variant=one.variant, qty=one.qty) for one in cart.lines]
            wanted = [one for one in wanted if _exists(transaction, place, one)]
            if not wanted:
                raise CartEmptyError(user_ns=buyer.user_ns)
            del cart.lines[:]
            now = microseconds(self._clock)
            return make_order(transaction, place, buyer, wanted, status=PAID, contact=contact, code=code, now=now)

        return await self._entities.transact(work)

    def _opened(self, transaction: Transaction, place: Place, buyer: Buyer) -> Cart:
        live_buyer(transaction, buyer)
        now = microseconds(self._clock)
        present = transaction.get(Cart, buyer.id) or Cart(
            id=buyer.id, organization_id=place.organization_id, flow_id=place.flow_id, created_at=now
        )
        cart = transaction.edit(present)
        cart.updated_at = now
        return cart


def _exists(entities: EntityStore | Transaction, place: Place, line: CartLine) -> bool:
    return entities.get(Variant, place.record_id(line.variant)) is not None


def _filled(entities: EntityStore, place: Place, buyer: Buyer) -> Filled:
    cart = entities.get(Cart, buyer.id) or Cart(id=buyer.id)
    found = [(entities.get(Variant, place.record_id(line.variant)), line.qty) for line in cart.lines]
    lines = [sold(entities, variant, qty) for variant, qty in found if variant is not None]
    currency = currency_of(entities, place)
    return Filled(cart, lines, reckoned(priced(lines), None, currency), currency)
