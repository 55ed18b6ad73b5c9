"""Search over one table of chunks: nearest vectors and best words, each candidate with both scores."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from lancedb.query import MatchQuery
from numpy.typing import NDArray

from knowflow_server.store.chunks import ChunkTable, vectors_of
from knowflow_server.store.filters import Scope, rows

# Up to this many chunks in scope, the exact search is as fast as the index and misses nothing.
EXACT_ROWS = 20_000
KEYS = ["id", "dataset", "document"]


@dataclass(slots=True)
class Candidate:
    """A chunk which one of the two searches found.

    Args:
        id: The chunk.
        dataset_id: Its dataset.
        document_id: Its document.
        row: Its row, valid until the table is compacted.
        cosine: Cosine similarity of query and chunk in [-1, 1]; higher is closer.
        bm25: BM25 score of the chunk for the words of the query, from 0; higher is closer, comparable within one
        search only.
    """

    id: str
    dataset_id: str
    document_id: str
    row: int
    cosine: float = 0.0
    bm25: float = 0.0


async def search(
    chunks: ChunkTable, scope: Scope, vector: NDArray[np.float32], *, words: Sequence[str], k: int, fuzzy: bool = False
) -> list[Candidate]:
    """Return the union of the `k` nearest chunks and the `k` best by words, each with both scores.

    Args:
        chunks: The table.
        scope: Which chunks may be found.
        vector: Shape (dimension,), float32, L2-normalised.
        words: Words of the query, made by the analyser that made the chunks' words; none means vector search alone.
        k: Most chunks taken from each search.
        fuzzy: Whether words match when one letter differs.
    """
    predicate = scope.predicate()
    near, worded = await asyncio.gather(
        _nearest(chunks, scope, vector, k), _worded(chunks, predicate, words, k, fuzzy=fuzzy)
    )
    found = {row: Candidate(i, s, d, row, cosine=1.0 - distance) for row, i, s, d, distance in near}
    lacking_cosine = []
    for row, i, s, d, score in worded:
        if row not in found:
            found[row] = Candidate(i, s, d, row)
            lacking_cosine.append(row)
        found[row].bm25 = score
    lacking_words = [row for row, candidate in found.items() if candidate.bm25 == 0.0]
    await asyncio.gather(
        _fill_cosines(chunks, found, lacking_cosine, vector),
        # Fewer hits than asked for are all hits there are, so that the others have no word of the query.
        _fill_words(chunks, predicate, found, lacking_words if len(worded) >= k else [], words, fuzzy=fuzzy),
    )
    return list(found.values())


async def _nearest(
    chunks: ChunkTable, scope: Scope, vector: NDArray[np.float32], k: int
) -> list[tuple[int, str, str, str, float]]:
    query = chunks.table.query().nearest_to(vector).column("vector").distance_type("cosine").where(scope.predicate())
    if not chunks.maintenance.has_vector_index or await chunks.count(scope) <= EXACT_ROWS:
        query = query.bypass_vector_index()
    else:
        # Without refinement the index reports twice the cosine distance of its own compressed vectors.
        query = query.minimum_nprobes(20).maximum_nprobes(0).refine_factor(2)
    return _rows(await query.select([*KEYS, "_distance"]).with_row_id().limit(k).to_arrow(), "_distance")


def _match(words: Sequence[str], *, fuzzy: bool) -> Any:
    # The first letters must be right: that keeps the number of similar words small.
    # Its other arguments have defaults, which its stub does not show.
    match = cast("Any", MatchQuery)
    return match(" ".join(words), column="tokens", fuzziness=1 if fuzzy else 0, prefix_length=2 if fuzzy else 0)


async def _worded(
    chunks: ChunkTable, predicate: Any, words: Sequence[str], k: int, *, fuzzy: bool
) -> list[tuple[int, str, str, str, float]]:
    if not words:
        return []
    query = chunks.table.query().nearest_to_text(_match(words, fuzzy=fuzzy)).where(predicate)
    return _rows(await query.select([*KEYS, "_score"]).with_row_id().limit(k).to_arrow(), "_score")


async def _fill_cosines(
    chunks: ChunkTable, found: dict[int, Candidate], lacking: Sequence[int], vector: NDArray[np.float32]
) -> None:
    if not lacking:
        return
    table = await chunks.table.take_row_ids(list(lacking)).select(["id", "vector"]).to_arrow()
    cosines = vectors_of(table, chunks.dimension) @ vector
    by_id = dict(zip(table.column("id").to_pylist(), cosines.tolist(), strict=True))
    for row in lacking:
        found[row].cosine = by_id.get(found[row].id, 0.0)


async def _fill_words(
    chunks: ChunkTable,
    predicate: Any,
    found: dict[int, Candidate],
    lacking: Sequence[int],
    words: Sequence[str],
    *,
    fuzzy: bool,
) -> None:
    if not lacking:
        return
    query = chunks.table.query().nearest_to_text(_match(words, fuzzy=fuzzy)).where(rows(predicate, lacking))
    table = await query.select(["_score"]).with_row_id().limit(len(lacking)).to_arrow()
    for row, score in zip(table.column("_rowid").to_pylist(), table.column("_score").to_pylist(), strict=True):
        if row in found:
            found[row].bm25 = score


def _rows(table: Any, score: str) -> list[tuple[int, str, str, str, float]]:
    columns = (table.column(name).to_pylist() for name in ("_rowid", *KEYS, score))
    return list(zip(*columns, strict=True))
