"""The platform: to another organization, knowledge bases, apps, conversations and webhooks do not exist."""

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

from tests.chat_models import chat_settings
from tests.reliability import test_tenancy_platform as people
from tests.rpc.calls import ended
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn
from tests.webhooks.receiver import Receiver

METHODS = people.METHODS
WITHOUT_IDS = {"KnowledgeBaseService/CreateKnowledgeBase", "WebhookService/CreateWebhook"} | {
    *("KnowledgeBaseService/ListKnowledgeBases", "AppService/ListApps", "WebhookService/ListWebhooks")
}


class Ids(NamedTuple):
    """What a request names."""

    base: str
    document: str
    assistant: str
    agent: str
    app: str
    deployment: str
    conversation: str
    webhook: str
    delivery: str


UNKNOWN = Ids(*(str(number) * 32 for number in range(9)))


def data_of(answer: httpx.Response) -> Any:
    """Return the data of an answer that must be a success, on either surface."""
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def base(i: Ids, **more: Any) -> dict[str, Any]:
    return {"knowledge_base_id": i.base, **more}


def deployment(i: Ids, **more: Any) -> dict[str, Any]:
    return {"app_id": i.app, "deployment_id": i.deployment, **more}


def talk(i: Ids, **more: Any) -> dict[str, Any]:
    return {"conversation_id": i.conversation, **more}


def hook(i: Ids, **more: Any) -> dict[str, Any]:
    return {"webhook_id": i.webhook, **more}


CASES: list[tuple[str, Callable[[Ids], dict[str, Any]]]] = [
    ("KnowledgeBaseService/GetKnowledgeBase", base),
    ("KnowledgeBaseService/UpdateKnowledgeBase", lambda i: base(i, name="stolen")),
    ("KnowledgeBaseService/DeleteKnowledgeBase", base),
    ("KnowledgeBaseService/AddKnowledgeBaseDocument", lambda i: base(i, name="planted", content="x")),
    ("KnowledgeBaseService/ListKnowledgeBaseDocuments", base),
    ("KnowledgeBaseService/GetKnowledgeBaseDocument", lambda i: base(i, document_id=i.document)),
    ("KnowledgeBaseService/DeleteKnowledgeBaseDocument", lambda i: base(i, document_id=i.document)),
    ("KnowledgeBaseService/SearchKnowledgeBase", lambda i: base(i, query="moon")),
    ("AppService/CreateApp", lambda i: {"name": "planted", "knowledge_base_ids": [i.base]}),
    ("AppService/CreateApp", lambda i: {"name": "planted", "assistant_id": i.assistant}),
    ("AppService/CreateApp", lambda i: {"name": "planted", "agent_id": i.agent}),
    ("AppService/GetApp", lambda i: {"app_id": i.app}),
    ("AppService/UpdateApp", lambda i: {"app_id": i.app, "name": "stolen"}),
    ("AppService/UpdateApp", lambda i: {"app_id": i.app, "knowledge_base_ids": [i.base]}),
    ("AppService/DeleteApp", lambda i: {"app_id": i.app}),
    ("AppService/CreateDeployment", lambda i: {"app_id": i.app, "channel": "api"}),
    ("AppService/ListDeployments", lambda i: {"app_id": i.app}),
    ("AppService/GetDeployment", deployment),
    ("AppService/UpdateDeployment", lambda i: deployment(i, status="stopped")),
    ("AppService/DeleteDeployment", deployment),
    ("AppService/ActivateDeployment", deployment),
    ("AppService/RollBackDeployment", deployment),
    ("ConversationService/CreateConversation", lambda i: {"app_id": i.app}),
    ("ConversationService/ListConversations", lambda i: {"app_id": i.app}),
    ("ConversationService/GetConversation", talk),
    ("ConversationService/DeleteConversation", talk),
    ("ConversationService/ListMessages", talk),
    ("ConversationService/CreateMessage", lambda i: talk(i, content="moon")),
    ("ConversationService/StreamMessageEvents", lambda i: talk(i, content="moon")),
    ("ConversationService/StreamMessage", lambda i: talk(i, content="moon")),
    ("IntegrationService/ChatWithIntegration", lambda i: {"integration_id": i.app, "message": "moon"}),
    (
        "IntegrationService/GetIntegrationConversation",
        lambda i: {"integration_id": i.app, "session_id": i.conversation},
    ),
    ("WebhookService/GetWebhook", hook),
    ("WebhookService/UpdateWebhook", lambda i: hook(i, description="stolen")),
    ("WebhookService/DeleteWebhook", hook),
    ("WebhookService/RotateWebhookSecret", hook),
    ("WebhookService/TestWebhook", hook),
    ("WebhookService/ListWebhookDeliveries", hook),
    ("WebhookService/GetWebhookDelivery", lambda i: hook(i, delivery_id=i.delivery)),
    ("WebhookService/RetryWebhookDelivery", lambda i: hook(i, delivery_id=i.delivery)),
]
# What each deletes is the caller's own where only another id is foreign: these calls come last.
CASES.sort(key=lambda case: "/Delete" in case[0])


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Server]:
    """A server of their own: they list everything, and delete."""
    with ChatStandIn() as provider:
        settings = chat_settings(provider) | receiver.settings
        with start_server(
            tmp_path_factory.mktemp("apps"), organizations={"Other": OTHER_KEY}, settings=settings
        ) as running:
            yield running


