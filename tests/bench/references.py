"""Latency of searches of a knowledge base, beside the bare query of the store."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import lancedb

from knowflow.store.v1.chunk_pb2 import CHUNK_KIND_QA, Chunk
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.store.filters import Scope
from tests.bench import search
from tests.bench.table import Row, percentile
from tests.serving import start_server

LIMIT = 10


def _reference(organization: str, ordinal: int, text: str) -> Chunk:
    chunk = search.chunk(organization, ordinal, text)
    chunk.kind, chunk.question = CHUNK_KIND_QA, " ".join(text.split()[:10])
    chunk.content = f"{chunk.question}\n{text}"
    return chunk


async def _ours(client: httpx.AsyncClient, queries: list[str]) -> list[float]:
    times = []
    for query in queries:
        started = time.perf_counter()
        answer = await client.get(
            f"/api/v1/knowledgebase/{search.DATASET}/search", params={"query": query, "limit": LIMIT, "threshold": 0}
        )
        times.append(time.perf_counter() - started)
        assert len(answer.json()["data"]) == LIMIT, answer.text
    return times


async def _bare(folder: Path, organization: str, queries: list[str]) -> list[float]:
    """Return how long the nearest vectors of a dataset take, without embedding and without reading texts."""
    table = await (await lancedb.connect_async(str(folder / "data" / "db"))).open_table(f"chunks_{search.DIMENSION}_00")
    scope = Scope(organization, dataset_ids=[search.DATASET], available=True).predicate()
    embedder = EmbeddedEmbedder()
    vectors = [await embedder.embed_query(query) for query in queries]
    await embedder.close()
    times = []
    for vector in vectors:
        near = table.query().nearest_to(vector).column("vector").distance_type("cosine").where(scope)
        near = near.minimum_nprobes(20).maximum_nprobes(0).refine_factor(2)
        started = time.perf_counter()
        await near.select(["id", "_distance"]).limit(LIMIT).to_arrow()
        times.append(time.perf_counter() - started)
    return times


async def measure(folder: Path, references: int) -> list[Row]:
    """Return the figures for a number of references."""
    organization = await search.fill(folder, references, make=_reference)
    return await compare(folder, organization, references)


async def compare(folder: Path, organization: str, references: int) -> list[Row]:
    """Return the figures for references which are there."""
    queries = search.questions()
    with start_server(folder) as server:
        async with server.rest() as client:
            await _ours(client, [f"{query} warm" for query in queries[:10]])
            ours = await _ours(client, queries)
    bare = (await _bare(folder, organization, queries[:5] + queries))[5:]
    return [
        Row(
            f"search of a knowledge base, {references // 1000}k references, {name}",
            f"{percentile(ours, share) * 1000:.0f} ms",
            f"{percentile(bare, share) * 1000:.0f} ms, the LanceDB query alone",
            f"{percentile(ours, share) / percentile(bare, share):.2f}",
        )
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]
