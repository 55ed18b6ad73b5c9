"""Simple agents on a real store: the graph is generated from their words, until somebody edits it by hand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.canvas.document import load
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.ports import UnsupportedModelError
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.simple_agent import SimpleAgents, is_generated, resumed, status_of
from knowflow_server.errors.base import InvalidArgumentError, KnowFlowError
from knowflow_server.errors.core import (
    AgentNotFoundError,
    AgentTitleExistsError,
    ChatModelUnsupportedError,
    DatasetNotFoundError,
)
from knowflow_server.errors.credits import AgentGraphEditedError
from knowflow_server.store.entities import EntityStore
from tests.store.records import ORGANIZATION, dataset, open_entities, put

ME, STRANGER = Principal(ORGANIZATION), Principal("organization-2")


class Models:
    """Knows one model, and a default one."""

    def resolve_chat(self, model_id: str) -> None:
        if model_id not in {"", "known@tests"}:
            raise UnsupportedModelError(model_id)


class Bench:
    def __init__(self, entities: EntityStore) -> None:
        clock, ids = SystemClock(), Uuid1Source()
        self.entities = entities
        self.agents = Agents(entities, cast("Any", None), Jobs(clock, ids), clock, ids)
        self.simple = SimpleAgents(entities, self.agents, cast("Any", Models()), clock, ids)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_entities(tmp_path) as entities:
        await put(entities, dataset("kb-1", "Handbook"), dataset("kb-2", "Prices"))
        await put(entities, Dataset(id="kb-3", organization_id="organization-2", name="Theirs"))
        yield Bench(entities)


def components(agent: Agent) -> dict[str, Any]:
    """Return the parameters of the components of an agent's graph, which must be one that can run."""
    dsl = json.loads(agent.dsl)
    load(dsl)
    return {name: component["obj"]["params"] for name, component in dsl["components"].items()}


async def test_graph_says_what_the_words_say(bench: Bench) -> None:
    words = "Answer {{like}} {sys.query} and {Nobody:Here@content} {% a pirate %}."
    agent = await bench.simple.create(
        ME, name=" Clerk ", instructions=words, model="known@tests", temperature=0.0, welcome_message="Hi {sys.query}!"
    )
    assert (agent.title, status_of(agent), agent.simple.dataset_id) == ("Clerk", "active", "")
    graph = components(agent)
    assert list(graph) == ["begin", "LLM:Answer", "Message:Say"]
    assert graph["begin"]["prologue"] == "Hi {sys.query}!"
    assert graph["LLM:Answer"]["temperature"] == 0
    assert graph["LLM:Answer"]["llm_id"] == "known@tests"
    # What the user writes is no template: it stands where none is read.
    assert graph["LLM:Answer"]["sys_prompt"] == "{sys.instructions}"
    assert json.loads(agent.dsl)["globals"]["sys.instructions"] == words
    assert bench.agents.list(ME, PageRequest(1, 10), identifier=agent.id).items == [agent]


async def test_change_writes_the_graph_anew(bench: Bench) -> None:
    agent = await bench.simple.create(ME, name="Clerk", instructions="Be kind.", temperature=1.0)
    changed = await bench.simple.update(
        ME, agent.id, name="Clerk 2", instructions="Be short.", temperature=None, status="paused", description="d"
    )
    assert (changed.title, changed.description, status_of(changed)) == ("Clerk 2", "d", "paused")
    assert "temperature" not in components(changed)["LLM:Answer"]
    assert json.loads(changed.dsl)["globals"]["sys.instructions"] == "Be short."
    assert is_generated(changed)
    assert status_of(await bench.simple.update(ME, agent.id, status="active")) == "active"


async def test_knowledge_base_is_searched_until_it_is_taken_away_or_deleted(bench: Bench) -> None:
    agent = await bench.simple.create(ME, name="Clerk", dataset_id="kb-1")
    assert components(agent)["Retrieval:Knowledge"]["kb_ids"] == ["kb-1"]
    assert "{Retrieval:Knowledge@formalized_content}" in components(agent)["LLM:Answer"]["sys_prompt"]
    agent = await bench.simple.assign_knowledge_base(ME, agent.id, "kb-2")
    assert components(agent)["Retrieval:Knowledge"]["kb_ids"] == ["kb-2"]
    found = bench.simple.knowledge_base_of(agent)
    assert found is not None
    assert found.name == "Prices"
    assert agent.simple.dataset_id == "kb-2"
    agent = await bench.simple.assign_knowledge_base(ME, agent.id, "")
    assert "Retrieval:Knowledge" not in components(agent)
    agent = await bench.simple.assign_knowledge_base(ME, agent.id, "kb-2")
    await bench.entities.transact(lambda transaction: transaction.delete(found))
    agent = bench.simple.get(ME, agent.id)
    assert agent.simple.dataset_id == ""
    assert "Retrieval:Knowledge" not in components(agent)
    assert is_generated(agent)


