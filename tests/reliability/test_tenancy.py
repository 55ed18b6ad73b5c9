"""Organizations: to a caller, what belongs to others does not exist, whatever the method."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import grpc
import httpx
import pytest
from google.api import httpbody_pb2
from google.protobuf import json_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from knowflow_server.rpc.registry import service_descriptors
from tests.chat_models import chat_settings
from tests.reliability.files import pdf
from tests.rpc.calls import chunks_of, data_of, document_of, new_dataset, parsed, typed_upload, upload
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn

METHODS = {
    f"{service.name}/{method.name}": method
    for service in service_descriptors()
    if service.file.package == "knowflow.v1"
    for method in service.methods
}
# Methods that take no id of anything that somebody owns.
WITHOUT_IDS = {
    *("DatasetService/CreateDataset", "AgentService/CreateAgent", "SystemService/CheckHealth"),
    *(f"DocumentationService/{name}" for name in ("GetOpenApi", "GetPage", "GetPageFile")),
}


class Ids(NamedTuple):
    """What a request names."""

    dataset: str
    document: str
    chunk: str
    chat: str
    session: str
    agent: str
    talk: str


ECHO = {
    "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]},
    "say": {"obj": {"component_name": "Message", "params": {"content": ["{sys.query}"]}}, "downstream": []},
}
UNKNOWN = Ids("0" * 32, "1" * 32, "2" * 16, "3" * 32, "4" * 32, "5" * 32, "6" * 32)
FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="planted.txt"\r\n\r\nx\r\n--b--\r\n'


def multipart(ids: Ids) -> Iterable[Any]:
    body = httpbody_pb2.HttpBody(content_type="multipart/form-data; boundary=b", data=FORM)
    return [{"dataset_id": ids.dataset, "body": json_format.MessageToDict(body)}]


# Method, then a function from ids to the request, as JSON, or to the messages of a stream.
CASES: list[tuple[str, Callable[[Ids], Any]]] = [
    ("DatasetService/ListDatasets", lambda i: {"id": i.dataset}),
    ("DatasetService/UpdateDataset", lambda i: {"dataset_id": i.dataset, "name": "stolen"}),
    ("DatasetService/UpdateDataset", lambda i: {"dataset_id": i.dataset}),
    ("DatasetService/DeleteDatasets", lambda i: {"ids": [i.dataset]}),
    ("DocumentService/UploadDocuments", multipart),
    ("DocumentService/UploadFiles", lambda i: typed_upload(i.dataset, ("planted.txt", b"x"))),
    ("DocumentService/ListDocuments", lambda i: {"dataset_id": i.dataset}),
    ("DocumentService/ListDocuments", lambda i: {"dataset_id": i.dataset, "id": i.document}),
    ("DocumentService/DownloadDocument", lambda i: {"dataset_id": i.dataset, "document_id": i.document}),
    (
        "DocumentService/UpdateDocument",
        lambda i: {"dataset_id": i.dataset, "document_id": i.document, "name": "stolen.pdf"},
    ),
    ("DocumentService/DeleteDocuments", lambda i: {"dataset_id": i.dataset, "ids": [i.document]}),
    ("DocumentService/WatchDocument", lambda i: {"dataset_id": i.dataset, "document_id": i.document}),
    ("ChunkService/ParseOrCreateChunk", lambda i: {"dataset_id": i.dataset, "document_ids": [i.document]}),
    (
        "ChunkService/ParseOrCreateChunk",
        lambda i: {"dataset_id": i.dataset, "document_id": i.document, "content": "planted"},
    ),
    ("ChunkService/StopOrDeleteChunks", lambda i: {"dataset_id": i.dataset, "document_ids": [i.document]}),
    ("ChunkService/StopOrDeleteChunks", lambda i: {"dataset_id": i.dataset, "chunk_ids": [i.chunk]}),
    (
        "ChunkService/CreateChunk",
        lambda i: {"dataset_id": i.dataset, "document_id": i.document, "content": "planted"},
    ),
    ("ChunkService/ListChunks", lambda i: {"dataset_id": i.dataset, "document_id": i.document}),
    ("ChunkService/ListChunks", lambda i: {"dataset_id": i.dataset, "document_id": i.document, "id": i.chunk}),
    (
        "ChunkService/UpdateChunk",
        lambda i: {"dataset_id": i.dataset, "document_id": i.document, "chunk_id": i.chunk, "content": "stolen"},
    ),
    (
        "ChunkService/DeleteChunks",
        lambda i: {"dataset_id": i.dataset, "document_id": i.document, "chunk_ids": [i.chunk]},
    ),
    ("RetrievalService/Retrieve", lambda i: {"question": "moon", "dataset_ids": [i.dataset]}),
    ("RetrievalService/Retrieve", lambda i: {"question": "moon", "document_ids": [i.document]}),
    (
        "RetrievalService/Retrieve",
        lambda i: {"question": "moon", "dataset_ids": [i.dataset], "document_ids": [i.document]},
    ),
    ("KnowledgeGraphService/GetKnowledgeGraph", lambda i: {"dataset_id": i.dataset}),
    ("KnowledgeGraphService/DeleteKnowledgeGraph", lambda i: {"dataset_id": i.dataset}),
    ("ChatService/CreateChat", lambda i: {"name": "planted", "dataset_ids": [i.dataset]}),
    ("ChatService/ListChats", lambda i: {"id": i.chat}),
    ("ChatService/UpdateChat", lambda i: {"chat_id": i.chat, "name": "stolen"}),
    ("ChatService/UpdateChat", lambda i: {"chat_id": i.chat, "dataset_ids": [i.dataset]}),
    ("ChatService/DeleteChats", lambda i: {"ids": [i.chat]}),
    ("SessionService/CreateSession", lambda i: {"chat_id": i.chat}),
    ("SessionService/ListSessions", lambda i: {"chat_id": i.chat}),
    ("SessionService/ListSessions", lambda i: {"chat_id": i.chat, "id": i.session}),
    ("SessionService/UpdateSession", lambda i: {"chat_id": i.chat, "session_id": i.session, "name": "stolen"}),
    ("SessionService/DeleteSessions", lambda i: {"chat_id": i.chat, "ids": [i.session]}),
    ("SessionService/RelatedQuestions", lambda i: {"session_id": i.session, "question": "moon"}),
    (
        "CompletionService/CreateChatCompletion",
        lambda i: {"chat_id": i.chat, "body": {"question": "moon", "session_id": i.session, "stream": True}},
    ),
    (
        "CompletionService/CreateChatCompletion",
        lambda i: {"chat_id": i.chat, "body": {"question": "moon", "doc_ids": [i.document]}},
    ),
    (
        "CompletionService/CreateOpenAIChatCompletion",
        lambda i: {"chat_id": i.chat, "model": "m", "messages": [{"role": "user", "content": "moon"}]},
    ),
    ("CompletionService/Complete", lambda i: {"chat_id": i.chat, "question": "moon", "session_id": i.session}),
    ("CompletionService/StreamComplete", lambda i: {"chat_id": i.chat, "question": "moon", "session_id": i.session}),
    ("AgentService/ListAgents", lambda i: {"id": i.agent}),
    ("AgentService/UpdateAgent", lambda i: {"agent_id": i.agent, "title": "stolen"}),
    ("AgentService/DeleteAgent", lambda i: {"agent_id": i.agent}),
    ("AgentService/CreateAgentSession", lambda i: {"agent_id": i.agent}),
    ("AgentService/ListAgentSessions", lambda i: {"agent_id": i.agent}),
    ("AgentService/ListAgentSessions", lambda i: {"agent_id": i.agent, "id": i.talk}),
    ("AgentService/DeleteAgentSessions", lambda i: {"agent_id": i.agent, "ids": [i.talk]}),
    ("AgentService/ListAgentRuns", lambda i: {"agent_id": i.agent, "session_id": i.talk}),
    (
        "AgentRunService/CreateAgentCompletion",
        lambda i: {"agent_id": i.agent, "body": {"question": "moon", "session_id": i.talk, "stream": True}},
    ),
    (
        "AgentRunService/CreateOpenAIAgentCompletion",
        lambda i: {
            "agent_id": i.agent,
            "model": "m",
            "messages": [{"role": "user", "content": "moon"}],
            "session_id": i.talk,
        },
    ),
    ("AgentRunService/Run", lambda i: {"agent_id": i.agent, "question": "moon", "session_id": i.talk}),
    ("AgentRunService/StreamRun", lambda i: {"agent_id": i.agent, "question": "moon", "session_id": i.talk}),
]


async def outcome(channel: grpc.aio.Channel, name: str, request: Any, ids: Ids) -> tuple[Any, ...]:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    method = METHODS[name]
    make = GetMessageClass(method.input_type)

    def message(given: Any) -> Message:
        return given if isinstance(given, Message) else json_format.ParseDict(given, make())

    kind = ("stream" if method.client_streaming else "unary") + "_" + ("stream" if method.server_streaming else "unary")
    send = getattr(channel, kind)(
        f"/knowflow.v1.{name}",
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )
    call = send(map(message, request) if method.client_streaming else message(request), timeout=30)
    try:
        answers = [one async for one in call] if method.server_streaming else [await call]
    except grpc.aio.AioRpcError as error:
        info = error_details_pb2.ErrorInfo()
        status = rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, error.details() or "", info.reason, str(sorted(info.metadata.items())))
    else:
        learnt = ("OK", *(str(one) for one in answers))
    for field, value in ids._asdict().items():
        learnt = tuple(text.replace(value, f"<{field}>") for text in learnt)
    return learnt


async def everything(rest: httpx.AsyncClient, ids: Ids) -> tuple[Any, ...]:
    """Return all there is to know about a document, for its owner."""
    content = (await rest.get(f"/api/v1/datasets/{ids.dataset}/documents/{ids.document}")).content
    datasets = data_of(await rest.get("/api/v1/datasets", params={"id": ids.dataset}))["datasets"]
    documents = data_of(await rest.get(f"/api/v1/datasets/{ids.dataset}/documents"))["docs"]
    chats = data_of(await rest.get("/api/v1/chats", params={"id": ids.chat}))
    sessions = data_of(await rest.get(f"/api/v1/chats/{ids.chat}/sessions"))
    agents = data_of(await rest.get("/api/v1/agents", params={"id": ids.agent}))
    talks = data_of(await rest.get(f"/api/v1/agents/{ids.agent}/sessions"))
    runs = data_of(await rest.get(f"/api/v1/agents/{ids.agent}/sessions/{ids.talk}/runs"))
    chunks = await chunks_of(rest, ids.dataset, ids.document)
    return content, datasets, documents, chunks, chats, sessions, agents, talks, runs


async def possession(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> Ids:
    """Return a dataset with a parsed document, one of its chunks, an assistant and an agent with sessions in use."""
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "mine.pdf", pdf())
    assert (await parsed(rest, channel, dataset, document)).status == "1"
    body = {"name": f"chat of {dataset}", "dataset_ids": [dataset]}
    chat = data_of(await rest.post("/api/v1/chats", json=body))["id"]
    session = data_of(await rest.post(f"/api/v1/chats/{chat}/sessions", json={}))["id"]
    asked = {"question": "What does the moon do?", "session_id": session}
    data_of(await rest.post(f"/api/v1/chats/{chat}/completions", json=asked))
    agent = (
        await rest.post("/api/v1/agents", json={"title": f"agent of {dataset}", "dsl": {"components": ECHO}})
    ).json()
    talk = data_of(await rest.post(f"/api/v1/agents/{agent['id']}/sessions", json={}))["id"]
    said = {"question": "moon", "session_id": talk}
    data_of(await rest.post(f"/api/v1/agents/{agent['id']}/completions", json=said))
    chunk = (await chunks_of(rest, dataset, document))[0]["id"]
    return Ids(dataset, document, chunk, chat, session, agent["id"], talk)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of their own: they delete all that an organization has."""
    with ChatStandIn() as provider:
        folder, settings = tmp_path_factory.mktemp("tenancy"), chat_settings(provider)
        with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
            yield running


