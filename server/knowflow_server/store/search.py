"""Search over one table of chunks: nearest vectors and best words, each candidate with both scores."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
from lancedb.query import MatchQuery
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow_server.store.bm25 import Statistics, bm25
from knowflow_server.store.chunks import READ_COLUMNS, ChunkTable, chunks_of, vectors_of
from knowflow_server.store.filters import Scope, rows

# Up to this many chunks in scope, the exact search is as fast as the index and misses nothing.
EXACT_ROWS = 20_000
# Where a scope is at least this share of its table, the nearest chunks of the table are nearly all in it: to look at
# them alone takes half the time of finding out first which chunks are in the scope.
MOST_OF_TABLE = 0.5
KEYS = ["id", "dataset", "document", "parent"]
# Up to this many chunks with a word of the query are scored by their own statistics. Beyond, LanceDB's scores stand,
# whose statistics are those of the whole table: counting the words of so many would take longer than the search.
OWN_STATISTICS = 1024


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
        parent_ids: The parents of the chunks, empty texts for those without; an empty list when none has one.
        statistics: What the BM25 scores were made of; None when they are LanceDB's own.
    """

    ids: list[str]
    dataset_ids: list[str]
    document_ids: list[str]
    rows: list[int]
    cosine: NDArray[np.float64]
    bm25: NDArray[np.float64]
    best_words: frozenset[str]
    parent_ids: list[str] = field(default_factory=list)
    statistics: Statistics | None = None


async def search(
    chunks: ChunkTable,
    scope: Scope,
    vector: NDArray[np.float32],
    *,
    words: Sequence[str],
    k: int,
    fuzzy: bool = False,
    total: int | None = None,
) -> Candidates:
    """Return the union of the `k` nearest chunks and the `k` best by words, each with both scores.

    Args:
        chunks: The table.
        scope: Which chunks may be found.
        vector: Shape (dimension,), float32, L2-normalised.
        words: Words of the query, made by the analyser that made the chunks' words; none means vector search alone.
        k: Most chunks taken from each search.
        fuzzy: Whether words match when one letter differs.
        total: Number of chunks in the scope, about; None counts them, which takes as long as a search does.
    """
    total = await chunks.count(scope) if total is None else total
    match = _match(words, fuzzy=fuzzy)
    if fuzzy:
        # Rows which are not indexed yet match exact words only.
        await chunks.index()
    near, worded = await asyncio.gather(
        _nearest(chunks, scope, vector, k, total), _worded(chunks, scope, match, max(k, OWN_STATISTICS))
    )
    if worded is None:
        ids, dataset_ids, document_ids, parent_ids, row_ids = _keys(near)
        cosine = 1.0 - near.column("_distance").to_numpy().astype(np.float64)
        nothing = np.zeros(len(cosine))
        return Candidates(ids, dataset_ids, document_ids, row_ids, cosine, nothing, frozenset(), parent_ids)
    tokens = worded.column("tokens").to_pylist()
    # Fewer hits than asked for are all hits there are: then the other chunks have no word of the query.
    if worded.num_rows < max(k, OWN_STATISTICS):
        scores, statistics = await asyncio.to_thread(bm25, tokens, words, total=total, fuzzy=fuzzy)
        joined = await _joined(chunks, vector, near, worded, tokens, scores=scores, k=k)
        return replace(joined, statistics=statistics)
    scores = worded.column("_score").to_numpy().astype(np.float64)
    found, lacking = await asyncio.gather(
        _joined(chunks, vector, near, worded, tokens, scores=scores, k=k),
        _other_scores(chunks, scope, match, near, worded),
    )
    for place, row in enumerate(found.rows):
        found.bm25[place] = lacking.get(row, found.bm25[place])
    return found


async def nearest(
    chunks: ChunkTable, scope: Scope, vector: NDArray[np.float32], *, k: int, total: int = 0
) -> list[tuple[Chunk, float]]:
    """Return the `k` chunks of a scope which are nearest to a vector with their cosines in [-1, 1], nearest first.

    Args:
        chunks: The table.
        scope: Which chunks may be found.
        vector: Shape (dimension,), float32, L2-normalised.
        k: How many at most.
        total: Number of chunks in the scope, about; up to `EXACT_ROWS` every one of them is looked at.
    """
    found = None
    if _uses_index(chunks, total) and total >= MOST_OF_TABLE * await chunks.table.count_rows():
        found = await _nearest(chunks, scope, vector, k, total, columns=READ_COLUMNS, filter_first=False)
    if found is None or found.num_rows < k:
        found = await _nearest(chunks, scope, vector, k, total, columns=READ_COLUMNS)
    distances = found.column("_distance").to_pylist()
    return [(chunk, 1.0 - distance) for chunk, distance in zip(chunks_of(found), distances, strict=True)]


async def tags_of(chunks: ChunkTable, found: Candidates) -> list[str]:
    """Return the tags of candidates as they are kept; empty for one that moved meanwhile."""
    texts = await _column(chunks, found.rows, "tag_feas")
    return [texts.get(identifier, "") for identifier in found.ids]


