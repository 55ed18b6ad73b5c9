"""A store of entities without a disk: transactions over memory, one after the other, as the store runs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.product_pb2 import Product, Variant
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.shop.place import PRODUCT, VARIANT, Buyer, Place, next_number
from knowflow_server.store.transaction import Memory, Transaction

T = TypeVar("T")
PLACE = Place("0" * 32, "0" * 32 + ".f1")
BUYERS = 4
NOW = 1_700_000_000_000_000


class Ledger:
    """Memory, and what is done to it."""

    def __init__(self) -> None:
        self.memory = Memory()
        organization = {"organization_id": PLACE.organization_id}
        self.run(lambda transaction: transaction.put(Flow(id=PLACE.flow_id, number=1, **organization)))
        for number in range(1, BUYERS + 1):
            one = Subscriber(id=buyer(number).id, flow_id=PLACE.flow_id, user_id=str(number), **organization)
            self.run(lambda transaction, one=one: transaction.put(one))  # type: ignore[misc]

    def run(self, work: Callable[[Transaction], T]) -> T:
        """Run a transaction; when it raises, nothing of it stays."""
        transaction = Transaction(self.memory, {}, {})
        result = work(transaction)
        transaction.check()
        for key, (spec, record) in transaction.writes.items():
            self.memory.apply(key, record, spec, self.memory.revisions.get(key, 0) + 1)
        return result

    @property
    def reading(self) -> Transaction:
        """What reads the present state."""
        return Transaction(self.memory, {}, {})

    def variant(self, *, qty: int, track: bool = True, beyond: bool = False, price: str = "10.00") -> int:
        """Put a product of one variant in the shop and return the number of the variant."""

        def work(transaction: Transaction) -> int:
            product = next_number(transaction, PLACE, PRODUCT, NOW)
            owner = Product(
                id=PLACE.record_id(product),
                organization_id=PLACE.organization_id,
                flow_id=PLACE.flow_id,
                number=product,
                name=f"Product {product}",
                created_at=NOW,
            )
            transaction.put(owner)
            number = next_number(transaction, PLACE, VARIANT, NOW)
            transaction.put(
                Variant(
                    id=PLACE.record_id(number),
                    organization_id=PLACE.organization_id,
                    product_id=owner.id,
                    flow_id=PLACE.flow_id,
                    number=number,
                    price=price,
                    qty=qty,
                    track_stock=track,
                    allow_no_stock_sell=beyond,
                    created_at=NOW,
                )
            )
            return number

        return self.run(work)


def buyer(number: int) -> Buyer:
    """Return a subscriber."""
    return Buyer(f"{PLACE.flow_id}u{number}", f"f1u{number}", number)