def test_cases_cover_every_method() -> None:
    assert {name for name, _ in CASES} | WITHOUT_IDS == set(METHODS)


async def test_ids_of_another_organization_look_like_unknown_ones_to_every_method(
    server: Server, rest: httpx.AsyncClient, stranger: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    theirs = await possession(rest, channel)
    before = await everything(rest, theirs)
    async with server.channel(OTHER_KEY) as foreign:
        own = await possession(stranger, foreign)
        mixtures = [
            (theirs, UNKNOWN),
            *(
                (own._replace(**part(theirs, fields)), own._replace(**part(UNKNOWN, fields)))
                for fields in (
                    ("document", "chunk"),
                    *((field,) for field in ("chunk", "dataset", "chat", "session", "agent", "talk")),
                )
            ),
        ]
        differing, refusals = [], set()
        for name, request in CASES:
            for foreign_ids, unknown_ids in mixtures:
                # What the caller's own ids do is not the question, and would change what later calls find.
                if shown(request(foreign_ids)) == shown(request(own)):
                    continue
                seen = await outcome(foreign, name, request(foreign_ids), foreign_ids)
                expected = await outcome(foreign, name, request(unknown_ids), unknown_ids)
                if seen != expected:
                    differing.append((name, seen, expected))
                refusals.add(expected[0])
        assert differing == []
        # Every kind of refusal was met, so that the requests were not refused for their shape.
        assert refusals == {"OK", "NOT_FOUND", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "PERMISSION_DENIED"}
        assert await everything(rest, theirs) == before
        # Everything of one organization is nothing of another's.
        data_of(await stranger.request("DELETE", "/api/v1/chats", json={"ids": None}))
        data_of(await stranger.request("DELETE", "/api/v1/datasets", json={"ids": None}))
    assert await everything(rest, theirs) == before
    assert (await document_of(rest, theirs.dataset, theirs.document))["status"] == "1"


def part(ids: Ids, fields: Iterable[str]) -> dict[str, str]:
    """Return some of the ids by name."""
    return {field: getattr(ids, field) for field in fields}


def shown(request: Any) -> str:
    """Return a request, or the messages of a stream, as text."""
    return str(request if isinstance(request, dict) else list(request))


@pytest.mark.parametrize("field", ["dataset_ids", "document_ids"])
async def test_retrieval_over_own_and_foreign_ids_finds_nothing_foreign(
    server: Server, rest: httpx.AsyncClient, stranger: httpx.AsyncClient, channel: grpc.aio.Channel, field: str
) -> None:
    theirs = await possession(rest, channel)
    async with server.channel(OTHER_KEY) as foreign:
        own = await possession(stranger, foreign)
    mine, other = (own.dataset, theirs.dataset) if field == "dataset_ids" else (own.document, theirs.document)
    answer = await stranger.post("/api/v1/retrieval", json={"question": "moon", field: [mine, other]})
    assert answer.status_code == 404
    alone = data_of(await stranger.post("/api/v1/retrieval", json={"question": "moon", field: [mine]}))
    assert {chunk["dataset_id"] for chunk in alone["chunks"]} == {own.dataset}
