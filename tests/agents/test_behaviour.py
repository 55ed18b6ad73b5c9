"""What happens to runs when callers leave, ask at once, delete, or come in crowds, and when the server starts again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.agents.office import Office, node, talking, until
from tests.chat_models import chat_settings
from tests.rpc.calls import data_of
from tests.serving import Server
from tests.standins.openai_chat import ChatStandIn, Gate, answers, ends, holds, stalls

CROWD = 100


async def test_caller_who_leaves_ends_the_request_of_the_provider_and_keeps_what_was_said(office: Office) -> None:
    office.provider.default = stalls(after=2)
    agent = await office.agent(talking())
    session = await office.session(agent)
    body = {"question": "Why?", "session_id": session, "stream": True}
    async with office.rest.stream("POST", f"/api/v1/agents/{agent}/completions", json=body) as response:
        async for line in response.aiter_lines():
            if "word" in line:
                break
    assert await asyncio.to_thread(office.provider.requests[-1].wait_left)

    async def is_kept() -> bool:
        return bool((await office.sessions(agent))[0]["message_count"] == 2)

    await until(is_kept)
    (kept,) = await office.sessions(agent)
    assert kept["messages"][1]["content"].startswith("word")
    (run,) = await office.runs(agent, session)
    assert run["state"] == "cancelled"


async def test_two_questions_in_one_session_are_answered_one_after_the_other(office: Office) -> None:
    gate = Gate()
    office.provider.replies.append(holds(gate, answers("first")))
    office.provider.default = answers(lambda messages: "|".join(str(m["content"]) for m in messages))
    agent = await office.agent(talking())
    session = await office.session(agent)
    one = asyncio.create_task(office.ask(agent, "one", session_id=session))
    await asyncio.to_thread(gate.reached.wait, 60)
    two = asyncio.create_task(office.ask(agent, "two", session_id=session))
    # Another session is not held up by it, and it is answered while the second question waits.
    assert (await office.ask(agent, "else"))["answer"] == "else"
    gate.open()
    assert (await one)["answer"] == "first"
    assert (await two)["answer"] == "one|first|two"


@pytest.mark.parametrize("what", ["agent", "session"])
async def test_agent_or_session_deleted_meanwhile_lets_the_answer_end_and_leaves_nothing(
    office: Office, what: str
) -> None:
    gate = Gate()
    office.provider.default = answers("one two ", after=2, then=holds(gate, ends("three")))
    agent = await office.agent(talking())
    session = await office.session(agent)
    asked = asyncio.create_task(office.ask(agent, "Why?", session_id=session))
    await asyncio.to_thread(gate.reached.wait, 60)
    if what == "agent":
        data_of(await office.rest.request("DELETE", f"/api/v1/agents/{agent}", json={}))
    else:
        await office.rest.request("DELETE", f"/api/v1/agents/{agent}/sessions", json={"ids": [session]})
    gate.open()
    assert (await asked)["answer"] == "one two three"
    answer = await office.rest.get(f"/api/v1/agents/{agent}/sessions/{session}/runs")
    assert answer.status_code == 404
    again = await office.rest.post(f"/api/v1/agents/{agent}/completions", json={"question": "a", "session_id": session})
    assert again.status_code == 404


def _ten() -> dict[str, Any]:
    """Return a graph of ten components: two branches side by side, a model in one, a join, a decision."""
    again = [{"items": [{"cpn_id": "count@result", "operator": "contains", "value": "more"}], "to": ["say"]}]
    return {
        "begin": node("Begin", "left", "right"),
        "left": node("StringTransform", "model", method="merge", script="left"),
        "right": node("StringTransform", "upper", method="merge", script="right"),
        "model": node("LLM", "join", message_history_window_size=0),
        "upper": node("StringTransform", "join", method="merge", script="{right@result}!"),
        "join": node("StringTransform", "count", method="merge", script="{model@content} {upper@result}"),
        "count": node("StringTransform", "decide", method="merge", script="{join@result}"),
        "decide": node("Switch", conditions=again, end_cpn_ids=["last"]),
        "last": node("StringTransform", "say", method="merge", script="{count@result}"),
        "say": node("Message", content=["{last@result}"]),
    }


async def test_crowd_of_runs_of_ten_components_is_answered(office: Office) -> None:
    office.provider.default = answers(lambda messages: f"echo {messages[-1]['content']}")
    agent = await office.agent(_ten())
    limits = httpx.Limits(max_connections=CROWD)
    async with httpx.AsyncClient(
        base_url=office.server.url, headers=office.rest.headers, timeout=60, limits=limits, trust_env=False
    ) as rest:
        crowd = Office(office.server, office.provider, rest)
        done = await asyncio.gather(*(crowd.ask(agent, str(number)) for number in range(CROWD)))
    assert [data["answer"] for data in done] == [f"echo {number} right!" for number in range(CROWD)]
    assert len({data["session_id"] for data in done}) == CROWD
    steps = await office.steps(agent, done[0]["session_id"])
    assert len(steps) == len(set(steps)) == 10


async def test_session_that_waits_for_the_user_goes_on_after_the_server_started_again(
    own_server: Callable[..., Server],
) -> None:
    with ChatStandIn() as provider:
        provider.default = answers("made before")
        components = {
            "begin": node("Begin", "ask", "form"),
            "ask": node("LLM", "join"),
            "form": node("UserFillUp", "join", inputs={"name": {"type": "line"}}),
            "join": node("StringTransform", "say", method="merge", script="{ask@content} for {form@name}"),
            "say": node("Message", content=["{join@result}"]),
        }
        server = own_server(settings=chat_settings(provider))
        async with server.rest() as rest:
            office = Office(server, provider, rest)
            agent = await office.agent(components)
            first = await office.ask(agent, "Why?")
            assert [item["component_id"] for item in first["awaited"]] == ["form"]
        server.kill()
        server = own_server(settings=chat_settings(provider))
        async with server.rest() as rest:
            office = Office(server, provider, rest)
            second = await office.ask(agent, session_id=first["session_id"], inputs={"name": "Anna"})
            assert second["answer"] == "made before for Anna"
            assert await office.steps(agent, first["session_id"]) == ["form", "join", "say"]
        assert len(provider.requests) == 1


async def test_tokens_reach_the_caller_while_the_provider_still_writes(office: Office) -> None:
    gate = Gate()
    office.provider.default = answers("one two", after=2, then=holds(gate, ends("three")))
    agent = await office.agent(talking())
    body = {"question": "Why?", "stream": True}
    texts = []
    async with office.rest.stream("POST", f"/api/v1/agents/{agent}/completions", json=body) as response:
        async for line in response.aiter_lines():
            if line.startswith("data:{"):
                texts.append(json.loads(line.removeprefix("data:"))["answer"])
                if texts == ["one", " two"]:
                    gate.open()
    assert texts == ["one", " two", "three", ""]
