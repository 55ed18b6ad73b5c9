"""Sessions: conversations with an assistant, and what was said in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.store.v1.chat_pb2 import Assistant, Message, Session
from knowflow_server.domain.chat.assistant import Deleted, owned_assistant
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import SORT_FIELDS
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import Selection
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import SessionNotFoundError
from knowflow_server.store.entities import EntityStore, ordered
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

NAME = "New session"


@dataclass(frozen=True, slots=True)
class Talk:
    """A session with what was said in it, oldest first, without the opener."""

    session: Session
    messages: Sequence[Message]


def owned_session(
    entities: EntityStore | Transaction, assistant: Assistant, session_id: str, sentence: str = ""
) -> Session:
    """Return a session of an assistant, read-only.

    Raises:
        SessionNotFoundError: It does not exist in this assistant.
    """
    session = entities.get(Session, session_id)
    if session is None or session.assistant_id != assistant.id:
        raise SessionNotFoundError(sentence, session_id=session_id)
    return session


class Sessions:
    """The sessions of all assistants; each method acts for one caller."""

    def __init__(self, entities: EntityStore, messages: MessageStore, jobs: Jobs, clock: Clock, ids: IdSource) -> None:
        self._entities = entities
        self._messages = messages
        self._jobs = jobs
        self._clock = clock
        self._ids = ids

    async def create(
        self, principal: Principal, chat_id: str, *, name: str | None = None, user_id: str = ""
    ) -> Session:
        """Begin a session and return it.

        Args:
            principal: The caller.
            chat_id: The assistant.
            name: Its name; None means the default.
            user_id: Who talks.

        Raises:
            ChatNotFoundError: The assistant does not exist for the caller.
            InvalidArgumentError: The name is blank.
        """
        sentence = "You do not own the assistant."
        owned_assistant(self._entities, principal, chat_id, sentence)
        _refuse_blank(name)

        def work(transaction: Transaction) -> Session:
            return self.begin(
                transaction,
                owned_assistant(transaction, principal, chat_id, sentence),
                name=NAME if name is None else name,
                user_id=user_id,
            )

        return await self._entities.transact(work)

    def begin(self, transaction: Transaction, assistant: Assistant, *, name: str = NAME, user_id: str = "") -> Session:
        """Put a new session into a transaction and return it."""
        now = microseconds(self._clock)
        session = Session(
            id=self._ids.new_id(),
            organization_id=assistant.organization_id,
            assistant_id=assistant.id,
            name=name.strip(),
            opener=assistant.prompt.opener,
            user_id=user_id,
            created_at=now,
            updated_at=now,
        )
        transaction.put(session)
        return session

    async def list(
        self,
        principal: Principal,
        chat_id: str,
        page: PageRequest,
        *,
        identifier: str = "",
        name: str = "",
        user_id: str = "",
        orderby: str = "create_time",
        desc: bool = True,
    ) -> Page[Talk]:
        """Return one page of the sessions of an assistant; arguments as of `Datasets.list`.

        Raises:
            ChatNotFoundError: The assistant does not exist for the caller.
        """
        owned_assistant(self._entities, principal, chat_id, f"You don't own the assistant {chat_id}.")
        found = ordered(
            self._entities.children(Session, principal.organization_id, chat_id), by=SORT_FIELDS[orderby], desc=desc
        )
        if identifier:
            found = [session for session in found if session.id == identifier]
        if user_id:
            found = [session for session in found if session.user_id == user_id]
        if name:
            wanted = name.casefold()
            found = [session for session in found if wanted in session.name.casefold()]
            found.sort(key=lambda session: session.name.casefold() != wanted)
        shown = found[page.offset : page.offset + page.size]
        said = await self._messages.of(principal.organization_id, [s.id for s in shown if s.message_count])
        return Page([Talk(session, said.get(session.id, [])) for session in shown], len(found), page)

    async def update(
        self,
        principal: Principal,
        chat_id: str,
        session_id: str,
        *,
        name: str | None = None,
        user_id: str | None = None,
    ) -> None:
        """Change the name or the user of a session; what is None stays.

        Raises:
            SessionNotFoundError: Assistant or session do not exist for the caller.
            InvalidArgumentError: The name is blank.
        """
        _refuse_blank(name)

        def work(transaction: Transaction) -> None:
            session = transaction.get(Session, session_id)
            if session is None or session.organization_id != principal.organization_id:
                raise SessionNotFoundError("Session does not exist", session_id=session_id)
            if session.assistant_id != chat_id:
                raise SessionNotFoundError("You do not own the session", session_id=session_id)
            edited = transaction.edit(session)
            edited.name = edited.name if name is None else name.strip()
            edited.user_id = edited.user_id if user_id is None else user_id
            edited.updated_at = microseconds(self._clock)

        await self._entities.transact(work)

    async def delete(self, principal: Principal, chat_id: str, selection: Selection) -> Deleted:
        """Delete sessions with their messages: those listed, or all for an empty, null or absent list.

        Raises:
            ChatNotFoundError: The assistant does not exist for the caller.
            SessionNotFoundError: None of the listed ones exists; nothing is deleted.
        """

        def sentence(identifier: str) -> str:
            return f"The chat doesn't own the session {identifier}"

        def work(transaction: Transaction) -> Deleted:
            assistant = owned_assistant(transaction, principal, chat_id, "You don't own the chat")
            found: list[Session] = []
            unknown: list[str] = []
            if not selection.ids:
                found = list(transaction.children(Session, assistant.organization_id, assistant.id))
            for identifier in selection.ids:
                session = transaction.get(Session, identifier)
                if session is None or session.assistant_id != assistant.id:
                    unknown.append(identifier)
                else:
                    found.append(session)
            if unknown and not found:
                raise SessionNotFoundError("; ".join(map(sentence, unknown)), session_id=unknown[0])
            for session in found:
                transaction.delete(session)
            self._jobs.add_forgetting(transaction, assistant.organization_id, [session.id for session in found])
            twice = [f"Duplicate session ids: {identifier}" for identifier in selection.duplicates]
            return Deleted(len(found), [*map(sentence, unknown), *twice])

        deleted = await self._entities.transact(work)
        self._jobs.wake()
        return deleted


def _refuse_blank(name: str | None) -> None:
    if name is not None and not name.strip():
        raise InvalidArgumentError("`name` can not be empty.", field="name")
