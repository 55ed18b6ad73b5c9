"""What sessions leave behind: messages, states of canvases and traces of runs; the audit log; old entries of ledgers.

Rows are appended by one actor in group commits, and read by session through an index.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from google.protobuf.message import Message as GeneratedMessage
from lancedb.expr import Expr
from lancedb.index import BTree

from knowflow.options.v1 import options_pb2
from knowflow.store.v1.agent_pb2 import AgentActivity, CanvasState, RunTrace
from knowflow.store.v1.audit_pb2 import AuditEntry
from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.chat_pb2 import Message
from knowflow.store.v1.credit_pb2 import MovedCreditEntry
from knowflow.store.v1.flow_journal_pb2 import AgentAction, ConversationStart, FlowErrorEntry
from knowflow.store.v1.flow_segment_pb2 import CustomEventEntry
from knowflow_server.errors.base import OverloadedError, StoreUnavailableError
from knowflow_server.store.database import Database
from knowflow_server.store.filters import (
    Parents,
    any_of,
    before_record,
    created_between,
    earlier_records,
    everything_of,
    messages_of,
    records_of_kind,
    records_with_ids,
    span_of,
)
from knowflow_server.store.maintenance import Maintenance
from knowflow_server.store.schema import index_columns, missing_indexes, spec_of

logger = logging.getLogger(__name__)

Record = (
    Message
    | CanvasState
    | RunTrace
    | AgentActivity
    | AuditEntry
    | MovedCreditEntry
    | ChatMessage
    | CustomEventEntry
    | ConversationStart
    | AgentAction
    | FlowErrorEntry
)
R = TypeVar(
    "R",
    Message,
    CanvasState,
    RunTrace,
    MovedCreditEntry,
    ChatMessage,
    CustomEventEntry,
    ConversationStart,
    AgentAction,
    FlowErrorEntry,
)
# What is read by the page, newest first.
L = TypeVar("L", Message, AuditEntry, AgentActivity)
A = TypeVar("A", bound=GeneratedMessage)
Item = TypeVar("Item")

# All kinds have the same columns.
SPEC = spec_of(Message)
TABLE = "messages"
# What entries of the audit log have in place of a session.
AUDIT = "audit"
# What moved entries of a ledger have in place of a session.
CREDITS = "credits"
SCHEMA = pa.schema(
    [
        pa.field("kind", pa.string()),
        *(pa.field(column.name, column.type) for column in SPEC.columns),
        pa.field("payload", pa.binary()),
    ]
)
BATCH_ROWS = 2000
QUEUE = 10_000
# Longer predicates are slow to plan.
PRUNED_AT_ONCE = 100
IDS_AT_ONCE = 1000
# Records are made of rows on the event loop, and rows of records: so many in some 3 ms.
PIECE_ROWS = 1000


@dataclass(slots=True)
class _Append:
    records: Sequence[Record]
    future: asyncio.Future[None]


@dataclass(slots=True)
class _Command:
    work: Callable[[], Awaitable[Any]]
    future: asyncio.Future[None]


@dataclass(slots=True)
class _Prune:
    """Records which nobody reads any more."""

    predicate: Expr


class MessageStore:
    """The messages of a database. A write is on the disk, and seen by reads, when its call returns."""

    def __init__(self, database: Database, table: Any) -> None:
        self._database = database
        self._table = table
        self._queue: asyncio.Queue[_Append | _Command | _Prune | None] = asyncio.Queue(QUEUE)
        self._maintenance = Maintenance(database.uri(TABLE))
        self._listeners: list[Callable[[Sequence[Record]], None]] = []
        self._is_closed = False
        self._actor = asyncio.create_task(self._run(), name="messages")

    @classmethod
    async def open(cls, database: Database) -> Self:
        """Open the table, which is created when it is missing."""
        table = await database.table(TABLE, SCHEMA)
        for column in await missing_indexes(table, index_columns([SPEC], options_pb2.INDEX_BTREE)):
            await table.create_index(column, config=BTree())
        return cls(database, table)

    async def add(self, records: Sequence[Record]) -> None:
        """Append records, all or none.

        Raises:
            OverloadedError: Too many writes wait.
            StoreUnavailableError: The write failed; nothing of it counts.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._send(_Append(records, future))
        for listener in self._listeners:
            listener(records)

    def subscribe(self, listener: Callable[[Sequence[Record]], None]) -> None:
        """Have a function called with the records of each write; it must neither wait nor raise."""
        self._listeners.append(listener)

    async def delete(self, organization_id: str, session_ids: Sequence[str]) -> None:
        """Delete the messages of sessions.

        Raises:
            OverloadedError, StoreUnavailableError: As `add`.
        """
        if not session_ids:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        predicate = messages_of(organization_id, session_ids)
        await self._send(_Command(lambda: self._table.delete(predicate), future))

    async def delete_all(self, organization_id: str) -> None:
        """Delete everything of an organization.

        Raises:
            OverloadedError, StoreUnavailableError: As `add`.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        predicate = everything_of(organization_id)
        await self._send(_Command(lambda: self._table.delete(predicate), future))

    async def replace(self, state: CanvasState, records: Sequence[Record] = ()) -> None:
        """Append the state of a session with further records, all or none; its earlier states go some time after.

        Raises:
            OverloadedError, StoreUnavailableError: As `add`.
        """
        await self.add([*records, state])
        kind = spec_of(CanvasState).kind
        # Nobody waits for it: the newest state counts, and what is left by an end of the server goes the next time.
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(_Prune(earlier_records(state.organization_id, state.session_id, kind, state.id)))

    async def of(self, organization_id: str, session_ids: Sequence[str]) -> dict[str, list[Message]]:
        """Return the messages of sessions, oldest first; a session without messages has an empty list."""
        found: defaultdict[str, list[Message]] = defaultdict(list)
        for message in await self.records(Message, organization_id, session_ids):
            found[message.session_id].append(message)
        return {identifier: found[identifier] for identifier in session_ids}

    async def records(
        self, message: type[R], organization_id: str, session_ids: Sequence[str], *, after: int = 0, until: int = 0
    ) -> list[R]:
        """Return the records of one kind of sessions, oldest first.

        Args:
            message: The kind.
            organization_id: Whose sessions.
            session_ids: The sessions.
            after: Only later ones, in microseconds since 1970; 0 for all.
            until: Only those of this time or earlier; 0 for all.
        """
        if not session_ids:
            return []
        predicate = created_between(messages_of(organization_id, session_ids, spec_of(message).kind), after, until)
        return sorted(await self._read(message, predicate), key=lambda record: (record.created_at, record.id))

    async def counts(self) -> Counter[str]:
        """Return the number of messages of every session of all organizations; for what the server itself does."""
        found: Counter[str] = Counter()
        query = self._table.query().where(records_of_kind(SPEC.kind)).select(["parent"])
        async for batch in await query.to_batches():
            found.update(batch.column("parent").to_pylist())
        return found

    async def newest(
        self,
        message: type[L],
        organization_id: str,
        parent: str,
        *,
        offset: int,
        size: int,
        before: tuple[int, str] | None = None,
        within: tuple[int, int] | None = None,
    ) -> tuple[list[L], int]:
        """Return one page of the records of a kind under one parent, newest first, and the number of all of them.

        Times and ids of all records are read and sorted, whole records of the page alone.

        Args:
            message: The kind.
            organization_id: Whose records.
            parent: What they have in place of a session.
            offset: Number of records before the page; without effect when `before` is given.
            size: Most records of the page.
            before: Time and id of the last record of the page before.
            within: First time that counts, and the first after it that does not, in microseconds since 1970.
        """
        predicate = messages_of(organization_id, [parent], spec_of(message).kind)
        places = await self._table.query().where(predicate).select(["created_at", "id"]).to_arrow()
        if within is not None:
            time = places.column("created_at")
            places = places.filter(pc.and_(pc.greater_equal(time, within[0]), pc.less(time, within[1])))
        page = await asyncio.to_thread(_newest, places, before, 0 if before else offset, size)
        wanted = page.column("id").to_pylist()
        if not wanted:
            return [], places.num_rows
        found = await self._read(message, records_with_ids(organization_id, wanted))
        return sorted(found, key=lambda record: (record.created_at, record.id), reverse=True), places.num_rows

    async def entries(
        self,
        message: type[R],
        organization_id: str,
        parent: str | Parents,
        *,
        since: int = 0,
        until: int = 0,
        after: str = "",
        size: int = 0,
    ) -> list[R]:
        """Return records of one kind under one parent, or several, whose ids grow with time, oldest first.

        Times and ids of all are read and sorted, whole records of the result alone.

        Args:
            message: The kind.
            organization_id: Whose records.
            parent: What they are of.
            since: From when, in microseconds since 1970.
            until: Before when, in microseconds since 1970; 0 for no end.
            after: Only records with a larger id than this.
            size: Most records; 0 for all.
        """
        predicate = span_of(organization_id, parent, spec_of(message).kind, since=since, until=until, after=after)
        places = await self._table.query().where(predicate).select(["id"]).to_arrow()
        ids = await asyncio.to_thread(_first, places, size)
        found: list[R] = []
        for start in range(0, len(ids), IDS_AT_ONCE):
            found += await self._read(message, records_with_ids(organization_id, ids[start : start + IDS_AT_ONCE]))
        return sorted(found, key=lambda record: record.id)

    async def _read(self, message: type[A], predicate: Expr) -> list[A]:
        """Return the records of one kind, in no order; many are made in between other calls."""
        found: list[A] = []
        async for batch in await self._table.query().where(predicate).select(["payload"]).to_batches():
            for piece in _pieces(batch.column("payload").to_pylist()):
                found += [message.FromString(payload) for payload in piece]
                await asyncio.sleep(0)
        return found

    async def each(
        self,
        message: type[R],
        organization_id: str,
        parent: str | Parents,
        take: Callable[[R], None],
        *,
        since: int,
        until: int,
    ) -> None:
        """Give a function all records of one kind and some time, in no order and outside of the event loop.

        Args:
            message: The kind.
            organization_id: Whose records.
            parent: What they are of.
            take: Called with one after the other.
            since: From when, in microseconds since 1970.
            until: Before when, in microseconds since 1970.
        """

        def taken(batch: pa.RecordBatch) -> None:
            for record in _parsed(message, batch):
                take(record)

        predicate = span_of(organization_id, parent, spec_of(message).kind, since=since, until=until, after="")
        async for batch in await self._table.query().where(predicate).select(["payload"]).to_batches():
            await asyncio.to_thread(taken, batch)

    async def count(
        self, message: type[R], organization_id: str, parent: str | Parents, *, since: int, until: int
    ) -> int:
        """Return the number of records of one kind and some time; arguments as of `each`."""
        predicate = span_of(organization_id, parent, spec_of(message).kind, since=since, until=until, after="")
        places = await self._table.query().where(predicate).select(["id"]).to_arrow()
        return int(places.num_rows)

    async def trim(self, message: type[R], organization_id: str, parent: str | Parents, *, keep: int) -> None:
        """Have all but the newest records of one kind, whose ids grow with time, deleted some time after.

        Args:
            message: The kind.
            organization_id: Whose records.
            parent: What they are of.
            keep: How many stay, at least 1.
        """
        kind = spec_of(message).kind
        predicate = span_of(organization_id, parent, kind, since=0, until=0, after="")
        places = await self._table.query().where(predicate).select(["id"]).to_arrow()
        if places.num_rows <= keep:
            return
        ids = await asyncio.to_thread(_first, places, 0)
        # What does not go now goes the next time.
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(_Prune(before_record(organization_id, parent, kind, ids[-keep])))

    async def close(self) -> None:
        """Write what is queued and stop; later writes are refused, where they would wait for ever."""
        self._is_closed = True
        await self._queue.put(None)
        await self._actor

    async def _send(self, item: _Append | _Command) -> None:
        if self._is_closed:
            raise StoreUnavailableError
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            raise OverloadedError from None
        await asyncio.shield(item.future)

    async def _run(self) -> None:
        ending = False
        while not ending:
            items = [await self._queue.get()]
            while not self._queue.empty() and len(items) < BATCH_ROWS:
                items.append(self._queue.get_nowait())
            ending = None in items
            await self._process([item for item in items if item is not None])

    async def _process(self, items: Sequence[_Append | _Command | _Prune]) -> None:
        """Write in the order of the calls; neighbouring appends are one commit, and so is what is pruned.

        That goes first: what it leaves was on the disk before it was asked for, and what is new now is none of it.
        """
        old = [item.predicate for item in items if isinstance(item, _Prune)]
        for start in range(0, len(old), PRUNED_AT_ONCE):
            predicate = any_of(old[start : start + PRUNED_AT_ONCE])
            await self._commit(partial(self._table.delete, predicate), [])
        group: list[_Append] = []
        for item in items:
            if isinstance(item, _Append):
                group.append(item)
            if not isinstance(item, _Command):
                continue
            await self._append(group)
            group = []
            await self._commit(item.work, [item.future])
        await self._append(group)

    async def _append(self, group: Sequence[_Append]) -> None:
        if group:
            records = [record for item in group for record in item.records]
            await self._commit(partial(self._add, records), [item.future for item in group])

    async def _add(self, records: Sequence[Record]) -> None:
        batches = []
        for piece in _pieces(records):
            batches.append(pa.RecordBatch.from_pylist([_row(record) for record in piece], schema=SCHEMA))
            await asyncio.sleep(0)
        await self._table.add(pa.Table.from_batches(batches, SCHEMA))

    async def _commit(self, work: Callable[[], Awaitable[Any]], futures: Sequence[asyncio.Future[None]]) -> None:
        try:
            await work()
            await self._database.sync()
        except Exception:
            logger.exception("A write of messages failed.")
            for future in futures:
                if not future.done():
                    future.set_exception(StoreUnavailableError())
            return
        for future in futures:
            if not future.done():
                future.set_result(None)
        await self._maintenance.after_commit(self._table)


def _pieces(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + PIECE_ROWS] for start in range(0, len(items), PIECE_ROWS))


def _row(record: Record) -> dict[str, Any]:
    spec = spec_of(type(record))
    row: dict[str, Any] = {column.name: getattr(record, column.field) for column in spec.columns}
    return {**row, "kind": spec.kind, "payload": record.SerializeToString()}


def _parsed(message: type[R], batch: pa.RecordBatch) -> list[R]:
    """Return the records of some rows."""
    return [message.FromString(payload) for payload in batch.column("payload").to_pylist()]


def _first(places: pa.Table, size: int) -> list[str]:
    """Return the first ids in their order; all when `size` is 0."""
    ids: list[str] = places.sort_by("id").column("id").slice(0, size or None).to_pylist()
    return ids


def _newest(places: pa.Table, before: tuple[int, str] | None, offset: int, size: int) -> pa.Table:
    """Return one page of times and ids, newest first."""
    if before is not None:
        time, identifier = places.column("created_at"), places.column("id")
        same = pc.and_(pc.equal(time, before[0]), pc.less(identifier, before[1]))
        places = places.filter(pc.or_(pc.less(time, before[0]), same))
    return places.sort_by([("created_at", "descending"), ("id", "descending")]).slice(offset, size)
