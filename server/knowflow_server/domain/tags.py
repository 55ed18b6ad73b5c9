"""Tags: datasets with the method `tag` label chunks of others, and questions; tags which both have raise a score."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain import parser_config
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.search import nearest

# A text takes tags from its nearest descriptions: so many at most, no farther than these cosines.
NEIGHBOURS = 16
LEAST_COSINE = 0.3
LEAST_SHARE_OF_BEST = 0.75
# Descriptions beyond these would take more memory than a parse may have.
MAX_DESCRIPTIONS = 50_000
MAX_TAG_DATASETS = 100


@dataclass(frozen=True, slots=True)
class TagIndex:
    """The descriptions of datasets of tags, in memory for as long as a document is parsed.

    Attributes:
        vectors: Shape (n, d), float32, L2-normalised.
        tags: The tags of each description.
        top: Most tags of one text.
        missing: Datasets which were named but cannot label this one.
    """

    vectors: NDArray[np.float32]
    tags: Sequence[Sequence[str]]
    top: int
    missing: Sequence[str]

    async def label(self, vectors: NDArray[np.float32]) -> list[dict[str, float]]:
        """Return the tags of texts with vectors of shape (n, d), float32, L2-normalised; see `vote`."""
        if not len(self.tags):
            return [{} for _ in vectors]
        return await asyncio.to_thread(self._label, vectors)

    def _label(self, vectors: NDArray[np.float32]) -> list[dict[str, float]]:
        found = []
        for vector in vectors:
            cosines = self.vectors @ vector
            best = np.argsort(-cosines, kind="stable")[:NEIGHBOURS].tolist()
            found.append(vote([(float(cosines[n]), self.tags[n]) for n in best], self.top))
        return found


def vote(neighbours: Sequence[tuple[float, Sequence[str]]], top: int) -> dict[str, float]:
    """Return the tags of a text by falling weight, of the descriptions nearest to it.

    The weight of a tag is the share of those descriptions which have it, each counting with its cosine, times the
    cosine of the nearest one: in (0, 1].

    Args:
        neighbours: Cosine and tags of each description, nearest first.
        top: Most tags to return.
    """
    best = neighbours[0][0] if neighbours else 0.0
    least = max(LEAST_COSINE, LEAST_SHARE_OF_BEST * best)
    near = [(cosine, tags) for cosine, tags in neighbours if cosine >= least]
    weights: dict[str, float] = {}
    for cosine, tags in near:
        for tag in dict.fromkeys(tags):
            weights[tag] = weights.get(tag, 0.0) + cosine
    whole = sum(cosine for cosine, _ in near)
    ranked = sorted(weights, key=lambda tag: (-weights[tag], tag))[:top]
    return {tag: round(min(best, 1.0) * weights[tag] / whole, 4) for tag in ranked}


def kept(tags: Mapping[str, float]) -> str:
    """Return tags as a chunk keeps them."""
    return json.dumps(tags, ensure_ascii=False) if tags else ""


def read(text: str) -> dict[str, float]:
    """Return the tags which a chunk keeps."""
    return dict(json.loads(text)) if text else {}


def alike(tags: Sequence[Mapping[str, float]], wanted: Mapping[str, float]) -> NDArray[np.float64]:
    """Return how alike the tags of chunks and of a question are: the cosines of the vectors of their weights.

    Args:
        tags: The tags of each chunk.
        wanted: The tags of the question.

    Returns:
        Shape (n,), float64: from 0 (no tag shared) to 1 (the same tags in the same proportion).
    """
    length = sum(weight**2 for weight in wanted.values()) ** 0.5
    shared = np.zeros(len(tags))
    for place, own in enumerate(tags):
        product = sum(weight * own.get(tag, 0.0) for tag, weight in wanted.items())
        if product:
            shared[place] = product / (length * sum(weight**2 for weight in own.values()) ** 0.5)
    return np.clip(shared, 0.0, 1.0)


def raise_of(similarity: NDArray[np.float64], shared: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what shared tags add to similarities: c * (s * (1 - s)).

    The sum never falls below the similarity, stays within [0, 1], keeps the order of chunks with equal tags, and
    nothing is found for its tags alone.

    Args:
        similarity: s, shape (n,), float64, in [0, 1].
        shared: c, shape (n,), float64, as `alike` returns it.
    """
    return shared * (similarity * (1 - similarity))


class Tagger:
    """Knows the datasets of tags of all organizations."""

    def __init__(self, entities: EntityStore, store: ChunkStore) -> None:
        self._entities = entities
        self._store = store

    async def load(self, dataset: Dataset, config: Mapping[str, Any], dimension: int) -> TagIndex | None:
        """Return what labels chunks of a dataset; None when the configuration names no datasets of tags.

        Args:
            dataset: The dataset of the chunks.
            config: Its configuration, or that of a document: `tag_kb_ids` and `topn_tags` are read.
            dimension: Components of the chunks' vectors.
        """
        named, top = _asked(config)
        if not named:
            return None
        sources = self._sources(dataset, named)
        table = await self._store.table(dimension)
        rows = []
        if sources:
            rows = await table.vectors(_descriptions(dataset, sources), limit=MAX_DESCRIPTIONS)
        described = [(chunk.important_keywords, vector) for chunk, vector in rows if chunk.important_keywords]
        vectors = np.stack([vector for _, vector in described]) if described else np.zeros((0, dimension), np.float32)
        missing = [identifier for identifier in named if identifier not in sources]
        return TagIndex(vectors, [list(tags) for tags, _ in described], top, missing)

    async def of_question(self, datasets: Sequence[Dataset], vector: NDArray[np.float32]) -> dict[str, float]:
        """Return the tags of a question which is asked of datasets; none when they name no datasets of tags.

        Args:
            datasets: The datasets, all of one organization and one embedding model.
            vector: The question's vector, shape (d,), float32, L2-normalised.
        """
        sources: dict[str, None] = {}
        most = 0
        for dataset in datasets:
            named, top = _asked(parser_config.plain(dataset.parser_config))
            usable = self._sources(dataset, named)
            sources.update(dict.fromkeys(usable))
            most = max(most, top) if usable else most
        if not sources:
            return {}
        table = await self._store.table(len(vector))
        scope = _descriptions(datasets[0], list(sources))
        found = await nearest(table, scope, vector, k=2 * NEIGHBOURS)
        tagged = [(cosine, list(chunk.important_keywords)) for chunk, cosine in found if chunk.important_keywords]
        return vote(tagged[:NEIGHBOURS], most)

    def _sources(self, dataset: Dataset, named: Sequence[str]) -> list[str]:
        """Return which of the named datasets may label chunks of a dataset: the same owner, comparable vectors."""
        found = []
        for identifier in named:
            source = self._entities.get(Dataset, identifier)
            if (
                source is not None
                and source.organization_id == dataset.organization_id
                and source.embedding_model_served == dataset.embedding_model_served
            ):
                found.append(identifier)
        return found


def _descriptions(dataset: Dataset, sources: Sequence[str]) -> Scope:
    return Scope(dataset.organization_id, dataset_ids=sources, available=True, searched=True)


def _asked(config: Mapping[str, Any]) -> tuple[list[str], int]:
    named = config.get("tag_kb_ids")
    top = config.get("topn_tags", 1)
    identifiers = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    most = int(top) if isinstance(top, int | float) and not isinstance(top, bool) else 1
    return list(dict.fromkeys(identifiers))[:MAX_TAG_DATASETS], max(1, most)
