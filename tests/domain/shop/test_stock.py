"""Stock under any sequence of orders and changes: never negative, nothing lost, nothing made of nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from knowflow.store.v1.order_pb2 import CartLine, Order
from knowflow.store.v1.product_pb2 import Product, Variant
from knowflow_server.domain.shop.order import CHANGEABLE, ENDED, NEXT, ORDERED, PAID, make_order, move
from knowflow_server.domain.shop.stock import take
from knowflow_server.errors.shop import (
    NotForSaleError,
    OrderStatusRefusedError,
    OutOfStockError,
    VariantNotFoundError,
)
from knowflow_server.store.transaction import Transaction
from tests.domain.shop.ledger import NOW, PLACE, Ledger, buyer

STOCK = 7
COUNTED, BEYOND, UNCOUNTED = 1, 2, 3
VARIANTS = st.sampled_from([COUNTED, BEYOND, UNCOUNTED])
LINES = st.lists(st.tuples(VARIANTS, st.integers(1, 9)), min_size=1, max_size=4)


class ShopOfThreeVariants(RuleBasedStateMachine):
    """A shop with a variant whose stock is counted, one that is sold beyond its stock, and one that is not counted."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        made = [
            self.ledger.variant(qty=STOCK),
            self.ledger.variant(qty=STOCK, beyond=True),
            self.ledger.variant(qty=STOCK, track=False),
        ]
        assert made == [COUNTED, BEYOND, UNCOUNTED]
        self.delivered = dict.fromkeys(made, STOCK)
        self.orders: list[int] = []

    def stock(self, number: int) -> int:
        variant = self.ledger.reading.get(Variant, PLACE.record_id(number))
        assert variant is not None
        return variant.qty

    def order(self, number: int) -> Order:
        order = self.ledger.reading.get(Order, PLACE.record_id(number))
        assert order is not None
        return order

    @rule(lines=LINES, who=st.integers(1, 3))
    def order_is_made_whole_or_not_at_all(self, lines: Sequence[tuple[int, int]], who: int) -> None:
        wanted = sum(qty for number, qty in lines if number == COUNTED)
        enough = wanted <= self.stock(COUNTED)
        before = {number: self.stock(number) for number in self.delivered}
        try:
            order = self.ledger.run(lambda transaction: make(transaction, lines, who=who))
        except OutOfStockError:
            assert not enough
            assert {number: self.stock(number) for number in self.delivered} == before
        else:
            assert enough
            self.orders.append(order.number)

    @rule(data=st.data(), status=st.sampled_from(sorted(NEXT)))
    def status_changes_as_the_table_says(self, data: st.DataObject, status: str) -> None:
        if not self.orders:
            return
        number = data.draw(st.sampled_from(self.orders))
        allowed = status in (*NEXT[self.order(number).status], self.order(number).status)
        try:
            self.ledger.run(
                lambda transaction: move(transaction, PLACE, transaction.edit(self.order(number)), status, NOW)
            )
        except OrderStatusRefusedError:
            assert not allowed
        else:
            assert allowed
            assert self.order(number).status == status

    @rule(data=st.data(), lines=LINES)
    def items_of_an_order_change(self, data: st.DataObject, lines: Sequence[tuple[int, int]]) -> None:
        open_orders = [number for number in self.orders if self.order(number).status in CHANGEABLE]
        if not open_orders:
            return
        number = data.draw(st.sampled_from(open_orders))

        def work(transaction: Transaction) -> None:
            order = transaction.edit(self.order(number))
            taken = take(transaction, PLACE, cart(lines), before=order.lines)
            del order.lines[:]
            order.lines.extend(taken)

        try:
            self.ledger.run(work)
        except OutOfStockError:
            return
        wanted = {variant: sum(qty for one, qty in lines if one == variant) for variant, _ in lines}
        assert {line.variant: line.qty for line in self.order(number).lines} == wanted

    @rule(number=VARIANTS, pieces=st.integers(1, 5))
    def goods_are_delivered(self, number: int, pieces: int) -> None:
        def work(transaction: Transaction) -> None:
            variant = transaction.get(Variant, PLACE.record_id(number))
            assert variant is not None
            transaction.edit(variant).qty += pieces

        self.ledger.run(work)
        self.delivered[number] += pieces

    @invariant()
    def nothing_is_lost_and_stock_is_never_negative(self) -> None:
        orders = [self.order(number) for number in self.orders]
        for number, delivered in self.delivered.items():
            taken = sum(line.taken for order in orders for line in order.lines if line.variant == number)
            assert 0 <= self.stock(number) == delivered - taken
        for order in orders:
            for line in order.lines:
                assert line.taken == 0 or order.status not in ENDED
                assert line.taken <= line.qty
                if line.variant == COUNTED and order.status not in ENDED:
                    assert line.taken == line.qty


