"""Locations of shops on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, shop_location_service_pb2, shop_location_service_pb2_grpc
from knowflow.store.v1.shop_pb2 import ShopLocation
from knowflow_server.domain.konversation.flow import Flows, shown_name
from knowflow_server.domain.shop.location import Locations
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import given, place_of

pb = shop_location_service_pb2
FIELDS = ("name", "address", "lat", "lng", "note")


def view(record: ShopLocation) -> pb.ShopLocation:
    """Return a location as this surface shows it."""
    return pb.ShopLocation(id=record.number, **{name: getattr(record, name) for name in FIELDS})


def _answer(record: ShopLocation) -> pb.ShopLocationResponse:
    return pb.ShopLocationResponse(status=OK, data=view(record))


class ShopLocationService(shop_location_service_pb2_grpc.ShopLocationServiceServicer):
    """Answers for locations."""

    def __init__(self, flows: Flows, locations: Locations) -> None:
        self._flows = flows
        self._locations = locations

    async def ListShopLocations(
        self, request: pb.ListShopLocationsRequest, context: Any
    ) -> pb.ListShopLocationsResponse:
        """List locations."""
        page = self._locations.list(place_of(self._flows, request), page_request(request), part=request.name)
        items = [view(one) for one in page.items]
        return pb.ListShopLocationsResponse(**listed(request, page, "/shop/locations", items))

    async def CreateShopLocation(self, request: pb.CreateShopLocationRequest, context: Any) -> pb.ShopLocationResponse:
        """Make a location."""
        values = {**{name: getattr(request, name) for name in FIELDS}, "name": shown_name(request.name)}
        return _answer(await self._locations.create(place_of(self._flows, request), values))

    async def GetShopLocation(self, request: pb.GetShopLocationRequest, context: Any) -> pb.ShopLocationResponse:
        """Return a location."""
        return _answer(self._locations.get(place_of(self._flows, request), request.location_id))

    async def UpdateShopLocation(self, request: pb.UpdateShopLocationRequest, context: Any) -> pb.ShopLocationResponse:
        """Change a location."""
        place = place_of(self._flows, request)
        changes = given(request, FIELDS)
        if "name" in changes:
            changes["name"] = shown_name(changes["name"])
        return _answer(await self._locations.update(place, request.location_id, changes))

    async def DeleteShopLocation(self, request: pb.DeleteShopLocationRequest, context: Any) -> page_pb2.Done:
        """Delete a location."""
        await self._locations.delete(place_of(self._flows, request), request.location_id)
        return done()
