"""Product types on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, product_type_service_pb2, product_type_service_pb2_grpc
from knowflow.store.v1.shop_pb2 import ShopName
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.shop.names import ShopNames
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import place_of

pb = product_type_service_pb2


def _answer(record: ShopName) -> pb.ProductTypeResponse:
    return pb.ProductTypeResponse(status=OK, data=view(record))


def view(record: ShopName) -> pb.ProductType:
    """Return a product type as this surface shows it."""
    return pb.ProductType(id=record.number, name=record.name)


class ProductTypeService(product_type_service_pb2_grpc.ProductTypeServiceServicer):
    """Answers for product types."""

    def __init__(self, flows: Flows, names: ShopNames) -> None:
        self._flows = flows
        self._names = names

    async def ListProductTypes(self, request: pb.ListProductTypesRequest, context: Any) -> pb.ListProductTypesResponse:
        """List product types."""
        page = self._names.list(place_of(self._flows, request), page_request(request), part=request.name)
        return pb.ListProductTypesResponse(
            **listed(request, page, "/shop/product-types", [view(one) for one in page.items])
        )

    async def CreateProductType(self, request: pb.CreateProductTypeRequest, context: Any) -> pb.ProductTypeResponse:
        """Make a product type."""
        return _answer(await self._names.create(place_of(self._flows, request), request.name))

    async def GetProductType(self, request: pb.GetProductTypeRequest, context: Any) -> pb.ProductTypeResponse:
        """Return a product type."""
        return _answer(self._names.get(place_of(self._flows, request), request.type_id))

    async def UpdateProductType(self, request: pb.UpdateProductTypeRequest, context: Any) -> pb.ProductTypeResponse:
        """Rename a product type."""
        name = request.name if request.HasField("name") else None
        return _answer(await self._names.update(place_of(self._flows, request), request.type_id, name))

    async def DeleteProductType(self, request: pb.DeleteProductTypeRequest, context: Any) -> page_pb2.Done:
        """Delete a product type."""
        await self._names.delete(place_of(self._flows, request), request.type_id)
        return done()
