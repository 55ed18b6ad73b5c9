"""Discount codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.discount_pb2 import Discount, DiscountCode, DiscountUse
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.deletion import delete_many
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.shop.discount import AMOUNT, BY_PRICE, BY_QTY, PERCENTAGE
from knowflow_server.domain.shop.money import amount, money
from knowflow_server.domain.shop.place import DISCOUNT_CODE, Place, currency_of, give_up, next_number
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.shop import DiscountCodeNotFoundError, DiscountCodeTakenError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

MONEY = ("min_price",)


def code_written(entities: EntityStore | Transaction, place: Place, text: str) -> DiscountCode:
    """Return the discount code that is written so, read-only; upper and lower case count as equal.

    Raises:
        DiscountCodeNotFoundError: It does not exist in the chatbot.
    """
    holder = entities.holder(DiscountCode, organization_id=place.organization_id, flow_id=place.flow_id, code=text)
    record = entities.get(DiscountCode, holder) if isinstance(holder, str) else holder
    if record is None:
        raise DiscountCodeNotFoundError(code=text)
    return record


def code_numbered(entities: EntityStore | Transaction, place: Place, number: int) -> DiscountCode:
    """Return the discount code with a number, read-only.

    Raises:
        DiscountCodeNotFoundError: It does not exist in the chatbot.
    """
    record = entities.get(DiscountCode, place.record_id(number))
    if record is None:
        raise DiscountCodeNotFoundError(code=number)
    return record


def use_of(entities: EntityStore | Transaction, code: DiscountCode, subscriber_id: str) -> DiscountUse:
    """Return how often a subscriber uses a code, read-only."""
    identifier = f"{code.id}/{subscriber_id}"
    return entities.get(DiscountUse, identifier) or DiscountUse(
        id=identifier, organization_id=code.organization_id, code_id=code.id
    )


def count_use(transaction: Transaction, code_id: str, subscriber_id: str, change: int, now: int) -> None:
    """Count one order more or less that uses a code; a code that was deleted is not counted."""
    present = transaction.get(DiscountCode, code_id) if code_id else None
    if present is None:
        return
    code = transaction.edit(present)
    code.used = max(code.used + change, 0)
    use = transaction.edit(use_of(transaction, code, subscriber_id))
    use.used = max(use.used + change, 0)
    use.created_at = use.created_at or now
    use.updated_at = now


class DiscountCodes:
    """The discount codes of all shops; each method acts for one."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        self._entities = entities
        self._clock = clock

    def list(self, place: Place, page: PageRequest, *, part: str = "") -> Page[DiscountCode]:
        """Return one page of the codes which contain a text, oldest first."""
        found = self._entities.children(DiscountCode, place.organization_id, place.flow_id)
        return page_of([one for one in found if part.casefold() in one.code.casefold()], page)

    def get(self, place: Place, number: int) -> DiscountCode:
        """Return a code, read-only.

        Raises:
            DiscountCodeNotFoundError: It does not exist in the chatbot.
        """
        return code_numbered(self._entities, place, number)

    def written(self, place: Place, text: str) -> DiscountCode:
        """Return the code that is written so, read-only.

        Raises:
            DiscountCodeNotFoundError: It does not exist in the chatbot.
        """
        return code_written(self._entities, place, text)

    async def create(self, place: Place, given: Mapping[str, Any]) -> DiscountCode:
        """Make a code and return it.

        Args:
            place: The chatbot.
            given: Fields of the record, and `type`, `percentage`, `amount` and `each` of what it takes off.

        Raises:
            InvalidArgumentError, DiscountCodeTakenError, ShopLimitReachedError: As their sentences say.
        """

        def work(transaction: Transaction) -> DiscountCode:
            now = microseconds(self._clock)
            number = next_number(transaction, place, DISCOUNT_CODE, now)
            code = DiscountCode(
                id=place.record_id(number),
                organization_id=place.organization_id,
                flow_id=place.flow_id,
                number=number,
                min_require="none",
                created_at=now,
                updated_at=now,
            )
            _apply(transaction, place, code, given)
            transaction.put(code)
            return code

        return await self._entities.transact(work)

    async def update(self, place: Place, number: int, given: Mapping[str, Any]) -> DiscountCode:
        """Change a code and return it; orders keep what it took off. Arguments as of `create`.

        Raises:
            DiscountCodeNotFoundError, InvalidArgumentError, DiscountCodeTakenError: As their sentences say.
        """

        def work(transaction: Transaction) -> DiscountCode:
            code = transaction.edit(code_numbered(transaction, place, number))
            _apply(transaction, place, code, given)
            code.updated_at = microseconds(self._clock)
            return code

        return await self._entities.transact(work)

    async def delete(self, place: Place, number: int) -> None:
        """Delete a code; orders keep what it took off.

        Raises:
            DiscountCodeNotFoundError: It does not exist in the chatbot.
        """
        await self._forget(code_numbered(self._entities, place, number))
        await self._entities.transact(lambda t: self._delete(t, place, code_numbered(t, place, number)))

    async def delete_written(self, place: Place, text: str) -> None:
        """Delete the code that is written so.

        Raises:
            DiscountCodeNotFoundError: It does not exist in the chatbot.
        """
        await self._forget(code_written(self._entities, place, text))
        await self._entities.transact(lambda t: self._delete(t, place, code_written(t, place, text)))

    async def _forget(self, code: DiscountCode) -> None:
        """Delete who has used a code, which may be everybody; those who use it meanwhile go with it."""
        await delete_many(self._entities, self._entities.children(DiscountUse, code.organization_id, code.id))

    def _delete(self, transaction: Transaction, place: Place, code: DiscountCode) -> None:
        transaction.delete(code)
        give_up(transaction, place, DISCOUNT_CODE, microseconds(self._clock))


