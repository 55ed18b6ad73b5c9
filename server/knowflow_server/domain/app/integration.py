"""Integrations: apps as websites and other programs talk with them, under session names of their own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.store.v1.app_pb2 import App, Deployment, IntegrationSession
from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow_server.domain.app.conversation import Conversations, Said, whole
from knowflow_server.domain.app.deployment import API, WEBSITE, active_deployment, owned_app
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.apps import AppNotFoundError, OriginNotAllowedError
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import SessionNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

# About 192 bits: whoever knows the name of a visitor's session may go on with it.
NAME_BYTES = 24
SHOWN_MESSAGES = 500


@dataclass(frozen=True, slots=True)
class Chatted:
    """An answer, and the session to go on with."""

    said: Said
    session_name: str


class Integrations:
    """The integrations of all apps; each method acts for one caller.

    An API key talks with the channel `api`, and may name sessions as it likes. The token of a website talks with the
    channel `website`, from its allowed origins, and only in sessions that a website began; nobody guesses their names.
    """

    def __init__(self, entities: EntityStore, conversations: Conversations, locks: NamedLocks, clock: Clock) -> None:
        self._entities = entities
        self._conversations = conversations
        self._locks = locks
        self._clock = clock

    async def chat(
        self,
        principal: Principal,
        app_id: str,
        message: str,
        *,
        session_name: str = "",
        user_id: str = "",
        source: str = "",
        origin: str = "",
    ) -> Chatted:
        """Say something to an app, and return its answer.

        Args:
            principal: The caller.
            app_id: The app.
            message: What is said.
            session_name: The session to go on with; empty begins a new one, and so does a name that an API key uses
                for the first time.
            user_id: Who talks; kept with a new session.
            source: Where from; likewise.
            origin: The website whose page calls; empty when no browser does.

        Raises:
            AppNotFoundError, AppNotDeployedError, OriginNotAllowedError, SessionNotFoundError, and as
            `Conversations.answer`.
        """
        app = self._app(principal, app_id)
        deployment = active_deployment(self._entities, app, WEBSITE if principal.website_app_id else API)
        if principal.website_app_id and origin not in deployment.allowed_origins:
            raise OriginNotAllowedError(origin=origin or "no website")
        if not message.strip():
            raise InvalidArgumentError("`message` is blank.", field="message")
        name = session_name
        if not name and principal.website_app_id:
            name = secrets.token_urlsafe(NAME_BYTES)
        metadata = {"source": source} if source else {}
        # Calls without a name have nothing to wait for.
        async with self._locks.hold(f"integration/{app.id}/{name or secrets.token_hex(8)}"):
            session = self._session(principal, app, session_name)
            if session is None:
                session = await self._begin(principal, app, deployment, name, user_id=user_id, metadata=metadata)
        said = await whole(self._conversations.answer(principal, app, deployment, session.id, message))
        return Chatted(said, name or session.id)

    async def history(self, principal: Principal, app_id: str, session_name: str) -> Sequence[Message]:
        """Return the last messages of a session, oldest first.

        Raises:
            AppNotFoundError, SessionNotFoundError: They do not exist for the caller.
        """
        app = self._app(principal, app_id)
        session = self._session(principal, app, session_name)
        if session is None:
            raise _unknown(session_name)
        return (await self._conversations.said(session))[-SHOWN_MESSAGES:]

    def _app(self, principal: Principal, app_id: str) -> App:
        if principal.website_app_id not in ("", app_id):
            raise AppNotFoundError(app_id=app_id)
        return owned_app(self._entities, principal, app_id)

    def _session(self, principal: Principal, app: App, name: str) -> Session | None:
        """Return the session with a name, which is its id or what its caller called it; None when there is none.

        Raises:
            SessionNotFoundError: A website names one that no website began.
        """
        if not name:
            return None
        named = self._entities.holder(IntegrationSession, organization_id=app.organization_id, app_id=app.id, name=name)
        if principal.website_app_id:
            session = self._entities.get(Session, named.id) if named is not None and named.from_website else None
            if session is None:
                raise _unknown(name)
            return session
        session = self._entities.get(Session, named.id if named is not None else name)
        return session if session is not None and session.assistant_id == app.source_id else None

    async def _begin(
        self,
        principal: Principal,
        app: App,
        deployment: Deployment,
        name: str,
        *,
        user_id: str,
        metadata: dict[str, str],
    ) -> Session:
        def remember(transaction: Transaction, session: Session) -> None:
            if name:
                transaction.put(
                    IntegrationSession(
                        id=session.id,
                        organization_id=app.organization_id,
                        app_id=app.id,
                        name=name,
                        from_website=bool(principal.website_app_id),
                        created_at=microseconds(self._clock),
                    )
                )

        return await self._conversations.begin(
            principal, app, deployment, user_id=user_id, metadata=metadata, also=remember
        )


def _unknown(name: str) -> SessionNotFoundError:
    return SessionNotFoundError(f"There is no session {name}.", session_id=name)
