"""Writes records and chunks without end, and tells of each one when it is safe; for tests that kill it."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from tests.store.records import DIMENSION, chunk, dataset, put, unit_vectors


async def main(folder: Path, turn: int) -> None:
    database = await Database.open(folder / "db", durable=False)
    entities = await EntityStore.open(database)
    chunks = await ChunkTable.open(database, DIMENSION)
    vectors = unit_vectors(4)
    numbers = itertools.count(turn * 1_000_000)

    def acknowledged(kind: str, number: int) -> None:
        os.write(1, f"{kind} {number}\n".encode())

    async def write_entities() -> None:
        for number in numbers:
            # Pairs: half of one must never be there.
            await put(entities, dataset(f"a-{number}", f"a {number}"), dataset(f"b-{number}", f"b {number}"))
            acknowledged("entity", number)

    async def write_chunks() -> None:
        for number in numbers:
            await chunks.upsert([chunk(4 * number + place) for place in range(4)], vectors)
            acknowledged("chunk", number)

    await asyncio.gather(*(write_entities() for _ in range(4)), *(write_chunks() for _ in range(2)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
