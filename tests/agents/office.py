"""A server whose chat models are functions of what they read, and short ways to talk with its agents."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.rpc.calls import data_of
from tests.serving import Server
from tests.standins.openai_chat import ChatStandIn

EXAMPLES = Path(__file__).parent / "examples"
PATIENCE_S = 60.0
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Office:
    """A server, the provider of its models, and a REST client."""

    server: Server
    provider: ChatStandIn
    rest: httpx.AsyncClient

    async def agent(self, components: dict[str, Any]) -> str:
        """Create an agent and return its id."""
        body = {"title": f"agent {next(_numbers)}", "dsl": {"components": components}}
        answer = await self.rest.post("/api/v1/agents", json=body)
        data_of(answer)
        return str(answer.json()["id"])

    async def example(self, name: str) -> str:
        """Create the agent of an example and return its id."""
        dsl = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
        return await self.agent(dsl["components"])

    async def session(self, agent: str) -> str:
        """Begin a session and return its id."""
        return str(data_of(await self.rest.post(f"/api/v1/agents/{agent}/sessions", json={}))["id"])

    async def ask(self, agent: str, question: str = "", **members: Any) -> dict[str, Any]:
        """Ask, and return the data of the answer."""
        body = {"question": question, **members}
        return dict(data_of(await self.rest.post(f"/api/v1/agents/{agent}/completions", json=body)))

    async def sessions(self, agent: str) -> list[dict[str, Any]]:
        """Return the sessions of an agent."""
        return list(data_of(await self.rest.get(f"/api/v1/agents/{agent}/sessions")))

    async def runs(self, agent: str, session: str) -> list[dict[str, Any]]:
        """Return the traces of a session, newest first."""
        return list(data_of(await self.rest.get(f"/api/v1/agents/{agent}/sessions/{session}/runs")))

    async def steps(self, agent: str, session: str) -> list[str]:
        """Return the components of the last run of a session."""
        return [step["component_id"] for step in (await self.runs(agent, session))[0]["steps"]]


async def until(happens: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something that the server does after its answer has happened."""
    async with asyncio.timeout(PATIENCE_S):
        while not await happens():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)


def node(name: str, *downstream: str, **params: Any) -> dict[str, Any]:
    """Return a component of a graph."""
    return {"obj": {"component_name": name, "params": params}, "downstream": list(downstream), "upstream": []}


def talking(**params: Any) -> dict[str, Any]:
    """Return the graph of a model whose answer a Message says while it is made."""
    return {
        "begin": node("Begin", "ask"),
        "ask": node("LLM", "say", **params),
        "say": node("Message", content=["{ask@content}"]),
    }
