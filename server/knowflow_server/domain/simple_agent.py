"""Simple agents: described in plain words, from which the graph is generated that the core runs.

The words are a part of the agent's record, so that it is listed and answers like any agent. Whoever edits its graph by
hand makes it an agent like those which were made as graphs: it answers as the graph says. Its name, description, status
and knowledge base can still be changed here; what would overwrite the graph is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent, SimpleAgent
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.agent import Agents, owned_agent, refuse_taken_title
from knowflow_server.domain.canvas import document
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import owned as owned_dataset
from knowflow_server.domain.page import Page, PageRequest, newest
from knowflow_server.domain.ports import Clock, IdSource, ModelTable, UnsupportedModelError
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import ChatModelUnsupportedError
from knowflow_server.errors.credits import AgentGraphEditedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

ACTIVE, PAUSED = "active", "paused"
# What the graph is generated from, as callers name it.
SHAPING = ("instructions", "model", "temperature", "welcome_message")
# A global of the graph: what stands there is never read as a reference or a template.
INSTRUCTIONS = "sys.instructions"
SEARCH, ANSWER, SAY = "Retrieval:Knowledge", "LLM:Answer", "Message:Say"
PASSAGES = "Passages from the knowledge base, which may help with the question:"
PASSAGES_COUNT = 6
MAX_INSTRUCTIONS = 100_000
MAX_WELCOME = 32_000
# No generated graph is longer: a character takes six in JSON at most.
MAX_GENERATED = 1_000_000


def is_generated(agent: Agent) -> bool:
    """Return whether the graph of an agent is the one which was generated for it."""
    sha256 = agent.simple.dsl_sha256
    return bool(sha256) and len(agent.dsl) <= MAX_GENERATED and sha256 == _sha256(agent.dsl)


def status_of(agent: Agent) -> str:
    """Return `active` or `paused`."""
    return PAUSED if agent.simple.paused else ACTIVE


def resumed(agent: Agent, kept: str) -> str:
    """Return the graph with which a session goes on, with its state, as JSON.

    A generated graph remembers nothing but the conversation, so that its sessions follow what the agent is now. Other
    sessions keep the graph they began with.

    Args:
        agent: The agent.
        kept: Graph and state as the session has them.
    """
    if not is_generated(agent):
        return kept
    old, dsl = json.loads(kept), json.loads(agent.dsl)
    dsl["history"] = old.get("history") or []
    known = old.get("globals") or {}
    # What the graph was generated with is not what the conversation has said.
    dsl["globals"].update({name: value for name, value in known.items() if name != INSTRUCTIONS})
    return json.dumps(dsl, ensure_ascii=False)


class SimpleAgents:
    """The agents of all organizations in plain words; each method acts for one caller.

    Args:
        entities: Where agents are; a dataset that is deleted is taken from the agents which it was assigned to.
        agents: The agents as the core knows them.
        models: Knows the chat models.
        clock: The time.
        ids: Identifiers.
    """

    def __init__(self, entities: EntityStore, agents: Agents, models: ModelTable, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._agents = agents
        self._models = models
        self._clock = clock
        self._ids = ids
        entities.observe(self._observe)

    async def create(
        self,
        principal: Principal,
        *,
        name: str,
        description: str = "",
        instructions: str = "",
        model: str = "",
        temperature: float | None = None,
        welcome_message: str = "",
        dataset_id: str = "",
    ) -> Agent:
        """Create an agent and return it.

        Args:
            principal: The caller.
            name: Unique in the organization without regard to case; blanks around it are dropped.
            description: What it is for.
            instructions: What it is told to do.
            model: Its chat model; empty means the default of the server.
            temperature: Randomness of the model, 0 to 2; None means the default of the model.
            welcome_message: What it says first in each conversation.
            dataset_id: The dataset it searches; empty means none.

        Raises:
            AgentTitleExistsError, ChatModelUnsupportedError, DatasetNotFoundError, InvalidArgumentError: As they say.
        """
        now = microseconds(self._clock)
        self._check(model, temperature, instructions, welcome_message)
        agent = Agent(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            title=_named(name),
            description=description,
            created_by=principal.organization_id,
            created_at=now,
            updated_at=now,
            simple=SimpleAgent(
                instructions=instructions,
                model=model,
                temperature=temperature,
                welcome_message=welcome_message,
                dataset_id=dataset_id,
            ),
        )
        _generate(agent)

        def work(transaction: Transaction) -> Agent:
            refuse_taken_title(transaction, principal, agent.title)
            if dataset_id:
                owned_dataset(transaction, principal, dataset_id)
            transaction.put(agent)
            return agent

        return await self._entities.transact(work)

    def get(self, principal: Principal, agent_id: str) -> Agent:
        """Return an agent, read-only; those which were made as graphs, too.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
        """
        return owned_agent(self._entities, principal, agent_id)

    def list(self, principal: Principal, page: PageRequest) -> Page[Agent]:
        """Return one page of the agents of the caller's organization, newest first."""
        return newest(self._entities, Agent, page, principal.organization_id)

    async def update(self, principal: Principal, agent_id: str, **changes: Any) -> Agent:
        """Change an agent and return it.

        Args:
            principal: The caller.
            agent_id: The agent.
            changes: New values of name, description, instructions, model, temperature (None takes it away),
                welcome_message, status (`active` or `paused`).

        Raises:
            AgentNotFoundError, AgentTitleExistsError, ChatModelUnsupportedError, InvalidArgumentError: As they say.
            AgentGraphEditedError: The graph was made or edited by hand, and the change would overwrite it.
        """
        owned_agent(self._entities, principal, agent_id)
        texts = (changes.get("instructions") or "", changes.get("welcome_message") or "")
        self._check(changes.get("model") or "", changes.get("temperature"), *texts)
        if changes.get("status", ACTIVE) not in {ACTIVE, PAUSED}:
            raise InvalidArgumentError("`status` must be `active` or `paused`.", field="status")
        if "name" in changes:
            changes["name"] = _named(changes["name"])

        def work(transaction: Transaction) -> Agent:
            agent = transaction.edit(owned_agent(transaction, principal, agent_id))
            was_generated = is_generated(agent)
            shaping = [field for field in SHAPING if field in changes]
            if shaping and not was_generated:
                fields = ", ".join(f"`{field}`" for field in shaping)
                raise AgentGraphEditedError(agent_id=agent_id, fields=fields)
            title = changes.get("name", agent.title)
            if title.casefold() != agent.title.casefold():
                refuse_taken_title(transaction, principal, title)
            agent.title = title
            agent.description = changes.get("description", agent.description)
            for field in shaping:
                _set(agent.simple, field, changes[field])
            if "status" in changes:
                agent.simple.paused = changes["status"] == PAUSED
            if was_generated:
                _generate(agent)
            agent.updated_at = microseconds(self._clock)
            return agent

        return await self._entities.transact(work)

    async def delete(self, principal: Principal, agent_id: str) -> None:
        """Delete an agent with its conversations; its knowledge base stays.

        Raises:
            AgentNotFoundError: It does not exist for the caller.
        """
        owned_agent(self._entities, principal, agent_id)
        await self._agents.delete(principal, agent_id)

    async def assign_knowledge_base(self, principal: Principal, agent_id: str, dataset_id: str) -> Agent:
        """Give an agent the dataset which it searches, in place of the one it has; return the agent.

        A graph that was made or edited by hand stays as it is: what it searches is said there.

        Args:
            principal: The caller.
            agent_id: The agent.
            dataset_id: The dataset; empty takes the present one away.

        Raises:
            AgentNotFoundError, DatasetNotFoundError: They do not exist for the caller.
        """

        def work(transaction: Transaction) -> Agent:
            present = owned_agent(transaction, principal, agent_id)
            if dataset_id:
                owned_dataset(transaction, principal, dataset_id)
            return self._assign(transaction, present, dataset_id)

        return await self._entities.transact(work)

    def knowledge_base_of(self, agent: Agent) -> Dataset | None:
        """Return the dataset which is assigned to an agent, read-only, or None."""
        return self._entities.get(Dataset, agent.simple.dataset_id) if agent.simple.dataset_id else None

    def _assign(self, transaction: Transaction, present: Agent, dataset_id: str) -> Agent:
        agent = transaction.edit(present)
        was_generated = is_generated(agent)
        agent.simple.dataset_id = dataset_id
        if was_generated:
            _generate(agent)
        agent.updated_at = microseconds(self._clock)
        return agent

    def _check(self, model: str, temperature: float | None, instructions: str, welcome_message: str) -> None:
        if model:
            try:
                self._models.resolve_chat(model)
            except UnsupportedModelError:
                raise ChatModelUnsupportedError(model=model) from None
        if temperature is not None and not 0 <= temperature <= 2:
            raise InvalidArgumentError("`temperature` must be a number from 0 to 2.", field="temperature")
        limits = (("instructions", instructions, MAX_INSTRUCTIONS), ("welcome_message", welcome_message, MAX_WELCOME))
        for field, text, most in limits:
            if len(text) > most:
                raise InvalidArgumentError(f"`{field}` has at most {most} characters.", field=field)

    def _observe(self, transaction: Transaction) -> None:
        """Take a dataset that goes from its agents."""
        for before, after in transaction.changes():
            if not isinstance(before, Dataset) or after is not None:
                continue
            for agent in list(transaction.children(Agent, before.organization_id)):
                if agent.simple.dataset_id == before.id:
                    self._assign(transaction, agent, "")


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise InvalidArgumentError("`name` is required and must be a non-empty string.", field="name")
    return name


