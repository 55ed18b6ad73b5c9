"""Webhooks belong to one organization; their secrets are kept encrypted, and nobody learns them later."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from typing import Any

import grpc
import httpx
import pytest
from google.protobuf.message_factory import GetMessageClass

from knowflow.platform.v1 import webhook_service_pb2
from knowflow.store.v1.webhook_pb2 import WebhookDelivery, WebhookEndpoint
from tests.reliability.store import entities_of
from tests.rpc.calls import data_of, new_dataset, upload
from tests.serving import KEY, OTHER_KEY, Server
from tests.webhooks.receiver import Receiver, deliveries, register, settled

DATASETS = "knowledge_base.updated"
NEVER = "app.deployment.updated"
SERVICE = webhook_service_pb2.DESCRIPTOR.services_by_name["WebhookService"]
WITH_IDS = [method for method in SERVICE.methods if "webhook_id" in method.input_type.fields_by_name]


async def outcome(channel: grpc.aio.Channel, method: Any, **fields: str) -> str:
    """Return all that a caller learns from a call that is refused, with the ids it gave itself left out."""
    request_class = GetMessageClass(method.input_type)
    given = {name: value for name, value in fields.items() if name in method.input_type.fields_by_name}
    call = channel.unary_unary(
        f"/{SERVICE.full_name}/{method.name}",
        request_serializer=request_class.SerializeToString,
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call(request_class(**given), timeout=30)
    learnt = f"{error.value.code()} {error.value.details()} {error.value.trailing_metadata()}"
    for value in given.values():
        learnt = learnt.replace(value, "<id>")
    return learnt.partition("x-request-id")[0]


@pytest.mark.parametrize("method", WITH_IDS, ids=lambda method: method.name)
async def test_webhook_of_another_organization_looks_like_an_unknown_one(
    rest: httpx.AsyncClient, server: Server, method: Any
) -> None:
    webhook = await register(rest, f"{server.receiver}/owned", DATASETS)
    dataset = await new_dataset(rest)
    place = f"/v1/webhooks/{webhook['id']}"
    [delivery, *_] = await settled(rest, webhook["id"])
    before = (await rest.get(place)).json()
    async with server.channel(OTHER_KEY) as foreign:
        seen = await outcome(foreign, method, webhook_id=webhook["id"], delivery_id=delivery["id"])
        expected = await outcome(foreign, method, webhook_id="0" * 32, delivery_id="1" * 32)
    assert expected == seen
    assert before == (await rest.get(place)).json()
    assert (await rest.delete(place)).status_code == 200
    data_of(await rest.request("DELETE", "/api/v1/datasets", json={"ids": [dataset]}))


async def test_lists_hold_nothing_of_others_and_a_delivery_belongs_to_one_webhook(
    rest: httpx.AsyncClient, stranger: httpx.AsyncClient, server: Server
) -> None:
    mine = await register(rest, f"{server.receiver}/mine", DATASETS)
    other = await register(rest, f"{server.receiver}/other", NEVER)
    theirs = await register(stranger, f"{server.receiver}/theirs", DATASETS)
    await new_dataset(rest)
    [delivery, *_] = await deliveries(rest, mine["id"])
    shown = {one["id"] for one in (await rest.get("/v1/webhooks", params={"limit": 100})).json()["data"]}
    assert {mine["id"], other["id"]} <= shown
    assert theirs["id"] not in shown
    assert [] == await deliveries(stranger, theirs["id"])
    assert (await rest.get(f"/v1/webhooks/{other['id']}/deliveries/{delivery['id']}")).status_code == 404
    for client, webhook in ((rest, mine), (rest, other), (stranger, theirs)):
        assert (await client.delete(f"/v1/webhooks/{webhook['id']}")).status_code == 200


async def test_organization_has_twenty_webhooks_at_most(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        server = own_server(settings=receiver.settings)
        async with server.rest() as rest:
            made = [await register(rest, receiver.url("/many"), NEVER) for _ in range(20)]
            body = {"url": receiver.url("/many"), "events": [NEVER]}
            refused = await rest.post("/v1/webhooks", json=body)
            assert (refused.status_code, refused.json()["error"]["code"]) == (400, "validation_error")
            assert (await rest.delete(f"/v1/webhooks/{made[0]['id']}")).status_code == 200
            assert (await rest.post("/v1/webhooks", json=body)).status_code == 200


async def test_secret_is_encrypted_and_lost_with_its_key(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        server = own_server(settings=receiver.settings)
        async with server.rest() as rest:
            webhook = await register(rest, receiver.url("/kept"), DATASETS)
        key = server.folder / "data" / "secret.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert server.stop() == 0
        secret = webhook["secret"]
        raw = base64.b64decode(secret.removeprefix("whsec_"))
        for file in (server.folder).rglob("*"):
            content = file.read_bytes() if file.is_file() else b""
            assert raw not in content
            assert secret.encode() not in content
        async with entities_of(server.folder) as entities:
            [endpoint] = entities.all(WebhookEndpoint)
            assert len(endpoint.secrets) == 1
        server = own_server(settings=receiver.settings | {"SECRET_KEY": "another key of at least 32 characters"})
        async with server.rest() as rest:
            place = f"/v1/webhooks/{webhook['id']}"
            attempt = (await rest.post(f"{place}/test", json={})).json()["data"]
            assert (attempt["succeeded"], "give it a new one" in attempt["error"]) == (False, True)
            fresh = (await rest.post(f"{place}/rotate-secret", json={"overlap_s": 0})).json()["data"]["secret"]
            assert (await rest.post(f"{place}/test", json={})).json()["data"]["succeeded"] is True
        receiver.received["/kept"][-1].verify(fresh)
        for value in (secret, fresh, "another key"):
            assert value not in server.log


async def test_short_key_is_refused_at_the_start(own_server: Callable[..., Server]) -> None:
    with pytest.raises(RuntimeError, match="KNOWFLOW_SECRET_KEY"):
        own_server(settings={"SECRET_KEY": "too short"})


async def test_changed_chunk_of_the_same_length_is_an_update(server: Server, rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "a.txt", "moon")
    place = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
    chunk = data_of(await rest.post(place, json={"content": "The moon."}))["chunk"]["id"]
    webhook = await register(rest, f"{server.receiver}/chunk", DATASETS)
    data_of(await rest.put(f"{place}/{chunk}", json={"available": False}))
    data_of(await rest.put(f"{place}/{chunk}", json={"content": "The moon pulls the sea."}))
    found = await deliveries(rest, webhook["id"], event=DATASETS)
    path = f"/v1/webhooks/{webhook['id']}"
    payloads = [(await rest.get(f"{path}/deliveries/{one['id']}")).json()["data"]["payload"]["data"] for one in found]
    told = [one for one in payloads if one["knowledge_base"]["id"] == dataset]
    assert [[document]] * 2 == [[one["id"] for one in payload["documents"]] for payload in told]
    assert (await rest.delete(path)).status_code == 200


async def test_url_of_a_webhook_is_checked_again_at_each_delivery(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        server = own_server(settings=receiver.settings)
        async with server.rest() as rest:
            webhook = await register(rest, receiver.url("/before"), DATASETS)
        assert server.stop() == 0
        # The operator does not allow the receiver any more.
        settings = receiver.settings | {"OUTGOING_ALLOW": json.dumps(["127.0.0.1:1"]), "WEBHOOK_RETRY_DELAYS_S": "[]"}
        server = own_server(settings=settings)
        async with server.rest() as rest:
            await new_dataset(rest)
            [delivery] = await settled(rest, webhook["id"])
        assert delivery["status"] == "failed"
        assert "does not allow it" in delivery["attempts"][0]["error"]
        assert receiver.received["/before"] == []
        assert KEY not in json.dumps(delivery)


async def test_organization_that_is_deleted_takes_its_webhooks_along(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        server = own_server(settings=receiver.settings)
        async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as nobody:
            body = {"email": "ada@example.com", "password": "correct horse"}
            session = (await nobody.post("/v1/auth/register", json=body)).json()["data"]
        async with server.rest(session["token"]) as ada:
            await register(ada, receiver.url("/gone"), DATASETS)
            await new_dataset(ada)
            await receiver.attempts("/gone", 1)
            answer = await ada.delete(f"/v1/organizations/{session['organization']['id']}")
            assert answer.status_code == 200, answer.text
        server.kill()
        async with entities_of(server.folder) as store:
            assert list(store.all(WebhookEndpoint)) == []
            assert list(store.all(WebhookDelivery)) == []
