"""What is kept, opened."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from knowflow_server.settings import Settings
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.graph import GraphStore
from knowflow_server.store.messages import MessageStore


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one database."""

    database: Database
    entities: EntityStore
    messages: MessageStore
    chunks: ChunkStore
    blobs: LanceBlobStore
    facts: GraphStore


async def open_stores(settings: Settings, stack: AsyncExitStack) -> Stores:
    """Open the database of a data folder; the stack closes it.

    Raises:
        DatabaseLockedError: Another server has it open.
    """
    database = await Database.open(settings.data_dir.absolute() / "db", durable=settings.durability == "fsync")
    stack.callback(database.close)
    entities = await EntityStore.open(database)
    stack.push_async_callback(entities.close)
    messages = await MessageStore.open(database)
    stack.push_async_callback(messages.close)
    chunks = ChunkStore(database)
    stack.push_async_callback(chunks.close)
    facts = await GraphStore.open(database)
    stack.push_async_callback(facts.close)
    return Stores(database, entities, messages, chunks, LanceBlobStore(database), facts)
