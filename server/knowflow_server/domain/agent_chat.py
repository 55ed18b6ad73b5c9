"""Questions to agents that cost credits, and what comes of them: an answer, or why there is none."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent, AgentActivity
from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow_server.domain.agent import agent_session, owned_agent
from knowflow_server.domain.agent_run import AgentAsk, AgentRuns, RunFailed, RunFinished
from knowflow_server.domain.credits import CHAT, Credits
from knowflow_server.domain.page import Page, PageRequest, newest
from knowflow_server.domain.ports import IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InternalError, KnowFlowError, ModelOverloadedError
from knowflow_server.errors.credits import AgentPausedError, NoCreditsError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore

logger = logging.getLogger(__name__)

# What an answer shows of its conversation: so many messages at most, and so many characters beside the last two.
MAX_SHOWN = 100
MAX_SHOWN_CHARACTERS = 200_000
OVERLOADED = "AI provider is currently experiencing high traffic"
UNAVAILABLE = "AI provider is not available"
ISO = "%Y-%m-%dT%H:%M:%SZ"
UNEXPECTED = "An unexpected error occurred while processing your request"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Args:
        question: What is asked.
        history: Turns before it, role and text, for a new conversation.
    """

    question: str
    history: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """An answer.

    Args:
        agent_id: Who answered.
        thread_id: The conversation.
        run_id: The run.
        history: The conversation up to the answer, role and text.
        model: The chat model that was asked last; empty when none was.
        elapsed_s: How long it took.
        created_at: When it was given, in microseconds since 1970.
        used_credits: What it cost.
    """

    agent_id: str
    thread_id: str
    run_id: str
    history: Sequence[tuple[str, str]]
    model: str
    elapsed_s: float
    created_at: int
    used_credits: int


@dataclass(frozen=True, slots=True)
class ChatFailure:
    """Why there is no answer.

    Args:
        agent_id: Who was asked; empty means that it is not said.
        status_code: 402, 503, 500, or that of a question which is refused.
        message: For people; empty means that it is not said.
        error: What went wrong.
    """

    agent_id: str
    status_code: int
    message: str
    error: str


ChatOutcome = ChatAnswer | ChatFailure


class RunFailedError(Exception):
    """A run ended without an answer."""

    def __init__(self, failed: RunFailed) -> None:
        super().__init__(failed.error.sentence)
        self.failed = failed


