"""Five surfaces, one model: what one surface makes the others find, count and tell of, also after a kill."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chat_models import REPLIES, chat_settings
from tests.rpc.calls import data_of, ended, start_parsing, upload
from tests.serving import OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn
from tests.webhooks.receiver import Receiver, register, settled

# The model which says what it was told and asked.
MODEL = "conversation@Models"
REFUNDS = "Refunds are paid within fourteen days."
WARRANTY = "The warranty of the kettle lasts thirty months."
EVENTS = ("conversation.created", "conversation.message.created", "knowledge_base.updated", "app.deployment.updated")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture(scope="module")
def settings(receiver: Receiver) -> Iterator[dict[str, str]]:
    with ChatStandIn() as provider:
        provider.models.update(REPLIES)
        yield chat_settings(provider) | receiver.settings


@dataclass
class World:
    """A server that may be killed, and what an organization has made on it."""

    server: Server
    rest: httpx.AsyncClient

    async def call(self, method: str, path: str, **body: Any) -> Any:
        """Return the answer of a call that must succeed, without what wraps its data."""
        answer = await self.rest.request(method, path, json=body or None)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return found.get("data", found)

    async def balance(self) -> int:
        return int((await self.call("GET", "/api/v1/credits"))["balance"])

    async def chat(self, agent: str, text: str, **further: Any) -> Any:
        """Return the answer of an agent on FlowGent, which must be one, and its metadata."""
        answer = await self.rest.post(f"/api/public/agent/{agent}/chat", json={"messages": text, **further})
        assert answer.json()["statusCode"] == 200, answer.text
        body = answer.json()["body"]
        return body["conversation_history"][-1]["content"], body["metadata"]


@pytest.fixture
async def world(tmp_path: Path, settings: dict[str, str]) -> AsyncIterator[World]:
    with start_server(tmp_path, organizations={"Other": OTHER_KEY}, settings=settings) as server:
        async with server.rest() as rest:
            yield World(server, rest)


async def learned(world: World) -> tuple[str, str]:
    """Return an agent made on FlowGent, and its knowledge base, which has a reference and a parsed file."""
    name = uuid.uuid4().hex
    agent = (await world.call("POST", "/api/public/agent", name=name, model=MODEL, instructions="Be kind."))["id"]
    made = await world.call("POST", "/api/v1/knowledgebase", name=name)
    base = str(made["id"])
    await world.call("PUT", f"/api/v1/agents/{agent}/knowledgebase", knowledgebaseId=base)
    place = f"/api/v1/knowledgebase/{base}/references"
    await world.call("POST", place, question="How fast are refunds?", answer=REFUNDS)
    document = await upload(world.rest, base, "kettle.txt", WARRANTY)
    await start_parsing(world.rest, base, document)
    async with world.server.channel() as channel:
        assert (await ended(channel, base, document)).run == "DONE"
    return str(agent), base


async def searched(world: World, path: str, query: str) -> str:
    """Return what a search on the Knowledgebase API finds."""
    answer = await world.rest.get(path, params={"query": query, "threshold": 0.0})
    assert answer.status_code == 200, answer.text
    return " ".join(one["answer"] for one in answer.json()["data"])


async def assert_found(world: World, agent: str, base: str) -> None:
    """Check that every surface finds what the others have put in; costs two credits."""
    asked = {"question": "How fast are refunds?", "dataset_ids": [base], "similarity_threshold": 0.0}
    found = data_of(await world.rest.post("/api/v1/retrieval", json=asked))
    assert REFUNDS in " ".join(chunk["content"] for chunk in found["chunks"])
    kettle = "How long is the warranty of the kettle?"
    assert WARRANTY in await searched(world, f"/api/v1/knowledgebase/{base}/search", kettle)
    assert REFUNDS in await searched(world, f"/api/v1/agents/{agent}/knowledgebase/search", "refunds")
    hits = await world.call("POST", f"/v1/knowledge-bases/{base}/search", query=kettle)
    assert WARRANTY in str(hits)
    assert base in str(await world.call("GET", "/v1/knowledge-bases"))
    assert base in str(data_of(await world.rest.get("/api/v1/datasets", params={"id": base})))
    [listed] = data_of(await world.rest.get("/api/v1/agents", params={"id": agent}))
    assert base in str(listed["dsl"])
    assert agent in str(await world.call("GET", "/api/public/agent"))
    async with world.server.rest(OTHER_KEY) as stranger:
        for path in (f"/api/v1/knowledgebase/{base}", f"/v1/knowledge-bases/{base}", f"/api/public/agent/{agent}"):
            assert (await stranger.get(path)).status_code in (403, 404)


async def told_by_apps_and_bots(world: World, base: str) -> tuple[str, str]:
    """Have an app and a chatbot answer from a knowledge base; return where to ask the one, and to read the other."""
    app = await world.call("POST", "/v1/apps", name="The app", knowledge_base_ids=[base], model=MODEL)
    await world.call("POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    talk = await world.call("POST", "/v1/conversations", app_id=app["id"])
    place = f"/v1/conversations/{talk['id']}/messages"
    assert WARRANTY in str(await world.call("POST", place, content="How long is the warranty of the kettle?"))
    flow = (await world.call("POST", "/api/flow/create", name="Bot"))["flow_ns"]
    await world.call("POST", "/api/flow/create-sub-flow", name="Find", definition=finding(base), flow_ns=flow)
    user = (await world.call("POST", "/api/subscriber/create", email="a@example.com", flow_ns=flow))["user_ns"]
    sent = {"user_ns": user, "flow_name": "Find", "flow_ns": flow}
    await world.call("POST", "/api/subscriber/send-sub-flow-by-flow-name", **sent)
    heard = f"/api/subscriber/chat-messages?user_ns={user}&flow_ns={flow}&include_bot=1"
    assert REFUNDS in str(await world.call("GET", heard))
    return place, heard


async def test_story_of_one_model(world: World, receiver: Receiver, settings: dict[str, str]) -> None:
    hook = await register(world.rest, receiver.url("/story"), *EVENTS)
    agent, base = await learned(world)
    before = await world.balance()
    await assert_found(world, agent, base)
    assert await settled_balance(world, before - 2) == before - 2

    # FlowGent charges an answer once; the core and the platform answer with the same agent, and charge nothing.
    said, metadata = await world.chat(agent, "How fast are refunds?")
    assert (REFUNDS in said, metadata["used_credits"]) == (True, 1)
    asked = {"question": "How long is the warranty of the kettle?", "session_id": metadata["thread_id"]}
    core = data_of(await world.rest.post(f"/api/v1/agents/{agent}/completions", json={**asked, "stream": False}))
    assert WARRANTY in str(core["answer"])
    app = await world.call("POST", "/v1/apps", name="The agent", agent_id=agent)
    await world.call("POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    told = await world.call("POST", f"/v1/integrations/{app['id']}/chat", message="How fast are refunds?")
    assert REFUNDS in str(told)
    assert await settled_balance(world, before - 3) == before - 3

    place, heard = await told_by_apps_and_bots(world, base)

    # Whoever caused an event, it is told once: three talks, four questions with their answers, and two
    # deployments, each made and then active.
    deliveries = await settled(world.rest, hook["id"])
    assert len(receiver.received["/story"]) == len(deliveries)
    received = [attempt.verify(hook["secret"]) for attempt in receiver.received["/story"]]
    assert len({attempt.id for attempt in receiver.received["/story"]}) == len(received)
    counts = Counter(one["type"] for one in received)
    assert counts["conversation.created"] == 3
    assert counts["conversation.message.created"] == 8
    assert counts["app.deployment.updated"] == 4
    assert counts["knowledge_base.updated"] >= 3

    # A power cut, and everything is there; nothing is told or charged a second time.
    world.server.kill()
    with start_server(world.server.folder, settings=settings) as again:
        async with again.rest() as rest:
            later = World(again, rest)
            assert await later.balance() == before - 3
            await assert_found(later, agent, base)
            said, _ = await later.chat(agent, "And for the kettle?", thread_id=metadata["thread_id"])
            assert said.count("How fast are refunds?") >= 1
            thread = await later.call("GET", f"/api/public/agent/{agent}/threads/{metadata['thread_id']}")
            assert len(thread["conversation_history"]) == 6
            assert WARRANTY in str(await later.call("POST", place, content="How long is the warranty of the kettle?"))
            assert REFUNDS in str(await later.call("GET", heard))
            assert await settled_balance(later, before - 6) == before - 6
            await settled(rest, hook["id"])
    news = Counter(attempt.content["type"] for attempt in receiver.received["/story"])
    assert news - counts == Counter({"conversation.message.created": 4})
    assert len({attempt.id for attempt in receiver.received["/story"]}) == len(receiver.received["/story"])


async def settled_balance(world: World, expected: int) -> int:
    """Return the balance once it is as expected; nobody waits for the charges of searches."""
    async with asyncio.timeout(10):
        # The charge is written in another process.
        while (balance := await world.balance()) > expected:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return balance


def finding(base: str) -> dict[str, Any]:
    """Return a sub flow which says what it finds about refunds."""
    find = {"kb_ids": [base], "query": "refunds", "similarity_threshold": 0.0}
    return {
        "components": {
            "begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": ["find"]},
            "find": {"obj": {"component_name": "Retrieval", "params": find}, "downstream": ["say"]},
            "say": {"obj": {"component_name": "Message", "params": {"content": ["{find@formalized_content}"]}}},
        }
    }


async def test_provider_that_is_down_is_told_in_the_words_of_each_surface(world: World) -> None:
    before = await world.balance()
    name = uuid.uuid4().hex
    made = await world.call("POST", "/api/public/agent", name=name, model="gone@Nowhere", instructions="Be kind.")
    agent = made["id"]
    answer = await world.rest.post(f"/api/public/agent/{agent}/chat", json={"messages": "Hello"})
    assert answer.status_code == 200
    assert answer.json() == {
        "statusCode": 503,
        "body": {
            "agent_id": agent,
            "message": "Service temporarily unavailable",
            "error": "AI provider is not available",
        },
    }
    sentence = "The provider Nowhere cannot be reached or broke the connection."
    asked = {"question": "Hello", "stream": False}
    core = await world.rest.post(f"/api/v1/agents/{agent}/completions", json=asked)
    assert (core.status_code, core.json()["code"]) == (500, 500)
    assert core.json()["message"].endswith(sentence)
    app = await world.call("POST", "/v1/apps", name=name, model="gone@Nowhere")
    await world.call("POST", f"/v1/apps/{app['id']}/deployments", channel="api", activate=True)
    told = await world.rest.post(f"/v1/integrations/{app['id']}/chat", json={"message": "Hello"})
    message = f"The model gone@Nowhere is not available: {sentence}"
    assert told.status_code == 503
    assert told.json() == {"status": "error", "error": {"code": "server_error", "message": message}}
    chat = await world.rest.post(f"/api/v1/chats/{app['assistant_id']}/completions", json=asked)
    assert (chat.status_code, chat.json()) == (503, {"code": 500, "message": message})
    # What fails costs nothing.
    assert await world.balance() == before
