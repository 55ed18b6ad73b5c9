"""The stand-in itself: what it says is what an OpenAI-compatible server says."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.providers.openai_stand_in import DIMENSION, KEY
from tests.standins.openai_chat import ChatStandIn, Gate, answers, ends, holds, stalls

ASKED = {"model": "gpt-x", "messages": [{"role": "user", "content": "What is it?"}]}


@pytest.fixture
def provider() -> Iterator[ChatStandIn]:
    with ChatStandIn(is_key_required=True) as provider:
        yield provider


@pytest.fixture
def client(provider: ChatStandIn) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=provider.url, headers=headers, timeout=30, trust_env=False) as client:
        yield client


def test_whole_answer_has_the_documented_shape(client: httpx.Client, provider: ChatStandIn) -> None:
    provider.default = answers(lambda messages: f"You asked: {messages[-1]['content']}")
    body = client.post("/chat/completions", json=ASKED).json()
    assert body["object"] == "chat.completion"
    assert body["choices"] == [
        {"index": 0, "message": {"role": "assistant", "content": "You asked: What is it?"}, "finish_reason": "stop"}
    ]
    assert body["usage"] == {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
    (request,) = provider.requests
    assert request.messages == ASKED["messages"]
    assert request.has_key
    assert KEY not in str(request.headers)


def test_stream_has_the_documented_events(client: httpx.Client) -> None:
    asked = ASKED | {"stream": True, "stream_options": {"include_usage": True}}
    response = client.post("/chat/completions", json=asked)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    *events, done, end = response.text.split("\n\n")
    assert (done, end) == ("data: [DONE]", "")
    chunks = [json.loads(event.removeprefix("data: ")) for event in events]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta.get("content", "") for delta in deltas) == "This is an answer."
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[:-1]] == [None] * 5 + ["stop"]
    assert (chunks[-1]["choices"], chunks[-1]["usage"]["completion_tokens"]) == ([], 4)


def test_wrong_key_and_unknown_address_are_refused_in_openai_s_shape(client: httpx.Client) -> None:
    refused = client.post("/chat/completions", json=ASKED, headers={"Authorization": "Bearer other"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
    assert client.post("/responses", json={}).status_code == 404


def test_embeddings_are_answered_too(client: httpx.Client, provider: ChatStandIn) -> None:
    body = client.post("/embeddings", json={"model": "e", "input": ["a", "b"]}).json()
    assert [len(row["embedding"]) for row in body["data"]] == [DIMENSION, DIMENSION]
    assert provider.requests == []


def test_caller_who_leaves_is_noticed(client: httpx.Client, provider: ChatStandIn) -> None:
    provider.default = stalls(after=1)
    with client.stream("POST", "/chat/completions", json=ASKED | {"stream": True}) as response:
        pieces = response.iter_raw()
        next(pieces)
        assert not provider.requests[0].left.is_set()
    assert provider.requests[0].wait_left()
    assert provider.requests[0].ended.wait(30)


def test_gate_holds_until_it_is_opened(client: httpx.Client, provider: ChatStandIn) -> None:
    gate = Gate()
    provider.default = answers(["a"], after=1, then=holds(gate, ends("b")))
    with client.stream("POST", "/chat/completions", json=ASKED | {"stream": True}) as response:
        assert gate.reached.wait(30)
        assert provider.requests[0].sent == 1
        gate.open()
        assert '"content": "b"' in response.read().decode()


async def test_crowd_of_200_is_answered_at_the_rate_that_the_model_names(provider: ChatStandIn) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(
        base_url=provider.url, headers=headers, timeout=60, limits=limits, trust_env=False
    ) as client:
        began = time.monotonic()
        asked = ASKED | {"stream": True, "model": "stream-10-20"}
        replies = await asyncio.gather(*(client.post("/chat/completions", json=asked) for _ in range(200)))
    assert time.monotonic() - began >= 9 / 20
    assert provider.most_at_once == 200
    assert all(reply.text.count('"content"') == 11 for reply in replies)
