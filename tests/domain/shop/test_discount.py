"""Discounts: what they take off, exactly, and the rules by which a code may be used."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.discount_pb2 import Discount, DiscountCode, DiscountUse
from knowflow.store.v1.order_pb2 import CartLine, Order
from knowflow_server.domain.shop.code import use_of
from knowflow_server.domain.shop.discount import Priced, check, reckoned, summary
from knowflow_server.domain.shop.money import amount, money, step_of
from knowflow_server.domain.shop.order import CANCELLED, PAID, REFUNDED, make_order, move
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.shop import DiscountCodeNotFoundError, DiscountRefusedError
from knowflow_server.store.transaction import Transaction
from tests.domain.shop.ledger import NOW, PLACE, Ledger, buyer

CURRENCY = st.sampled_from(["USD", "JPY", "KWD"])
CENTS = st.integers(0, 10**11 - 1)
ITEMS = st.lists(
    st.builds(Priced, CENTS.map(lambda cents: Decimal(cents).scaleb(-2)), st.integers(1, 10_000)), max_size=100
)
DISCOUNTS = st.one_of(
    st.builds(lambda tenths: Discount(type="percentage", percentage=str(tenths / 10)), st.integers(1, 1000)),
    st.builds(
        lambda cents, each: Discount(type="amount", amount=str(Decimal(cents).scaleb(-2)), each=each),
        st.integers(1, 10**11 - 1),
        st.booleans(),
    ),
    st.just(Discount(type="free_shipping")),
)


@given(items=ITEMS, discount=DISCOUNTS, currency=CURRENCY)
def test_discount_is_within_the_subtotal_and_in_whole_steps_of_the_currency(
    items: list[Priced], discount: Discount, currency: str
) -> None:
    reckoning = reckoned(items, discount, currency)
    step = step_of(currency)
    assert 0 <= reckoning.discount <= reckoning.subtotal
    assert reckoning.subtotal == reckoning.total + reckoning.discount
    assert all(value % step == 0 for value in (reckoning.subtotal, reckoning.discount, reckoning.total))
    exact = sum((Fraction(item.price) * item.qty for item in items), Fraction(0))
    assert abs(Fraction(reckoning.subtotal) - exact) <= Fraction(step) / 2
    if discount.type == "percentage":
        off = Fraction(reckoning.subtotal) * Fraction(discount.percentage) / 100
        assert abs(Fraction(reckoning.discount) - off) <= Fraction(step) / 2
    assert reckoning.free_shipping == (discount.type == "free_shipping")


@given(items=ITEMS, first=st.integers(1, 1000), second=st.integers(1, 1000))
def test_larger_percentage_never_takes_off_less(items: list[Priced], first: int, second: int) -> None:
    small, large = (
        reckoned(items, Discount(type="percentage", percentage=str(tenths / 10)), "USD").discount
        for tenths in sorted((first, second))
    )
    assert small <= large


@given(cents=CENTS)
def test_money_of_two_decimals_passes_through_json_numbers_unchanged(cents: int) -> None:
    exact = Decimal(cents).scaleb(-2)
    kept = money(float(exact), "USD", "price")
    assert amount(kept) == exact
    assert float(amount(kept)) == float(exact)


@pytest.mark.parametrize(
    ("value", "currency"),
    [
        *((value, "USD") for value in (0.001, 12.345, -0.01, 1e9, float("nan"), float("inf"))),
        (0.5, "JPY"),
        (0.0005, "KWD"),
    ],
)
def test_money_that_the_currency_does_not_have_is_refused(value: float, currency: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        money(value, currency, "price")
    assert caught.value.metadata == {"field": "price"}


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        ({"type": "percentage", "percentage": "12.5"}, "3.75"),
        ({"type": "percentage", "percentage": "100"}, "29.97"),
        ({"type": "amount", "amount": "5.00"}, "5.00"),
        ({"type": "amount", "amount": "100.00"}, "29.97"),
        ({"type": "amount", "amount": "5.00", "each": True}, "15.00"),
        ({"type": "amount", "amount": "15.00", "each": True}, "29.97"),
        ({"type": "free_shipping"}, "0.00"),
    ],
)
def test_discount_on_three_pieces_of_9_99(discount: dict[str, Any], expected: str) -> None:
    reckoning = reckoned([Priced(Decimal("9.99"), 3)], Discount(**discount), "USD")
    assert str(reckoning.discount) == expected
    assert str(reckoning.total) == str(Decimal("29.97") - Decimal(expected))


def code(**rules: Any) -> DiscountCode:
    values = {
        "id": PLACE.record_id(1),
        "organization_id": PLACE.organization_id,
        "flow_id": PLACE.flow_id,
        "number": 1,
        "code": "SPRING",
        "discount": Discount(type="percentage", percentage="10"),
        "min_require": "none",
        "start_time": NOW,
        "end_time": NOW + 1,
        "created_at": NOW,
    }
    return DiscountCode(**{**values, **rules})


ITEM = [Priced(Decimal("10.00"), 2)]


@pytest.mark.parametrize(
    ("rules", "used", "cause"),
    [
        ({"start_time": NOW + 1_000_000, "end_time": NOW + 2_000_000}, 0, "it begins at 2023-11-14 22:13:21."),
        ({"start_time": NOW - 2, "end_time": NOW}, 0, "it ended at 2023-11-14 22:13:20."),
        ({"has_usage_limit": True, "max_usage_count": 3, "used": 3}, 0, "it has been used as often as it can be."),
        ({"one_per_customer": True}, 1, "it is for one order of a customer, who has used it already."),
        (
            {"min_require": "price", "min_price": "20.01"},
            0,
            "it takes items for 20.01 or more, and there are some for 20.00.",
        ),
        ({"min_require": "qty", "min_qty": 3}, 0, "it takes 3 pieces or more, and there are 2."),
    ],
)
def test_check_says_which_rule_is_broken(rules: dict[str, Any], used: int, cause: str) -> None:
    with pytest.raises(DiscountRefusedError) as caught:
        check(code(**rules), ITEM, used=used, now=NOW)
    assert caught.value.metadata == {"code": "SPRING", "cause": cause}


@pytest.mark.parametrize(
    ("rules", "used"),
    [
        ({}, 5),
        ({"has_usage_limit": True, "max_usage_count": 3, "used": 2}, 0),
        ({"max_usage_count": 3, "used": 3}, 0),
        ({"one_per_customer": True}, 0),
        ({"min_require": "price", "min_price": "20.00"}, 0),
        ({"min_require": "qty", "min_qty": 2}, 0),
        ({"min_price": "50.00", "min_qty": 50}, 0),
    ],
)
def test_check_lets_a_code_be_used_at_its_limits(rules: dict[str, Any], used: int) -> None:
    check(code(**rules), ITEM, used=used, now=NOW)


def test_summary_says_what_a_code_gives_and_takes() -> None:
    rules = {"min_require": "price", "min_price": "50.00", "has_usage_limit": True, "max_usage_count": 9}
    assert summary(code(**rules, one_per_customer=True), "EUR") == (
        "10% off, from 50.00 EUR, at most 9 times, once per customer"
    )
    each = code(discount=Discount(type="amount", amount="2.00", each=True), min_require="qty", min_qty=3)
    assert summary(each, "EUR") == "2.00 EUR off each piece, from 3 pieces"
    assert summary(code(discount=Discount(type="free_shipping")), "EUR") == "free shipping"


def bought(ledger: Ledger, variant: int, who: int, text: str = "spring") -> Order:
    line = CartLine(variant=variant, qty=1)
    return ledger.run(
        lambda transaction: make_order(
            transaction, PLACE, buyer(who), [line], status=PAID, contact={}, code=text, now=NOW
        )
    )


@given(buyers=st.lists(st.integers(1, 4), max_size=12), limit=st.integers(1, 6))
def test_code_is_never_used_more_often_than_its_limits_allow(buyers: Sequence[int], limit: int) -> None:
    ledger = Ledger()
    variant = ledger.variant(qty=100)
    ledger.run(
        lambda transaction: transaction.put(code(has_usage_limit=True, max_usage_count=limit, one_per_customer=True))
    )
    served = []
    for who in buyers:
        try:
            order = bought(ledger, variant, who)
        except DiscountRefusedError:
            assert who in served or len(served) == limit
            continue
        assert who not in served
        assert (order.subtotal, order.discount_amount, order.total) == ("10.00", "1.00", "9.00")
        served.append(who)
    assert len(served) == min(limit, len(set(buyers)))


def test_cancelled_order_gives_the_code_back_once() -> None:
    ledger = Ledger()
    variant = ledger.variant(qty=9)
    ledger.run(lambda transaction: transaction.put(code(one_per_customer=True)))
    order = bought(ledger, variant, 1)
    with pytest.raises(DiscountRefusedError):
        bought(ledger, variant, 1)

    def ended(transaction: Transaction, status: str) -> None:
        present = transaction.get(Order, order.id)
        assert present is not None
        move(transaction, PLACE, transaction.edit(present), status, NOW)

    for status in (CANCELLED, CANCELLED, REFUNDED):
        ledger.run(lambda transaction, status=status: ended(transaction, status))  # type: ignore[misc]
        found = ledger.reading.get(DiscountCode, PLACE.record_id(1))
        assert found is not None
        use: DiscountUse = use_of(ledger.reading, found, buyer(1).id)
        assert (found.used, use.used) == (0, 0)


def test_refund_after_cancellation_leaves_the_use_of_a_later_order() -> None:
    ledger = Ledger()
    variant = ledger.variant(qty=9)
    ledger.run(lambda transaction: transaction.put(code(one_per_customer=True)))
    order = bought(ledger, variant, 1)

    def ended(transaction: Transaction, status: str) -> None:
        present = transaction.get(Order, order.id)
        assert present is not None
        move(transaction, PLACE, transaction.edit(present), status, NOW)

    ledger.run(lambda transaction: ended(transaction, CANCELLED))
    assert bought(ledger, variant, 1).discount_code == "SPRING"
    ledger.run(lambda transaction: ended(transaction, REFUNDED))
    with pytest.raises(DiscountRefusedError):
        bought(ledger, variant, 1)


def test_unknown_code_sells_nothing() -> None:
    ledger = Ledger()
    variant = ledger.variant(qty=9)
    with pytest.raises(DiscountCodeNotFoundError):
        bought(ledger, variant, 1, "winter")
    assert ledger.reading.get(Order, PLACE.record_id(1)) is None