TestShopOfThreeVariants = ShopOfThreeVariants.TestCase
TestShopOfThreeVariants.__doc__ = "Any sequence of orders and changes."


def cart(lines: Sequence[tuple[int, int]]) -> list[CartLine]:
    return [CartLine(variant=number, qty=qty) for number, qty in lines]


def make(transaction: Transaction, lines: Sequence[tuple[int, int]], *, who: int = 1, status: str = PAID) -> Order:
    return make_order(transaction, PLACE, buyer(who), cart(lines), status=status, contact={}, code="", now=NOW)


def test_take_of_an_inactive_product_is_refused_and_a_lesser_number_of_an_order_stays() -> None:
    ledger = Ledger()
    number = ledger.variant(qty=5)
    order = ledger.run(lambda transaction: make(transaction, [(number, 3)], status=ORDERED))

    def retire(transaction: Transaction) -> None:
        product = transaction.get(Product, PLACE.record_id(1))
        assert product is not None
        transaction.edit(product).inactive = True

    ledger.run(retire)
    with pytest.raises(NotForSaleError, match=r"Product 1 \(variant 1\) is not for sale\."):
        ledger.run(lambda transaction: make(transaction, [(number, 1)]))
    [line] = ledger.run(lambda transaction: take(transaction, PLACE, cart([(number, 2)]), before=order.lines))
    assert (line.qty, line.taken, line.price) == (2, 2, "10.00")
    variant = ledger.reading.get(Variant, PLACE.record_id(number))
    assert variant is not None
    assert variant.qty == 3


def test_take_of_a_deleted_variant_keeps_it_in_an_order_and_sells_no_more_of_it() -> None:
    ledger = Ledger()
    number = ledger.variant(qty=5)
    order = ledger.run(lambda transaction: make(transaction, [(number, 3)]))

    def delete(transaction: Transaction) -> None:
        variant = transaction.get(Variant, PLACE.record_id(number))
        assert variant is not None
        transaction.delete(variant)

    ledger.run(delete)
    [line] = ledger.run(lambda transaction: take(transaction, PLACE, cart([(number, 3)]), before=order.lines))
    assert (line.name, line.qty) == ("Product 1", 3)
    with pytest.raises(VariantNotFoundError):
        ledger.run(lambda transaction: take(transaction, PLACE, cart([(number, 4)]), before=order.lines))
    with pytest.raises(VariantNotFoundError):
        ledger.run(lambda transaction: make(transaction, [(number, 1)]))


def test_prices_of_an_order_stay_when_those_of_the_shop_change() -> None:
    ledger = Ledger()
    number = ledger.variant(qty=5, price="10.00")
    order = ledger.run(lambda transaction: make(transaction, [(number, 1)]))

    def dearer(transaction: Transaction) -> None:
        variant = transaction.get(Variant, PLACE.record_id(number))
        assert variant is not None
        transaction.edit(variant).price = "12.00"

    ledger.run(dearer)
    [line] = ledger.run(lambda transaction: take(transaction, PLACE, cart([(number, 2)]), before=order.lines))
    assert line.price == "10.00"
    assert ledger.run(lambda transaction: make(transaction, [(number, 1)])).total == "12.00"
