"""Quality of retrieval: nDCG@10 on a collection with judgements, through a server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from knowflow_server.providers.embedded_reranker import EmbeddedReranker
from tests.bench.collection import DEPTH, Collection, ndcg
from tests.bench.table import Row
from tests.serving import start_server

RERANKER = EmbeddedReranker.name
DEFAULT = "hybrid, weight 0.3, the default"
AT_ONCE = 8


def _ways() -> dict[str, dict[str, Any]]:
    ways: dict[str, dict[str, Any]] = {
        "terms only": {"vector_similarity_weight": 0.0},
        "vectors only": {"vector_similarity_weight": 1.0},
        DEFAULT: {},
    }
    ways |= {f"hybrid, weight {weight}": {"vector_similarity_weight": weight} for weight in (0.5, 0.7)}
    if EmbeddedReranker.is_installed():
        for weight in (0.3, 0.7):
            members = {"vector_similarity_weight": weight, "rerank_id": RERANKER}
            ways[f"reranked by {RERANKER}, weight {weight}"] = members
    return ways


async def _fill(client: httpx.AsyncClient, collection: Collection) -> tuple[str, dict[str, str]]:
    """Write the passages as chunks; return the dataset and the passage of each chunk."""
    dataset = (await client.post("/api/v1/datasets", json={"name": "quality"})).json()["data"]["id"]
    path = f"/api/v1/datasets/{dataset}/documents"
    document = (await client.post(path, files={"file": ("all.txt", b"x")})).json()["data"][0]["id"]
    passage_of: dict[str, str] = {}
    slots = asyncio.Semaphore(AT_ONCE)

    async def write(name: str, text: str) -> None:
        async with slots:
            answer = await client.post(f"{path}/{document}/chunks", json={"content": text})
        passage_of[answer.json()["data"]["chunk"]["id"]] = name

    await asyncio.gather(*(write(*item) for item in collection.passages.items()))
    return dataset, passage_of


async def _score(
    client: httpx.AsyncClient, collection: Collection, dataset: str, passage_of: Mapping[str, str], members: Any
) -> float:
    scores = []
    for identifier, question in collection.questions.items():
        body = {
            "question": question,
            "dataset_ids": [dataset],
            "page_size": DEPTH,
            "similarity_threshold": 0.0,
            **members,
        }
        answer = await client.post("/api/v1/retrieval", json=body)
        found = [passage_of[chunk["id"]] for chunk in answer.json()["data"]["chunks"]]
        scores.append(ndcg(found, collection.gains[identifier]))
    return sum(scores) / len(scores)


async def measure(folder: Path, collection: Collection) -> list[Row]:
    """Return the figures."""
    with start_server(folder, settings={"EMBEDDED_RERANKER": "true"}) as server:
        async with server.rest() as client:
            dataset, passage_of = await _fill(client, collection)
            made: dict[str, float] = {}
            for way, members in _ways().items():
                print(f"Asking {len(collection.questions)} questions: {way} ...", file=sys.stderr)
                made[way] = await _score(client, collection, dataset, passage_of, members)
    alone = max(made["terms only"], made["vectors only"])
    rows = []
    for way, value in made.items():
        shown = "" if way.endswith(" only") else f"{alone:.3f}, the better of terms and vectors alone"
        ratio = f"{value / alone:.2f}" if shown else ""
        rows.append(Row(f"nDCG@{DEPTH}, {collection.name}, {way}", f"{value:.3f}", shown, ratio))
    verdict = "yes" if made[DEFAULT] > alone else "no"
    rows.append(Row(f"{collection.name}: the default beats terms alone and vectors alone", verdict))
    return rows
