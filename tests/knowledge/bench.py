"""Knowledge items on a real store, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.knowledge_item_pb2 import KnowledgeChange, KnowledgeItem, KnowledgeShelf
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.indexing import Indexing
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.knowledge_item import ItemLimits, KnowledgeItems
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.ports import ProviderError, ResolvedEmbedder
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.reference import References
from knowflow_server.domain.shelving import Shelving
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.domain.tags import Tagger
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from tests.store.records import DIMENSION, ORGANIZATION, put, unit_vectors

CALLER = Principal(ORGANIZATION)
MODEL = "counting@test"


class CountingEmbedder:
    """Gives every text a vector of its own, and keeps what it was asked for; it fails while it is told to."""

    name, dimension = MODEL, DIMENSION

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = False

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.fails:
            raise ProviderError("test", "It is down.")
        self.asked += texts
        return np.concatenate([unit_vectors(1, seed=sum(text.encode())) for text in texts])

    def resolve_embedder(self, model_id: str) -> ResolvedEmbedder:
        given: Any = self
        return ResolvedEmbedder(given, model_id, MODEL, is_fallback=False)


class Bench:
    """A store, and knowledge items on it."""

    def __init__(self, entities: EntityStore, store: ChunkStore, *, most: int) -> None:
        self.entities = entities
        self.store = store
        self.embedder = CountingEmbedder()
        models: Any = self.embedder
        clock, ids, locks = SystemClock(), Uuid1Source(), NamedLocks()
        indexing = Indexing(Embedding(models), Tagger(entities, store))
        counts = ChunkCounts(entities, Outbox(entities, clock, ids))
        nobody: Any = None
        agents = SimpleAgents(entities, nobody, models, clock, ids)
        datasets = Datasets(entities, Jobs(clock, ids), models, clock, ids, default_embedding_model=MODEL)
        references = References(entities, store, indexing, counts, locks, clock, ids)
        self.shelving = Shelving(entities, store, indexing, counts, locks, clock)
        limits = ItemLimits("free", {"free": most, "pro": 2 * most})
        links = AgentLinks(entities, nobody)
        self.items = KnowledgeItems(
            entities, agents, links, datasets, references, self.shelving, limits, locks, clock, ids
        )

    async def agent(self, identifier: str) -> str:
        """Make an agent, unless it is there."""
        if self.entities.get(Agent, identifier) is None:
            await put(self.entities, Agent(id=identifier, organization_id=ORGANIZATION, title=identifier))
        return identifier

    def dataset_of(self, agent_id: str) -> Dataset:
        """Return the dataset of an agent."""
        agent = self.entities.get(Agent, agent_id)
        assert agent is not None
        found = self.entities.get(Dataset, agent.simple.dataset_id)
        assert found is not None
        return found

    async def chunks(self) -> list[Chunk]:
        """Return all chunks that can be seen."""
        return await (await self.store.table(DIMENSION)).read(Scope(ORGANIZATION))

    async def finished(self) -> None:
        """Have everything finished that was left."""
        for change in self.entities.all(KnowledgeChange):
            await self.shelving.finish(change.id)

    async def faults(self) -> list[str]:
        """Return what is wrong: chunks without an item, items without a chunk, wrong numbers."""
        found = []
        chunks = await self.chunks()
        places = {(chunk.document_id, chunk.id): chunk for chunk in chunks}
        wanted = {}
        for item in self.entities.all(KnowledgeItem):
            for placement in item.placements:
                wanted[placement.document_id, placement.chunk_id] = item
        found += [f"a chunk of no item: {key}" for key in places.keys() - wanted.keys()]
        found += [f"an item without its chunk: {key}" for key in wanted.keys() - places.keys()]
        for key in places.keys() & wanted.keys():
            if not places[key].content.endswith(f"\n{wanted[key].content}"):
                found.append(f"an item with the chunk of another text: {key}")
        for dataset in self.entities.all(Dataset):
            mine = [chunk for chunk in chunks if chunk.dataset_id == dataset.id]
            tokens = sum(chunk.token_count for chunk in mine)
            documents = [one for one in self.entities.all(Document) if one.dataset_id == dataset.id]
            shelf = self.entities.get(KnowledgeShelf, dataset.id)
            numbers = {
                "chunks": (dataset.chunk_count, len(mine)),
                "chunks of documents": (sum(one.chunk_count for one in documents), len(mine)),
                "tokens": (dataset.token_count, tokens),
                "tokens of documents": (sum(one.token_count for one in documents), tokens),
                "items": (shelf.item_count if shelf is not None else 0, len(mine)),
            }
            found += [f"{name}: {said}, not {real}" for name, (said, real) in numbers.items() if said != real]
        return found


@asynccontextmanager
async def opened(folder: Path, *, most: int = 100_000, is_durable: bool = False) -> AsyncIterator[Bench]:
    """Open the knowledge items in a folder."""
    database = await Database.open(folder / "db", durable=is_durable)
    entities, store = await EntityStore.open(database), ChunkStore(database)
    bench = Bench(entities, store, most=most)
    try:
        yield bench
    finally:
        await bench.shelving.close()
        await store.close()
        await entities.close()
        database.close()