async def _joined(
    chunks: ChunkTable,
    vector: NDArray[np.float32],
    near: Any,
    worded: Any,
    tokens: Sequence[str],
    *,
    scores: NDArray[np.float64],
    k: int,
) -> Candidates:
    """Return the nearest chunks, and the best `k` by words with their cosines.

    Args:
        chunks: The table.
        vector: That of the query.
        near: What the vector search found.
        worded: What the word search found.
        tokens: The indexed words of the chunks in `worded`.
        scores: Their BM25 scores.
        k: Most chunks taken from `worded`.
    """
    ids = worded.column("id").to_pylist()
    best = np.argsort(-scores, kind="stable")[:k]
    near_ids, dataset_ids, document_ids, parent_ids, row_ids = _keys(near)
    # By id: a write between the two searches moves a chunk to another row.
    seen = set(near_ids)
    new = np.array([number for number in best.tolist() if ids[number] not in seen], np.int64)
    cosine = 1.0 - near.column("_distance").to_numpy().astype(np.float64)
    cosine = np.concatenate([cosine, await _cosines(chunks, worded.select(["id", "_rowid"]).take(new), vector)])
    added = _keys(worded.select([*KEYS, "_rowid"]).take(new))
    near_ids, dataset_ids = near_ids + added[0], dataset_ids + added[1]
    document_ids, parent_ids, row_ids = document_ids + added[2], parent_ids + added[3], row_ids + added[4]
    score_of = dict(zip(ids, scores.tolist(), strict=True))
    bm25_scores = np.array([score_of.get(identifier, 0.0) for identifier in near_ids])
    best_words = frozenset(tokens[best[0]].split())
    return Candidates(near_ids, dataset_ids, document_ids, row_ids, cosine, bm25_scores, best_words, parent_ids)


async def _cosines(chunks: ChunkTable, hits: Any, vector: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the cosines of chunks; of one whose row moved meanwhile 0."""
    if not hits.num_rows:
        return np.zeros(0)
    read = await chunks.table.take_row_ids(hits.column("_rowid").to_pylist()).select(["id", "vector"]).to_arrow()
    made = (vectors_of(read, chunks.dimension) @ vector).astype(np.float64)
    cosine_of = dict(zip(read.column("id").to_pylist(), made.tolist(), strict=True))
    return np.array([cosine_of.get(identifier, 0.0) for identifier in hits.column("id").to_pylist()])


async def _column(chunks: ChunkTable, row_ids: Sequence[int], name: str) -> dict[str, Any]:
    """Return a column of rows by chunk id; a row that moved meanwhile is missing, or belongs to another chunk."""
    if not row_ids:
        return {}
    table = await chunks.table.take_row_ids(list(row_ids)).select(["id", name]).to_arrow()
    values = vectors_of(table, chunks.dimension) if name == "vector" else table.column(name).to_pylist()
    return dict(zip(table.column("id").to_pylist(), values, strict=True))


def _uses_index(chunks: ChunkTable, total: int) -> bool:
    return chunks.maintenance.has_vector_index and total > EXACT_ROWS


async def _nearest(
    chunks: ChunkTable,
    scope: Scope,
    vector: NDArray[np.float32],
    k: int,
    total: int,
    *,
    columns: Sequence[str] = KEYS,
    filter_first: bool = True,
) -> Any:
    query = chunks.table.query().nearest_to(vector).column("vector").distance_type("cosine").where(scope.predicate())
    if not _uses_index(chunks, total):
        query = query.bypass_vector_index()
    else:
        # Without refinement the index reports twice the cosine distance of its own compressed vectors.
        query = query.minimum_nprobes(20).maximum_nprobes(0).refine_factor(2)
    if not filter_first:
        query = query.postfilter()
    return await query.select([*columns, "_distance"]).with_row_id().limit(k).to_arrow()


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
    # The words come along, while the vector search still runs; the vectors would take three times as long this way.
    found = await query.select([*KEYS, "_score", "tokens"]).with_row_id().limit(k).to_arrow()
    return found if found.num_rows else None


async def _other_scores(
    chunks: ChunkTable, scope: Scope, match: Any | None, near: Any, worded: Any
) -> dict[int, float]:
    """Return the BM25 scores, by row, of the nearest chunks which the word search has not found."""
    known = set(worded.column("_rowid").to_pylist())
    lacking = [row for row in near.column("_rowid").to_pylist() if row not in known]
    if not lacking or match is None:
        return {}
    query = chunks.table.query().nearest_to_text(match).where(rows(scope.predicate(), lacking))
    table = await query.select(["_score"]).with_row_id().limit(len(lacking)).to_arrow()
    return dict(zip(table.column("_rowid").to_pylist(), table.column("_score").to_pylist(), strict=True))


def _keys(table: Any) -> tuple[list[str], list[str], list[str], list[str], list[int]]:
    ids, datasets, documents, parents, row_ids = (table.column(name).to_pylist() for name in (*KEYS, "_rowid"))
    return ids, datasets, documents, parents, row_ids
