"""Business hours and the currency of shops on the Konversation surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowflow.konversation.v1 import shop_service_pb2, shop_service_pb2_grpc
from knowflow.store.v1.shop_pb2 import BusinessDay
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.shop.shop import DAYS, Hours, Shops
from knowflow_server.rpc.konversation.page import OK
from knowflow_server.rpc.konversation.place import given, place_of

pb = shop_service_pb2
TIMES = ("start", "end", "start_2", "end_2")


def view(number: int, day: BusinessDay) -> pb.BusinessHours:
    """Return the business hours of a day, 1 (Monday) to 7, as this surface shows them."""
    times = {name: f"{getattr(day, name) // 60:02}:{getattr(day, name) % 60:02}" for name in TIMES}
    return pb.BusinessHours(id=str(number), name=DAYS[number - 1], option=day.option, **times)


def _hours(days: Sequence[BusinessDay]) -> pb.BusinessHoursResponse:
    return pb.BusinessHoursResponse(status=OK, data=[view(number, day) for number, day in enumerate(days, 1)])


def _settings(currency: str) -> pb.ShopSettingsResponse:
    return pb.ShopSettingsResponse(status=OK, data=pb.ShopSettings(currency=currency))


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


class ShopService(shop_service_pb2_grpc.ShopServiceServicer):
    """Answers for shops as a whole."""

    def __init__(self, flows: Flows, shops: Shops) -> None:
        self._flows = flows
        self._shops = shops

    async def GetBusinessHours(self, request: pb.GetBusinessHoursRequest, context: Any) -> pb.BusinessHoursResponse:
        """Return business hours."""
        return _hours(self._shops.hours(place_of(self._flows, request)))

    async def UpdateBusinessHours(
        self, request: pb.UpdateBusinessHoursRequest, context: Any
    ) -> pb.BusinessHoursResponse:
        """Set business hours."""
        days = [
            Hours(int(day.id) - 1, day.option, {name: _minutes(text) for name, text in given(day, TIMES).items()})
            for day in request.data
        ]
        return _hours(await self._shops.set_hours(place_of(self._flows, request), days))

    async def GetShopSettings(self, request: pb.GetShopSettingsRequest, context: Any) -> pb.ShopSettingsResponse:
        """Return the currency."""
        return _settings(self._shops.currency(place_of(self._flows, request)))

    async def UpdateShopSettings(self, request: pb.UpdateShopSettingsRequest, context: Any) -> pb.ShopSettingsResponse:
        """Set the currency."""
        return _settings(await self._shops.set_currency(place_of(self._flows, request), request.currency))
