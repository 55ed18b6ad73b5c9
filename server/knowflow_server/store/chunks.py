"""Chunks: one table per vector dimension, each written by one actor."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Self

import numpy as np
import pyarrow as pa
from lancedb.expr import Expr
from lancedb.index import FTS, BTree
from lancedb.query import ColumnOrdering
from numpy.typing import NDArray

from knowflow.options.v1 import options_pb2
from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow_server.errors.base import OverloadedError, StoreUnavailableError
from knowflow_server.store.database import Database
from knowflow_server.store.filters import Scope, abandoned, by_ids, sql, superseded, visible
from knowflow_server.store.maintenance import ChunkMaintenance
from knowflow_server.store.schema import added_columns, chunk_schema, index_columns, missing_indexes, spec_of

logger = logging.getLogger(__name__)

SPEC = spec_of(Chunk)
PREFIX = "chunks_"
# Fields which have columns of their own and are large; the payload leaves them out.
COLUMN_TEXTS = ("content", "tokens")
READ_COLUMNS = ["id", "content", "tokens", "live", "available", "generation", "payload"]
BATCH_ROWS = 2000
# Up to this many rows are a few milliseconds' work.
AT_ONCE = 200
QUEUE = 1000
# New rows are found by a scan until they are indexed; waiting this long lets writes come together.
INDEX_DELAY_S = 1.0


@dataclass(slots=True)
class _Upsert:
    chunks: Sequence[Chunk]
    vectors: NDArray[np.float32]
    future: asyncio.Future[None]


@dataclass(slots=True)
class _Command:
    work: Callable[[], Awaitable[Any]]
    future: asyncio.Future[Any]


class ChunkTable:
    """The chunks whose vectors have one dimension. A write is on the disk, and seen by reads, when its call returns."""

    def __init__(self, database: Database, table: Any, name: str, dimension: int) -> None:
        self._database = database
        self.table = table
        self.dimension = dimension
        self._schema = chunk_schema(SPEC, dimension)
        self._queue: asyncio.Queue[_Upsert | _Command | None] = asyncio.Queue(QUEUE)
        self.maintenance = ChunkMaintenance(database.uri(name))
        self._indexed_at = 0.0
        self._actor = asyncio.create_task(self._run(), name=name)

    @classmethod
    async def open(cls, database: Database, dimension: int) -> Self:
        """Open or create the table for a dimension."""
        name = f"{PREFIX}{dimension}_00"
        table = await database.table(name, chunk_schema(SPEC, dimension))
        if added := added_columns(SPEC, await table.schema()):
            await table.add_columns(added)
        for column in await missing_indexes(table, index_columns([SPEC], options_pb2.INDEX_BTREE)):
            await table.create_index(column, config=BTree())
        # Words are made by our own analyser, so the index only splits at blanks and changes nothing.
        words = FTS(
            base_tokenizer="whitespace",
            lower_case=False,
            stem=False,
            remove_stop_words=False,
            ascii_folding=False,
            max_token_length=None,
        )
        for column in await missing_indexes(table, index_columns([SPEC], options_pb2.INDEX_FULL_TEXT)):
            await table.create_index(column, config=words)
        chunks = cls(database, table, name, dimension)
        await chunks.maintenance.prepare(table)
        return chunks

    async def upsert(self, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
        """Write chunks over those with the same ids.

        Args:
            chunks: At least one; no two with the same id.
            vectors: Shape (len(chunks), dimension), float32, L2-normalised.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._enqueue(_Upsert(chunks, vectors, future))
        await asyncio.shield(future)

    async def update(self, scope: Scope, values: dict[str, Any]) -> int:
        """Set columns of all chunks in a scope, and return their number."""

        async def work() -> int:
            result = await self.table.update(values, where=sql(scope.predicate()))
            return int(result.rows_updated)

        return int(await self._command(work))

    async def delete(self, scope: Scope) -> int:
        """Delete all chunks in a scope, and return their number."""

        async def work() -> int:
            number = await self.count(scope)
            if number:
                await self.table.delete(scope.predicate())
            return number

        return int(await self._command(work))

    async def publish(self, scope: Scope, *, before: int) -> None:
        """Make the hidden chunks of a parse job visible in place of their document's earlier chunks.

        Args:
            scope: One document and one generation.
            before: Chunks of other generations that were created earlier than this are deleted, in microseconds
            since 1970.
        """

        async def work() -> None:
            hidden = replace(scope, live=False)
            if await self.count(hidden):
                await self.table.update({"live": True}, where=sql(hidden.predicate()))
            await self.table.delete(superseded(scope, before))

        await self._command(work)

    async def sweep(self, generations: Sequence[str]) -> None:
        """Delete the hidden chunks of all parse jobs but these: of jobs that ended without cleaning up."""

        async def work() -> None:
            if await self.table.count_rows(sql(abandoned(generations))):
                await self.table.delete(abandoned(generations))

        await self._command(work)

    async def index(self) -> None:
        """Index what was written and is not indexed yet; returns at once when all is."""
        if self.maintenance.unindexed and time.monotonic() - self._indexed_at > INDEX_DELAY_S:
            self._indexed_at = time.monotonic()
            await self._command(lambda: self.maintenance.index(self.table))

    async def counts(self) -> dict[str, int]:
        """Return the number of listed chunks of each document that can be seen; for what the server itself does."""
        return await self._by_document(visible(listed=True))

    async def searched_counts(self) -> dict[str, int]:
        """Return the number of chunks of each document that search looks at; for what the server itself does."""
        return await self._by_document(visible(searched=True))

    async def _by_document(self, predicate: Expr) -> dict[str, int]:
        counts: Counter[str] = Counter()
        batches = await self.table.query().where(predicate).select(["document"]).to_batches()
        async for batch in batches:
            for found in batch.column("document").value_counts():
                counts[found["values"].as_py()] += found["counts"].as_py()
        return dict(counts)

    async def maintain(self) -> None:
        """Compact and index the table now."""

        async def work() -> None:
            await self.maintenance.run(self.table)

        await self._command(work)

    async def count(self, scope: Scope) -> int:
        """Return the number of chunks in a scope."""
        # Not count_rows, which takes SQL only: see `filters.sql`.
        matches = self.table.query().where(scope.predicate()).select([]).with_row_id()
        return sum([batch.num_rows async for batch in await matches.to_batches()])

    async def read(self, scope: Scope) -> list[Chunk]:
        """Return the chunks of a scope in no particular order; meant for few."""
        found = await self.table.query().where(scope.predicate()).select(READ_COLUMNS).limit(100_000).to_arrow()
        return await _read(found)

    async def page(self, scope: Scope, *, offset: int, limit: int) -> list[Chunk]:
        """Return chunks of a scope in the order of their document's text."""
        order = [
            ColumnOrdering(column_name=name, ascending=True, nulls_first=False)
            for name in ("ordinal", "created_at", "id")
        ]
        # Only what is sorted is read for all rows; the texts are read for the page alone.
        narrow = self.table.query().where(scope.predicate()).select(["ordinal", "created_at", "id"]).with_row_id()
        found = await narrow.order_by(order).offset(offset).limit(limit).to_arrow()
        return await self.take(found.column("_rowid").to_pylist(), found.column("id").to_pylist())

    async def take(self, row_ids: Sequence[int], ids: Sequence[str]) -> list[Chunk]:
        """Return chunks by row, in the given order.

        Rows which moved meanwhile are found again by id; deleted ones are left out.
        """
        if not row_ids:
            return []
        found = await self.table.take_row_ids(list(row_ids)).select(READ_COLUMNS).to_arrow()
        by_id = {chunk.id: chunk for chunk in await _read(found)}
        missing = [identifier for identifier in ids if identifier not in by_id]
        if missing:
            again = await self.table.query().where(by_ids(missing)).select(READ_COLUMNS).limit(len(missing)).to_arrow()
            by_id.update((chunk.id, chunk) for chunk in chunks_of(again))
        return [by_id[identifier] for identifier in ids if identifier in by_id]

    async def by_ids(self, scope: Scope, ids: Sequence[str]) -> list[Chunk]:
        """Return the chunks of a scope with these ids, in this order; those that are gone are left out."""
        by_id = {chunk.id: chunk for chunk in await self.read(replace(scope, chunk_ids=list(ids)))} if ids else {}
        return [by_id[identifier] for identifier in ids if identifier in by_id]

    async def vectors(self, scope: Scope, *, limit: int = 1_000_000) -> list[tuple[Chunk, NDArray[np.float32]]]:
        """Return the chunks of a scope, `limit` at most, with their vectors, each of shape (dimension,), float32."""
        found = (
            await self.table.query().where(scope.predicate()).select([*READ_COLUMNS, "vector"]).limit(limit).to_arrow()
        )
        chunks = await _read(found)
        return list(zip(chunks, vectors_of(found, self.dimension), strict=True))

    async def close(self) -> None:
        """Write what is queued and stop."""
        await self._queue.put(None)
        await self._actor

    async def _enqueue(self, item: _Upsert | _Command) -> None:
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            raise OverloadedError from None

    async def _command(self, work: Callable[[], Awaitable[Any]]) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        await self._enqueue(_Command(work, future))
        return await asyncio.shield(future)

    async def _drain(self) -> list[_Upsert | _Command | None]:
        """Return what is queued; while nothing is, index what was written."""
        while True:
            try:
                # Not `wait_for`: before Python 3.12 it may swallow a cancellation, or lose an item with the time-out.
                async with asyncio.timeout(INDEX_DELAY_S if self.maintenance.unindexed else None):
                    items = [await self._queue.get()]
                break
            except TimeoutError:
                await self.maintenance.index(self.table)
        rows = 0
        while not self._queue.empty() and rows < BATCH_ROWS:
            item = self._queue.get_nowait()
            items.append(item)
            rows += len(item.chunks) if isinstance(item, _Upsert) else 0
        return items

    async def _run(self) -> None:
        ending = False
        while not ending:
            for kind, group in groupby(await self._drain(), type):
                items = list(group)
                if kind is _Upsert:
                    await self._write([item for item in items if isinstance(item, _Upsert)])
                for item in items:
                    if isinstance(item, _Command):
                        await self._answer([item.future], item.work, 1)
                    ending = ending or item is None

    async def _write(self, upserts: Sequence[_Upsert]) -> None:
        # The same id twice in one batch would be inserted twice; the last one counts.
        latest = {
            chunk.id: (chunk, vector)
            for upsert in upserts
            for chunk, vector in zip(upsert.chunks, upsert.vectors, strict=True)
        }
        batch = rows_of(
            [chunk for chunk, _ in latest.values()], np.stack([vector for _, vector in latest.values()]), self._schema
        )

        async def work() -> None:
            await self.table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(batch)

        await self._answer([upsert.future for upsert in upserts], work, len(latest))

    async def _answer(self, futures: list[asyncio.Future[Any]], work: Callable[[], Awaitable[Any]], rows: int) -> None:
        try:
            result = await work()
            await self._database.sync()
        except Exception:
            logger.exception("A write of chunks failed.", extra={"rows": rows})
            for future in futures:
                if not future.done():
                    future.set_exception(StoreUnavailableError())
            return
        for future in futures:
            if not future.done():
                future.set_result(result)
        await self.maintenance.after_write(self.table, rows)


