"""Orders: what was sold, with the stock it took and the discount it had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from knowflow.store.v1.discount_pb2 import Discount
from knowflow.store.v1.order_pb2 import CartLine, Customer, Order, OrderContact
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.code import code_written, count_use, use_of
from knowflow_server.domain.shop.discount import check, reckoned
from knowflow_server.domain.shop.place import ORDER, Buyer, Place, currency_of, live_buyer, next_number, shop_of
from knowflow_server.domain.shop.stock import give_back, priced, take
from knowflow_server.errors.shop import OrderClosedError, OrderNotFoundError, OrderStatusRefusedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

ORDERED, PAID, PROCESSING, SHIPPED = "ordered", "paid", "processing", "shipped"
COMPLETED, CANCELLED, REFUNDED = "completed", "cancelled", "refunded"
# What an order can become: goods go on towards the buyer, and what is only ordered has brought in no money yet.
NEXT: Mapping[str, Sequence[str]] = {
    ORDERED: (PAID, PROCESSING, SHIPPED, COMPLETED, CANCELLED),
    PAID: (PROCESSING, SHIPPED, COMPLETED, CANCELLED, REFUNDED),
    PROCESSING: (SHIPPED, COMPLETED, CANCELLED, REFUNDED),
    SHIPPED: (COMPLETED, CANCELLED, REFUNDED),
    COMPLETED: (REFUNDED,),
    # A paid order that was called off is paid back afterwards.
    CANCELLED: (REFUNDED,),
    REFUNDED: (),
}
BEGINNINGS = (ORDERED, PAID, PROCESSING, SHIPPED, COMPLETED)
# Whose goods went back on the shelf, and whose parcel is not packed yet.
ENDED = (CANCELLED, REFUNDED)
CHANGEABLE = (ORDERED, PAID, PROCESSING)


def owned_order(entities: EntityStore | Transaction, place: Place, number: int, *, subscriber: str = "") -> Order:
    """Return an order of a chatbot, read-only; when a subscriber is given, it must be that one's.

    Raises:
        OrderNotFoundError: It does not exist there.
    """
    record = entities.get(Order, place.record_id(number))
    if record is None or (subscriber and record.subscriber_id != subscriber):
        raise OrderNotFoundError(order_id=number)
    return record


def make_order(
    transaction: Transaction,
    place: Place,
    buyer: Buyer,
    wanted: Iterable[CartLine],
    *,
    status: str,
    contact: Mapping[str, str],
    code: str,
    now: int,
) -> Order:
    """Take pieces out of stock and return the order for them; arguments and errors as of `Orders.create`."""
    live_buyer(transaction, buyer)
    order = Order(
        organization_id=place.organization_id,
        flow_id=place.flow_id,
        subscriber_id=buyer.id,
        user_ns=buyer.user_ns,
        status=status,
        currency=currency_of(transaction, place),
        lines=take(transaction, place, wanted),
        contact=OrderContact(**contact),
        created_at=now,
        updated_at=now,
    )
    if code:
        found = code_written(transaction, place, code)
        check(found, priced(order.lines), used=use_of(transaction, found, buyer.id).used, now=now)
        order.discount_code, order.discount_code_id = found.code, found.id
        order.discount.CopyFrom(found.discount)
        count_use(transaction, found.id, buyer.id, 1, now)
    _reckon(order)
    order.number = next_number(transaction, place, ORDER, now)
    order.id = place.record_id(order.number)
    transaction.put(order)
    customer = transaction.edit(
        transaction.get(Customer, buyer.id)
        or Customer(id=buyer.id, organization_id=place.organization_id, flow_id=place.flow_id, created_at=now)
    )
    customer.orders.append(order.number)
    customer.updated_at = now
    return order


def move(transaction: Transaction, place: Place, order: Order, status: str, now: int) -> None:
    """Give an order that is being edited its next status; what ends returns its stock and its discount code.

    Raises:
        OrderStatusRefusedError: It does not become that.
    """
    if status == order.status:
        return
    possible = NEXT[order.status]
    if status not in possible:
        shown = ", ".join(possible) or "nothing else"
        raise OrderStatusRefusedError(present=order.status, wanted=status, possible=shown)
    if status in ENDED and order.status not in ENDED:
        give_back(transaction, place, order.lines)
        count_use(transaction, order.discount_code_id, order.subscriber_id, -1, now)
    order.status = status


class Orders:
    """The orders of all shops; each method acts for one. They are kept for as long as their chatbot is."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def list(self, place: Place, page: PageRequest, *, subscriber: str = "") -> Page[Order]:
        """Return one page of the orders of a chatbot, or of one of its subscribers, newest first.

        Costs what the page costs, however many there are.
        """
        if subscriber:
            customer = self._entities.get(Customer, subscriber)
            numbers: Sequence[int] = customer.orders[::-1] if customer is not None else []
        else:
            # Looking a missing one up by its key would put it into the record.
            count = shop_of(self._entities, place).counts.get(ORDER)
            numbers = range(count.last if count is not None else 0, 0, -1)
        chosen = numbers[page.offset : page.offset + page.size]
        found = (self._entities.get(Order, place.record_id(number)) for number in chosen)
        # While a chatbot is being deleted, a part of its orders is gone.
        return Page([order for order in found if order is not None], len(numbers), page)

    def get(self, place: Place, number: int) -> Order:
        """Return an order, read-only.

        Raises:
            OrderNotFoundError: It does not exist in the chatbot.
        """
        return owned_order(self._entities, place, number)

    async def create(
        self,
        place: Place,
        buyer: Buyer,
        wanted: Sequence[CartLine],
        *,
        status: str = ORDERED,
        contact: Mapping[str, str],
        code: str = "",
    ) -> Order:
        """Make an order, take it out of stock, and return it.

        Args:
            place: The chatbot.
            buyer: Who orders.
            wanted: What is ordered; lines of one variant are taken together.
            status: One of `BEGINNINGS`.
            contact: Fields of `OrderContact`.
            code: Discount code; empty means none.

        Raises:
            VariantNotFoundError, NotForSaleError, OutOfStockError, DiscountCodeNotFoundError,
            DiscountRefusedError: As their sentences say.
        """

        def work(transaction: Transaction) -> Order:
            now = microseconds(self._clock)
            return make_order(transaction, place, buyer, wanted, status=status, contact=contact, code=code, now=now)

        return await self._entities.transact(work)

    async def update(
        self,
        place: Place,
        number: int,
        *,
        contact: Mapping[str, str],
        status: str = "",
        wanted: Sequence[CartLine] = (),
    ) -> Order:
        """Change an order and return it.

        Args:
            place: The chatbot.
            number: The order.
            contact: New values of fields of `OrderContact`.
            status: What it becomes; empty leaves it.
            wanted: What is ordered from now on, in place of what was; empty leaves it. Stock is taken and given back
                by the difference, and the discount is reckoned anew.

        Raises:
            OrderNotFoundError, OrderStatusRefusedError, OrderClosedError, VariantNotFoundError, NotForSaleError,
            OutOfStockError: As their sentences say; nothing changes then.
        """

        def work(transaction: Transaction) -> Order:
            now = microseconds(self._clock)
            order = transaction.edit(owned_order(transaction, place, number))
            if wanted:
                if order.status not in CHANGEABLE:
                    raise OrderClosedError(present=order.status)
                lines = take(transaction, place, wanted, before=order.lines)
                del order.lines[:]
                order.lines.extend(lines)
                _reckon(order)
            for name, value in contact.items():
                setattr(order.contact, name, value)
            if status:
                move(transaction, place, order, status, now)
            order.updated_at = now
            return order

        return await self._entities.transact(work)

    async def set_status(self, place: Place, number: int, status: str, *, subscriber: str) -> Order:
        """Give an order of a subscriber its next status and return it.

        Raises:
            OrderNotFoundError, OrderStatusRefusedError: As their sentences say.
        """

        def work(transaction: Transaction) -> Order:
            now = microseconds(self._clock)
            order = transaction.edit(owned_order(transaction, place, number, subscriber=subscriber))
            move(transaction, place, order, status, now)
            order.updated_at = now
            return order

        return await self._entities.transact(work)


def _reckon(order: Order) -> None:
    discount: Discount | None = order.discount if order.HasField("discount") else None
    reckoning = reckoned(priced(order.lines), discount, order.currency)
    order.subtotal, order.discount_amount = str(reckoning.subtotal), str(reckoning.discount)
    order.total = str(reckoning.total)
