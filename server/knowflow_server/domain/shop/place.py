"""Whose shop it is, and the numbers by which its things are known."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.shop_pb2 import Shop
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.shop.money import DEFAULT_CURRENCY
from knowflow_server.errors.konversation import FlowNotFoundError, SubscriberNotFoundError
from knowflow_server.errors.shop import ShopLimitReachedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

# Things of a shop, with the most that it may have of each. Orders are kept for as long as the chatbot is.
PRODUCT, VARIANT, DISCOUNT_CODE, LOCATION, ORDER = "product", "variant", "discount code", "location", "order"
TAG, TYPE, VENDOR = "product tag", "product type", "product vendor"
MOST = {
    PRODUCT: 10_000,
    VARIANT: 100_000,
    DISCOUNT_CODE: 1_000,
    LOCATION: 200,
    TAG: 1_000,
    TYPE: 1_000,
    VENDOR: 1_000,
    ORDER: 2**31 - 2,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose shop it is.

    Args:
        organization_id: The organization.
        flow_id: The chatbot, by the identifier of its record.
    """

    organization_id: str
    flow_id: str

    def record_id(self, number: int) -> str:
        """Return the identifier of the record that has a number here; those of other chatbots begin otherwise."""
        return f"{self.flow_id}.{number}"


@dataclass(frozen=True, slots=True)
class Buyer:
    """A subscriber of the chatbot.

    Args:
        id: Identifier of the record.
        user_ns: How the surface calls the subscriber. Example: `f1u2`.
        number: Number in that name.
    """

    id: str
    user_ns: str
    number: int


def live_buyer(transaction: Transaction, buyer: Buyer) -> None:
    """Refuse to sell to somebody who is gone.

    Raises:
        SubscriberNotFoundError: The subscriber was deleted meanwhile.
    """
    if transaction.get(Subscriber, buyer.id) is None:
        raise SubscriberNotFoundError(subscriber=buyer.user_ns)


def shop_of(entities: EntityStore | Transaction, place: Place) -> Shop:
    """Return a shop, read-only; an empty one when nobody has put anything in it."""
    return entities.get(Shop, place.flow_id) or Shop(id=place.flow_id, organization_id=place.organization_id)


def currency_of(entities: EntityStore | Transaction, place: Place) -> str:
    """Return what prices of a shop are in: an ISO 4217 code."""
    return shop_of(entities, place).currency or DEFAULT_CURRENCY


def opened(transaction: Transaction, place: Place, now: int) -> Shop:
    """Return a shop to be changed; it begins with that.

    Raises:
        FlowNotFoundError: The chatbot was deleted meanwhile.
    """
    if transaction.get(Flow, place.flow_id) is None:
        raise FlowNotFoundError(flow_ns=place.flow_id.rpartition(".")[2])
    present = transaction.get(Shop, place.flow_id)
    if present is not None:
        return transaction.edit(present)
    shop = Shop(id=place.flow_id, organization_id=place.organization_id, created_at=now, updated_at=now)
    transaction.put(shop)
    return shop


def next_number(transaction: Transaction, place: Place, kind: str, now: int) -> int:
    """Return the number of a new thing.

    Raises:
        ShopLimitReachedError: The shop has as many as it may have.
        FlowNotFoundError: The chatbot was deleted meanwhile.
    """
    count = opened(transaction, place, now).counts[kind]
    if count.present >= MOST[kind]:
        raise ShopLimitReachedError(kind=kind, limit=MOST[kind])
    count.last += 1
    count.present += 1
    return count.last


def give_up(transaction: Transaction, place: Place, kind: str, now: int, *, count: int = 1) -> None:
    """Count things less; their numbers are not given again."""
    opened(transaction, place, now).counts[kind].present -= count
