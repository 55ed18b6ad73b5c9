"""What holds for a shop as a whole: its currency and its business hours, and that it goes with its chatbot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

from knowflow.store.v1.discount_pb2 import DiscountCode, DiscountUse
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.order_pb2 import Cart, Customer, Order
from knowflow.store.v1.product_pb2 import Product, Variant
from knowflow.store.v1.shop_pb2 import BusinessDay, Shop, ShopLocation, ShopName
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.money import CURRENCIES
from knowflow_server.domain.shop.names import list_id
from knowflow_server.domain.shop.place import TAG, TYPE, VENDOR, Place, currency_of, opened, shop_of
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.schema import spec_of
from knowflow_server.store.transaction import Transaction

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPEN, CLOSE, OPEN_1, OPEN_2 = "open", "close", "open_1", "open_2"
MIDNIGHT = 24 * 60
# Times that a day needs, in their order.
TIMES: Mapping[str, Sequence[str]] = {
    OPEN: (),
    CLOSE: (),
    OPEN_1: ("start", "end"),
    OPEN_2: ("start", "end", "start_2", "end_2"),
}
# What a chatbot deletes together with itself; the rest follows.
OWNED: tuple[type[Message], ...] = (Product, DiscountCode, ShopLocation, Cart, Customer, Order)
# What goes with these, of which there may be many.
BELOW: Mapping[type[Message], type[Message]] = {Product: Variant, DiscountCode: DiscountUse}


@dataclass(frozen=True, slots=True)
class Hours:
    """New business hours of one day.

    Args:
        day: 0 (Monday) to 6 (Sunday).
        option: `open`, `close`, `open_1` or `open_2`.
        times: `start`, `end`, `start_2`, `end_2` in minutes since midnight, those that are given.
    """

    day: int
    option: str
    times: Mapping[str, int]


class Shops:
    """All shops; each method acts for one."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def currency(self, place: Place) -> str:
        """Return what prices of a shop are in: an ISO 4217 code."""
        return currency_of(self._entities, place)

    async def set_currency(self, place: Place, currency: str) -> str:
        """Set what prices are in, without changing their figures, and return it; orders keep theirs.

        Raises:
            InvalidArgumentError: There is no such currency.
        """
        code = currency.upper()
        if code not in CURRENCIES:
            sentence = "Input should be a currency of ISO 4217, for example EUR"
            raise InvalidArgumentError(field_sentence("currency", sentence, currency), field="currency")

        def work(transaction: Transaction) -> str:
            now = microseconds(self._clock)
            shop = opened(transaction, place, now)
            shop.currency, shop.updated_at = code, now
            return code

        return await self._entities.transact(work)

    def hours(self, place: Place) -> list[BusinessDay]:
        """Return the business hours from Monday to Sunday; a shop is always open unless it says otherwise."""
        return list(shop_of(self._entities, place).days) or [BusinessDay(option=OPEN, end=MIDNIGHT) for _ in DAYS]

    async def set_hours(self, place: Place, given: Sequence[Hours]) -> list[BusinessDay]:
        """Set the business hours of some days and return those of all.

        Raises:
            InvalidArgumentError: A day comes twice, or its times do not follow each other.
        """
        for number, hours in enumerate(given):
            if any(other.day == hours.day for other in given[:number]):
                name = f"data.{number}.id"
                raise InvalidArgumentError(field_sentence(name, "Each day once", hours.day + 1), field=name)
            _check(hours, f"data.{number}")

        def work(transaction: Transaction) -> list[BusinessDay]:
            now = microseconds(self._clock)
            shop = opened(transaction, place, now)
            if not shop.days:
                shop.days.extend(BusinessDay(option=OPEN, end=MIDNIGHT) for _ in DAYS)
            for hours in given:
                times = {OPEN: {"end": MIDNIGHT}, CLOSE: {}}.get(hours.option, hours.times)
                wanted = {name: times[name] for name in TIMES[hours.option] or times}
                shop.days[hours.day].CopyFrom(BusinessDay(option=hours.option, **wanted))
            shop.updated_at = now
            return list(shop.days)

        return await self._entities.transact(work)


def _check(hours: Hours, where: str) -> None:
    before = -1
    for place, name in enumerate(TIMES[hours.option]):
        if name not in hours.times:
            sentence = f"Field required with `{hours.option}`"
            raise InvalidArgumentError(field_sentence(f"{where}.{name}", sentence, ""), field=f"{where}.{name}")
        # The second time may begin when the first one ends.
        if hours.times[name] < before + (place != 2):
            sentence = "Times should follow each other within the day"
            raise InvalidArgumentError(field_sentence(f"{where}.{name}", sentence, ""), field=f"{where}.{name}")
        before = hours.times[name]


def follow(transaction: Transaction) -> None:
    """Have what belongs to others go with them, whoever deletes those: a shop with its chatbot, and so on."""
    gone = [key for key, (_, record) in transaction.writes.items() if record is None and key[0] in FOLLOWED]
    for kind, identifier in gone:
        for record in list(FOLLOWED[kind](transaction, identifier)):
            transaction.delete(record)


def _of_flow(transaction: Transaction, identifier: str) -> Iterator[Message]:
    shop = transaction.get(Shop, identifier)
    if shop is not None:
        place = Place(shop.organization_id, shop.id)
        for kind in (TAG, TYPE, VENDOR):
            yield from transaction.children(ShopName, place.organization_id, list_id(place, kind))
        yield shop


def _of_subscriber(transaction: Transaction, identifier: str) -> Iterator[Message]:
    found = (transaction.get(Cart, identifier), transaction.get(Customer, identifier))
    return (record for record in found if record is not None)


def _of_product(transaction: Transaction, identifier: str) -> Iterator[Message]:
    return transaction.children(Variant, _organization(identifier), identifier)


def _of_code(transaction: Transaction, identifier: str) -> Iterator[Message]:
    return transaction.children(DiscountUse, _organization(identifier), identifier)


def _organization(identifier: str) -> str:
    # Identifiers of chatbots, and so of all that is in them, begin with that of the organization.
    return identifier.partition(".")[0]


FOLLOWED: Mapping[str, Callable[[Transaction, str], Iterator[Message]]] = {
    spec_of(Flow).kind: _of_flow,
    spec_of(Subscriber).kind: _of_subscriber,
    spec_of(Product).kind: _of_product,
    spec_of(DiscountCode).kind: _of_code,
}
