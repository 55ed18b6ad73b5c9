"""Apps: what a deployment froze answers, changes of its status are told with it, and documents come from addresses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.chat_models import REPLIES, chat_settings
from tests.rpc.calls import ended
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn
from tests.standins.whatsapp import SECRET, TOKEN, WhatsAppStandIn, event, signed, written
from tests.webhooks.receiver import Receiver, register, says, settled, stalls

DEPLOYMENTS = "app.deployment.updated"


@pytest.fixture(scope="module")
def provider() -> Iterator[ChatStandIn]:
    with ChatStandIn() as running:
        running.models.update(REPLIES)
        yield running


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture(scope="module")
def meta() -> Iterator[WhatsAppStandIn]:
    with WhatsAppStandIn() as running:
        yield running


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, provider: ChatStandIn, receiver: Receiver, meta: WhatsAppStandIn
) -> Iterator[Server]:
    """A server with a chat model and WhatsApp, which may tell the receiver and fetch from it."""
    settings = chat_settings(provider) | receiver.settings | {"WHATSAPP_URL": meta.url}
    folder = tmp_path_factory.mktemp("apps")
    with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
        yield running


async def said(rest: httpx.AsyncClient, method: str, path: str, **body: Any) -> Any:
    """Return the data of a call that must succeed."""
    answer = await rest.request(method, path, json=body or None)
    assert answer.status_code == 200, answer.text
    return answer.json().get("data")


def told_to(provider: ChatStandIn) -> str:
    """Return what the model was told with the last question."""
    return str(provider.requests[-1].body["messages"][0]["content"])


def graph(text: str) -> dict[str, Any]:
    """Return an agent that says a text."""
    begin = {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["say"]}
    say = {"obj": {"component_name": "Message", "params": {"content": [text]}}}
    return {"components": {"begin": begin, "say": say}}


async def test_deployment_answers_as_it_was_frozen_until_another_one_does(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    app = await said(rest, "POST", "/v1/apps", name="frozen", instructions="You are kind.")
    place = f"/v1/apps/{app['id']}/deployments"
    first = await said(rest, "POST", place, channel="api", activate=True)
    talk = await said(rest, "POST", "/v1/conversations", app_id=app["id"])
    ask = f"/v1/conversations/{talk['id']}/messages"
    await said(rest, "PATCH", f"/v1/apps/{app['id']}", instructions="You are rude.")
    await rest.put(f"/api/v1/chats/{app['assistant_id']}", json={"prompt": {"opener": "Go away."}})
    await said(rest, "POST", ask, content="Hello?")
    assert told_to(provider) == "You are kind."
    second = await said(rest, "POST", place, channel="api", activate=True)
    await said(rest, "POST", ask, content="Hello?")
    assert told_to(provider) == "You are rude."
    assert (await said(rest, "POST", "/v1/conversations", app_id=app["id"]))["greeting"] == "Go away."
    await said(rest, "POST", f"{place}/{second['id']}/rollback")
    await said(rest, "POST", ask, content="Hello?")
    assert told_to(provider) == "You are kind."
    assert (await said(rest, "GET", f"{place}/{first['id']}"))["status"] == "active"


async def test_agent_answers_with_the_graph_that_was_deployed(rest: httpx.AsyncClient) -> None:
    agent = (await rest.post("/api/v1/agents", json={"title": "deployed", "dsl": graph("one")})).json()
    app = await said(rest, "POST", "/v1/apps", name="agent", agent_id=agent["id"])
    await said(rest, "POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    assert (await rest.put(f"/api/v1/agents/{agent['id']}", json={"dsl": graph("two")})).status_code == 200
    chat = f"/v1/integrations/{app['id']}/chat"
    assert (await rest.post(chat, json={"message": "Hello"})).json()["response"] == "one"
    await said(rest, "POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    assert (await rest.post(chat, json={"message": "Hello"})).json()["response"] == "two"


async def test_default_model_of_an_organization_answers_for_agents_that_name_none(
    rest: httpx.AsyncClient, provider: ChatStandIn
) -> None:
    begin = {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["ask"]}
    ask = {"obj": {"component_name": "Agent", "params": {"sys_prompt": "Be brief."}}, "downstream": ["say"]}
    say = {"obj": {"component_name": "Message", "params": {"content": ["{ask@content}"]}}}
    dsl = {"components": {"begin": begin, "ask": ask, "say": say}}
    agent = (await rest.post("/api/v1/agents", json={"title": "modest", "dsl": dsl})).json()
    [organization] = await said(rest, "GET", "/v1/organizations")
    place = f"/v1/organizations/{organization['id']}"
    used = []
    for model in ("conversation@Models", ""):
        assert (await rest.patch(place, json={"default_chat_model": model})).status_code == 200
        body = {"question": "Hello?", "stream": False}
        assert (await rest.post(f"/api/v1/agents/{agent['id']}/completions", json=body)).status_code == 200
        used.append(provider.requests[-1].body["model"])
    assert used == ["conversation", "qwen-plus"]


async def test_agent_answers_on_whatsapp_as_it_was_deployed(rest: httpx.AsyncClient, meta: WhatsAppStandIn) -> None:
    agent = (await rest.post("/api/v1/agents", json={"title": "on WhatsApp", "dsl": graph("one")})).json()["id"]
    app = await said(rest, "POST", "/v1/apps", name="on WhatsApp", agent_id=agent)
    place = f"/v1/apps/{app['id']}/deployments"
    early = await rest.post(place, json={"channel": "whatsapp"})
    assert early.status_code == 400
    assert "Connect the agent with WhatsApp first" in early.json()["error"]["message"]
    number = {"phone_number_id": "4711", "waba_id": "102290129340398", "access_token": TOKEN, "app_secret": SECRET}
    connected = await rest.put(f"/api/public/agent/{agent}/waba/connection", json=number)
    assert connected.status_code == 200, connected.text
    webhook = connected.json()["webhook_path"]

    async def answered(wamid: str, replies: int) -> list[str]:
        body = event("4711", **written("Hello", sender="31612345678", wamid=wamid, at=int(time.time())))
        assert (await rest.post(webhook, content=body, headers=signed(body))).status_code == 200
        await meta.until(lambda: len(meta.of("4711")) >= replies)
        return [one.content["text"]["body"] for one in meta.of("4711")]

    assert await answered("wamid.1", 1) == ["one"]
    unknown = await rest.post(place, json={"channel": "whatsapp", "config": {"connection_id": "0" * 32}})
    assert unknown.status_code == 400
    first = await said(rest, "POST", place, channel="whatsapp", activate=True)
    assert first["config"]["connection_id"] in webhook
    await rest.put(f"/api/v1/agents/{agent}", json={"dsl": graph("two")})
    assert await answered("wamid.2", 2) == ["one", "one"]
    second = await said(rest, "POST", place, channel="whatsapp", activate=True)
    assert await answered("wamid.3", 3) == ["one", "one", "two"]
    await said(rest, "POST", f"{place}/{second['id']}/rollback")
    assert await answered("wamid.4", 4) == ["one", "one", "two", "one"]
    assert (await rest.delete(f"/api/public/agent/{agent}/waba/connection")).status_code == 200
    gone = await said(rest, "GET", f"{place}/{first['id']}")
    assert (gone["status"], gone["error"]) == ("failed", "The agent is not connected with WhatsApp any more.")


async def test_each_change_of_a_status_is_told_once_and_so_are_conversations(
    rest: httpx.AsyncClient, receiver: Receiver
) -> None:
    webhook = await register(
        rest, receiver.url("/apps"), DEPLOYMENTS, "conversation.created", "conversation.message.created"
    )
    app = await said(rest, "POST", "/v1/apps", name="told")
    place = f"/v1/apps/{app['id']}/deployments"
    one = await said(rest, "POST", place, channel="api")
    await said(rest, "POST", f"{place}/{one['id']}/activate")
    await said(rest, "POST", f"{place}/{one['id']}/activate")
    two = await said(rest, "POST", place, channel="api", activate=True)
    await said(rest, "POST", f"{place}/{two['id']}/rollback")
    talk = await said(rest, "POST", "/v1/conversations", app_id=app["id"])
    await said(rest, "POST", f"/v1/conversations/{talk['id']}/messages", content="Hello?")
    await said(rest, "PATCH", f"{place}/{one['id']}", status="stopped")
    await rest.request("DELETE", "/api/v1/chats", json={"ids": [app["assistant_id"]]})
    await said(rest, "DELETE", f"{place}/{two['id']}")
    await settled(rest, webhook["id"])
    told = [attempt.verify(webhook["secret"]) for attempt in receiver.received["/apps"]]
    changes = [one["data"]["deployment"] for one in told if one["type"] == DEPLOYMENTS]
    assert [(one["number"], one["previous_status"], one["status"]) for one in changes] == [
        (1, None, "pending"),
        (1, "pending", "active"),
        (2, None, "pending"),
        (1, "active", "stopped"),
        (2, "pending", "active"),
        (2, "active", "stopped"),
        (1, "stopped", "active"),
        (1, "active", "stopped"),
        (2, "stopped", "deleted"),
    ]
    held = [one for one in told if one["type"] != DEPLOYMENTS]
    assert [one["type"] for one in held] == ["conversation.created", *["conversation.message.created"] * 2]
    assert {one["data"]["conversation"]["app_id"] for one in held} == {app["id"]}
    assert {one["data"]["conversation"]["chat_id"] for one in held} == {app["assistant_id"]}
    await rest.delete(f"/v1/webhooks/{webhook['id']}")


async def test_assistant_that_is_deleted_fails_what_is_active(rest: httpx.AsyncClient, receiver: Receiver) -> None:
    webhook = await register(rest, receiver.url("/gone"), DEPLOYMENTS)
    chat = (await rest.post("/api/v1/chats", json={"name": "to be deleted"})).json()["data"]
    app = await said(rest, "POST", "/v1/apps", name="gone", assistant_id=chat["id"])
    await said(rest, "POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    await rest.request("DELETE", "/api/v1/chats", json={"ids": [chat["id"]]})
    await settled(rest, webhook["id"])
    last = receiver.received["/gone"][-1].verify(webhook["secret"])["data"]["deployment"]
    assert (last["previous_status"], last["status"]) == ("active", "failed")
    assert last["error"] == "What the app publishes was deleted."
    await rest.delete(f"/v1/webhooks/{webhook['id']}")


async def test_document_is_fetched_from_an_address_through_the_guard(
    server: Server, rest: httpx.AsyncClient, receiver: Receiver
) -> None:
    page = b"<html><head><title>Tides</title></head><body><p>The moon pulls the sea.</p></body></html>"
    receiver.answers("/tides", says(200, page, **{"Content-Type": "text/html; charset=utf-8"}))
    receiver.answers("/missing", says(404, b"secret words of the site"))
    webhook = await register(rest, receiver.url("/bases"), "knowledge_base.updated")
    base = await said(rest, "POST", "/v1/knowledge-bases", name="fetched")
    place = f"/v1/knowledge-bases/{base['id']}/documents"
    document = await said(rest, "POST", place, url=receiver.url("/tides"))
    assert (document["name"], document["url"]) == ("tides.html", receiver.url("/tides"))
    async with server.channel() as channel:
        await ended(channel, base["id"], document["id"])
    assert (await said(rest, "GET", f"{place}/{document['id']}"))["status"] == "ready"
    body = {"query": "What does the moon pull?"}
    found = await said(rest, "POST", f"/v1/knowledge-bases/{base['id']}/search", **body)
    assert found["results"][0]["url"] == receiver.url("/tides")
    app = await said(rest, "POST", "/v1/apps", name="fetched", knowledge_base_ids=[base["id"]])
    await said(rest, "POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    answer = await rest.post(f"/v1/integrations/{app['id']}/chat", json={"message": body["query"]})
    assert answer.json()["sources"] == [{"title": "tides.html", "url": receiver.url("/tides")}]
    assert 0.2 < answer.json()["confidence"] <= 1
    await settled(rest, webhook["id"])
    told = [one.verify(webhook["secret"])["data"] for one in receiver.received["/bases"]]
    assert [(one["change"], [document["status"] for document in one["documents"]]) for one in told] == [
        ("created", []),
        ("updated", ["processing"]),
        ("updated", ["ready"]),
    ]
    await rest.delete(f"/v1/webhooks/{webhook['id']}")
    refused = await rest.post(place, json={"url": receiver.url("/missing")})
    assert refused.status_code == 400
    assert "secret" not in refused.text
    receiver.answers("/away", says(302, b"", Location="http://169.254.169.254/latest/meta-data/"))
    redirected = await rest.post(place, json={"url": receiver.url("/away")})
    assert redirected.status_code == 400
    assert "cannot be used" in redirected.json()["error"]["message"]


async def test_kill_after_an_activation_loses_neither_it_nor_its_event(own_server: Callable[..., Server]) -> None:
    with Receiver() as receiver:
        receiver.answers("/crash", stalls)
        server = own_server(settings=receiver.settings)
        async with server.rest() as rest:
            webhook = await register(rest, receiver.url("/crash"), DEPLOYMENTS)
            app = await said(rest, "POST", "/v1/apps", name="crash")
            place = f"/v1/apps/{app['id']}/deployments"
            config = {"allowed_origins": ["https://shop.example.com"]}
            made = await said(rest, "POST", place, channel="website", config=config, activate=True)
        server.kill()
        receiver.script.clear()
        receiver.received.clear()
        server = own_server(settings=receiver.settings)
        attempts = await receiver.attempts("/crash", 2)
        assert [one.verify(webhook["secret"])["data"]["deployment"]["status"] for one in attempts[:2]] == [
            "pending",
            "active",
        ]
        async with server.rest(made["token"]) as website:
            chat = f"/v1/integrations/{app['id']}/chat"
            origin = {"origin": "https://shop.example.com"}
            first = (await website.post(chat, json={"message": "Hello"}, headers=origin)).json()
            again = {"message": "Hello", "sessionId": first["sessionId"]}
            assert (await website.post(chat, json=again, headers=origin)).json()["sessionId"] == first["sessionId"]
        written = (server.folder / "server.log").read_text()
        assert made["token"] not in written
