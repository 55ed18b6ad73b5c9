"""Latency of retrieval, beside the same LanceDB queries in-process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import lancedb
import numpy as np
from lancedb.query import MatchQuery
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import PARSE_STATE_SUCCEEDED, Document
from knowflow_server.domain.analysis import query_words
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.ports import DEFAULT_EMBEDDING_MODEL
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.transaction import Transaction
from tests.bench.table import Row, percentile
from tests.serving import KEY, start_server

DIMENSION = 384
WORDS = 20_000
WORDS_PER_CHUNK = 80
CLUSTERS = 1000
QUESTIONS = 100
DATASET = f"{1:032x}"
DOCUMENT = f"{2:032x}"
TOP_K = 1024
BATCH = 2000


def _vectors(rng: np.random.Generator, number: int) -> NDArray[np.float32]:
    centres = np.random.default_rng(1).standard_normal((CLUSTERS, DIMENSION))
    vectors = centres[rng.integers(0, CLUSTERS, number)] + 0.7 * rng.standard_normal((number, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _texts(rng: np.random.Generator, number: int) -> list[str]:
    # Words as frequent as in a language: the n-th as often as 1/n.
    ranks = np.minimum(rng.zipf(1.3, (number, WORDS_PER_CHUNK)), WORDS)
    return [" ".join(f"word{rank}" for rank in row) for row in ranks]


def chunk(organization: str, ordinal: int, text: str) -> Chunk:
    """Return a piece of text as a chunk of the dataset."""
    return Chunk(
        id=f"{ordinal:016x}",
        organization_id=organization,
        dataset_id=DATASET,
        document_id=DOCUMENT,
        live=True,
        available=True,
        ordinal=ordinal,
        content=text,
        tokens=text,
        created_at=1,
        updated_at=1,
    )


async def fill(folder: Path, chunks: int, make: Callable[[str, int, str], Chunk] = chunk) -> str:
    """Write a dataset of made-up chunks, and return its organization."""
    database = await Database.open(folder / "data" / "db")
    entities, store = await EntityStore.open(database), ChunkStore(database)
    keys = ApiKeys(entities, SystemClock(), Uuid1Source())
    await keys.create_organization(name="Bench", key=KEY)
    organization = keys.authenticate(KEY).organization_id
    await entities.transact(lambda transaction: _put_records(transaction, organization, chunks))
    table = await store.table(DIMENSION)
    rng = np.random.default_rng(0)
    for start in range(0, chunks, BATCH):
        texts = _texts(rng, min(BATCH, chunks - start))
        rows = [make(organization, start + place, text) for place, text in enumerate(texts)]
        await table.upsert(rows, _vectors(rng, len(rows)))
    await table.maintain()
    await store.close()
    await entities.close()
    database.close()
    return organization


def _put_records(transaction: Transaction, organization: str, chunks: int) -> None:
    shared = {"organization_id": organization, "chunk_method": "naive", "chunk_count": chunks, "created_at": 1}
    transaction.put(
        Dataset(
            id=DATASET,
            name="bench",
            embedding_model=DEFAULT_EMBEDDING_MODEL,
            embedding_model_served=DEFAULT_EMBEDDING_MODEL,
            dimension=DIMENSION,
            permission="me",
            **shared,
        )
    )
    transaction.put(Document(id=DOCUMENT, dataset_id=DATASET, name="bench.txt", state=PARSE_STATE_SUCCEEDED, **shared))


def questions() -> list[str]:
    """Return questions of three words each."""
    rng = np.random.default_rng(2)
    return [f"word{a} word{b} word{c}" for a, b, c in rng.integers(5, 2000, (QUESTIONS, 3))]


async def _ours(url_client, dataset: str, questions: list[str]) -> list[float]:
    times = []
    for question in questions:
        body = {
            "question": question,
            "dataset_ids": [dataset],
            "page_size": 10,
            "top_k": TOP_K,
            "similarity_threshold": 0.0,
        }
        started = time.perf_counter()
        answer = await url_client.post("/api/v1/retrieval", json=body)
        times.append(time.perf_counter() - started)
        assert answer.json()["data"]["chunks"], answer.text
    return times


async def _bare(folder: Path, organization: str, questions: list[str]) -> list[float]:
    table = await (await lancedb.connect_async(str(folder / "data" / "db"))).open_table(f"chunks_{DIMENSION}_00")
    scope = Scope(organization, dataset_ids=[DATASET], available=True).predicate()
    embedder = EmbeddedEmbedder()
    await embedder.warm()
    has_index = await table.index_stats("vector_idx") is not None
    times = []
    for question in questions:
        started = time.perf_counter()
        vector = await embedder.embed_query(question)
        near = table.query().nearest_to(vector).column("vector").distance_type("cosine").where(scope)
        near = near.minimum_nprobes(20).maximum_nprobes(0).refine_factor(2) if has_index else near.bypass_vector_index()
        words = table.query().nearest_to_text(MatchQuery(" ".join(query_words(question)), "tokens")).where(scope)
        found, _ = await asyncio.gather(
            near.select(["id", "dataset", "document", "_distance"]).with_row_id().limit(TOP_K).to_arrow(),
            words.select(["id", "dataset", "document", "_score"]).with_row_id().limit(TOP_K).to_arrow(),
        )
        await (
            table.take_row_ids(found.column("_rowid").to_pylist()[:10]).select(["id", "content", "payload"]).to_arrow()
        )
        times.append(time.perf_counter() - started)
    await embedder.close()
    return times


async def measure(folder: Path, chunks: int) -> list[Row]:
    """Return the figures for a number of chunks."""
    organization = await fill(folder, chunks)
    asked = questions()
    with start_server(folder) as server:
        async with server.rest() as client:
            await _ours(client, DATASET, [f"{question} warm" for question in asked[:10]])
            ours = await _ours(client, DATASET, asked)
    bare = await _bare(folder, organization, asked[:5] + asked)
    bare = bare[5:]
    return [
        Row(
            f"retrieval, {chunks // 1000}k chunks, {name}",
            f"{percentile(ours, share) * 1000:.0f} ms",
            f"{percentile(bare, share) * 1000:.0f} ms, the same LanceDB queries and embedding in-process",
            f"{percentile(ours, share) / percentile(bare, share):.2f}",
        )
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]
