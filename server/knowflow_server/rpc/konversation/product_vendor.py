"""Vendors on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, product_vendor_service_pb2, product_vendor_service_pb2_grpc
from knowflow.store.v1.shop_pb2 import ShopName
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.shop.names import ShopNames
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import place_of

pb = product_vendor_service_pb2


def _answer(record: ShopName) -> pb.ProductVendorResponse:
    return pb.ProductVendorResponse(status=OK, data=view(record))


def view(record: ShopName) -> pb.ProductVendor:
    """Return a vendor as this surface shows it."""
    return pb.ProductVendor(id=record.number, name=record.name)


class ProductVendorService(product_vendor_service_pb2_grpc.ProductVendorServiceServicer):
    """Answers for vendors."""

    def __init__(self, flows: Flows, names: ShopNames) -> None:
        self._flows = flows
        self._names = names

    async def ListProductVendors(
        self, request: pb.ListProductVendorsRequest, context: Any
    ) -> pb.ListProductVendorsResponse:
        """List vendors."""
        page = self._names.list(place_of(self._flows, request), page_request(request), part=request.name)
        return pb.ListProductVendorsResponse(
            **listed(request, page, "/shop/product-vendors", [view(one) for one in page.items])
        )

    async def CreateProductVendor(
        self, request: pb.CreateProductVendorRequest, context: Any
    ) -> pb.ProductVendorResponse:
        """Make a vendor."""
        return _answer(await self._names.create(place_of(self._flows, request), request.name))

    async def GetProductVendor(self, request: pb.GetProductVendorRequest, context: Any) -> pb.ProductVendorResponse:
        """Return a vendor."""
        return _answer(self._names.get(place_of(self._flows, request), request.vendor_id))

    async def UpdateProductVendor(
        self, request: pb.UpdateProductVendorRequest, context: Any
    ) -> pb.ProductVendorResponse:
        """Rename a vendor."""
        name = request.name if request.HasField("name") else None
        return _answer(await self._names.update(place_of(self._flows, request), request.vendor_id, name))

    async def DeleteProductVendor(self, request: pb.DeleteProductVendorRequest, context: Any) -> page_pb2.Done:
        """Delete a vendor."""
        await self._names.delete(place_of(self._flows, request), request.vendor_id)
        return done()
