"""Records and vectors for the tests of the store, and stores opened for a while."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

ORGANIZATION = "organization-1"
DIMENSION = 8


def dataset(identifier: str, name: str, **fields: Any) -> Dataset:
    """Return a dataset of the first organization."""
    return Dataset(**{"id": identifier, "organization_id": ORGANIZATION, "name": name, **fields})


def document(identifier: str, dataset_id: str, name: str, **fields: Any) -> Document:
    """Return a document of the first organization."""
    return Document(
        **{"id": identifier, "organization_id": ORGANIZATION, "dataset_id": dataset_id, "name": name, **fields}
    )


def chunk(number: int, content: str = "", **fields: Any) -> Chunk:
    """Return a visible chunk of the first organization; its words are those of its content."""
    text = content or f"chunk number {number}"
    defaults = {
        "id": f"{number:016x}",
        "organization_id": ORGANIZATION,
        "dataset_id": "dataset-1",
        "document_id": "document-1",
        "generation": "generation-1",
        "live": True,
        "available": True,
        "ordinal": number,
        "content": text,
        "tokens": text,
        "created_at": 1_000 + number,
        "updated_at": 1_000 + number,
    }
    return Chunk(**{**defaults, **fields})


def unit_vectors(count: int, *, dimension: int = DIMENSION, seed: int = 0) -> NDArray[np.float32]:
    """Return random vectors of length 1, shape (count, dimension)."""
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


async def put(store: EntityStore, *records: Any) -> None:
    """Write records in one transaction."""

    def work(transaction: Transaction) -> None:
        for record in records:
            transaction.put(record)

    await store.transact(work)


async def upsert(table: ChunkTable, chunks: Sequence[Chunk], *, seed: int = 0) -> NDArray[np.float32]:
    """Write chunks with random vectors, and return these."""
    vectors = unit_vectors(len(chunks), dimension=table.dimension, seed=seed)
    await table.upsert(chunks, vectors)
    return vectors


@asynccontextmanager
async def open_database(folder: Path) -> AsyncIterator[Database]:
    """Have a database open."""
    database = await Database.open(folder / "db", durable=False)
    try:
        yield database
    finally:
        database.close()


@asynccontextmanager
async def open_entities(folder: Path) -> AsyncIterator[EntityStore]:
    """Have the entities of a folder open."""
    async with open_database(folder) as database:
        store = await EntityStore.open(database)
        try:
            yield store
        finally:
            await store.close()


@asynccontextmanager
async def open_chunks(folder: Path, dimension: int = DIMENSION) -> AsyncIterator[ChunkTable]:
    """Have a table of chunks of a folder open."""
    async with open_database(folder) as database:
        table = await ChunkTable.open(database, dimension)
        try:
            yield table
        finally:
            await table.close()
