"""Knowledge items and WhatsApp: to callers of another organization, neither they nor their agents exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import grpc
import httpx
from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow_server.rpc.registry import service_descriptors
from tests.serving import OTHER_KEY, Server
from tests.whatsapp.office import open_office

WALKED = ("KnowledgeService", "WhatsAppService")
METHODS = {
    f"{service.name}/{method.name}": (f"/{service.full_name}/{method.name}", method)
    for service in service_descriptors()
    if service.file.package == "knowflow.flowgent.v1" and service.name in WALKED
    for method in service.methods
}


class Ids(NamedTuple):
    """What a request names."""

    agent: str
    item: str
    connection: str
    number: str


UNKNOWN = Ids("0" * 32, "1" * 32, "2" * 32, "3" * 15)
HUB = {"mode": "subscribe", "verify_token": "guessed", "challenge": "1"}
TEMPLATE = {"recipient_phone_number": "31612345678", "template_name": "order_update", "language": "en_US"}
CASES: list[tuple[str, Callable[[Ids], dict[str, Any]]]] = [
    ("KnowledgeService/CreateKnowledgeItem", lambda i: {"content": "planted", "agent_ids": i.agent}),
    ("KnowledgeService/ListKnowledgeItems", lambda i: {"agent_id": i.agent}),
    ("KnowledgeService/GetKnowledgeItem", lambda i: {"id": i.item}),
    ("KnowledgeService/UpdateKnowledgeItem", lambda i: {"id": i.item, "content": "stolen"}),
    ("KnowledgeService/UpdateKnowledgeItem", lambda i: {"id": i.item, "agent_ids": [i.agent]}),
    ("KnowledgeService/DeleteKnowledgeItem", lambda i: {"id": i.item}),
    (
        "WhatsAppService/PutWhatsAppConnection",
        lambda i: {"agent_id": i.agent, "phone_number_id": "1", "waba_id": "1", "access_token": "a"},
    ),
    ("WhatsAppService/GetWhatsAppConnection", lambda i: {"agent_id": i.agent}),
    ("WhatsAppService/DeleteWhatsAppConnection", lambda i: {"agent_id": i.agent}),
    ("WhatsAppService/SendWhatsAppTemplate", lambda i: {"agent_id": i.agent, **TEMPLATE}),
    ("WhatsAppService/ListWhatsAppMessages", lambda i: {"agent_id": i.agent}),
    ("WhatsAppService/VerifyWhatsAppWebhook", lambda i: {"connection_id": i.connection, "hub": HUB}),
    ("WhatsAppService/ReceiveWhatsAppEvents", lambda i: {"connection_id": i.connection}),
]


def test_cases_cover_every_method() -> None:
    assert {name for name, _ in CASES} == set(METHODS)


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], ids: Ids) -> tuple[str, ...]:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    path, method = METHODS[name]
    send = channel.unary_unary(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    message = json_format.ParseDict(request, GetMessageClass(method.input_type)())
    try:
        learnt: tuple[str, ...] = ("OK", str(await send(message, timeout=60)))
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, error.details() or "", info.reason, str(sorted(info.metadata.items())))
    for field, value in ids._asdict().items():
        learnt = tuple(text.replace(value, f"<{field}>") for text in learnt)
    return learnt


async def possession(rest: httpx.AsyncClient, server: Server) -> Ids:
    """Return an agent on WhatsApp with a knowledge item."""
    assert server.whatsapp is not None
    office = await open_office(rest, server.whatsapp)
    body = {"content": "We deliver on Saturdays.", "agent_ids": office.agent_id}
    item = (await rest.post("/api/public/knowledge", json=body)).json()["id"]
    return Ids(office.agent_id, item, office.connection["webhook_path"].split("/")[-2], office.number)


async def everything(rest: httpx.AsyncClient, ids: Ids) -> list[Any]:
    """Return all that an owner sees."""
    place = f"/api/public/agent/{ids.agent}/waba"
    paths = (f"/api/public/knowledge/{ids.item}", f"{place}/connection", f"{place}/messages")
    return [(await rest.get(path)).json() for path in paths]


async def test_ids_of_another_organization_look_like_unknown_ones(
    server: Server, rest: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    theirs, own = await possession(rest, server), await possession(stranger, server)
    before = await everything(rest, theirs)
    listed = (await stranger.get("/api/public/knowledge")).json()["knowledge_items"]
    assert theirs.item not in {item["id"] for item in listed}
    differing, reasons = [], set()
    async with server.channel(OTHER_KEY) as foreign:
        for name, request in CASES:
            for fields in (Ids._fields, *((field,) for field in Ids._fields)):
                mixed = own._replace(**{field: getattr(theirs, field) for field in fields})
                unknown = own._replace(**{field: getattr(UNKNOWN, field) for field in fields})
                # What the caller's own ids do is not the question.
                if request(mixed) == request(own):
                    continue
                seen = await outcome(foreign, name, request(mixed), mixed)
                expected = await outcome(foreign, name, request(unknown), unknown)
                reasons.add(expected[2])
                if seen != expected:
                    differing.append((name, fields, seen, expected))
    assert differing == []
    assert reasons == {
        *("KNOWLEDGE_AGENT_FOREIGN", "KNOWLEDGE_ITEM_NOT_FOUND", "AGENT_NOT_FOUND", "WHATSAPP_EVENT_REFUSED"),
    }
    # Whether others have connected a number is nobody's business.
    body = {"phone_number_id": theirs.number, "waba_id": "1", "access_token": "a"}
    assert (await stranger.put(f"/api/public/agent/{own.agent}/waba/connection", json=body)).status_code == 200
    assert await everything(rest, theirs) == before


async def test_organization_that_goes_takes_items_and_connections_along(
    server: Server, rest: httpx.AsyncClient
) -> None:
    """Nothing of it is left by which its phone number, or its path for events, would still work."""
    email = f"{(await rest.get('/v1/api-keys')).headers['x-request-id']}@example.com"
    user = (await rest.post("/v1/auth/register", json={"email": email, "password": "correct horse"})).json()["data"]
    async with server.rest(user["token"]) as owner:
        ids = await possession(owner, server)
        await owner.delete(f"/v1/organizations/{user['organization']['id']}")
    path = f"/api/public/whatsapp/{ids.connection}/webhook"
    answer = await rest.get(path, params={"hub.mode": "subscribe", "hub.verify_token": "x", "hub.challenge": "1"})
    assert answer.status_code == 403
