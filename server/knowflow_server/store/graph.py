"""Facts of knowledge graphs: one table, written by one actor, read column by column."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lancedb.index import BTree
from numpy.typing import NDArray

from knowflow.options.v1 import options_pb2
from knowflow.store.v1.graph_pb2 import GraphFact
from knowflow_server.errors.base import OverloadedError, StoreUnavailableError
from knowflow_server.store.database import Database
from knowflow_server.store.filters import FactScope, by_ids
from knowflow_server.store.maintenance import Maintenance
from knowflow_server.store.schema import fact_schema, index_columns, missing_indexes, spec_of

logger = logging.getLogger(__name__)

SPEC = spec_of(GraphFact)
TABLE = "graph_00"
READ_COLUMNS = ["kind", "source", "target", "label", "name", "weight", "document", "generation"]
QUEUE = 1000
BATCH = 256


class Coded(NamedTuple):
    """A column of texts: each different text once, and per row the place of its text, shape (n,), int64."""

    values: list[str]
    codes: NDArray[np.int64]


class FactColumns(NamedTuple):
    """Facts column by column; all columns have the same number of rows, n."""

    kind: NDArray[np.int64]
    source: Coded
    target: Coded
    label: Coded
    name: Coded
    document: Coded
    generation: Coded
    weight: NDArray[np.float64]


@dataclass(slots=True)
class _Insert:
    facts: Sequence[GraphFact]
    future: asyncio.Future[Any]


@dataclass(slots=True)
class _Command:
    work: Callable[[], Awaitable[Any]]
    future: asyncio.Future[Any]


class GraphStore:
    """The facts of all knowledge graphs. A write is on the disk, and seen by reads, when its call returns."""

    def __init__(self, database: Database, table: Any) -> None:
        self._database = database
        self._table = table
        self._schema = fact_schema(SPEC)
        self._queue: asyncio.Queue[_Insert | _Command | None] = asyncio.Queue(QUEUE)
        self._maintenance = Maintenance(database.uri(TABLE))
        self._actor = asyncio.create_task(self._run(), name=TABLE)

    @classmethod
    async def open(cls, database: Database) -> Self:
        """Open or create the table."""
        table = await database.table(TABLE, fact_schema(SPEC))
        for column in await missing_indexes(table, index_columns([SPEC], options_pb2.INDEX_BTREE)):
            await table.create_index(column, config=BTree())
        return cls(database, table)

    async def add(self, facts: Sequence[GraphFact]) -> None:
        """Write new facts; none of them may be there yet.

        Raises:
            OverloadedError: Too many writes wait.
            StoreUnavailableError: The write failed.
        """
        if facts:
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            await self._enqueue(_Insert(facts, future))

    async def delete(self, scope: FactScope) -> None:
        """Remove all facts of a scope."""

        async def work() -> None:
            if await self._count(scope):
                await self._table.delete(scope.predicate())

        await self._command(work)

    async def sweep(self, generations: Iterable[str]) -> None:
        """Remove the facts of all generations but these, of all organizations: what a killed server left."""
        alive = pa.array(sorted(generations), pa.string())

        async def work() -> None:
            found: set[str] = set()
            async for batch in await self._table.query().select(["generation"]).to_batches():
                column = batch.column("generation")
                found.update(pc.unique(column.filter(pc.invert(pc.is_in(column, value_set=alive)))).to_pylist())
            if found:
                await self._table.delete(FactScope.of_generations(sorted(found)))

        await self._command(work)

    async def read(self, scope: FactScope) -> list[GraphFact]:
        """Return the facts of a scope in no particular order; meant for few."""
        # By ids alone the index on them answers; with more conditions, those of whole organizations would be read, too.
        predicate = by_ids(scope.ids) if scope.ids is not None else scope.predicate()
        found = await self._table.query().where(predicate).select(["payload"]).limit(100_000).to_arrow()
        facts = [GraphFact.FromString(payload) for payload in found.column("payload").to_pylist()]
        return [
            fact
            for fact in facts
            if fact.organization_id == scope.organization_id and scope.dataset_id in {None, fact.dataset_id}
        ]

    async def generations(self, scope: FactScope) -> set[str]:
        """Return the jobs which wrote the facts of a scope."""
        found: set[str] = set()
        async for batch in await self._table.query().where(scope.predicate()).select(["generation"]).to_batches():
            found.update(pc.unique(batch.column("generation")).to_pylist())
        return found

    async def columns(self, scope: FactScope, generations: Iterable[str]) -> FactColumns:
        """Return the columns of the facts of a scope which these generations wrote."""
        found = await self._table.query().where(scope.predicate()).select(READ_COLUMNS).to_arrow()
        alive = pa.array(list(generations), pa.string())
        return await asyncio.to_thread(_columns, found, alive)

    async def close(self) -> None:
        """Write what is queued and stop."""
        await self._queue.put(None)
        await self._actor

    async def _count(self, scope: FactScope) -> int:
        matches = self._table.query().where(scope.predicate()).select([]).with_row_id().limit(1)
        return sum([batch.num_rows async for batch in await matches.to_batches()])

    async def _enqueue(self, item: _Insert | _Command) -> Any:
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            raise OverloadedError from None
        return await asyncio.shield(item.future)

    async def _command(self, work: Callable[[], Awaitable[Any]]) -> Any:
        return await self._enqueue(_Command(work, asyncio.get_running_loop().create_future()))

    async def _run(self) -> None:
        ending = False
        while not ending:
            items = [await self._queue.get()]
            while not self._queue.empty() and len(items) < BATCH:
                items.append(self._queue.get_nowait())
            inserts = [item for item in items if isinstance(item, _Insert)]
            # Inserts come together into one commit; nobody waits for a fact which a command of the same batch removes.
            if inserts:
                await self._answer([item.future for item in inserts], lambda found=inserts: self._insert(found))  # type: ignore[misc]
            for item in items:
                if isinstance(item, _Command):
                    await self._answer([item.future], item.work)
                ending = ending or item is None

    async def _insert(self, inserts: Sequence[_Insert]) -> None:
        facts = [fact for insert in inserts for fact in insert.facts]
        await self._table.add(await asyncio.to_thread(_rows, facts, self._schema))

    async def _answer(self, futures: list[asyncio.Future[Any]], work: Callable[[], Awaitable[Any]]) -> None:
        try:
            result = await work()
            await self._database.sync()
        except Exception:
            logger.exception("A write of facts failed.", extra={"writes": len(futures)})
            for future in futures:
                if not future.done():
                    future.set_exception(StoreUnavailableError())
            return
        for future in futures:
            if not future.done():
                future.set_result(result)
        await self._maintenance.after_commit(self._table)


def _rows(facts: Sequence[GraphFact], schema: pa.Schema) -> pa.Table:
    arrays = []
    for column in schema:
        kept = SPEC.column(column.name)
        values = [fact.SerializeToString() if kept is None else getattr(fact, kept.field) for fact in facts]
        arrays.append(pa.array(values, column.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _columns(found: pa.Table, alive: pa.Array) -> FactColumns:
    found = found.filter(pc.is_in(found.column("generation"), value_set=alive))

    def coded(name: str) -> Coded:
        column = found.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.array([], pa.string())
        encoded = column.dictionary_encode()
        return Coded(encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64))

    return FactColumns(
        kind=found.column("kind").to_numpy().astype(np.int64),
        source=coded("source"),
        target=coded("target"),
        label=coded("label"),
        name=coded("name"),
        document=coded("document"),
        generation=coded("generation"),
        weight=found.column("weight").to_numpy().astype(np.float64),
    )
