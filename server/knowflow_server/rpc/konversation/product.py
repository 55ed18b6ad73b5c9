"""Products on the Konversation surface."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import ListValue

from knowflow.konversation.v1 import page_pb2, product_pb2, product_service_pb2, product_service_pb2_grpc
from knowflow.store.v1.product_pb2 import Product
from knowflow_server.domain.konversation.flow import Flows, shown_name
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.parser_config import field_sentence
from knowflow_server.domain.shop.money import amount
from knowflow_server.domain.shop.place import Place
from knowflow_server.domain.shop.product import Draft, Labels, Products, Whole, described
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.konversation.flag import flag
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.place import given, place_of

pb = product_service_pb2
TEXTS = ("name", "description", "image", "note")
OF_VARIANT = ("price", "compare_price", "qty", "sku", "barcode", "image")
VALUES = {"variant_1_value": "value_1", "variant_2_value": "value_2"}
MAX_TAGS = 50
MAX_TAG = 100


def view(whole: Whole) -> product_pb2.Product:
    """Return a product as this surface shows it."""
    product, variants = whole.product, whole.variants
    return product_pb2.Product(
        id=product.number,
        name=product.name,
        description=product.description,
        image=product.image,
        type=whole.type,
        vendor=whole.vendor,
        use_variant=product.use_variant,
        track_stock=any(variant.track_stock for variant in variants),
        num_of_variants=len(variants),
        total_qty=min(sum(variant.qty for variant in variants), 2**31 - 1),
        variants=[
            product_pb2.ProductVariant(
                id=variant.number,
                product_id=product.number,
                name=product.name,
                desc=described(variant),
                image=variant.image or product.image,
                sku=variant.sku,
                barcode=variant.barcode,
                price=float(amount(variant.price)),
                compare_price=float(amount(variant.compare_price)),
                option_1=product.option_1,
                option_1_value=variant.value_1,
                option_2=product.option_2,
                option_2_value=variant.value_2,
            )
            for variant in variants
        ],
        status="inactive" if product.inactive else "active",
        note=product.note,
        tags=whole.tags,
        currency=whole.currency,
        created_at=time_text(product.created_at),
        updated_at=time_text(product.updated_at),
    )


def variant_changes(request: Any, where: str = "") -> dict[str, Any]:
    """Return what a request says of a variant; `where` says where it stands in the request.

    Raises:
        InvalidArgumentError: A flag says neither yes nor no.
    """
    changes = given(request, OF_VARIANT)
    fields = request.DESCRIPTOR.fields_by_name
    for name in ("display_order", *VALUES):
        if name in fields and request.HasField(name):
            changes[VALUES.get(name, name)] = getattr(request, name)
    for name in ("track_stock", "allow_no_stock_sell", "taxable"):
        value = flag(request, name, where=where) if name in fields else None
        if value is not None:
            changes[name] = value
    return changes


def _product_changes(request: Any) -> dict[str, Any]:
    changes: dict[str, Any] = {name: value.strip() for name, value in given(request, TEXTS).items()}
    if "name" in changes:
        changes["name"] = shown_name(changes["name"])
    if request.HasField("status"):
        changes["inactive"] = request.status == "inactive"
    return changes


def _labels(request: Any) -> Labels:
    names: Mapping[str, str] = {name: value.strip() for name, value in given(request, ("type", "vendor")).items()}
    return Labels(names.get("type"), names.get("vendor"), _tags(request.tags) if request.HasField("tags") else None)


def _tags(values: ListValue) -> list[str]:
    if len(values.values) > MAX_TAGS:
        sentence = f"Input should have at most {MAX_TAGS} items"
        raise InvalidArgumentError(field_sentence("tags", sentence, len(values.values)), field="tags")
    names = []
    for place, value in enumerate(values.values):
        name = value.string_value.strip()
        if not name or len(name) > MAX_TAG:
            path = f"tags.{place}"
            sentence = f"Input should be a text of 1 to {MAX_TAG} characters"
            raise InvalidArgumentError(field_sentence(path, sentence, name[:MAX_TAG]), field=path)
        names.append(name)
    return names


def _draft(request: pb.CreateProductRequest) -> Draft:
    uses = flag(request, "use_variant")
    if uses is None:
        uses = bool(request.variants)
    values = _product_changes(request) | {
        "use_variant": uses,
        "option_1": request.variant_1_name.strip(),
        "option_2": request.variant_2_name.strip(),
        # What holds for variants that say nothing of their own.
        "track_stock": flag(request, "track_stock") or False,
        "allow_no_stock_sell": flag(request, "allow_no_stock_sell") or False,
    }
    own = variant_changes(request)
    own.pop("image", None)
    if uses:
        own = {name: value for name, value in own.items() if name not in ("track_stock", "allow_no_stock_sell")}
    variants = [variant_changes(one, f"variants.{place}.") for place, one in enumerate(request.variants)]
    return Draft(values, _labels(request), own, variants)


class ProductService(product_service_pb2_grpc.ProductServiceServicer):
    """Answers for products."""

    def __init__(self, flows: Flows, products: Products) -> None:
        self._flows = flows
        self._products = products

    async def ListProducts(self, request: pb.ListProductsRequest, context: Any) -> pb.ListProductsResponse:
        """List products."""
        place = place_of(self._flows, request)
        page = self._products.list(
            place, page_request(request), part=request.name, kind=request.product_type_id, vendor=request.vendor_id
        )
        shown_ones = []
        for one in page.items:
            shown_ones.append(view(self._products.whole(place, one)))
            # A page can hold ten thousand variants: other calls are answered in between.
            await asyncio.sleep(0)
        return pb.ListProductsResponse(**listed(request, page, "/shop/products", shown_ones))

    async def CreateProduct(self, request: pb.CreateProductRequest, context: Any) -> pb.ProductResponse:
        """Make a product."""
        place = place_of(self._flows, request)
        return self._answer(place, await self._products.create(place, _draft(request)))

    async def GetProduct(self, request: pb.GetProductRequest, context: Any) -> pb.ProductResponse:
        """Return a product."""
        place = place_of(self._flows, request)
        return self._answer(place, self._products.get(place, request.product_id))

    async def UpdateProduct(self, request: pb.UpdateProductRequest, context: Any) -> pb.ProductResponse:
        """Change a product."""
        place = place_of(self._flows, request)
        changes, labels = _product_changes(request), _labels(request)
        return self._answer(place, await self._products.update(place, request.product_id, changes, labels))

    async def DeleteProduct(self, request: pb.DeleteProductRequest, context: Any) -> page_pb2.Done:
        """Delete a product."""
        await self._products.delete(place_of(self._flows, request), request.product_id)
        return done()

    def _answer(self, place: Place, product: Product) -> pb.ProductResponse:
        return pb.ProductResponse(status=OK, data=view(self._products.whole(place, product)))
