"""Shops: to a caller, what another organization or another chatbot sells does not exist, whatever the method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow_server.rpc.registry import service_descriptors
from tests.serving import OTHER_KEY, Server, start_server

SERVICES = {
    *("ProductService", "VariantService", "ProductTagService", "ProductTypeService", "ProductVendorService"),
    *("DiscountCodeService", "ShopLocationService", "ShopService", "OrderService", "CartService"),
}
METHODS: dict[str, MethodDescriptor] = {
    f"/{service.full_name}/{method.name}": method
    for service in service_descriptors()
    if service.file.package == "knowflow.konversation.v1" and service.name in SERVICES
    for method in service.methods
}
# What makes a request be judged by its ids and not by its shape.
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "CreateProduct": {"name": "planted"},
    "CreateVariant": {"variant_1_value": "planted"},
    "CreateProductTag": {"name": "planted"},
    "CreateProductType": {"name": "planted"},
    "CreateProductVendor": {"name": "planted"},
    # There a code is no name of something, but what something is called.
    "CreateDiscountCode": {
        "code": "PLANTED",
        "type": "free_shipping",
        "start_time": "2020-01-01 00:00:00",
        "end_time": "2090-01-01 00:00:00",
    },
    "UpdateDiscountCode": {"code": "STOLEN"},
    "CreateShopLocation": {"name": "planted", "address": "a", "lat": 1, "lng": 1},
    "UpdateBusinessHours": {"data": [{"id": "1", "option": "close"}]},
    "UpdateShopSettings": {"currency": "EUR"},
    "UpdateOrderStatus": {"status": "completed"},
    "UpdateOrder": {"status": "completed"},
}
RENAMING = {"UpdateProduct", "UpdateProductTag", "UpdateProductType", "UpdateProductVendor", "UpdateShopLocation"}


@dataclass(frozen=True)
class Ids:
    """What a request names."""

    flow_ns: str
    user_ns: str
    product_id: int
    variant_id: int
    tag_id: int
    type_id: int
    vendor_id: int
    code_id: int
    code: str
    location_id: int
    order_id: int


UNKNOWN = Ids("f99", "f99u99", *(range(9_001, 9_007)), "UNKNOWN", 9_008, 9_009)
PLACES = ("/shop/products", "/shop/product-tags", "/shop/product-types", "/shop/product-vendors") + (
    *("/shop/discount-codes", "/shop/locations", "/shop/orders", "/shop/business-hours/info", "/shop/settings/info"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: the calls delete all that a caller may."""
    with start_server(tmp_path_factory.mktemp("tenancy"), organizations={"Other": OTHER_KEY}) as running:
        yield running


