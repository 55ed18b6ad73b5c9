"""Who calls: three styles of showing a key, on REST and gRPC, and no method that forgets to ask."""

from __future__ import annotations

import grpc
import httpx
import pytest
from google.protobuf.message_factory import GetMessageClass

from knowflow.v1 import dataset_service_pb2, dataset_service_pb2_grpc
from knowflow_server.rpc.methods import open_methods
from knowflow_server.rpc.registry import service_descriptors
from tests.serving import KEY, OTHER_KEY, Server

METHODS = [
    pytest.param(service, method, id=f"{service.name}/{method.name}")
    for service in service_descriptors()
    for method in service.methods
    if f"/{service.full_name}/{method.name}" not in open_methods(service_descriptors())
]
STYLES = [
    {"authorization": f"Bearer {KEY}"},
    {"authorization": f"bearer   {KEY}"},
    {"authorization": KEY},
    {"x-api-key": KEY},
]
NO_KEY = "`Authorization` can't be empty"
WRONG_KEY = "Authentication error: API key is invalid!"
REFUSED: list[tuple[dict[str, str], str]] = [
    ({}, NO_KEY),
    ({"authorization": ""}, NO_KEY),
    ({"authorization": "Bearer"}, NO_KEY),
    ({"x-api-key": ""}, NO_KEY),
    ({"authorization": "Bearer wrong"}, WRONG_KEY),
    ({"authorization": f"Bearer {KEY}x"}, WRONG_KEY),
    ({"authorization": f"Bearer {KEY.upper()}"}, WRONG_KEY),
    ({"x-api-key": "' OR 1=1 --"}, WRONG_KEY),
    # The key that is shown first decides; a second one does not help.
    ({"authorization": "Bearer wrong", "x-api-key": KEY}, WRONG_KEY),
]


@pytest.fixture
async def nobody(server: Server):
    """A REST client without a key."""
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("headers", STYLES)
async def test_key_in_each_style_is_taken_over_rest(nobody: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await nobody.get("/api/v1/datasets", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (200, 0)


@pytest.mark.parametrize("headers", STYLES)
async def test_key_in_each_style_is_taken_over_grpc(server: Server, headers: dict[str, str]) -> None:
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        stub = dataset_service_pb2_grpc.DatasetServiceStub(channel)
        metadata = tuple(headers.items())
        answer = await stub.ListDatasets(dataset_service_pb2.ListDatasetsRequest(), metadata=metadata, timeout=20)
    assert answer.code == 0


@pytest.mark.parametrize(("headers", "sentence"), REFUSED)
async def test_key_that_is_missing_or_wrong_is_401_over_rest(
    nobody: httpx.AsyncClient, headers: dict[str, str], sentence: str
) -> None:
    answer = await nobody.get("/api/v1/datasets", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"code": 401, "message": sentence})


@pytest.mark.parametrize(("service", "method"), METHODS)
async def test_every_method_asks_for_a_key(server: Server, service, method) -> None:
    name = f"/{service.full_name}/{method.name}"
    request = GetMessageClass(method.input_type)()
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        kind = (
            ("stream" if method.client_streaming else "unary")
            + "_"
            + ("stream" if method.server_streaming else "unary")
        )
        send = getattr(channel, kind)(name, request_serializer=lambda message: message.SerializeToString())
        call = send(iter([request]) if method.client_streaming else request, timeout=20)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            _ = [message async for message in call] if method.server_streaming else await call
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.UNAUTHENTICATED, NO_KEY)


async def test_keys_lead_to_different_organizations(rest: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    created = await rest.post("/api/v1/datasets", json={"name": "seen by one organization only"})
    identifier = created.json()["data"]["id"]
    for client, seen in ((rest, True), (stranger, False)):
        listed = (await client.get("/api/v1/datasets", params={"page_size": 1000})).json()["data"]["datasets"]
        assert (identifier in [dataset["id"] for dataset in listed]) is seen
    assert OTHER_KEY != KEY


@pytest.mark.parametrize("path", ["/v1/system/healthz", "/api/v1/nothing"])
async def test_paths_that_need_no_key_give_nothing_away(nobody: httpx.AsyncClient, path: str) -> None:
    answer = await nobody.get(path)
    assert answer.status_code in {200, 404}
    assert KEY not in answer.text
