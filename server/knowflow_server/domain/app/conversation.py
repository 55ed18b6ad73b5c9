"""Conversations with apps: sessions of their assistants and agents, held through what is deployed."""

from __future__ import annotations

import heapq
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice
from typing import Any

from knowflow.store.v1.app_pb2 import APP_KIND_AGENT, App, Deployment
from knowflow.store.v1.chat_pb2 import CitedChunk, Message, Session
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_run import AgentAsk, AgentRuns, RunEvent, RunFinished
from knowflow_server.domain.app.deployment import API, active_deployment, owned_app
from knowflow_server.domain.app.evidence import Evidence, evidence_of
from knowflow_server.domain.chat.assistant import owned_assistant
from knowflow_server.domain.chat.completion import Ask, Completions, Delta, Failed, Finished
from knowflow_server.domain.chat.session import NAME, Sessions
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest, page_by_age
from knowflow_server.domain.parser_config import struct
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError, KnowFlowError
from knowflow_server.errors.core import ChatDatasetsGoneError, SessionNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction, age

MAX_METADATA = 4_000


@dataclass(frozen=True, slots=True)
class Piece:
    """The next piece of an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """An answer is whole.

    Args:
        id: Identifier of the stored message.
        text: The answer, with its marks.
        chunks: What it could rest on.
        finish_reason: `stop` or `length`.
        created_at: Microseconds since 1970, UTC.
    """

    id: str
    text: str
    chunks: Sequence[CitedChunk]
    finish_reason: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Broken:
    """An answer was cut off after its first piece."""

    error: KnowFlowError


Part = Piece | Said | Broken


class Conversations:
    """The conversations with the apps of all organizations; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        sessions: Sessions,
        completions: Completions,
        agents: Agents,
        runs: AgentRuns,
        jobs: Jobs,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._sessions = sessions
        self._completions = completions
        self._agents = agents
        self._runs = runs
        self._jobs = jobs

    async def create(
        self, principal: Principal, app_id: str, *, name: str = "", user_id: str = "", metadata: Mapping[str, Any]
    ) -> Session:
        """Begin a conversation with what an app has deployed to the channel `api`, and return it.

        Args:
            principal: The caller.
            app_id: The app.
            name: Its name; empty means the default.
            user_id: Who talks.
            metadata: What is kept with it.

        Raises:
            AppNotFoundError, AppNotDeployedError, AppSourceGoneError, InvalidArgumentError: As their sentences say.
        """
        app = owned_app(self._entities, principal, app_id)
        deployment = active_deployment(self._entities, app, API)
        return await self.begin(principal, app, deployment, name=name, user_id=user_id, metadata=metadata)

    async def begin(
        self,
        principal: Principal,
        app: App,
        deployment: Deployment,
        *,
        name: str = "",
        user_id: str = "",
        metadata: Mapping[str, Any],
        also: Callable[[Transaction, Session], None] | None = None,
    ) -> Session:
        """Begin a conversation with a deployment, and return it.

        Args:
            principal: The caller.
            app: The app.
            deployment: What is talked with.
            name: Its name; empty means the default.
            user_id: Who talks.
            metadata: What is kept with it.
            also: Has the transaction do more, with the session.

        Raises:
            InvalidArgumentError: The metadata are too long, or what an agent must be given is missing.
        """
        if len(json.dumps(metadata)) > MAX_METADATA:
            raise InvalidArgumentError(
                f"`metadata` should have at most {MAX_METADATA} characters as JSON", field="metadata"
            )

        def complete(transaction: Transaction, session: Session) -> None:
            session.deployment_id = deployment.id
            if metadata:
                session.metadata.CopyFrom(struct(metadata))
            if also is not None:
                also(transaction, session)

        if app.kind == APP_KIND_AGENT:
            talk = await self._agents.begin_session(
                principal, app.source_id, user_id=user_id, frozen=deployment.agent_dsl, also=complete
            )
            return talk.session

        def work(transaction: Transaction) -> Session:
            owned_assistant(transaction, principal, app.source_id)
            session = self._sessions.begin(
                transaction, deployment.assistant, name=name.strip() or NAME, user_id=user_id
            )
            complete(transaction, session)
            return session

        return await self._entities.transact(work)

    def list(self, principal: Principal, page: PageRequest, *, app_id: str = "") -> Page[tuple[App, Session]]:
        """Return one page of the conversations of an app, or of all apps, newest first.

        Raises:
            AppNotFoundError: The app does not exist for the caller.
        """
        organization = principal.organization_id
        apps = [owned_app(self._entities, principal, app_id)] if app_id else self._entities.children(App, organization)
        # The pages of several apps are merged: each gives as much as the page could need of it.
        skipped = 0 if page.after is not None else page.offset
        found = [
            self._entities.page(
                Session, organization, app.source_id, offset=0, size=skipped + page.size, after=page.after, desc=True
            )
            for app in apps
        ]
        by_source = {app.source_id: app for app in apps}
        merged = heapq.merge(*(items for items, _ in found), key=age, reverse=True)
        items = [(by_source[one.assistant_id], one) for one in islice(merged, skipped, skipped + page.size)]
        return Page(items, sum(total for _, total in found), page)

    def get(self, principal: Principal, conversation_id: str) -> tuple[App, Session]:
        """Return a conversation with its app, read-only.

        Raises:
            SessionNotFoundError: It does not exist for the caller.
        """
        session = self._entities.get(Session, conversation_id)
        if session is None or session.organization_id != principal.organization_id:
            raise _unknown(conversation_id)
        app = self._entities.holder(App, organization_id=session.organization_id, source_id=session.assistant_id)
        if app is None:
            # Nobody publishes what it is held with, so that it is a session of the core alone.
            raise _unknown(conversation_id)
        return app, session

    async def delete(self, principal: Principal, conversation_id: str) -> None:
        """Delete a conversation with its messages.

        Raises:
            SessionNotFoundError: It does not exist for the caller.
        """
        self.get(principal, conversation_id)

        def work(transaction: Transaction) -> None:
            session = transaction.get(Session, conversation_id)
            if session is None:
                raise _unknown(conversation_id)
            transaction.delete(session)
            self._jobs.add_forgetting(transaction, session.organization_id, [session.id])

        await self._entities.transact(work)
        self._jobs.wake()

    async def messages(self, principal: Principal, conversation_id: str, page: PageRequest) -> Page[Message]:
        """Return one page of the messages of a conversation, oldest first.

        Raises:
            SessionNotFoundError: It does not exist for the caller.
        """
        _, session = self.get(principal, conversation_id)
        return page_by_age(await self.said(session), page)

    async def said(self, session: Session) -> Sequence[Message]:
        """Return the messages of a session, oldest first."""
        if not session.message_count:
            return []
        return sorted((await self._messages.of(session.organization_id, [session.id]))[session.id], key=age)

    async def say(self, principal: Principal, conversation_id: str, content: str) -> AsyncGenerator[Part, None]:
        """Say something in a conversation, through what its app has deployed to the channel `api`.

        Yields pieces, then `Said` or `Broken`; wrap it in `contextlib.aclosing`.

        Raises:
            SessionNotFoundError, AppNotDeployedError, AppSourceGoneError, and as `answer`: Before the first piece.
        """
        app, session = self.get(principal, conversation_id)
        deployment = active_deployment(self._entities, app, API)
        async with aclosing(self.answer(principal, app, deployment, session.id, content)) as parts:
            async for part in parts:
                yield part

    async def answer(
        self, principal: Principal, app: App, deployment: Deployment, session_id: str, content: str
    ) -> AsyncGenerator[Part, None]:
        """Say something to a deployment; as `say`.

        Raises:
            InvalidArgumentError: The content is blank.
            SessionNotFoundError, ChatDatasetsGoneError, ContextTooLongError, ModelOverloadedError,
            ModelUnavailableError, AgentRunFailedError: As their sentences say.
        """
        if not content.strip():
            raise InvalidArgumentError("The message is blank.", field="content")
        if app.kind == APP_KIND_AGENT:
            parts = self._run(principal, AgentAsk(app.source_id, content, session_id=session_id))
        else:
            ask = Ask(app.source_id, content, session_id=session_id, frozen=deployment.assistant)
            parts = self._complete(principal, ask)
        try:
            async with aclosing(parts):
                async for part in parts:
                    yield part
        except SessionNotFoundError:
            # It went after the caller was let in.
            raise _unknown(session_id) from None
        except ChatDatasetsGoneError as error:
            sentence = f"All knowledge bases of the app {app.id} were deleted; give it others, and deploy it again."
            raise ChatDatasetsGoneError(sentence, chat_id=error.metadata["chat_id"]) from None

    async def _complete(self, principal: Principal, ask: Ask) -> AsyncGenerator[Part, None]:
        async with aclosing(self._completions.stream(principal, ask)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    yield Piece(event.text)
                elif isinstance(event, Failed):
                    yield Broken(event.error)
                elif isinstance(event, Finished):
                    chunks = event.started.chunks
                    yield Said(event.message_id, event.answer, chunks, event.finish_reason, event.created_at)

    async def _run(self, principal: Principal, ask: AgentAsk) -> AsyncGenerator[Part, None]:
        begun = False
        async with aclosing(self._runs.stream(principal, ask)) as events:
            async for event in events:
                if isinstance(event, RunEvent):
                    if event.happened.event == "message":
                        begun = True
                        yield Piece(event.happened.data["content"])
                elif isinstance(event, RunFinished):
                    if not event.said and event.answer:
                        yield Piece(event.answer)
                    yield Said(event.message_id, event.answer, event.chunks, "stop", event.created_at)
                elif begun:
                    yield Broken(event.error)
                else:
                    raise event.error

    def evidence(self, answer: str, chunks: Sequence[CitedChunk]) -> Evidence:
        """Return what an answer rests on; arguments as of `evidence_of`."""
        return evidence_of(self._entities, answer, chunks)


async def whole(parts: AsyncGenerator[Part, None]) -> Said:
    """Return a whole answer.

    Raises:
        KnowFlowError: It was cut off.
    """
    said: Said | None = None
    async with aclosing(parts):
        async for part in parts:
            if isinstance(part, Broken):
                raise part.error
            if isinstance(part, Said):
                said = part
    if said is None:
        raise RuntimeError("An answer ended without an end.")
    return said


def _unknown(conversation_id: str) -> SessionNotFoundError:
    return SessionNotFoundError(f"There is no conversation {conversation_id}.", session_id=conversation_id)