async def made(rest: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await rest.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def possession(rest: httpx.AsyncClient, name: str, *, padding: int) -> Ids:
    """Return a chatbot's shop with one of each; `padding` things before them give them numbers that others lack."""
    for number in range(padding):
        await made(rest, "/flow/create", name=f"{name} {number}")
    flow = {"flow_ns": (await made(rest, "/flow/create", name=name))["flow_ns"]}
    times = {"start_time": "2020-01-01 00:00:00", "end_time": "2090-01-01 00:00:00"}
    found: dict[str, Any] = {}
    for number in range(padding + 1):
        mark = f"{name}{number}"
        user = await made(rest, "/subscriber/create", email=f"{mark}@example.com", **flow)
        product = await made(
            rest,
            "/shop/products/create",
            name=mark,
            variant_1_name="Size",
            variants=[{"variant_1_value": "L", "price": 10, "qty": 9}],
            **flow,
        )
        variant = product["variants"][0]["id"]
        bought = {"user_ns": user["user_ns"], "items": [{"variant_id": variant}]}
        await rest.post("/subscriber/add-to-cart", json={"user_ns": user["user_ns"], "variant_id": variant})
        code = {"code": mark.upper(), "type": "free_shipping", **times, **flow}
        location = {"name": mark, "address": "a", "lat": 1, "lng": 1, **flow}
        found = {
            "user_ns": user["user_ns"],
            "product_id": product["id"],
            "variant_id": variant,
            "tag_id": (await made(rest, "/shop/product-tags/create", name=mark, **flow))["id"],
            "type_id": (await made(rest, "/shop/product-types/create", name=mark, **flow))["id"],
            "vendor_id": (await made(rest, "/shop/product-vendors/create", name=mark, **flow))["id"],
            "code_id": (await made(rest, "/shop/discount-codes/create", **code))["id"],
            "code": mark.upper(),
            "location_id": (await made(rest, "/shop/locations/create", **location))["id"],
            "order_id": (await made(rest, "/shop/orders/create", **bought))["id"],
        }
    return Ids(**flow, **found)


async def everything(rest: httpx.AsyncClient, ids: Ids) -> list[Any]:
    """Return all that the owner of a shop sees of it."""
    given = {"flow_ns": ids.flow_ns, "limit": "100"}
    variants = f"/shop/products/{ids.product_id}/variants"
    answers = [await rest.get(path, params=given) for path in (*PLACES, variants)]
    answers.append(await rest.get(f"/shop/orders/{ids.order_id}/get-info", params=given))
    answers.append(await rest.get("/subscriber/cart", params={"user_ns": ids.user_ns}))
    assert {answer.status_code for answer in answers} == {200}
    return [answer.json() for answer in answers]


def request_of(path: str, ids: Ids) -> dict[str, Any]:
    """Return the request to a method that names these ids, as far as it names any."""
    method = METHODS[path]
    fields = set(method.input_type.fields_by_name)
    request = {name: value for name, value in asdict(ids).items() if name in fields}
    if "items" in fields:
        request["items"] = [{"variant_id": ids.variant_id, "qty": 1}]
    if method.name in RENAMING:
        request["name"] = "stolen"
    return {**request, **NEEDED.get(method.name, {})}


async def outcome(channel: grpc.aio.Channel, path: str, request: dict[str, Any], ids: Ids, key: str) -> Any:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    method = METHODS[path]
    message = json_format.ParseDict(request, GetMessageClass(method.input_type)())
    call = channel.unary_unary(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    try:
        learnt = ["OK", str(await call(message, metadata=(("authorization", f"Bearer {key}"),), timeout=60))]
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = [error.code().name, error.details() or "", info.reason, str(sorted(info.metadata.items()))]
    for field in ("user_ns", *asdict(ids)):
        learnt = [text.replace(str(getattr(ids, field)), f"<{field}>") for text in learnt]
    return learnt


def test_walk_knows_every_service_of_shops() -> None:
    assert {path.split("/")[1].rpartition(".")[2] for path in METHODS} == SERVICES


async def test_nothing_of_another_shop_is_known_to_any_method(server: Server) -> None:
    async with server.rest() as rest, server.rest(OTHER_KEY) as other:
        theirs = await possession(rest, "theirs", padding=3)
        own = await possession(other, "own", padding=0)
        neighbour = await possession(rest, "neighbour", padding=0)
        body = {"name": "bound", "flow_ns": neighbour.flow_ns, "permissions": ["manage_flow", "manage_team"]}
        bound = (await made(rest, "/admin/api-keys", **body))["token"]
        before = await everything(rest, theirs)
        differing, reasons = [], set()
        async with grpc.aio.insecure_channel(server.grpc_address) as channel:
            # A caller of another organization, and the key of another chatbot of the same one.
            for mine, key in ((own, OTHER_KEY), (neighbour, bound)):
                for path in METHODS:
                    for field in ("all", *asdict(mine)):
                        fields = list(asdict(mine)) if field == "all" else [field]
                        foreign = replace(mine, **{one: getattr(theirs, one) for one in fields})
                        unknown = replace(mine, **{one: getattr(UNKNOWN, one) for one in fields})
                        if request_of(path, foreign) == request_of(path, mine):
                            continue
                        seen = await outcome(channel, path, request_of(path, foreign), foreign, key)
                        expected = await outcome(channel, path, request_of(path, unknown), unknown, key)
                        if seen != expected:
                            differing.append((path, field, seen, expected))
                        reasons.add(expected[2] if len(expected) > 2 else "OK")
        assert differing == []
        assert reasons == {
            *("FLOW_NOT_FOUND", "SUBSCRIBER_NOT_FOUND", "PRODUCT_NOT_FOUND", "VARIANT_NOT_FOUND", "ORDER_NOT_FOUND"),
            *("SHOP_NAME_NOT_FOUND", "DISCOUNT_CODE_NOT_FOUND", "LOCATION_NOT_FOUND", "NOT_IN_CART"),
            # Lists by a vendor or a part of a code, of which there are none.
            "OK",
        }
        assert await everything(rest, theirs) == before
