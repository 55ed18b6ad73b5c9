"""What really lies in a server's folder, read beside it or, when it has stopped, in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import lance

from knowflow_server.store.blob import TABLES
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from tests.serving import Server


def chunk_rows(server: Server, *, document: str = "", dataset: str = "") -> int:
    """Return the number of chunks of a document or a dataset on the disk, those that nobody sees included."""
    column, value = ("document", document) if document else ("dataset", dataset)
    assert value.isalnum()
    tables = (server.folder / "data" / "db").glob("chunks_*.lance")
    return sum(lance.dataset(str(table)).count_rows(filter=f"{column} = '{value}'") for table in tables)


def blob_ids(server: Server) -> set[str]:
    """Return the ids of all files on the disk."""
    found: set[str] = set()
    for number in range(TABLES):
        table = server.folder / "data" / "db" / f"blobs_{number:02d}.lance"
        if table.exists():
            rows = lance.dataset(str(table)).to_table(columns=["blob"], filter="seq = 0")
            found.update(rows.column("blob").to_pylist())
    return found


async def eventually(check: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait until something is so which nobody tells of: work that the server does after its answer."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(check):  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.05)


@asynccontextmanager
async def entities_of(folder: Path) -> AsyncIterator[EntityStore]:
    """Open the records of a server that has stopped."""
    database = await Database.open(folder / "data" / "db", durable=False)
    store = await EntityStore.open(database)
    try:
        yield store
    finally:
        await store.close()
        database.close()