class AgentChats:
    """Asks agents for callers who pay for answers.

    Args:
        entities: Where agents and sessions are.
        messages: What was said.
        runs: Runs agents.
        ledger: The ledgers.
        ids: Identifiers of charges.
    """

    def __init__(
        self, entities: EntityStore, messages: MessageStore, runs: AgentRuns, ledger: Credits, ids: IdSource
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._runs = runs
        self._ledger = ledger
        self._ids = ids

    def refuse(self, principal: Principal, agent_id: str, thread_id: str) -> Agent:
        """Refuse a question that cannot be asked, and return the agent.

        Raises:
            AgentNotFoundError, AgentPausedError, SessionNotFoundError: As their sentences say.
        """
        agent = owned_agent(self._entities, principal, agent_id)
        if agent.simple.paused:
            raise AgentPausedError(agent_id=agent_id)
        if thread_id:
            agent_session(self._entities, agent, thread_id, _unknown(thread_id))
        return agent

    async def ask(self, principal: Principal, agent_id: str, asked: Asked, *, thread_id: str = "") -> ChatOutcome:
        """Ask an agent; an answer is charged, anything else costs nothing.

        Args:
            principal: The caller.
            agent_id: The agent.
            asked: The question.
            thread_id: The conversation to go on with; empty begins a new one.

        Raises:
            AgentNotFoundError, AgentPausedError, SessionNotFoundError, InvalidArgumentError: As their sentences say.
        """
        self.refuse(principal, agent_id, thread_id)
        # A conversation that is gone on with knows what was said.
        asked = Asked(asked.question) if thread_id else asked
        key = self._ids.new_id()
        try:
            async with self._ledger.spending(principal, operation=CHAT, agent_id=agent_id, key=key) as price:
                return await self.run(principal, agent_id, asked, thread_id=thread_id, price=price)
        except (NoCreditsError, RunFailedError) as error:
            return failure_of(agent_id, error)

    async def run(
        self, principal: Principal, agent_id: str, asked: Asked, *, thread_id: str, price: int, message_id: str = ""
    ) -> ChatAnswer:
        """Ask an agent without charging anything.

        Args:
            principal: The caller.
            agent_id: The agent.
            asked: The question; its history counts.
            thread_id: The conversation to go on with; empty begins a new one.
            price: What the answer will cost.
            message_id: Identifier of the message which answers; empty means a new one.

        Raises:
            RunFailedError: There is no answer.
            KnowFlowError: The question is refused.
        """
        history = [list(turn) for turn in asked.history]
        ask = AgentAsk(
            agent_id, asked.question, session_id=thread_id, history=history, message_id=message_id, price=price
        )
        try:
            done = await self._last(principal, ask)
        except KnowFlowError:
            raise
        except Exception as error:
            logger.exception("An agent failed unexpectedly.", extra={"agent": agent_id})
            raise RunFailedError(RunFailed(InternalError(request_id="-"), "")) from error
        if isinstance(done, RunFailed):
            raise RunFailedError(done)
        # A long conversation is not read for the end of it.
        said, _ = await self._messages.newest(
            Message, principal.organization_id, done.session_id, offset=0, size=MAX_SHOWN
        )
        return ChatAnswer(
            agent_id,
            done.session_id,
            done.run_id,
            shown([*asked.history, *((message.role, message.content) for message in reversed(said))]),
            done.model,
            done.elapsed_s,
            done.created_at,
            price,
        )

    async def _last(self, principal: Principal, ask: AgentAsk) -> RunFinished | RunFailed:
        """Return how a run ends."""
        async with aclosing(self._runs.stream(principal, ask)) as events:
            async for event in events:
                if isinstance(event, RunFinished | RunFailed):
                    return event
        raise RuntimeError("A run ended without an end.")

    def threads(self, principal: Principal, agent_id: str, page: PageRequest) -> Page[Session]:
        """Return one page of the conversations with an agent, the one that began last first.

        Raises:
            AgentNotFoundError: The agent does not exist for the caller.
        """
        agent = owned_agent(self._entities, principal, agent_id)
        return newest(self._entities, Session, page, agent.organization_id, agent.id)

    async def thread(self, principal: Principal, agent_id: str, thread_id: str) -> Sequence[Message]:
        """Return what was said in a conversation, oldest first.

        Raises:
            AgentNotFoundError, SessionNotFoundError: They do not exist for the caller.
        """
        agent = owned_agent(self._entities, principal, agent_id)
        session = agent_session(self._entities, agent, thread_id, _unknown(thread_id))
        return (await self._messages.of(session.organization_id, [session.id]))[session.id]

    async def activity(
        self, principal: Principal, agent_id: str, page: PageRequest, *, within: tuple[int, int] | None
    ) -> Page[AgentActivity]:
        """Return one page of what an agent did, newest first.

        Args:
            principal: The caller.
            agent_id: The agent.
            page: Which page.
            within: First time that counts, and the first after it that does not, in microseconds since 1970.

        Raises:
            AgentNotFoundError: The agent does not exist for the caller.
        """
        agent = owned_agent(self._entities, principal, agent_id)
        runs, total = await self._messages.newest(
            AgentActivity, agent.organization_id, agent.id, offset=page.offset, size=page.size, within=within
        )
        return Page(runs, total, page)


def _unknown(thread_id: str) -> str:
    return f"This agent has no thread {thread_id}; leave thread_id out to begin a new one."


def shown(history: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what an answer shows of its conversation: the end of it."""
    kept = list(history[-2:])
    size = 0
    for turn in history[-MAX_SHOWN:-2][::-1]:
        size += len(turn[1])
        if size > MAX_SHOWN_CHARACTERS:
            break
        kept.insert(0, turn)
    return kept


def failure_of(agent_id: str, error: NoCreditsError | RunFailedError) -> ChatFailure:
    """Return a failure in the document's words."""
    if isinstance(error, NoCreditsError):
        return ChatFailure(agent_id, 402, error.sentence, error.sentence)
    failed = error.failed
    if failed.trouble == "overloaded" or isinstance(failed.error, ModelOverloadedError):
        return ChatFailure(agent_id, 503, "Service temporarily unavailable", OVERLOADED)
    if failed.trouble == "unavailable":
        return ChatFailure(agent_id, 503, "Service temporarily unavailable", UNAVAILABLE)
    return ChatFailure("", 500, "", UNEXPECTED)


def envelope(outcome: ChatOutcome) -> Mapping[str, Any]:
    """Return an outcome as callers and callbacks get it."""
    if isinstance(outcome, ChatFailure):
        told = {"agent_id": outcome.agent_id, "message": outcome.message, "error": outcome.error}
        return {"statusCode": outcome.status_code, "body": {name: text for name, text in told.items() if text}}
    return {
        "statusCode": 200,
        "body": {
            "agent_id": outcome.agent_id,
            "conversation_history": [{"role": role, "content": text} for role, text in outcome.history],
            "metadata": {
                "id": outcome.run_id,
                "model": outcome.model,
                "timestamp": datetime.fromtimestamp(outcome.created_at // 1_000_000, UTC).strftime(ISO),
                "tool_calls": {},
                "execution_time": round(outcome.elapsed_s * 1000),
                "used_credits": outcome.used_credits,
                "thread_id": outcome.thread_id,
            },
        },
    }
