"""Ranking: the chunks that the wordings of one question found, each with the scores of its best wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from knowflow_server.store.search import Candidates


class Scores(NamedTuple):
    """The scores of candidates, as in ScoredChunk; each of shape (n,), float64."""

    similarity: NDArray[np.float64]
    vector: NDArray[np.float64]
    term: NDArray[np.float64]

    def at(self, place: int) -> tuple[float, float, float]:
        """Return the scores of one candidate."""
        return float(self.similarity[place]), float(self.vector[place]), float(self.term[place])


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of the question, and what it found.

    Args:
        text: The question as it was asked, or a translation.
        words: The words that were looked for.
        candidates: What the two searches found.
        scores: Their scores.
        shared: Shape (n,), float64, in [0, 1]: how alike the tags of each candidate and of the wording are.
    """

    text: str
    words: Sequence[str]
    candidates: Candidates
    scores: Scores
    shared: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All found chunks, each once, as columns of equal length n, in no particular order.

    Args:
        wordings: The wordings, the question itself first.
        wording: Shape (n,), int64: which of them found the chunk with the highest similarity.
        place: Shape (n,), int64: its place among that wording's candidates.
        ids: The chunks.
        dataset_ids: Their datasets.
        document_ids: Their documents.
        parent_ids: Their parents, empty texts for those without.
        rows: Their rows, valid until the table is compacted.
        scores: Their scores.
        first: Their scores before a rerank model read them; the same as `scores` without one.
    """

    wordings: Sequence[Wording]
    wording: NDArray[np.int64]
    place: NDArray[np.int64]
    ids: Sequence[str]
    dataset_ids: Sequence[str]
    document_ids: Sequence[str]
    parent_ids: Sequence[str]
    rows: Sequence[int]
    scores: Scores
    first: Scores

    def best(self, places: NDArray[np.int64], number: int) -> NDArray[np.int64]:
        """Return those of the places with the highest similarity, best first, ties by id; at most a number."""
        ids = np.array(self.ids)[places]
        order: NDArray[np.int64] = places[np.lexsort((ids, -self.scores.similarity[places]))][:number]
        return order

    def only(self, places: NDArray[np.int64], scores: Scores) -> Self:
        """Return the ranking of the chunks at some places, with other scores; `scores` are those of all chunks."""
        return type(self)(
            self.wordings,
            self.wording[places],
            self.place[places],
            [self.ids[n] for n in places],
            [self.dataset_ids[n] for n in places],
            [self.document_ids[n] for n in places],
            [self.parent_ids[n] for n in places],
            [self.rows[n] for n in places],
            Scores(*(column[places] for column in scores)),
            Scores(*(column[places] for column in self.first)),
        )


def _parents(found: Candidates) -> Sequence[str]:
    return found.parent_ids or [""] * len(found.ids)


def ranking_of(wordings: Sequence[Wording]) -> Ranking:
    """Return what wordings found together; a chunk that several found has the scores of the one it fits best."""
    first = wordings[0]
    if len(wordings) == 1:
        found, count = first.candidates, len(first.candidates.ids)
        columns = (found.ids, found.dataset_ids, found.document_ids, _parents(found), found.rows)
        zeros, places = np.zeros(count, np.int64), np.arange(count)
        return Ranking(wordings, zeros, places, *columns, first.scores, first.scores)
    sizes = [len(one.candidates.ids) for one in wordings]
    wording = np.repeat(np.arange(len(wordings)), sizes)
    place = np.concatenate([np.arange(size) for size in sizes])
    scores = Scores(*(np.concatenate(columns) for columns in zip(*(one.scores for one in wordings), strict=True)))
    ids = np.array([identifier for one in wordings for identifier in one.candidates.ids])
    order = np.lexsort((wording, -scores.similarity))
    chosen = order[np.unique(ids[order], return_index=True)[1]]
    pairs = [(wordings[w].candidates, p) for w, p in zip(wording[chosen].tolist(), place[chosen].tolist(), strict=True)]
    kept = Scores(*(column[chosen] for column in scores))
    return Ranking(
        wordings,
        wording[chosen],
        place[chosen],
        [found.ids[p] for found, p in pairs],
        [found.dataset_ids[p] for found, p in pairs],
        [found.document_ids[p] for found, p in pairs],
        [found.parent_ids[p] if found.parent_ids else "" for found, p in pairs],
        [found.rows[p] for found, p in pairs],
        kept,
        kept,
    )
