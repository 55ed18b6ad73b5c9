"""Agents in plain words across the surfaces: knowledge, changes and deletions amid a conversation, a graph by hand."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx

from tests.rpc.calls import data_of


async def made(rest: httpx.AsyncClient, **fields: Any) -> str:
    """Make an agent whose model says what it was told and asked, and return its id."""
    body = {"name": uuid.uuid4().hex, "model": "conversation@Models", **fields}
    answer = await rest.post("/api/public/agent", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def chat(rest: httpx.AsyncClient, agent: str, text: str, **further: Any) -> tuple[str, str]:
    """Ask an agent, and return answer and thread."""
    answer = (await rest.post(f"/api/public/agent/{agent}/chat", json={"messages": text, **further})).json()
    assert answer["statusCode"] == 200, answer
    return answer["body"]["conversation_history"][-1]["content"], answer["body"]["metadata"]["thread_id"]


async def test_conversation_follows_the_agent_through_every_change(rest: httpx.AsyncClient) -> None:
    agent = await made(rest, instructions="Be kind to {sys.query}.")
    item = {"content": "The bakery sells rye bread on Saturdays.", "agent_ids": agent}
    assert (await rest.post("/api/public/knowledge", json=item)).status_code == 200
    assert (await rest.get(f"/api/public/agent/{agent}")).json()["linked_knowledge"] == 1
    said, thread = await chat(rest, agent, "When is there rye bread?")
    # What the user wrote is no template, and what was found stands below it.
    assert "Be kind to {sys.query}." in said
    assert "[ID:0]" in said
    assert "The bakery sells rye bread on Saturdays." in said
    # The core answers with the same agent, and its sessions are threads.
    asked = {"question": "When is there rye bread?", "session_id": thread}
    core = data_of(await rest.post(f"/api/v1/agents/{agent}/completions", json=asked))
    assert "The bakery sells rye bread on Saturdays." in core["answer"]
    changed = await rest.patch(f"/api/public/agent/{agent}", json={"instructions": "Be brief."})
    assert changed.status_code == 200
    said, _ = await chat(rest, agent, "And today?", thread_id=thread)
    assert ("Be brief." in said, "system: Be kind" in said.split("user:")[0]) == (True, False)
    assert said.count("user: When is there rye bread?") >= 2
    [record] = data_of(await rest.get("/api/v1/agents", params={"id": agent}))
    [dataset] = record["dsl"]["components"]["Retrieval:Knowledge"]["obj"]["params"]["kb_ids"]
    data_of(await rest.request("DELETE", "/api/v1/datasets", json={"ids": [dataset]}))
    said, _ = await chat(rest, agent, "Still there?", thread_id=thread)
    assert "Passages" not in said.split("user:")[0]
    history = (await rest.get(f"/api/public/agent/{agent}/threads/{thread}")).json()["conversation_history"]
    assert [turn["role"] for turn in history] == ["user", "assistant"] * 4


async def test_graph_that_is_edited_by_hand_answers_on_both_surfaces(rest: httpx.AsyncClient) -> None:
    agent = await made(rest, instructions="Be kind.", welcome_message="Hi!")
    [record] = data_of(await rest.get("/api/v1/agents", params={"id": agent}))
    dsl = record["dsl"]
    # An editor that saves what it has loaded changes nothing.
    data_of(await rest.put(f"/api/v1/agents/{agent}", json={"dsl": dsl}))
    assert (await rest.get(f"/api/public/agent/{agent}")).json()["is_graph"] is False
    dsl["components"]["LLM:Answer"]["obj"]["params"]["sys_prompt"] = "Mine: {sys.instructions}"
    data_of(await rest.put(f"/api/v1/agents/{agent}", json={"dsl": json.loads(json.dumps(dsl))}))
    assert (await rest.get(f"/api/public/agent/{agent}")).json()["is_graph"] is True
    said, _ = await chat(rest, agent, "Hello")
    assert said == "system: Mine: Be kind.\nuser: Hello"
    refused = await rest.patch(f"/api/public/agent/{agent}", json={"instructions": "Other."})
    assert refused.status_code == 409
    talk = data_of(await rest.post(f"/api/v1/agents/{agent}/sessions", json={}))
    assert talk["message"][0]["content"] == "Hi!"
