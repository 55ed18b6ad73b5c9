"""Search over one table of chunks: nearest vectors and best words, each candidate with both scores."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Candidates:
    """The chunks which one of the two searches found, as columns of equal length n.

    Args:
        ids: The chunks.
        dataset_ids: Their datasets.
        document_ids: Their documents.
        rows: Their rows, valid until the table is compacted.
        cosine: Shape (n,), float64: cosine similarity of query and chunk in [-1, 1]; higher is closer.
        bm25: Shape (n,), float64: BM25 score of the chunk for the words of the query, from 0; higher is closer,
            comparable within one search only.
        best_words: The indexed words of the chunk with the highest BM25 score; empty when no word was found.
    """

    ids: list[str]
    dataset_ids: list[str]
    document_ids: list[str]
    rows: list[int]
    cosine: NDArray[np.float64]
    bm25: NDArray[np.float64]
    best_words: frozenset[str]


async def search(
    chunks: ChunkTable,
    scope: Scope,
    vector: NDArray[np.float32],
    *,
    words: Sequence[str],
    k: int,
    fuzzy: bool = False,
) -> Candidates:
    """Return the union of the `k` nearest chunks and the `k` best by words, each with both scores.

    Args:
        chunks: The table.
        scope: Which chunks may be found.
        vector: Shape (dimension,), float32, L2-normalised.
        words: Words of the query, made by the analyser that made the chunks' words; none means vector search alone.
        k: Most chunks taken from each search.
        fuzzy: Whether words match when one letter differs.
    """
    match = _match(words, fuzzy=fuzzy)
    near, worded = await asyncio.gather(_nearest(chunks, scope, vector, k), _worded(chunks, scope, match, k))
    near_rows = near.column("_rowid").to_pylist()
    worded_rows = worded.column("_rowid").to_pylist() if worded is not None else []
    worded_ids = worded.column("id").to_pylist() if worded is not None else []
    keys = {name: near.column(name).to_pylist() for name in KEYS}
    # By id: a write between the two searches moves a chunk to another row.
    place = {identifier: number for number, identifier in enumerate(keys["id"])}
    # Places in the second table of chunks which the first has not.
    new = [number for number, identifier in enumerate(worded_ids) if identifier not in place]
    place.update((worded_ids[number], len(near_rows) + offset) for offset, number in enumerate(new))
    found_rows = near_rows + [worded_rows[number] for number in new]
    cosine, bm25 = np.zeros(len(place)), np.zeros(len(place))
    cosine[: len(near_rows)] = 1.0 - near.column("_distance").to_numpy()
    if worded is not None:
        for name in KEYS:
            keys[name] += worded.column(name).take(np.array(new, np.int64)).to_pylist()
        bm25[[place[identifier] for identifier in worded_ids]] = worded.column("_score").to_numpy()
    # Fewer hits than asked for are all hits there are, so that the other chunks have no word of the query.
    lacking_words = range(len(near_rows)) if len(worded_rows) >= k else []
    _, _, best_words = await asyncio.gather(
        _fill_cosines(chunks, keys["id"], cosine, {place[worded_ids[n]]: worded_rows[n] for n in new}, vector),
        _fill_words(
            chunks, scope, match, bm25, {found_rows[number]: number for number in lacking_words if not bm25[number]}
        ),
        _words_of(chunks, worded_rows[int(np.argmax(worded.column("_score")))] if worded_rows else None),
    )
    return Candidates(keys["id"], keys["dataset"], keys["document"], found_rows, cosine, bm25, best_words)


async def _nearest(chunks: ChunkTable, scope: Scope, vector: NDArray[np.float32], k: int) -> Any:
    query = chunks.table.query().nearest_to(vector).column("vector").distance_type("cosine").where(scope.predicate())
    if not chunks.maintenance.has_vector_index or await chunks.count(scope) <= EXACT_ROWS:
        query = query.bypass_vector_index()
    else:
        # Without refinement the index reports twice the cosine distance of its own compressed vectors.
        query = query.minimum_nprobes(20).maximum_nprobes(0).refine_factor(2)
    return await query.select([*KEYS, "_distance"]).with_row_id().limit(k).to_arrow()


def _match(words: Sequence[str], *, fuzzy: bool) -> Any | None:
    if not words:
        return None
    # The first letters must be right: that keeps the number of similar words small.
    match = cast("Any", MatchQuery)
    return match(" ".join(words), column="tokens", fuzziness=1 if fuzzy else 0, prefix_length=2 if fuzzy else 0)


async def _worded(chunks: ChunkTable, scope: Scope, match: Any | None, k: int) -> Any | None:
    if match is None:
        return None
    query = chunks.table.query().nearest_to_text(match).where(scope.predicate())
    found = await query.select([*KEYS, "_score"]).with_row_id().limit(k).to_arrow()
    return found if found.num_rows else None


async def _fill_cosines(
    chunks: ChunkTable,
    ids: Sequence[str],
    cosine: NDArray[np.float64],
    lacking: Mapping[int, int],
    vector: NDArray[np.float32],
) -> None:
    """Set the cosines of the places in `lacking`, which gives their rows."""
    if not lacking:
        return
    table = await chunks.table.take_row_ids(list(lacking.values())).select(["id", "vector"]).to_arrow()
    cosines = vectors_of(table, chunks.dimension) @ vector
    # Rows come back in another order, and one that moved meanwhile holds another chunk.
    by_id = dict(zip(table.column("id").to_pylist(), cosines.tolist(), strict=True))
    for number in lacking:
        cosine[number] = by_id.get(ids[number], 0.0)


async def _fill_words(
    chunks: ChunkTable, scope: Scope, match: Any | None, bm25: NDArray[np.float64], lacking: Mapping[int, int]
) -> None:
    """Set the BM25 scores of the rows in `lacking`, which gives their places."""
    if not lacking or match is None:
        return
    query = chunks.table.query().nearest_to_text(match).where(rows(scope.predicate(), lacking))
    table = await query.select(["_score"]).with_row_id().limit(len(lacking)).to_arrow()
    for row, score in zip(table.column("_rowid").to_pylist(), table.column("_score").to_pylist(), strict=True):
        if row in lacking:
            bm25[lacking[row]] = score


async def _words_of(chunks: ChunkTable, row: int | None) -> frozenset[str]:
    if row is None:
        return frozenset()
    table = await chunks.table.take_row_ids([row]).select(["tokens"]).to_arrow()
    return frozenset(word for tokens in table.column("tokens").to_pylist() for word in tokens.split())
