"""Search over one table of chunks: nearest vectors and best words, each candidate with both scores."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from lancedb.query import MatchQuery
from numpy.typing import NDArray

from knowflow_server.store.bm25 import bm25
from knowflow_server.store.chunks import ChunkTable, vectors_of
from knowflow_server.store.filters import Scope, rows

# Up to this many chunks in scope, the exact search is as fast as the index and misses nothing.
EXACT_ROWS = 20_000
KEYS = ["id", "dataset", "document"]
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
    if fuzzy:
        # Rows which are not indexed yet match exact words only.
        await chunks.index()
    near, worded, total = await asyncio.gather(
        _nearest(chunks, scope, vector, k), _worded(chunks, scope, match, max(k, OWN_STATISTICS)), chunks.count(scope)
    )
    keys = {name: near.column(name).to_pylist() for name in (*KEYS, "_rowid")}
    cosine = 1.0 - near.column("_distance").to_numpy().astype(np.float64)
    if worded is None:
        return Candidates(*_keys(keys), cosine, np.zeros(len(cosine)), frozenset())
    # Fewer hits than asked for are all hits there are: then the other chunks have no word of the query.
    complete = worded.num_rows < max(k, OWN_STATISTICS)
    scores = worded.column("_score").to_numpy().astype(np.float64)
    if complete:
        tokens = worded.column("tokens").to_pylist()
        scores = await asyncio.to_thread(bm25, tokens, words, total=total, fuzzy=fuzzy)
    ids = worded.column("id").to_pylist()
    # The best k by words, and the scores of the nearest that are not among them.
    best = np.argsort(-scores, kind="stable")[:k]
    score_of = dict(zip(ids, scores.tolist(), strict=True))
    place = {identifier: number for number, identifier in enumerate(keys["id"])}
    # By id: a write between the two searches moves a chunk to another row.
    new = np.array([number for number in best.tolist() if ids[number] not in place], np.int64)
    nearest = len(cosine)
    cosine = np.concatenate([cosine, vectors_of(worded.take(new), chunks.dimension) @ vector])
    for name, values in keys.items():
        values.extend(worded.column(name).take(new).to_pylist())
    found = np.array([score_of.get(identifier, 0.0) for identifier in keys["id"]])
    if not complete:
        lacking = {keys["_rowid"][number]: number for number in range(nearest) if not found[number]}
        await _fill_words(chunks, scope, match, found, lacking)
    top = worded.column("tokens")[int(best[0])].as_py()
    return Candidates(*_keys(keys), cosine, found, frozenset(top.split()))


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
    # Their vectors and words come along: reading them afterwards would be another round.
    found = await query.select([*KEYS, "vector", "tokens", "_score"]).with_row_id().limit(k).to_arrow()
    return found if found.num_rows else None


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


def _keys(columns: Mapping[str, list[Any]]) -> tuple[list[str], list[str], list[str], list[int]]:
    return columns["id"], columns["dataset"], columns["document"], columns["_rowid"]
