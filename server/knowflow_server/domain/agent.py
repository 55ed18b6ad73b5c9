"""Agents: what may happen to them and to their sessions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent, CanvasState, RunTrace
from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow_server.domain.canvas import document
from knowflow_server.domain.canvas.asking import values_of
from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.state import STATE
from knowflow_server.domain.chat.assistant import Deleted
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import SORT_FIELDS
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import Selection
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import (
    AgentNotFoundError,
    AgentNotOwnedError,
    AgentTitleExistsError,
    SessionNotFoundError,
)
from knowflow_server.store.entities import EntityStore, ordered
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

# Five times what an editor writes for a graph of a hundred components.
MAX_DSL = 1_000_000
# Most characters of the graphs of one list: they are read and written as a whole.
MAX_LISTED = 4_000_000


def owned_agent(entities: EntityStore | Transaction, principal: Principal, agent_id: str, sentence: str = "") -> Agent:
    """Return an agent of the caller's organization, read-only.

    Raises:
        AgentNotFoundError: It does not exist, or belongs to another organization; the two look alike.
    """
    agent = entities.get(Agent, agent_id)
    if agent is None or agent.organization_id != principal.organization_id:
        raise AgentNotFoundError(sentence, agent_id=agent_id)
    return agent


def agent_session(entities: EntityStore | Transaction, agent: Agent, session_id: str, sentence: str = "") -> Session:
    """Return a session of an agent, read-only.

    Raises:
        SessionNotFoundError: It does not exist in this agent.
    """
    session = entities.get(Session, session_id)
    if session is None or session.assistant_id != agent.id:
        raise SessionNotFoundError(sentence, session_id=session_id)
    return session


@dataclass(frozen=True, slots=True)
class AgentTalk:
    """A session with what was said in it.

    Args:
        session: The session; its `assistant_id` is the agent.
        messages: Oldest first, without the prologue.
        dsl: The graph with its state as JSON; empty when it was not asked for.
    """

    session: Session
    messages: Sequence[Message]
    dsl: str


class Agents:
    """The agents of all organizations; each method acts for one caller."""

    def __init__(self, entities: EntityStore, messages: MessageStore, jobs: Jobs, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._messages = messages
        self._jobs = jobs
        self._clock = clock
        self._ids = ids

    async def create(
        self,
        principal: Principal,
        *,
        title: str,
        dsl: Mapping[str, Any],
        description: str = "",
        avatar: str = "",
        canvas_type: str = "",
    ) -> Agent:
        """Create an agent and return it.

        Args:
            principal: The caller.
            title: Unique in the organization without regard to case; blanks around it are dropped.
            dsl: The graph; what it lacks beside its components takes its default.
            description: What the agent is for.
            avatar: Picture as a data URI.
            canvas_type: Kind, as an editor names it.

        Raises:
            AgentTitleExistsError, AgentDslInvalidError, InvalidArgumentError: As their sentences say.
        """
        title = title.strip()
        if not dsl:
            raise InvalidArgumentError("No DSL data in request.", field="dsl")
        if not title:
            raise InvalidArgumentError("No title in request.", field="title")
        kept = await asyncio.to_thread(checked, dsl)
        now = microseconds(self._clock)
        agent = Agent(
            id=self._ids.new_id(),
            organization_id=principal.organization_id,
            title=title,
            description=description,
            avatar=avatar,
            canvas_type=canvas_type,
            dsl=kept,
            created_by=principal.organization_id,
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> Agent:
            self._refuse_taken(transaction, principal, title)
            transaction.put(agent)
            return agent

        return await self._entities.transact(work)

    def list(
        self,
        principal: Principal,
        page: PageRequest,
        *,
        identifier: str = "",
        title: str = "",
        orderby: str = "create_time",
        desc: bool = True,
    ) -> Page[Agent]:
        """Return one page of the caller's agents; arguments as of `Datasets.list`.

        Raises:
            AgentNotFoundError: An id or a title is given, and no agent has it.
            InvalidArgumentError: The graphs of the page are too long together.
        """
        found = ordered(self._entities.children(Agent, principal.organization_id), by=SORT_FIELDS[orderby], desc=desc)
        if identifier:
            found = [agent for agent in found if agent.id == identifier]
        if title:
            wanted = title.casefold()
            found = [agent for agent in found if wanted in agent.title.casefold()]
            found.sort(key=lambda agent: agent.title.casefold() != wanted)
        if not found and (identifier or title):
            raise AgentNotFoundError("The agent doesn't exist.", agent_id=identifier)
        shown = page_of(found, page)
        _refuse_long(agent.dsl for agent in shown.items)
        return shown

    async def update(
        self, principal: Principal, agent_id: str, *, dsl: Mapping[str, Any] | None = None, **changes: str
    ) -> None:
        """Change an agent; sessions keep the graph they began with.

        Args:
            principal: The caller.
            agent_id: The agent.
            dsl: The new graph; None leaves it.
            changes: New values of title, description, avatar, canvas_type.

        Raises:
            AgentNotOwnedError, AgentTitleExistsError, AgentDslInvalidError, InvalidArgumentError: As they say.
        """
        self._refuse_foreign(self._entities, principal, agent_id)
        if "title" in changes:
            changes["title"] = changes["title"].strip()
            if not changes["title"]:
                raise InvalidArgumentError("No title in request.", field="title")
        kept = None if dsl is None else await asyncio.to_thread(checked, dsl)

        def work(transaction: Transaction) -> None:
            agent = transaction.edit(self._refuse_foreign(transaction, principal, agent_id))
            title = changes.get("title", agent.title)
            if title.casefold() != agent.title.casefold():
                self._refuse_taken(transaction, principal, title)
            for field, value in changes.items():
                setattr(agent, field, value)
            agent.dsl = agent.dsl if kept is None else kept
            agent.updated_at = microseconds(self._clock)

        await self._entities.transact(work)

    async def delete(self, principal: Principal, agent_id: str) -> None:
        """Delete an agent with its sessions.

        Raises:
            AgentNotOwnedError: It does not exist for the caller.
        """

        def work(transaction: Transaction) -> None:
            agent = self._refuse_foreign(transaction, principal, agent_id)
            sessions = list(transaction.children(Session, agent.organization_id, agent.id))
            for session in sessions:
                transaction.delete(session)
            self._jobs.add_forgetting(transaction, agent.organization_id, [session.id for session in sessions])
            transaction.delete(agent)

        await self._entities.transact(work)
        self._jobs.wake()

    async def delete_all(self, principal: Principal) -> None:
        """Delete all agents of an organization."""
        for agent in self._entities.children(Agent, principal.organization_id):
            await self.delete(principal, agent.id)

    async def begin_session(
        self, principal: Principal, agent_id: str, *, user_id: str = "", inputs: Mapping[str, Any] | None = None
    ) -> AgentTalk:
        """Begin a session and return it.

        Args:
            principal: The caller.
            agent_id: The agent.
            user_id: Who talks.
            inputs: Values of the agent's inputs; None means that they come with the questions.

        Raises:
            AgentNotFoundError: The agent does not exist for the caller.
            InvalidArgumentError: An input that is not optional is missing.
        """
        agent = owned_agent(self._entities, principal, agent_id, "Agent not found.")
        dsl, begin = await asyncio.to_thread(_begun, agent.dsl)
        if inputs:
            try:
                values = values_of(begin.params.inputs, inputs)
            except ComponentError as error:
                raise InvalidArgumentError(str(error), field="inputs") from None
            dsl["state"] = {"outputs": {begin.id: values}}
        if user_id:
            dsl["globals"]["sys.user_id"] = user_id
        now = microseconds(self._clock)
        said = begin.params.prologue if begin.params.enablePrologue else ""
        session = Session(
            id=self._ids.new_id(),
            organization_id=agent.organization_id,
            assistant_id=agent.id,
            name="",
            opener=said,
            user_id=user_id,
            created_at=now,
            updated_at=now,
        )
        text = await asyncio.to_thread(json.dumps, dsl, ensure_ascii=False)
        state = CanvasState(
            id=self._ids.new_id(),
            organization_id=agent.organization_id,
            session_id=session.id,
            dsl=text,
            created_at=now,
        )
        await self._messages.add([state])

        def work(transaction: Transaction) -> None:
            owned_agent(transaction, principal, agent_id, "Agent not found.")
            transaction.put(session)

        await self._entities.transact(work)
        return AgentTalk(session, [], text)

    async def list_sessions(
        self,
        principal: Principal,
        agent_id: str,
        page: PageRequest,
        *,
        identifier: str = "",
        user_id: str = "",
        orderby: str = "create_time",
        desc: bool = True,
        dsl: bool = True,
    ) -> Page[AgentTalk]:
        """Return one page of the sessions of an agent; arguments as of `Datasets.list`.

        Args:
            principal: The caller.
            agent_id: The agent.
            page: Which page.
            identifier: Only the session with this id, when not empty.
            user_id: Only sessions of this user, when not empty.
            orderby: `create_time` or `update_time`.
            desc: Whether the newest comes first.
            dsl: Whether each comes with its graph.

        Raises:
            AgentNotFoundError: The agent does not exist for the caller.
            InvalidArgumentError: The graphs of the page are too long together.
        """
        agent = owned_agent(self._entities, principal, agent_id)
        found = ordered(
            self._entities.children(Session, agent.organization_id, agent.id), by=SORT_FIELDS[orderby], desc=desc
        )
        if identifier:
            found = [session for session in found if session.id == identifier]
        if user_id:
            found = [session for session in found if session.user_id == user_id]
        shown = found[page.offset : page.offset + page.size]
        wanted = [session.id for session in shown]
        said = await self._messages.of(agent.organization_id, wanted)
        states = await self._messages.records(CanvasState, agent.organization_id, wanted) if dsl else []
        graphs = {state.session_id: state.dsl for state in states}
        _refuse_long(graphs.values(), ", or for none with `dsl=false`")
        talks = [AgentTalk(session, said[session.id], graphs.get(session.id, "")) for session in shown]
        return Page(talks, len(found), page)

    async def delete_sessions(self, principal: Principal, agent_id: str, selection: Selection) -> Deleted:
        """Delete sessions with their messages: those listed, or all for an empty, null or absent list.

        Raises:
            AgentNotFoundError: The agent does not exist for the caller.
            SessionNotFoundError: None of the listed ones exists; nothing is deleted.
        """

        def sentence(identifier: str) -> str:
            return f"The agent doesn't own the session {identifier}"

        def work(transaction: Transaction) -> Deleted:
            agent = owned_agent(transaction, principal, agent_id, f"You don't own the agent {agent_id}")
            mine = {session.id: session for session in transaction.children(Session, agent.organization_id, agent.id)}
            found = [mine[identifier] for identifier in selection.ids if identifier in mine]
            unknown = [identifier for identifier in selection.ids if identifier not in mine]
            if unknown and not found:
                raise SessionNotFoundError("; ".join(map(sentence, unknown)), session_id=unknown[0])
            found = found if selection.ids else list(mine.values())
            for session in found:
                transaction.delete(session)
            self._jobs.add_forgetting(transaction, agent.organization_id, [session.id for session in found])
            twice = [f"Duplicate session ids: {identifier}" for identifier in selection.duplicates]
            return Deleted(len(found), [*map(sentence, unknown), *twice])

        deleted = await self._entities.transact(work)
        self._jobs.wake()
        return deleted

    async def runs(
        self, principal: Principal, agent_id: str, session_id: str, page: PageRequest, *, identifier: str = ""
    ) -> Page[RunTrace]:
        """Return one page of what happened in the runs of a session, newest first.

        Raises:
            AgentNotFoundError, SessionNotFoundError: They do not exist for the caller.
        """
        agent = owned_agent(self._entities, principal, agent_id)
        agent_session(self._entities, agent, session_id)
        found = await self._messages.records(RunTrace, agent.organization_id, [session_id])
        found.reverse()
        return page_of([run for run in found if not identifier or run.id == identifier], page)

    @staticmethod
    def _refuse_foreign(entities: EntityStore | Transaction, principal: Principal, agent_id: str) -> Agent:
        agent = entities.get(Agent, agent_id)
        if agent is None or agent.organization_id != principal.organization_id:
            raise AgentNotOwnedError(agent_id=agent_id)
        return agent

    @staticmethod
    def _refuse_taken(transaction: Transaction, principal: Principal, title: str) -> None:
        if transaction.holder(Agent, organization_id=principal.organization_id, title=title) is not None:
            raise AgentTitleExistsError(title=title)


def _refuse_long(graphs: Iterable[str], advice: str = "") -> None:
    """Refuse to list graphs that are too long for one answer.

    Raises:
        InvalidArgumentError: They are.
    """
    if sum(map(len, graphs)) > MAX_LISTED:
        sentence = f"The graphs of this page are too long for one answer: ask for fewer with `page_size`{advice}."
        raise InvalidArgumentError(sentence, field="page_size")


def _begun(text: str) -> tuple[dict[str, Any], document.Node]:
    """Return a graph with what a new session lacks, and its Begin; a long graph takes a while."""
    dsl = document.complete(json.loads(text))
    return dsl, document.load(dsl).begin


def checked(dsl: Mapping[str, Any]) -> str:
    """Return a graph as JSON, completed.

    Raises:
        AgentDslInvalidError: It cannot run.
        InvalidArgumentError: It is too large.
    """
    document.load(dsl)
    # A graph that was taken from a session brings its state along; sessions of this agent begin without one.
    text = json.dumps(document.complete({name: dsl[name] for name in dsl if name != STATE}), ensure_ascii=False)
    if len(text) > MAX_DSL:
        raise InvalidArgumentError(f"`dsl` should have at most {MAX_DSL} characters as JSON", field="dsl")
    return text