def _set(simple: SimpleAgent, field: str, value: Any) -> None:
    if value is None:
        simple.ClearField(field)
    else:
        setattr(simple, field, value)


def _generate(agent: Agent) -> None:
    """Write the graph of an agent anew."""
    agent.dsl = json.dumps(graph(agent.simple), ensure_ascii=False)
    agent.simple.dsl_sha256 = _sha256(agent.dsl)


def graph(simple: SimpleAgent) -> dict[str, Any]:
    """Return the graph that answers as an agent in plain words should: search where there is something, ask, say."""
    told = f"{{{INSTRUCTIONS}}}"
    answer: dict[str, Any] = {"llm_id": simple.model, "prompts": [{"role": "user", "content": "{sys.query}"}]}
    if simple.HasField("temperature"):
        answer["temperature"] = simple.temperature
    begin = {"mode": "conversational", "prologue": simple.welcome_message}
    steps: list[tuple[str, dict[str, Any]]] = [("begin", begin)]
    if simple.dataset_id:
        steps.append((SEARCH, {"query": "sys.query", "kb_ids": [simple.dataset_id], "top_n": PASSAGES_COUNT}))
        told += f"\n\n{PASSAGES}\n{{{SEARCH}@formalized_content}}"
    steps += [(ANSWER, {**answer, "sys_prompt": told}), (SAY, {"content": [f"{{{ANSWER}@content}}"]})]
    names = [name for name, _ in steps]
    components = {
        name: _component(name, params, names[max(0, place - 1) : place], names[place + 1 : place + 2])
        for place, (name, params) in enumerate(steps)
    }
    return document.complete({"components": components, "globals": {INSTRUCTIONS: simple.instructions}})


def _component(name: str, params: Mapping[str, Any], before: list[str], after: list[str]) -> dict[str, Any]:
    kind = "Begin" if name == "begin" else name.partition(":")[0]
    return {"obj": {"component_name": kind, "params": params}, "downstream": after, "upstream": before}


def _sha256(text: str) -> bytes:
    """Return what tells a graph from another one: an editor that saves it unchanged may order it anew."""
    return hashlib.sha256(json.dumps(_plain(json.loads(text)), sort_keys=True).encode()).digest()


def _plain(value: Any) -> Any:
    """Return a JSON value whose whole numbers are integers; a graph from an editor may have floats instead."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
