"""Bytes of files, in Lance tables: rows of up to 4 MiB, one atomic commit per file, streamed in both directions."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import queue
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from lancedb.expr import col, lit
from lancedb.index import BTree

from knowflow_server.errors.base import StoreUnavailableError
from knowflow_server.store.database import Database
from knowflow_server.store.filters import all_of
from knowflow_server.store.maintenance import Maintenance

logger = logging.getLogger(__name__)

PIECE_BYTES = 4 * 1024 * 1024
# A file is one fragment, and each manifest lists all fragments of its table; many tables keep manifests short.
TABLES = 16
SCHEMA = pa.schema(
    [pa.field("blob", pa.string(), nullable=False), pa.field("seq", pa.int32()), pa.field("data", pa.large_binary())]
)


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What was written: size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


class _Bridge:
    """Carries pieces from async code to the thread in which LanceDB reads them; two pieces at most are under way."""

    def __init__(self, blob_id: str) -> None:
        self._blob_id = blob_id
        self._pieces: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(2)

    async def send(self, piece: bytes, reader: asyncio.Task[Any]) -> None:
        """Hand over a piece once there is room for it, or raise what ended the reader."""
        room = asyncio.create_task(self._room.acquire())
        try:
            # A reader that has failed, for example on a full disk, makes no room any more.
            await asyncio.wait({room, reader}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            room.cancel()
        if reader.done():
            reader.result()
        self._pieces.put(piece)

    def end(self, error: BaseException | None = None) -> None:
        """Tell the reader that nothing follows; with an error, that it must not keep what it has."""
        self._pieces.put(error)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the pieces as rows; runs in the reader's thread."""
        seq = 0
        while (item := self._pieces.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            self._loop.call_soon_threadsafe(self._room.release)
            yield pa.RecordBatch.from_arrays(
                [pa.array([self._blob_id]), pa.array([seq], pa.int32()), pa.array([item], pa.large_binary())],
                schema=SCHEMA,
            )
            seq += 1


class _AbandonedError(Exception):
    """The bytes stopped coming."""


class LanceBlobStore:
    """Keeps bytes under ids in the tables `blobs_00` to `blobs_15` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tables: dict[int, Any] = {}
        self._locks = [asyncio.Lock() for _ in range(TABLES)]
        self._maintenance = [Maintenance(database.uri(self._name(n)), compact=False) for n in range(TABLES)]

    async def write(self, blob_id: str, pieces: AsyncIterator[bytes]) -> BlobInfo:
        """Keep the bytes under an id; when the iterator raises, nothing is kept and its error is raised.

        Raises:
            StoreUnavailableError: The bytes could not be written, for example because the disk is full.
        """
        number = self._number(blob_id)
        table = await self._table(number)
        bridge = _Bridge(blob_id)
        adding = asyncio.create_task(table.add(pa.RecordBatchReader.from_batches(SCHEMA, bridge.batches())))
        # Whoever waits for it may be cancelled twice: then nobody looks at how it ended.
        adding.add_done_callback(lambda task: task.cancelled() or task.exception())
        digest, size, buffer = hashlib.sha256(), 0, bytearray()
        try:
            async for piece in pieces:
                buffer += piece
                size += len(piece)
                digest.update(piece)
                while len(buffer) >= PIECE_BYTES:
                    await bridge.send(bytes(buffer[:PIECE_BYTES]), adding)
                    del buffer[:PIECE_BYTES]
            # An empty file has one empty row, so that it differs from a missing one.
            if buffer or size == 0:
                await bridge.send(bytes(buffer), adding)
            bridge.end()
            await asyncio.shield(adding)
            await self._database.sync()
        except BaseException:
            await self._give_up(blob_id, bridge, adding)
            raise
        async with self._locks[number]:
            await self._maintenance[number].after_commit(table)
        return BlobInfo(size, digest.hexdigest())

    async def _give_up(self, blob_id: str, bridge: _Bridge, adding: asyncio.Task[Any]) -> None:
        """Keep nothing of a write, whether its caller, its bytes or the disk ended it."""
        failed = adding.done() and adding.exception() is not None
        bridge.end(_AbandonedError())
        await asyncio.wait([adding])
        if adding.exception() is None:
            await self.delete(blob_id)
        if failed:
            logger.error("A file could not be written.", exc_info=adding.exception())
            raise StoreUnavailableError from None

    async def read(self, blob_id: str) -> AsyncGenerator[bytes, None]:
        """Yield the bytes in pieces of up to 4 MiB.

        Raises:
            KeyError: Nothing is kept under the id.
        """
        table = await self._table(self._number(blob_id))
        seq = 0
        while True:
            found = await table.query().where(self._piece(blob_id, seq)).select(["data"]).limit(1).to_arrow()
            if not found.num_rows:
                break
            yield found.column("data")[0].as_py()
            seq += 1
        if seq == 0:
            raise KeyError(blob_id)

    async def delete(self, blob_id: str) -> None:
        """Remove the bytes; a missing id is no error."""
        number = self._number(blob_id)
        table = await self._table(number)
        async with self._locks[number]:
            await table.delete(col("blob") == lit(blob_id))
            await self._maintenance[number].after_commit(table)

    async def ids(self) -> set[str]:
        """Return the ids of everything that is kept."""
        found: set[str] = set()
        for number in range(TABLES):
            table = await self._table(number)
            rows = await table.query().where(col("seq") == lit(0)).select(["blob"]).to_arrow()
            found.update(rows.column("blob").to_pylist())
        return found

    @staticmethod
    def _piece(blob_id: str, seq: int) -> Any:
        return all_of([col("blob") == lit(blob_id), col("seq") == lit(seq)])

    @staticmethod
    def _number(blob_id: str) -> int:
        return hashlib.sha256(blob_id.encode()).digest()[0] % TABLES

    @staticmethod
    def _name(number: int) -> str:
        return f"blobs_{number:02d}"

    async def _table(self, number: int) -> Any:
        async with self._locks[number]:
            if number not in self._tables:
                table = await self._database.table(self._name(number), SCHEMA)
                if not await table.list_indices():
                    await table.create_index("blob", config=BTree())
                self._tables[number] = table
            return self._tables[number]