async def test_graph_edited_by_hand_stays(bench: Bench) -> None:
    agent = await bench.simple.create(ME, name="Clerk", instructions="Be kind.", dataset_id="kb-1")
    dsl = json.loads(agent.dsl)
    # Saved unchanged by an editor: members in another order, whole numbers as floats.
    shuffled = json.loads(json.dumps(dsl, sort_keys=True), parse_int=float)
    await bench.agents.update(ME, agent.id, dsl=shuffled)
    assert is_generated(bench.simple.get(ME, agent.id))
    dsl["components"]["LLM:Answer"]["obj"]["params"]["sys_prompt"] = "Mine."
    await bench.agents.update(ME, agent.id, dsl=dsl)
    for change in ({"instructions": "Other."}, {"model": ""}, {"temperature": 1.0}, {"welcome_message": "Hi."}):
        with pytest.raises(AgentGraphEditedError) as caught:
            await bench.simple.update(ME, agent.id, **change)
        assert (caught.value.http_status, *change) == (409, caught.value.metadata["fields"].strip("`"))
    agent = await bench.simple.update(ME, agent.id, name="New", status="paused")
    agent = await bench.simple.assign_knowledge_base(ME, agent.id, "kb-2")
    assert (agent.title, status_of(agent), agent.simple.dataset_id) == ("New", "paused", "kb-2")
    assert components(agent)["LLM:Answer"]["sys_prompt"] == "Mine."


async def test_agent_made_as_a_graph_can_be_paused_and_given_a_knowledge_base(bench: Bench) -> None:
    dsl = {"components": {"begin": {"obj": {"component_name": "Begin", "params": {}}, "downstream": []}}}
    made = await bench.agents.create(ME, title="Graph", dsl=dsl)
    assert status_of(made) == "active"
    await bench.simple.update(ME, made.id, status="paused")
    agent = await bench.simple.assign_knowledge_base(ME, made.id, "kb-1")
    assert (status_of(agent), agent.simple.dataset_id, agent.dsl) == ("paused", "kb-1", made.dsl)


async def test_session_of_a_generated_graph_follows_the_agent_and_keeps_the_conversation(bench: Bench) -> None:
    agent = await bench.simple.create(ME, name="Clerk", instructions="Be kind.", dataset_id="kb-1")
    kept = json.loads(agent.dsl)
    kept["history"], kept["globals"]["sys.conversation_turns"] = [["user", "Why?"], ["assistant", "So."]], 1
    agent = await bench.simple.update(ME, agent.id, instructions="Be short.")
    agent = await bench.simple.assign_knowledge_base(ME, agent.id, "")
    now = json.loads(resumed(agent, json.dumps(kept)))
    assert now["history"] == kept["history"]
    assert (now["globals"]["sys.instructions"], now["globals"]["sys.conversation_turns"]) == ("Be short.", 1)
    assert "Retrieval:Knowledge" not in now["components"]
    dsl = json.loads(agent.dsl)
    dsl["components"]["LLM:Answer"]["obj"]["params"]["sys_prompt"] = "Mine."
    await bench.agents.update(ME, agent.id, dsl=dsl)
    assert json.loads(resumed(bench.simple.get(ME, agent.id), json.dumps(kept))) == kept


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, InvalidArgumentError),
        ({"name": "CLERK"}, AgentTitleExistsError),
        ({"name": "a", "model": "unknown@tests"}, ChatModelUnsupportedError),
        ({"name": "a", "temperature": 2.1}, InvalidArgumentError),
        ({"name": "a", "instructions": "x" * 100_001}, InvalidArgumentError),
        ({"name": "a", "dataset_id": "kb-3"}, DatasetNotFoundError),
    ],
)
async def test_wrong_words_are_refused(bench: Bench, fields: dict[str, Any], error: type[KnowFlowError]) -> None:
    await bench.simple.create(ME, name="Clerk")
    with pytest.raises(error):
        await bench.simple.create(ME, **fields)
    assert [agent.title for agent in bench.simple.list(ME, PageRequest(1, 10)).items] == ["Clerk"]


async def test_stranger_sees_and_changes_nothing(bench: Bench) -> None:
    agent = await bench.simple.create(ME, name="Clerk")
    assert bench.simple.list(STRANGER, PageRequest(1, 10)).items == []
    for call in (
        bench.simple.update(STRANGER, agent.id, name="Mine"),
        bench.simple.assign_knowledge_base(STRANGER, agent.id, "kb-3"),
        bench.simple.delete(STRANGER, agent.id),
    ):
        with pytest.raises(AgentNotFoundError):
            await call
    with pytest.raises(DatasetNotFoundError):
        await bench.simple.assign_knowledge_base(ME, agent.id, "kb-3")
    assert bench.simple.get(ME, agent.id) == agent
    await bench.simple.delete(ME, agent.id)
    with pytest.raises(AgentNotFoundError):
        bench.simple.get(ME, agent.id)
