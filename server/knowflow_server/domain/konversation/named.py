"""What has a name in a chatbot, as tags, fields and sub flows have: finding it, listing it, making it, renaming it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message

from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.flow import live_flow, shown_name
from knowflow_server.domain.konversation.naming import found, identifier, next_number, numbered
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.konversation import FlowLimitReachedError, FlowNameTakenError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

M = TypeVar("M", bound=Message)

# Characters of a name which nothing has that an error repeats.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Kind(Generic[M]):
    """What there is to know about a kind of named things.

    Args:
        message: Its record, whose parent is the chatbot and whose names are unique there.
        word: What it is called; several are called so with an s. Example: `tag`.
        most: Most that a chatbot may have.
        missing: Returns the error for a name, or an ns, which nothing has.
    """

    message: type[M]
    word: str
    most: int
    missing: Callable[[str], KnowFlowError]


class Named(Generic[M]):
    """Named things of one kind of all chatbots. Who may see the chatbot, which callers give, was decided before."""

    def __init__(self, entities: EntityStore, clock: Clock, kind: Kind[M]) -> None:
        self._entities = entities
        self._clock = clock
        self._kind = kind

    def list(self, flow: Flow, page: PageRequest, *, name: str = "") -> Page[M]:
        """Return one page of a chatbot's, oldest first; only those whose name holds `name`, without regard to case."""
        return page_of([one for one in self.all(flow) if name.casefold() in _name(one).casefold()], page)

    def all(self, flow: Flow) -> Sequence[M]:
        """Return all of a chatbot's, oldest first, read-only."""
        return self._entities.children(self._kind.message, flow.organization_id, flow.id)

    def get(self, flow: Flow, ns: str, *, entities: Transaction | None = None) -> M:
        """Return one by its ns, read-only.

        Raises:
            KnowFlowError: There is none; each kind has an error of its own.
        """
        record = found(entities or self._entities, self._kind.message, flow, ns)
        if record is None:
            raise self._kind.missing(ns[:SHOWN])
        return record

    def by_name(self, flow: Flow, name: str, *, entities: Transaction | None = None) -> M:
        """Return one by its name, without regard to case, read-only.

        Raises:
            KnowFlowError: There is none; each kind has an error of its own.
        """
        wanted = {"organization_id": flow.organization_id, "flow_id": flow.id, "name": name.strip()}
        if entities is None:
            record = self._entities.holder(self._kind.message, **wanted)
        else:
            held = entities.holder(self._kind.message, **wanted)
            record = None if held is None else entities.get(self._kind.message, held)
        if record is None:
            raise self._kind.missing(name[:SHOWN])
        return record

    async def create(self, flow: Flow, *, name: str, **values: Any) -> M:
        """Make one and return it.

        Raises:
            FlowNameTakenError, FlowLimitReachedError, InvalidArgumentError: As their sentences say.
        """
        return await self._entities.transact(lambda transaction: self.made(transaction, flow, name=name, **values))

    def made(self, transaction: Transaction, flow: Flow, *, name: str, **values: Any) -> M:
        """Make one within a transaction; errors as of `create`."""
        live_flow(transaction, flow)
        name, kind, now = shown_name(name), self._kind, microseconds(self._clock)
        self._refuse_taken(transaction, flow, name)
        if sum(1 for _ in transaction.children(kind.message, flow.organization_id, flow.id)) >= kind.most:
            raise FlowLimitReachedError(kind=f"{kind.word}s", limit=kind.most)
        number = next_number(transaction, flow.organization_id, kind.message)
        record: Any = kind.message(
            id=identifier(flow.organization_id, numbered(flow, kind.message, number)),
            organization_id=flow.organization_id,
            flow_id=flow.id,
            number=number,
            name=name,
            created_at=now,
            updated_at=now,
            **values,
        )
        transaction.put(record)
        return record  # type: ignore[no-any-return]

    async def update(self, flow: Flow, ns: str, **changes: Any) -> M:
        """Change one and return it.

        Raises:
            KnowFlowError: There is none, or the new name is taken or blank.
        """

        def work(transaction: Transaction) -> M:
            edited: Any = transaction.edit(self.get(flow, ns, entities=transaction))
            if "name" in changes:
                changes["name"] = shown_name(changes["name"])
                if changes["name"].casefold() != edited.name.casefold():
                    self._refuse_taken(transaction, flow, changes["name"])
            for field, value in changes.items():
                if isinstance(value, list):
                    edited.ClearField(field)
                    getattr(edited, field).extend(value)
                else:
                    setattr(edited, field, value)
            edited.updated_at = microseconds(self._clock)
            return edited  # type: ignore[no-any-return]

        return await self._entities.transact(work)

    async def delete(self, flow: Flow, *, ns: str = "", name: str = "") -> M:
        """Delete one by its ns or its name, and return what it was.

        Raises:
            KnowFlowError: There is none; each kind has an error of its own.
        """

        def work(transaction: Transaction) -> M:
            find, key = (self.get, ns) if ns else (self.by_name, name)
            record = find(flow, key, entities=transaction)
            transaction.delete(record)
            return record

        return await self._entities.transact(work)

    def _refuse_taken(self, transaction: Transaction, flow: Flow, name: str) -> None:
        wanted = {"organization_id": flow.organization_id, "flow_id": flow.id, "name": name}
        if transaction.holder(self._kind.message, **wanted) is not None:
            raise FlowNameTakenError(kind=self._kind.word, name=name)


def _name(record: Any) -> str:
    name: str = record.name
    return name
