"""Versions of instructions: written with every change of the agent, the last twenty kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from knowflow.store.v1.agent_pb2 import Agent, SimpleAgent
from knowflow.store.v1.instructions_pb2 import InstructionsVersion
from knowflow_server.domain.clock import Uuid1Source
from knowflow_server.domain.instructions import KEPT_VERSIONS, Instructions
from knowflow_server.domain.principal import Principal
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction
from tests.store.records import ORGANIZATION, open_entities, put

CALLER = Principal(ORGANIZATION)


class Agents:
    """Changes agents as whoever else does."""

    def __init__(self, entities: EntityStore) -> None:
        self._entities = entities

    async def update(self, principal: Principal, agent_id: str, *, instructions: str) -> Agent:
        """Change the instructions alone."""

        def work(transaction: Transaction) -> Agent:
            present = transaction.get(Agent, agent_id)
            assert present is not None
            agent = transaction.edit(present)
            agent.simple.instructions = instructions
            return agent

        return await self._entities.transact(work)


@pytest.fixture
async def entities(tmp_path: Path) -> AsyncIterator[EntityStore]:
    async with open_entities(tmp_path) as store:
        yield store


def made(identifier: str, instructions: str = "", **fields: Any) -> Agent:
    simple = SimpleAgent(instructions=instructions) if instructions else None
    return Agent(id=identifier, organization_id=ORGANIZATION, title=identifier, simple=simple, updated_at=9, **fields)


async def test_the_last_twenty_versions_are_kept_newest_first(entities: EntityStore) -> None:
    agents: Any = Agents(entities)
    instructions = Instructions(entities, agents, Uuid1Source())
    await put(entities, made("a", "text 0"), made("b"))
    for number in range(1, 30):
        await instructions.update(CALLER, "a", f"text {number}")
    await instructions.update(CALLER, "a", "text 29")
    versions = instructions.versions(CALLER, "a")
    assert [one.instructions for one in versions] == [f"text {n}" for n in reversed(range(30 - KEPT_VERSIONS, 30))]
    assert [one.number for one in versions] == list(reversed(range(31 - KEPT_VERSIONS, 31)))
    assert instructions.versions(CALLER, "b") == []


async def test_what_an_agent_had_before_there_were_versions_is_its_first(entities: EntityStore) -> None:
    await put(entities, made("a", "old"))
    agents: Any = Agents(entities)
    instructions = Instructions(entities, agents, Uuid1Source())
    await instructions.update(CALLER, "a", "new")
    assert [(one.number, one.instructions) for one in instructions.versions(CALLER, "a")] == [(2, "new"), (1, "old")]
    restored = await instructions.restore(CALLER, "a", 1)
    assert restored.simple.instructions == "old"
    assert [one.number for one in instructions.versions(CALLER, "a")] == [3, 2, 1]


async def test_versions_go_with_their_agent(entities: EntityStore) -> None:
    agents: Any = Agents(entities)
    _ = Instructions(entities, agents, Uuid1Source())
    agent = made("a", "text")
    await put(entities, agent)
    assert len(entities.children(InstructionsVersion, ORGANIZATION, "a")) == 1
    await entities.transact(lambda transaction: transaction.delete(agent))
    assert entities.children(InstructionsVersion, ORGANIZATION, "a") == []
