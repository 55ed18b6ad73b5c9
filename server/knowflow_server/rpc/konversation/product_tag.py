"""Product tags on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, product_tag_service_pb2, product_tag_service_pb2_grpc
from knowflow.store.v1.shop_pb2 import ShopName
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.shop.names import ShopNames
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import place_of

pb = product_tag_service_pb2


def _answer(record: ShopName) -> pb.ProductTagResponse:
    return pb.ProductTagResponse(status=OK, data=view(record))


def view(record: ShopName) -> pb.ProductTag:
    """Return a product tag as this surface shows it."""
    return pb.ProductTag(id=record.number, name=record.name)


class ProductTagService(product_tag_service_pb2_grpc.ProductTagServiceServicer):
    """Answers for product tags."""

    def __init__(self, flows: Flows, names: ShopNames) -> None:
        self._flows = flows
        self._names = names

    async def ListProductTags(self, request: pb.ListProductTagsRequest, context: Any) -> pb.ListProductTagsResponse:
        """List product tags."""
        page = self._names.list(place_of(self._flows, request), page_request(request), part=request.name)
        return pb.ListProductTagsResponse(
            **listed(request, page, "/shop/product-tags", [view(one) for one in page.items])
        )

    async def CreateProductTag(self, request: pb.CreateProductTagRequest, context: Any) -> pb.ProductTagResponse:
        """Make a product tag."""
        return _answer(await self._names.create(place_of(self._flows, request), request.name))

    async def GetProductTag(self, request: pb.GetProductTagRequest, context: Any) -> pb.ProductTagResponse:
        """Return a product tag."""
        return _answer(self._names.get(place_of(self._flows, request), request.tag_id))

    async def UpdateProductTag(self, request: pb.UpdateProductTagRequest, context: Any) -> pb.ProductTagResponse:
        """Rename a product tag."""
        name = request.name if request.HasField("name") else None
        return _answer(await self._names.update(place_of(self._flows, request), request.tag_id, name))

    async def DeleteProductTag(self, request: pb.DeleteProductTagRequest, context: Any) -> page_pb2.Done:
        """Delete a product tag."""
        await self._names.delete(place_of(self._flows, request), request.tag_id)
        return done()
