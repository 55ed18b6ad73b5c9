"""What stays of runs of agents that are refused, or that a stopping server cuts off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.providers.openai_stand_in import KEY
from tests.rpc.calls import data_of
from tests.serving import Server
from tests.standins.openai_chat import ChatStandIn, stalls


@pytest.fixture(scope="module")
def model() -> Iterator[ChatStandIn]:
    with ChatStandIn() as made:
        yield made


def settings(model: ChatStandIn) -> dict[str, str]:
    return {"PROVIDERS": json.dumps({"acme": {"base_url": model.url, "api_key": KEY, "models": ["gpt-x"]}})}


def part(name: str, params: dict[str, Any], *downstream: str) -> dict[str, Any]:
    return {"obj": {"component_name": name, "params": params}, "downstream": downstream, "upstream": []}


async def new_agent(rest: httpx.AsyncClient, title: str, **begin: Any) -> str:
    """Create an agent that asks a model, and return its id."""
    components = {
        "begin": part("Begin", begin, "LLM:a"),
        "LLM:a": part("LLM", {"llm_id": "gpt-x@acme", "prompts": [{"role": "user", "content": "{sys.query}"}]}, "M:a"),
        "M:a": part("Message", {"content": ["{LLM:a@content}"]}),
    }
    answer = await rest.post("/api/v1/agents", json={"title": title, "dsl": {"components": components}})
    assert 200 == answer.status_code, answer.text
    return str(answer.json()["id"])


async def test_refused_run_leaves_no_session(rest: httpx.AsyncClient) -> None:
    components = {
        "begin": part("Begin", {"inputs": {"city": {"type": "line", "optional": False}}}, "M:a"),
        "M:a": part("Message", {"content": ["{begin@city}"]}),
    }
    made = await rest.post("/api/v1/agents", json={"title": "Strict", "dsl": {"components": components}})
    path = f"/api/v1/agents/{made.json()['id']}"
    for body in ({"question": ""}, {"question": "Where?"}):
        refused = await rest.post(f"{path}/completions", json=body)
        assert 400 == refused.status_code, refused.text
    assert [] == data_of(await rest.get(f"{path}/sessions"))


async def test_stopped_server_keeps_the_beginning_of_an_agents_answer(
    own_server: Callable[..., Server], model: ChatStandIn
) -> None:
    server = own_server(settings={**settings(model), "DRAIN_TIMEOUT_S": "0.2"})
    model.default = stalls(after=2)
    async with server.rest() as rest:
        agent = await new_agent(rest, "Slow")
        path = f"/api/v1/agents/{agent}"
        async with rest.stream("POST", f"{path}/completions", json={"question": "Why?", "stream": True}) as response:
            lines = response.aiter_lines()
            async for line in lines:
                if "word" in line:
                    break
            assert 0 == await asyncio.to_thread(server.stop)
    server = own_server(settings=settings(model))
    async with server.rest() as rest:
        [session] = data_of(await rest.get(f"{path}/sessions"))
        assert ["Why?", "word word "] == [message["content"] for message in session["messages"]]


async def test_long_graph_is_refused_alone_and_in_lists(rest: httpx.AsyncClient) -> None:
    components = {"begin": part("Begin", {}, "M:a"), "M:a": part("Message", {"content": ["Hello"]})}
    dsl = {"components": components, "graph": {"note": "x" * 999_000}}
    too_long = await rest.post("/api/v1/agents", json={"title": "Longest", "dsl": {**dsl, "more": "x" * 1000}})
    assert (400, 102) == (too_long.status_code, too_long.json()["code"])
    made = await rest.post("/api/v1/agents", json={"title": "Long", "dsl": dsl})
    path = f"/api/v1/agents/{made.json()['id']}/sessions"
    for _ in range(5):
        data_of(await rest.post(path, json={}))
    refused = await rest.get(path)
    assert (400, 102) == (refused.status_code, refused.json()["code"])
    assert "`page_size`" in refused.json()["message"]
    assert 4 == len(data_of(await rest.get(path, params={"page_size": 4})))
    assert 5 == len(data_of(await rest.get(path, params={"dsl": "false"})))
    assert 1 == len(data_of(await rest.get("/api/v1/agents", params={"title": "Long"})))
