"""Variants of products on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, product_pb2, variant_service_pb2, variant_service_pb2_grpc
from knowflow.store.v1 import product_pb2 as store
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.shop.money import amount
from knowflow_server.domain.shop.product import Products
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import place_of
from knowflow_server.rpc.konversation.product import variant_changes

pb = variant_service_pb2


def view(record: store.Variant, product: int) -> product_pb2.Variant:
    """Return a variant of a product, which is given by its number, as this surface shows it."""
    return product_pb2.Variant(
        id=record.number,
        product_id=product,
        image=record.image,
        sku=record.sku,
        barcode=record.barcode,
        price=float(amount(record.price)),
        compare_price=float(amount(record.compare_price)),
        qty=record.qty,
        track_stock=record.track_stock,
        allow_no_stock_sell=record.allow_no_stock_sell,
        taxable=record.taxable,
        display_order=record.display_order,
        variant_1_value=record.value_1,
        variant_2_value=record.value_2,
    )


class VariantService(variant_service_pb2_grpc.VariantServiceServicer):
    """Answers for variants."""

    def __init__(self, flows: Flows, products: Products) -> None:
        self._flows = flows
        self._products = products

    async def ListVariants(self, request: pb.ListVariantsRequest, context: Any) -> pb.ListVariantsResponse:
        """List the variants of a product."""
        place, number = place_of(self._flows, request), request.product_id
        page = self._products.variants(place, number, page_request(request))
        # The product stands in the path of the list, not among its parameters.
        asked = pb.ListVariantsRequest()
        asked.CopyFrom(request)
        asked.ClearField("product_id")
        shown = [view(one, number) for one in page.items]
        return pb.ListVariantsResponse(**listed(asked, page, f"/shop/products/{number}/variants", shown))

    async def CreateVariant(self, request: pb.CreateVariantRequest, context: Any) -> pb.VariantResponse:
        """Add a variant to a product."""
        place, number = place_of(self._flows, request), request.product_id
        record = await self._products.add_variant(place, number, variant_changes(request))
        return pb.VariantResponse(status=OK, data=view(record, number))

    async def GetVariant(self, request: pb.GetVariantRequest, context: Any) -> pb.VariantResponse:
        """Return a variant."""
        record = self._products.variant(place_of(self._flows, request), request.product_id, request.variant_id)
        return pb.VariantResponse(status=OK, data=view(record, request.product_id))

    async def UpdateVariant(self, request: pb.UpdateVariantRequest, context: Any) -> pb.VariantResponse:
        """Change a variant."""
        place, number = place_of(self._flows, request), request.product_id
        record = await self._products.update_variant(place, number, request.variant_id, variant_changes(request))
        return pb.VariantResponse(status=OK, data=view(record, number))

    async def DeleteVariant(self, request: pb.DeleteVariantRequest, context: Any) -> page_pb2.Done:
        """Delete a variant."""
        place = place_of(self._flows, request)
        await self._products.delete_variant(place, request.product_id, request.variant_id)
        return done()
