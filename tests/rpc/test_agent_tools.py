"""Components of the outside world, end to end: over REST and gRPC, as components and as tools of an Agent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.protobuf import json_format

from knowflow.v1 import agent_run_service_pb2, agent_run_service_pb2_grpc
from tests.domain.canvas.outside import Api
from tests.providers.openai_stand_in import KEY
from tests.rpc.calls import data_of
from tests.serving import Server, start_server
from tests.standins.openai_chat import ChatStandIn, answers

SECRET = "secret-key-of-a-service"
FOUND = {"title": "Pens", "url": "https://pens.example", "content": "They write."}


@pytest.fixture(scope="module")
def model() -> Iterator[ChatStandIn]:
    with ChatStandIn() as made:
        yield made


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    made = Api()
    made.json("/search", {"results": [FOUND]})
    made.json("/run", {"status": "success", "stdout": "[1, 2]", "stderr": "", "exit_code": 0})
    made.page("/page", "<p>A <b>page</b></p>")
    with made.server:
        yield made


@pytest.fixture(scope="module")
def outward(tmp_path_factory: pytest.TempPathFactory, model: ChatStandIn, api: Api) -> Iterator[Server]:
    """A server which may reach the stand-ins, and has SQLite files and a sandbox."""
    folder = tmp_path_factory.mktemp("outward")
    (folder / "files").mkdir()
    with sqlite3.connect(folder / "files" / "shop.db") as connection:
        connection.execute("CREATE TABLE item (name TEXT)")
        connection.execute("INSERT INTO item VALUES ('pen')")
    connection.close()
    settings = {
        "PROVIDERS": json.dumps({"acme": {"base_url": model.url, "api_key": KEY, "models": ["gpt-x"]}}),
        "OUTGOING_ALLOW": json.dumps([f"127.0.0.1:{api.server.port}"]),
        "TOOL_URLS": json.dumps({"tavily": api.url}),
        "SQLITE_DIR": str(folder / "files"),
        "SANDBOX_URL": api.url,
    }
    with start_server(folder, settings=settings) as running:
        yield running


@pytest.fixture
async def rest(outward: Server) -> Any:
    async with outward.rest() as client:
        yield client


def chain(*steps: tuple[str, dict[str, Any]], answer: str) -> dict[str, Any]:
    """Return a graph of Begin, some components by the names `c0`, `c1`, ..., and a Message."""
    names = ["begin", *(f"c{number}" for number in range(len(steps))), "message"]
    parts = [("Begin", {}), *steps, ("Message", {"content": [answer]})]
    components = {
        name: {"obj": {"component_name": kind, "params": params}, "downstream": [following] if following else []}
        for name, (kind, params), following in zip(names, parts, [*names[1:], ""], strict=True)
    }
    return {"components": components}


async def new_agent(rest: httpx.AsyncClient, title: str, dsl: dict[str, Any]) -> str:
    data_of(await rest.post("/api/v1/agents", json={"title": title, "dsl": dsl}))
    return str(data_of(await rest.get("/api/v1/agents", params={"title": title}))[0]["id"])


async def asked(rest: httpx.AsyncClient, agent: str, question: str) -> dict[str, Any]:
    body = {"question": question, "stream": False}
    return dict(data_of(await rest.post(f"/api/v1/agents/{agent}/completions", json=body)))


async def test_components_reach_the_outside_world_over_rest(rest: httpx.AsyncClient, api: Api) -> None:
    dsl = chain(
        ("Invoke", {"url": f"{api.url}/page", "clean_html": True}),
        ("ExeSQL", {"db_type": "sqlite", "database": "shop.db", "sql": "SELECT name FROM item"}),
        ("CodeExec", {"script": "def main(): pass"}),
        ("TavilySearch", {"api_key": SECRET}),
        answer="{c0@result}\n{c1@formalized_content}\n{c2@result}\n{c3@formalized_content}",
    )

    done = await asked(rest, await new_agent(rest, "Outside", dsl), "pens")

    table = "| name |\n| --- |\n| pen |"
    assert f"A page\n{table}\n[1, 2]\n[ID:0] Pens\nURL: https://pens.example\nThey write." == done["answer"]
    assert ["Pens"] == [chunk["document_name"] for chunk in done["reference"]["chunks"]]


async def test_place_that_is_not_allowed_fails_with_a_sentence(rest: httpx.AsyncClient) -> None:
    policy = {"exception_method": "comment", "exception_default_value": "nothing"}
    dsl = chain(("Invoke", {"url": "http://169.254.169.254/latest", **policy}), answer="{c0@result}: {c0@_ERROR}")

    done = await asked(rest, await new_agent(rest, "Refused", dsl), "x")

    assert (
        "nothing: The host 169.254.169.254 cannot be used: it does not exist, or this server does not allow it."
        in done["answer"]
    )


async def test_agent_uses_tools_and_secrets_stand_nowhere(
    rest: httpx.AsyncClient, outward: Server, model: ChatStandIn
) -> None:
    tools = [
        {"component_name": "TavilySearch", "name": "", "params": {"api_key": SECRET}},
        {
            "component_name": "ExeSQL",
            "name": "shop",
            "params": {"db_type": "sqlite", "database": "shop.db", "password": SECRET},
        },
        {"component_name": "Invoke", "params": {"headers": {"Authorization": SECRET}}},
    ]
    calls = [
        {"name": "tavily_search", "arguments": {"query": "pens"}},
        {"name": "shop", "arguments": {"sql": "SELECT name FROM item; DELETE FROM item"}},
        {"name": "http_request", "arguments": {"url": "http://10.0.0.1/"}},
        # Half of a character, which no trace could keep.
        {"name": "no_tool", "arguments": {"\ud800": "\udc00"}},
    ]
    model.replies += [
        answers(json.dumps(calls)),
        answers('[{"name": "complete_task", "arguments": {}}]'),
        answers("Pens."),
    ]
    dsl = chain(("Agent", {"llm_id": "gpt-x@acme", "tools": tools}), answer="{c0@content}")
    agent = await new_agent(rest, "Tools", dsl)

    async with outward.channel() as channel:
        stub = agent_run_service_pb2_grpc.AgentRunServiceStub(channel)
        request = agent_run_service_pb2.StreamRunRequest(agent_id=agent, question="What about pens?")
        messages = [message async for message in stub.StreamRun(request)]

    finished = messages[-1].finished
    told = model.requests[-1].messages[-2]["content"]
    assert "Pens." == finished.answer
    assert "They write." in told
    assert "The tool failed: Only statements that read are allowed" in told
    assert "The tool failed: The host 10.0.0.1 cannot be used" in told
    runs = await rest.get(f"/api/v1/agents/{agent}/sessions/{finished.session_id}/runs")
    assert "tavily_search" in runs.text
    events = [json_format.MessageToJson(message) for message in messages]
    for text in (*events, runs.text, outward.log, json.dumps([request.body for request in model.requests])):
        assert SECRET not in text


async def test_graph_whose_tool_is_wrong_is_refused_without_its_secrets(rest: httpx.AsyncClient) -> None:
    tool = {"component_name": "TavilySearch", "params": {"api_key": SECRET, "max_results": SECRET}}
    dsl = chain(("Agent", {"tools": [tool]}), answer="{c0@content}")

    answer = await rest.post("/api/v1/agents", json={"title": "Wrong", "dsl": dsl})

    assert 102 == answer.json()["code"]
    assert "max_results" in answer.json()["message"]
    assert SECRET not in answer.text


def test_allowance_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"KNOWFLOW_OUTGOING_ALLOW: '10\.0\.0\.0/99' is no host"):
        start_server(tmp_path, settings={"OUTGOING_ALLOW": '["10.0.0.0/99"]'})
