"""Knowledge bases: to callers of another organization, they, their items and their agents do not exist."""

from __future__ import annotations

import uuid
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

METHODS = {
    f"{service.name}/{method.name}": (f"/{service.full_name}/{method.name}", method)
    for service in service_descriptors()
    if service.file.package == "knowflow.knowledgebase.v1"
    for method in service.methods
}
# Methods that take no id of anything that somebody owns.
WITHOUT_IDS = {
    "KnowledgebaseService/ListKnowledgebases",
    "KnowledgebaseService/CreateKnowledgebase",
    "CreditService/GetCredits",
}
# What holds for webpages and documents is walked by tests of their own.
WALKED = ("KnowledgebaseService", "ReferenceService", "SearchService", "AgentService", "CreditService")


class Ids(NamedTuple):
    """What a request names."""

    knowledgebase: str
    reference: str
    agent: str


ECHO = {
    "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]},
    "say": {"obj": {"component_name": "Message", "params": {"content": ["{sys.query}"]}}, "downstream": []},
}
UNKNOWN = Ids("0" * 32, "1" * 16, "2" * 32)
REFERENCE = {
    "ListReferences": {},
    "CreateReference": {"question": "planted", "answer": "planted"},
    "GetReference": {"referenceId": True},
    "UpdateReference": {"referenceId": True, "question": "stolen"},
    "DeleteReference": {"referenceId": True},
}


def _reference(given: dict[str, Any], ids: Ids) -> dict[str, Any]:
    return {**given, "referenceId": ids.reference} if "referenceId" in given else given


CASES: list[tuple[str, Callable[[Ids], dict[str, Any]]]] = [
    ("KnowledgebaseService/GetKnowledgebase", lambda i: {"knowledgebaseId": i.knowledgebase}),
    ("KnowledgebaseService/UpdateKnowledgebase", lambda i: {"knowledgebaseId": i.knowledgebase, "name": "stolen"}),
    ("KnowledgebaseService/DeleteKnowledgebase", lambda i: {"knowledgebaseId": i.knowledgebase}),
    ("SearchService/SearchKnowledgebase", lambda i: {"knowledgebaseId": i.knowledgebase, "query": "hours"}),
    ("SearchService/SearchAgentKnowledgebase", lambda i: {"agentId": i.agent, "query": "hours"}),
    ("AgentService/GetAgentKnowledgebase", lambda i: {"agentId": i.agent}),
    ("AgentService/AssignAgentKnowledgebase", lambda i: {"agentId": i.agent, "knowledgebaseId": i.knowledgebase}),
    ("AgentService/AssignAgentKnowledgebase", lambda i: {"agentId": i.agent, "knowledgebaseId": None}),
    ("AgentService/GetAgentInstructions", lambda i: {"agentId": i.agent}),
    ("AgentService/UpdateAgentInstructions", lambda i: {"agentId": i.agent, "instructions": "stolen"}),
    ("AgentService/ListAgentInstructionsVersions", lambda i: {"agentId": i.agent}),
    ("AgentService/RestoreAgentInstructions", lambda i: {"agentId": i.agent, "version": 1}),
    *(
        (f"ReferenceService/{name}", lambda i, g=given: {"knowledgebaseId": i.knowledgebase, **_reference(g, i)})
        for name, given in REFERENCE.items()
    ),
    *(
        (f"ReferenceService/{name}", lambda i, g=given: {"agentId": i.agent, **_reference(g, i)})
        for name, given in REFERENCE.items()
    ),
]


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], ids: Ids) -> tuple[str, ...]:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    path, method = METHODS[name]
    send = channel.unary_unary(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    try:
        learnt = (
            "OK",
            str(await send(json_format.ParseDict(request, GetMessageClass(method.input_type)()), timeout=30)),
        )
    except grpc.aio.AioRpcError as error:
        info = error_details_pb2.ErrorInfo()
        status = rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, f"{error.details()} {info.reason} {sorted(info.metadata.items())}")
    for field, value in ids._asdict().items():
        learnt = tuple(text.replace(value, f"<{field}>") for text in learnt)
    return learnt


async def possession(rest: httpx.AsyncClient) -> Ids:
    """Return a knowledge base with a reference, and an agent that has it."""
    agent = (
        await rest.post("/api/v1/agents", json={"title": f"agent {uuid.uuid4()}", "dsl": {"components": ECHO}})
    ).json()["id"]
    made = (await rest.post("/api/v1/knowledgebase", json={"name": f"of {agent}"})).json()["data"]["id"]
    given = {"question": "When are you open?", "answer": "From 9 to 5."}
    reference = (await rest.post(f"/api/v1/knowledgebase/{made}/references", json=given)).json()["data"]["id"]
    answer = await rest.put(f"/api/v1/agents/{agent}/knowledgebase", json={"knowledgebaseId": made})
    assert answer.status_code == 200, answer.text
    return Ids(made, reference, agent)


def test_cases_cover_every_method() -> None:
    known = {name for name in METHODS if name.startswith(WALKED)}
    assert {name for name, _ in CASES} | WITHOUT_IDS == known


async def test_ids_of_another_organization_look_like_unknown_ones(
    server: Server, rest: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    theirs, own = await possession(rest), await possession(stranger)
    before = (await rest.get(f"/api/v1/agents/{theirs.agent}/knowledgebase")).text
    differing, reasons = [], set()
    async with server.channel(OTHER_KEY) as foreign:
        for name, request in CASES:
            for fields in (("knowledgebase", "reference", "agent"), ("knowledgebase",), ("reference",), ("agent",)):
                mixed = own._replace(**{field: getattr(theirs, field) for field in fields})
                unknown = own._replace(**{field: getattr(UNKNOWN, field) for field in fields})
                # What the caller's own ids do is not the question.
                if request(mixed) == request(own):
                    continue
                seen = await outcome(foreign, name, request(mixed), mixed)
                expected = await outcome(foreign, name, request(unknown), unknown)
                reasons.add(expected[0])
                if seen != expected:
                    differing.append((name, fields, seen, expected))
    assert differing == []
    assert reasons == {"NOT_FOUND"}
    assert (await rest.get(f"/api/v1/agents/{theirs.agent}/knowledgebase")).text == before


async def test_a_search_finds_nothing_of_another_organization(
    rest: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    theirs, own = await possession(rest), await possession(stranger)
    path = f"/api/v1/knowledgebase/{own.knowledgebase}"
    found = (await stranger.get(f"{path}/search", params={"query": "When are you open?", "threshold": 0})).json()
    assert [one["id"] for one in found["data"]] == [own.reference] != [theirs.reference]