def rows_of(chunks: Sequence[Chunk], vectors: NDArray[np.float32], schema: pa.Schema) -> pa.RecordBatch:
    """Return chunks and their vectors as rows of a table."""
    arrays: list[pa.Array] = []
    for field in schema:
        column = SPEC.column(field.name)
        if column is not None:
            arrays.append(pa.array([getattr(chunk, column.field) for chunk in chunks], field.type))
        elif field.name == "payload":
            arrays.append(pa.array([_payload(chunk) for chunk in chunks], field.type))
        else:
            arrays.append(
                pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1), pa.float32()), vectors.shape[1])
            )
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _payload(chunk: Chunk) -> bytes:
    copy = Chunk()
    copy.CopyFrom(chunk)
    for name in COLUMN_TEXTS:
        copy.ClearField(name)
    return copy.SerializeToString()


async def _read(found: pa.Table) -> list[Chunk]:
    """Return the chunks of rows; of many in a thread, because that takes longer than others should wait."""
    return chunks_of(found) if found.num_rows <= AT_ONCE else await asyncio.to_thread(chunks_of, found)


def chunks_of(found: pa.Table) -> list[Chunk]:
    """Return the chunks of rows that were read with `READ_COLUMNS`.

    Columns win over the payload, because updates set columns alone.
    """
    columns = {name: found.column(name).to_pylist() for name in READ_COLUMNS}
    chunks = []
    for place, payload in enumerate(columns["payload"]):
        chunk = Chunk.FromString(payload)
        for name in READ_COLUMNS[1:-1]:
            setattr(chunk, name, columns[name][place])
        chunks.append(chunk)
    return chunks


def vectors_of(found: pa.Table, dimension: int) -> NDArray[np.float32]:
    """Return the column `vector` of rows, shape (rows, dimension), float32."""
    if not found.num_rows:
        return np.zeros((0, dimension), np.float32)
    flat = found.column("vector").combine_chunks().flatten()
    return np.asarray(flat.to_numpy(zero_copy_only=False), np.float32).reshape(-1, dimension)


class ChunkStore:
    """All tables of chunks of a database, opened when they are needed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables: dict[int, ChunkTable] = {}
        self._lock = asyncio.Lock()

    async def table(self, dimension: int) -> ChunkTable:
        """Return the table for vectors of a dimension."""
        async with self._lock:
            if dimension not in self._tables:
                self._tables[dimension] = await ChunkTable.open(self._database, dimension)
            return self._tables[dimension]

    async def open_all(self) -> list[ChunkTable]:
        """Open the tables that exist, and return them."""
        names = [name for name in await self._database.table_names() if name.startswith(PREFIX)]
        return [await self.table(int(name.removeprefix(PREFIX).split("_")[0])) for name in names]

    async def close(self) -> None:
        """Write what is queued and stop."""
        for table in self._tables.values():
            await table.close()
