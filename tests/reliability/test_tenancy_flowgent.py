"""FlowGent: to a caller, agents, threads and credits of other organizations do not exist, whatever the method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import grpc
import httpx
import pytest
from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow_server.rpc.registry import service_descriptors
from tests.chat_models import chat_settings
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn

WALKED = ("AgentService", "ChatService", "CreditService")
METHODS = {
    f"{service.name}/{method.name}": method
    for service in service_descriptors()
    if service.file.package == "knowflow.flowgent.v1" and service.name in WALKED
    for method in service.methods
}
# Methods that take no id of anything that somebody owns; a top-up is for operators, who know all organizations.
WITHOUT_IDS = {"AgentService/ListAgents", "AgentService/CreateAgent", "CreditService/GetCredits"} | {
    *("CreditService/TopUpCredits", "ChatService/GetCallbackSecret", "ChatService/RotateCallbackSecret")
}


class Ids(NamedTuple):
    """What a request names."""

    agent: str
    thread: str


UNKNOWN = Ids("0" * 32, "1" * 32)
DAYS = {"start_date": "2025-06-01", "end_date": "2025-06-02"}
CASES: list[tuple[str, Callable[[Ids], dict[str, Any]]]] = [
    ("AgentService/GetAgent", lambda i: {"agent_id": i.agent}),
    ("AgentService/UpdateAgent", lambda i: {"agent_id": i.agent, "name": "stolen"}),
    ("AgentService/UpdateAgent", lambda i: {"agent_id": i.agent}),
    ("AgentService/DeleteAgent", lambda i: {"agent_id": i.agent}),
    ("AgentService/ListActivity", lambda i: {"agent_id": i.agent}),
    ("AgentService/ListActivity", lambda i: {"agent_id": i.agent, "start_date": "no day"}),
    ("AgentService/ListThreads", lambda i: {"agent_id": i.agent}),
    ("AgentService/GetThread", lambda i: {"agent_id": i.agent, "thread_id": i.thread}),
    ("ChatService/Chat", lambda i: {"agent_id": i.agent, "messages": "moon"}),
    ("ChatService/Chat", lambda i: {"agent_id": i.agent, "messages": 5}),
    ("ChatService/Chat", lambda i: {"agent_id": i.agent, "messages": "moon", "thread_id": i.thread}),
    (
        "ChatService/Chat",
        lambda i: {"agent_id": i.agent, "messages": "moon", "callback_url": "https://10.0.0.1/", "thread_id": i.thread},
    ),
    ("CreditService/GetUsage", lambda i: {"agent_id": i.agent, **DAYS}),
    ("CreditService/GetUsage", lambda i: {"agent_id": i.agent, "end_date": "no day"}),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with ChatStandIn() as provider:
        folder = tmp_path_factory.mktemp("tenancy_flowgent")
        with start_server(folder, organizations={"Other": OTHER_KEY}, settings=chat_settings(provider)) as running:
            yield running


def test_cases_cover_every_method() -> None:
    assert {name for name, _ in CASES} | WITHOUT_IDS == set(METHODS)


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], ids: Ids) -> tuple[str, ...]:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    method = METHODS[name]
    call = channel.unary_unary(
        f"/knowflow.flowgent.v1.{name}",
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    message = json_format.ParseDict(request, GetMessageClass(method.input_type)())
    try:
        learnt: tuple[str, ...] = ("OK", str(await call(message, timeout=60)))
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, error.details() or "", info.reason, str(sorted(info.metadata.items())))
    for field, value in ids._asdict().items():
        learnt = tuple(text.replace(value, f"<{field}>") for text in learnt)
    return learnt


async def possession(rest: httpx.AsyncClient) -> Ids:
    """Return an agent with a thread."""
    agent = (await rest.post("/api/public/agent", json={"name": "Clerk", "instructions": "Keep it."})).json()["id"]
    said = (await rest.post(f"/api/public/agent/{agent}/chat", json={"messages": "A secret"})).json()
    return Ids(agent, said["body"]["metadata"]["thread_id"])


async def everything(rest: httpx.AsyncClient, ids: Ids) -> list[Any]:
    """Return all there is to know about an agent, for its owner."""
    base = f"/api/public/agent/{ids.agent}"
    paths = (base, f"{base}/activity", f"{base}/threads", f"{base}/threads/{ids.thread}", "/api/public/credits")
    return [(await rest.get(path)).json() for path in (*paths, "/api/public/agent", "/api/public/callback-secret")]


async def test_ids_of_another_organization_look_like_unknown_ones_to_every_method(server: Server) -> None:
    async with server.rest() as mine, server.rest(OTHER_KEY) as theirs, server.channel() as channel:
        foreign, own = await possession(theirs), await possession(mine)
        before = await everything(theirs, foreign)
        differing, refusals = [], set()
        for name, request in CASES:
            for fields in (("agent", "thread"), ("agent",), ("thread",)):
                foreign_ids = own._replace(**{one: getattr(foreign, one) for one in fields})
                unknown_ids = own._replace(**{one: getattr(UNKNOWN, one) for one in fields})
                # What the caller's own ids do is not the question, and would change what later calls find.
                if request(foreign_ids) == request(own):
                    continue
                seen = await outcome(channel, name, request(foreign_ids), foreign_ids)
                expected = await outcome(channel, name, request(unknown_ids), unknown_ids)
                if seen != expected:
                    differing.append((name, fields, seen, expected))
                refusals.add(expected[2])
        assert differing == []
        assert refusals == {"AGENT_NOT_FOUND", "SESSION_NOT_FOUND"}
        assert await everything(theirs, foreign) == before


async def test_deleted_organization_takes_agents_credits_and_secrets_along(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client:
        body = {"email": "leaving@example.com", "password": "correct horse"}
        owner = (await client.post("/v1/auth/register", json=body)).json()["data"]
        client.headers["authorization"] = owner["token"]
        ids = await possession(client)
        assert (await client.get("/api/public/callback-secret")).status_code == 200
        gone = await client.delete(f"/v1/organizations/{owner['organization']['id']}")
        assert gone.status_code == 200
        for path in ("/api/public/credits", f"/api/public/agent/{ids.agent}"):
            assert (await client.get(path)).status_code in {401, 403}