def _apply(transaction: Transaction, place: Place, code: DiscountCode, given: Mapping[str, Any]) -> None:
    """Give a code new values, and refuse it when they do not fit together."""
    currency = currency_of(transaction, place)
    for name, value in given.items():
        if name == "code":
            _check_free(transaction, place, code, value)
        if name in ("type", "each"):
            setattr(code.discount, name, value)
        elif name == "percentage":
            # `10.0` and `10` are the same to JSON; people write the shorter one.
            code.discount.percentage = repr(value).removesuffix(".0")
        elif name == "amount":
            code.discount.amount = money(value, currency, "discount_amount")
        else:
            setattr(code, name, money(value, currency, name) if name in MONEY else value)
    _check_whole(code)


def _check_free(transaction: Transaction, place: Place, code: DiscountCode, text: str) -> None:
    holder = transaction.holder(DiscountCode, organization_id=place.organization_id, flow_id=place.flow_id, code=text)
    if holder not in (None, code.id):
        raise DiscountCodeTakenError(code=text)


def _check_whole(code: DiscountCode) -> None:
    discount: Discount = code.discount
    problems = (
        (discount.type == PERCENTAGE and not amount(discount.percentage), "discount_percentage", "above 0"),
        (discount.type == AMOUNT and not amount(discount.amount), "discount_amount", "above 0"),
        (code.min_require == BY_PRICE and not amount(code.min_price), "min_price", "above 0 with this `min_require`"),
        (code.min_require == BY_QTY and not code.min_qty, "min_qty", "above 0 with this `min_require`"),
        (
            code.has_usage_limit and not code.max_usage_count,
            "max_usage_count",
            "above 0 with `has_usage_limit`",
        ),
        (code.end_time <= code.start_time, "end_time", "later than `start_time`"),
    )
    for is_wrong, name, sentence in problems:
        if is_wrong:
            raise InvalidArgumentError(field_sentence(name, f"Input should be {sentence}", ""), field=name)