def test_cases_cover_every_method_of_the_platform() -> None:
    walked = {name for name, _ in [*CASES, *people.CASES]}
    assert walked | WITHOUT_IDS | people.WITHOUT_IDS == set(METHODS)


async def possession(server: Server, key: str, receiver: Receiver) -> Ids:
    """Return one of everything, in use."""
    async with server.rest(key) as rest, server.channel(key) as channel:

        async def made(path: str, **body: Any) -> dict[str, Any]:
            return data_of(await rest.post(path, json=body))  # type: ignore[no-any-return]

        hook = await made("/v1/webhooks", url=receiver.url(f"/{key}"), events=["app.deployment.updated"])
        base = await made("/v1/knowledge-bases", name="mine")
        document = await made(f"/v1/knowledge-bases/{base['id']}/documents", name="a", content="The moon pulls.")
        await ended(channel, base["id"], document["id"])
        agent = (await rest.post("/api/v1/agents", json={"title": "mine", "dsl": {"components": ECHO}})).json()
        assistant = await made("/api/v1/chats", name="free")
        app = await made("/v1/apps", name="mine", knowledge_base_ids=[base["id"]])
        deployed = await made(f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
        await made(f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
        talk = await made("/v1/conversations", app_id=app["id"])
        await made(f"/v1/conversations/{talk['id']}/messages", content="What does the moon do?")
        await receiver.attempts(f"/{key}", 5)
        delivery = data_of(await rest.get(f"/v1/webhooks/{hook['id']}/deliveries"))[0]
        place = (base["id"], document["id"], assistant["id"], agent["id"], app["id"], deployed["id"])
        return Ids(*place, talk["id"], hook["id"], delivery["id"])


ECHO = {
    "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]},
    "say": {"obj": {"component_name": "Message", "params": {"content": ["{sys.query}"]}}, "downstream": []},
}


async def everything(rest: httpx.AsyncClient, ids: Ids) -> list[Any]:
    """Return all that its owner sees."""
    app, base = f"/v1/apps/{ids.app}", f"/v1/knowledge-bases/{ids.base}"
    lists = ("/v1/knowledge-bases", "/v1/apps", "/v1/conversations", "/v1/webhooks", f"{base}/documents")
    paths = (*lists, app, f"{app}/deployments", f"/v1/conversations/{ids.conversation}/messages")
    return [(await rest.get(path)).json() for path in (*paths, f"/v1/webhooks/{ids.webhook}/deliveries")]


async def outcome(channel: grpc.aio.Channel, name: str, request: dict[str, Any], ids: Ids) -> tuple[str, ...]:
    """Return all that a caller learns from a call, with the ids that it gave itself written alike."""
    path, method = METHODS[name]
    message = json_format.ParseDict(request, GetMessageClass(method.input_type)())
    open_call = channel.unary_stream if method.server_streaming else channel.unary_unary
    call = open_call(
        path,
        request_serializer=lambda one: one.SerializeToString(),
        response_deserializer=GetMessageClass(method.output_type).FromString,
    )(message, timeout=60)
    try:
        answers = [one async for one in call] if method.server_streaming else [await call]
        learnt: tuple[str, ...] = ("OK", "", *(str(one) for one in answers))
    except grpc.aio.AioRpcError as error:
        info, status = error_details_pb2.ErrorInfo(), rpc_status.from_call(error)
        assert status is not None
        assert status.details[0].Unpack(info)
        learnt = (error.code().name, info.reason, error.details() or "", str(sorted(info.metadata.items())))
    for field, value in ids._asdict().items():
        learnt = tuple(text.replace(value, f"<{field}>") for text in learnt)
    return learnt


async def test_ids_of_another_organization_look_like_unknown_ones_to_every_method(
    server: Server, receiver: Receiver
) -> None:
    theirs = await possession(server, server.key, receiver)
    own = await possession(server, OTHER_KEY, receiver)
    differing, refusals = [], set()
    async with server.rest() as rest, server.channel(OTHER_KEY) as channel:
        before = await everything(rest, theirs)
        for name, request in CASES:
            for field in ("all", *Ids._fields):
                fields = Ids._fields if field == "all" else (field,)
                foreign = own._replace(**{one: getattr(theirs, one) for one in fields})
                unknown = own._replace(**{one: getattr(UNKNOWN, one) for one in fields})
                # What the caller's own ids do is not the question, and would change what later calls find.
                if request(foreign) == request(own):
                    continue
                seen = await outcome(channel, name, request(foreign), foreign)
                expected = await outcome(channel, name, request(unknown), unknown)
                if seen != expected:
                    differing.append((name, field, seen, expected))
                refusals.add(expected[1])
        assert differing == []
        assert refusals == {
            *("DATASET_NOT_FOUND", "DOCUMENT_NOT_FOUND", "CHAT_NOT_FOUND", "AGENT_NOT_FOUND", "APP_NOT_FOUND"),
            *("DEPLOYMENT_NOT_FOUND", "SESSION_NOT_FOUND", "WEBHOOK_NOT_FOUND", "WEBHOOK_DELIVERY_NOT_FOUND"),
        }
        assert await everything(rest, theirs) == before


async def test_lists_and_counts_hold_nothing_of_others(server: Server, receiver: Receiver) -> None:
    async with server.rest() as rest:
        user = data_of(
            await rest.post("/v1/auth/register", json={"email": "new@example.com", "password": "correct horse"})
        )
    async with server.rest(user["token"]) as fresh:
        for path in ("/v1/knowledge-bases", "/v1/apps", "/v1/conversations", "/v1/webhooks"):
            answer = (await fresh.get(path, params={"cursor": ""})).json()
            assert answer["data"] == []
            assert answer["pagination"]["total"] == 0


async def test_token_of_a_website_may_chat_with_its_app_and_nothing_else(server: Server) -> None:
    async with server.rest() as rest:
        app = data_of(await rest.post("/v1/apps", json={"name": "website"}))
        config = {"allowed_origins": ["https://shop.example.com"]}
        body = {"channel": "website", "config": config, "activate": True}
        token = data_of(await rest.post(f"/v1/apps/{app['id']}/deployments", json=body))["token"]
        wrong = []
        async with server.channel(token) as channel:
            for path, method in METHODS.values():
                if method.name in {"Login", "Register", "ChatWithIntegration"}:
                    continue
                request = GetMessageClass(method.input_type)()
                name = path.removeprefix("/knowflow.platform.v1.")
                if "organization_id" in method.input_type.fields_by_name and "Organization" in name:
                    request.organization_id = data_of(await rest.get("/v1/organizations"))[0]["id"]
                learnt = await outcome(channel, name, json_format.MessageToDict(request), UNKNOWN)
                if learnt[1] != "PERMISSION_DENIED":
                    wrong.append((name, learnt))
        assert wrong == []
        headers = {"authorization": f"Bearer {token}", "origin": "https://shop.example.com"}
        chat = f"/v1/integrations/{app['id']}/chat"
        assert (await rest.post(chat, json={"message": "Hello"}, headers=headers)).status_code == 200
        for path in ("/api/v1/datasets", "/api/v1/chats", "/api/v1/agents"):
            assert (await rest.get(path, headers=headers)).status_code == 403
        await rest.delete(f"/v1/apps/{app['id']}")
        assert (await rest.post(chat, json={"message": "Hello"}, headers=headers)).status_code == 401
