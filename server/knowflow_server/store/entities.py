"""Entities: every low-volume record, served from memory, written by one actor in group commits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Self, TypeVar, cast

import pyarrow as pa
from google.protobuf.message import Message
from lancedb.expr import col, lit
from lancedb.index import BTree

from knowflow.options.v1 import options_pb2
from knowflow_server.errors.base import OverloadedError, StoreUnavailableError
from knowflow_server.store.database import Database
from knowflow_server.store.maintenance import Maintenance
from knowflow_server.store.schema import RecordSpec, entity_schema, index_columns, missing_indexes, records_of, spec_of
from knowflow_server.store.transaction import Key, Memory, Transaction

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)
T = TypeVar("T")

TABLE = "entities"
MESSAGES: tuple[type[Message], ...] = records_of(TABLE)
# A commit takes what is queued, up to this many transactions: larger batches gain nothing any more.
BATCH = 2000
QUEUE = 10_000
# A deleted record leaves a row and its revision; when so many have come together, they go.
TOMBSTONES = 20_000
# Rows are made on the event loop, 300 in some 3 ms.
PIECE_ROWS = 300

Work = Callable[[Transaction], Any]


class EntityStore:
    """The entities of a database.

    Reads answer from memory. `transact` runs a function against the latest state, together with the functions of
    other callers who
    wait, and answers when its writes are on the disk.
    """

    def __init__(self, database: Database, table: Any, memory: Memory) -> None:
        self._database = database
        self._table = table
        self._memory = memory
        self._specs = {spec.kind: spec for spec in map(spec_of, MESSAGES)}
        self._schema = entity_schema(self._specs.values())
        self._queue: asyncio.Queue[tuple[Work, asyncio.Future[Any]] | None] = asyncio.Queue(QUEUE)
        self._listeners: dict[str, list[Callable[[str, Any], None]]] = {}
        self._observers: list[Callable[[Transaction], None]] = []
        self._maintenance = Maintenance(database.uri(TABLE))
        self._is_closed = False
        self._actor = asyncio.create_task(self._run(), name="entities")

    @classmethod
    async def open(cls, database: Database) -> Self:
        """Open the table and read all records into memory."""
        specs = {spec.kind: spec for spec in map(spec_of, MESSAGES)}
        table = await database.table(TABLE, entity_schema(specs.values()))
        for column in await missing_indexes(table, ["pk", *index_columns(specs.values(), options_pb2.INDEX_BTREE)]):
            await table.create_index(column, config=BTree())
        # A tombstone keeps the revision of a deleted record for as long as somebody may hold an older one: until now.
        deleted = col("deleted").eq(lit(value=True))
        if await table.count_rows(deleted.to_sql()):
            await table.delete(deleted)
        memory = Memory()
        batches = (
            await table.query().where(col("deleted") == lit(False)).select(["kind", "rev", "payload"]).to_batches()
        )
        async for batch in batches:
            for kind, rev, payload in zip(
                *(batch.column(name).to_pylist() for name in ("kind", "rev", "payload")), strict=True
            ):
                record: Any = specs[kind].message.FromString(payload)
                memory.apply((kind, record.id), record, specs[kind], rev)
        return cls(database, table, memory)

    def get(self, message: type[M], identifier: str) -> M | None:
        """Return a record, read-only, or None."""
        return cast("M | None", self._memory.records.get((spec_of(message).kind, identifier)))

    def children(self, message: type[M], organization_id: str, parent: str = "") -> list[M]:
        """Return the records of a kind under one parent, oldest first, read-only."""
        return list(self._memory.siblings(spec_of(message).kind, organization_id, parent))

    def page(
        self,
        message: type[M],
        organization_id: str,
        parent: str = "",
        *,
        offset: int,
        size: int,
        after: tuple[int, str] | None = None,
        desc: bool = False,
    ) -> tuple[list[M], int]:
        """Return one page of the records of a kind under one parent, read-only, and their number on all pages.

        Costs the logarithm of their number, however deep the page lies.

        Args:
            message: The kind.
            organization_id: Whose records.
            parent: The parent, for kinds that have one.
            offset: Number of records before the page; without effect when `after` is given.
            size: Most records of the page.
            after: Creation time and id of the record before the page.
            desc: Whether the newest comes first, where else the oldest does.
        """
        records = self._memory.siblings(spec_of(message).kind, organization_id, parent)
        if desc:
            end = len(records) - offset if after is None else records.bisect_key_left(after)
            return list(records.islice(max(0, end - size), max(0, end), reverse=True)), len(records)
        start = offset if after is None else records.bisect_key_right(after)
        return list(records.islice(start, start + size)), len(records)

    def holder(self, message: type[M], **values: str) -> M | None:
        """Return the record that has these unique values, or None; arguments as of `Transaction.holder`."""
        identifier = Transaction(self._memory, {}, {}).holder(message, **values)
        return self.get(message, identifier) if identifier is not None else None

    def changes(self, message: type[M], organization_id: str, parent: str = "") -> int:
        """Return a number that changes with the records of a kind under one parent; 0 where there are none."""
        return self._memory.changes.get((spec_of(message).kind, organization_id, parent), 0)

    def owned(self, organization_id: str, *, most: int) -> list[Any]:
        """Return records of an organization, of whatever kind, read-only; none when there is nothing of it."""
        return list(islice(self._memory.owned(organization_id), most))

    def all(self, message: type[M]) -> Iterator[M]:
        """Return all records of a kind of all organizations; for what the server itself does, never for a caller."""
        return iter(list(self._memory.kinds[spec_of(message).kind].values()))

    def subscribe(self, message: type[M], listener: Callable[[str, M | None], None]) -> None:
        """Have a function called with the id of each record of a kind that a commit writes, and None for a deleted one.

        It is called at once after the commit, before its callers go on, and must neither wait nor raise.
        """
        self._listeners.setdefault(spec_of(message).kind, []).append(listener)

    def observe(self, observer: Callable[[Transaction], None]) -> None:
        """Have a function called at the end of each transaction, which may add writes to it and must not wait.

        So what follows from a change is written with it, whoever makes the change.
        """
        self._observers.append(observer)

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run a function that reads and writes records, and return its result once its writes are on the disk.

        The function runs alone, may run when other callers' writes have just happened, and must not wait for
        anything. When it raises,
        nothing of it is written and the error goes to the caller.

        Raises:
            OverloadedError: Too many transactions wait.
            StoreUnavailableError: The commit failed; nothing of the batch counts.
        """
        if self._is_closed:
            raise StoreUnavailableError
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((work, future))
        except asyncio.QueueFull:
            raise OverloadedError from None
        # A caller who leaves does not undo its transaction: the batch holds others' writes, too.
        return await asyncio.shield(future)

    async def close(self) -> None:
        """Write what is queued and stop; later transactions are refused, where they would wait for ever."""
        self._is_closed = True
        await self._queue.put(None)
        await self._actor

    async def _run(self) -> None:
        ending = False
        while not ending:
            items = [await self._queue.get()]
            while not self._queue.empty() and len(items) < BATCH:
                items.append(self._queue.get_nowait())
            ending = None in items
            rows = await self._process([item for item in items if item is not None])
            await self._forget_deleted()
            await self._maintenance.after_commit(self._table, rows)

    async def _forget_deleted(self) -> None:
        """Remove what deleted records have left, when it is much: nobody holds an older revision between commits."""
        if len(self._memory.deleted) < TOMBSTONES:
            return
        try:
            await self._table.delete(col("deleted").eq(lit(value=True)))
            await self._database.sync()
        except Exception:
            logger.exception("What deleted records have left could not be removed; the next commit tries again.")
            return
        self._memory.forget_deleted()

    async def _process(self, items: list[tuple[Work, asyncio.Future[Any]]]) -> int:
        """Run transactions, commit what they write together, and return the number of rows."""
        pending: dict[Key, Any | None] = {}
        unique: dict[tuple[str, ...], Key | None] = {}
        specs: dict[Key, RecordSpec] = {}
        answers: list[tuple[asyncio.Future[Any], Any]] = []
        for work, future in items:
            transaction = Transaction(self._memory, pending, unique)
            try:
                result = work(transaction)
                for observer in self._observers:
                    observer(transaction)
                transaction.check()
            except Exception as error:  # noqa: BLE001 - the caller gets it, whatever it is
                if not future.done():
                    future.set_exception(error)
                continue
            unique.update(transaction.unique_writes)
            for key, (spec, record) in transaction.writes.items():
                pending[key], specs[key] = record, spec
            answers.append((future, result))
        await self._commit(pending, specs, answers)
        return len(pending)

    async def _commit(
        self,
        pending: dict[Key, Any | None],
        specs: dict[Key, RecordSpec],
        answers: list[tuple[asyncio.Future[Any], Any]],
    ) -> None:
        revisions = {key: self._memory.revisions.get(key, 0) for key in pending}
        try:
            if pending:
                await self._write(pending, specs, revisions)
        except Exception:
            logger.exception("A commit of entities failed.", extra={"rows": len(pending)})
            for future, _ in answers:
                if not future.done():
                    future.set_exception(StoreUnavailableError())
            return
        for key, record in pending.items():
            self._memory.apply(key, record, specs[key], revisions[key] + 1)
            for listener in self._listeners.get(key[0], ()):
                listener(key[1], record)
        for future, result in answers:
            if not future.done():
                future.set_result(result)

    async def _write(
        self, pending: dict[Key, Any | None], specs: dict[Key, RecordSpec], revisions: dict[Key, int]
    ) -> None:
        batch = pa.Table.from_batches(
            [piece async for piece in self._pieces(pending, specs, revisions)], self._schema
        ).combine_chunks()
        # The condition refuses rows which somebody else changed; the lock on the folder makes that impossible, so it
        # is an alarm.
        merge = self._table.merge_insert("pk").when_matched_update_all(where="target.rev = source.base_rev")
        result = await merge.when_not_matched_insert_all().execute(batch)
        if result.num_updated_rows + result.num_inserted_rows != len(pending):
            raise RuntimeError("Rows were changed behind the store's back.")
        await self._database.sync()

    async def _pieces(
        self, pending: dict[Key, Any | None], specs: dict[Key, RecordSpec], revisions: dict[Key, int]
    ) -> AsyncIterator[pa.RecordBatch]:
        """Yield the rows of a commit; those of a large one, when a dataset goes, are made in between other calls."""
        items = list(pending.items())
        for start in range(0, len(items), PIECE_ROWS):
            piece = items[start : start + PIECE_ROWS]
            rows = [self._row(key, specs[key], record, revisions[key]) for key, record in piece]
            yield pa.RecordBatch.from_pylist(rows, schema=self._schema)
            await asyncio.sleep(0)

    @staticmethod
    def _row(key: Key, spec: RecordSpec, record: Any | None, revision: int) -> dict[str, Any]:
        row: dict[str, Any] = {
            "pk": "/".join(key),
            "kind": key[0],
            "rev": revision + 1,
            "base_rev": revision,
            "deleted": record is None,
            "payload": b"" if record is None else record.SerializeToString(),
        }
        if record is not None:
            row.update((column.name, getattr(record, column.field)) for column in spec.columns)
        return row


def ordered(records: Sequence[M], *, by: str, desc: bool) -> list[M]:
    """Return records, which come oldest first, in the order of a time field, ties by id."""
    found = list(records)
    if by != "created_at":
        found.sort(key=lambda record: (getattr(record, by), record.id))  # type: ignore[attr-defined]
    if desc:
        found.reverse()
    return found
