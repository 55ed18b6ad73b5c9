"""What discounts take off, and when a code may be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowflow.store.v1.discount_pb2 import Discount, DiscountCode
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.shop.money import amount, rounded
from knowflow_server.errors.shop import DiscountRefusedError

PERCENTAGE, AMOUNT, FREE_SHIPPING = "percentage", "amount", "free_shipping"
BY_PRICE, BY_QTY = "price", "qty"


@dataclass(frozen=True, slots=True)
class Priced:
    """Pieces with their price.

    Args:
        price: Of a piece.
        qty: How many.
    """

    price: Decimal
    qty: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is to be paid, in whole steps of the currency.

    Args:
        subtotal: Sum of the pieces.
        discount: What is taken off, at most the subtotal.
        free_shipping: Whether shipping costs nothing.
    """

    subtotal: Decimal
    discount: Decimal
    free_shipping: bool = False

    @property
    def total(self) -> Decimal:
        """What is left, never below 0."""
        return self.subtotal - self.discount


def reckoned(items: Sequence[Priced], discount: Discount | None, currency: str) -> Reckoning:
    """Return what pieces cost together, with a discount or without."""
    subtotal = rounded(sum((item.price * item.qty for item in items), Decimal(0)), currency)
    off = Decimal(0)
    if discount is not None and discount.type == PERCENTAGE:
        off = subtotal * amount(discount.percentage) / 100
    elif discount is not None and discount.type == AMOUNT and discount.each:
        # A piece that costs less than what is taken off is free; the rest of it does not pay for others.
        off = sum((min(item.price, amount(discount.amount)) * item.qty for item in items), Decimal(0))
    elif discount is not None and discount.type == AMOUNT:
        off = amount(discount.amount)
    is_free = discount is not None and discount.type == FREE_SHIPPING
    return Reckoning(subtotal, min(rounded(off, currency), subtotal), is_free)


def check(code: DiscountCode, items: Sequence[Priced], *, used: int, now: int) -> None:
    """Refuse a code that cannot be used for these pieces.

    Args:
        code: The code.
        items: What is bought.
        used: How often the buyer uses the code already.
        now: The time in microseconds since 1970, UTC.

    Raises:
        DiscountRefusedError: With the first rule that it breaks.
    """
    subtotal = sum((item.price * item.qty for item in items), Decimal(0))
    pieces = sum(item.qty for item in items)
    cause = ""
    if now < code.start_time:
        cause = f"it begins at {time_text(code.start_time)}."
    elif now >= code.end_time:
        cause = f"it ended at {time_text(code.end_time)}."
    elif code.has_usage_limit and code.used >= code.max_usage_count:
        cause = "it has been used as often as it can be."
    elif code.one_per_customer and used:
        cause = "it is for one order of a customer, who has used it already."
    elif code.min_require == BY_PRICE and subtotal < amount(code.min_price):
        cause = f"it takes items for {code.min_price} or more, and there are some for {subtotal}."
    elif code.min_require == BY_QTY and pieces < code.min_qty:
        cause = f"it takes {code.min_qty} pieces or more, and there are {pieces}."
    if cause:
        raise DiscountRefusedError(code=code.code, cause=cause)


def summary(code: DiscountCode, currency: str) -> str:
    """Return what a code gives and takes, in words. Example: `10% off, from 50.00 EUR, once per customer`."""
    if code.discount.type == PERCENTAGE:
        parts = [f"{code.discount.percentage}% off"]
    elif code.discount.type == AMOUNT:
        parts = [f"{code.discount.amount} {currency} off" + (" each piece" if code.discount.each else "")]
    else:
        parts = ["free shipping"]
    if code.min_require == BY_PRICE:
        parts.append(f"from {code.min_price} {currency}")
    elif code.min_require == BY_QTY:
        parts.append(f"from {code.min_qty} pieces")
    if code.has_usage_limit:
        parts.append(f"at most {code.max_usage_count} times")
    if code.one_per_customer:
        parts.append("once per customer")
    return ", ".join(parts)
