"""Discount codes on the Konversation surface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from knowflow.konversation.v1 import discount_code_service_pb2, discount_code_service_pb2_grpc, page_pb2
from knowflow.store.v1.discount_pb2 import DiscountCode
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import FORMAT, time_text
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.domain.shop.code import DiscountCodes
from knowflow_server.domain.shop.discount import summary
from knowflow_server.domain.shop.money import amount
from knowflow_server.domain.shop.place import Place
from knowflow_server.domain.shop.shop import Shops
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.konversation.flag import flag
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import given, place_of

pb = discount_code_service_pb2
PLAIN = ("code", "type", "min_require", "min_price", "min_qty", "max_usage_count", "summary")
RENAMED = {"discount_percentage": "percentage", "discount_amount": "amount"}


def view(record: DiscountCode, currency: str) -> pb.DiscountCode:
    """Return a discount code as this surface shows it."""
    return pb.DiscountCode(
        id=record.number,
        code=record.code,
        type=record.discount.type,
        discount_percentage=float(amount(record.discount.percentage)),
        discount_amount=float(amount(record.discount.amount)),
        min_require=record.min_require,
        min_price=float(amount(record.min_price)),
        min_qty=record.min_qty,
        has_usage_limit=record.has_usage_limit,
        max_usage_count=record.max_usage_count,
        one_per_customer=record.one_per_customer,
        once_per_order=not record.discount.each,
        start_time=time_text(record.start_time),
        end_time=time_text(record.end_time),
        summary=record.summary or summary(record, currency),
        usage_count=record.used,
    )


def _changes(request: Any) -> dict[str, Any]:
    """Return what a request says of a code.

    Raises:
        InvalidArgumentError: A time does not exist, or a flag says neither yes nor no.
    """
    changes: dict[str, Any] = given(request, (*PLAIN, *RENAMED, "start_time", "end_time"))
    changes = {RENAMED.get(name, name): value for name, value in changes.items()}
    for name in ("start_time", "end_time"):
        if name in changes:
            changes[name] = _time(changes[name], name)
    for name in ("has_usage_limit", "one_per_customer"):
        value = flag(request, name)
        if value is not None:
            changes[name] = value
    once = flag(request, "once_per_order")
    return changes if once is None else {**changes, "each": not once}


def _time(text: str, field: str) -> int:
    try:
        moment = datetime.strptime(text, FORMAT).replace(tzinfo=UTC)
    except ValueError:
        sentence = "Input should be a time as YYYY-MM-DD HH:MM:SS"
        raise InvalidArgumentError(field_sentence(field, sentence, text), field=field) from None
    return int(moment.timestamp()) * 1_000_000


class DiscountCodeService(discount_code_service_pb2_grpc.DiscountCodeServiceServicer):
    """Answers for discount codes."""

    def __init__(self, flows: Flows, codes: DiscountCodes, shops: Shops) -> None:
        self._flows = flows
        self._codes = codes
        self._shops = shops

    async def ListDiscountCodes(
        self, request: pb.ListDiscountCodesRequest, context: Any
    ) -> pb.ListDiscountCodesResponse:
        """List discount codes."""
        place = place_of(self._flows, request)
        page = self._codes.list(place, page_request(request), part=request.code)
        items = [view(one, self._shops.currency(place)) for one in page.items]
        return pb.ListDiscountCodesResponse(**listed(request, page, "/shop/discount-codes", items))

    async def CreateDiscountCode(self, request: pb.CreateDiscountCodeRequest, context: Any) -> pb.DiscountCodeResponse:
        """Make a discount code."""
        place = place_of(self._flows, request)
        return self._answer(place, await self._codes.create(place, _changes(request)))

    async def GetDiscountCode(self, request: pb.GetDiscountCodeRequest, context: Any) -> pb.DiscountCodeResponse:
        """Return a discount code."""
        place = place_of(self._flows, request)
        return self._answer(place, self._codes.get(place, request.code_id))

    async def GetDiscountCodeByCode(
        self, request: pb.GetDiscountCodeByCodeRequest, context: Any
    ) -> pb.DiscountCodeResponse:
        """Return the discount code that is written so."""
        place = place_of(self._flows, request)
        return self._answer(place, self._codes.written(place, request.code))

    async def UpdateDiscountCode(self, request: pb.UpdateDiscountCodeRequest, context: Any) -> pb.DiscountCodeResponse:
        """Change a discount code."""
        place = place_of(self._flows, request)
        return self._answer(place, await self._codes.update(place, request.code_id, _changes(request)))

    async def DeleteDiscountCode(self, request: pb.DeleteDiscountCodeRequest, context: Any) -> page_pb2.Done:
        """Delete a discount code."""
        await self._codes.delete(place_of(self._flows, request), request.code_id)
        return done()

    async def DeleteDiscountCodeByCode(
        self, request: pb.DeleteDiscountCodeByCodeRequest, context: Any
    ) -> page_pb2.Done:
        """Delete the discount code that is written so."""
        await self._codes.delete_written(place_of(self._flows, request), request.code)
        return done()

    def _answer(self, place: Place, record: DiscountCode) -> pb.DiscountCodeResponse:
        return pb.DiscountCodeResponse(status=OK, data=view(record, self._shops.currency(place)))
