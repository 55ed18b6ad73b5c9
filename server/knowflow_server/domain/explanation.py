"""Explanations: why a chunk scored what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowflow_server.domain.ranking import Ranking, Wording
from knowflow_server.store.bm25 import Term


class Part(NamedTuple):
    """One summand of a similarity.

    Args:
        name: `vector`, `rerank`, `term`, `tags` or `page_rank`.
        weight: Its weight.
        value: What is weighted.
        share: Weight times value: what it adds.
    """

    name: str
    weight: float
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a chunk scored what it did.

    Args:
        similarity: The sum of the parts' shares, added in their order.
        parts: The summands.
        wording: The wording of the question that found the chunk: the question, or a translation.
        cosine: Cosine similarity of wording and chunk in [-1, 1].
        terms: The words of the wording which the chunk holds.
        bm25: BM25 score of the chunk: the sum of the terms' scores, where they are known.
        best_bm25: The highest BM25 score of the search.
        word_share: Share of the wording's words which the chunk with that score holds, in [0, 1].
        term_similarity: bm25 / best_bm25 * word_share.
        rerank_score: What the rerank model gave, in [0, 1]; None without one.
        similarity_before: The similarity with the cosine, which chose what the rerank model read; None without one.
        threshold: The least similarity to be found.
    """

    similarity: float
    parts: Sequence[Part]
    wording: str
    cosine: float
    terms: Sequence[Term]
    bm25: float
    best_bm25: float
    word_share: float
    term_similarity: float
    rerank_score: float | None
    similarity_before: float | None
    threshold: float


def explain(
    ranking: Ranking,
    place: int,
    tokens: str,
    *,
    vector_weight: float,
    threshold: float,
    page_rank: float,
    word_share: float,
    is_reranked: bool,
) -> Explanation:
    """Return why one chunk of a ranking scored what it did.

    Args:
        ranking: The ranking.
        place: The chunk's place in it.
        tokens: The indexed words of the chunk.
        vector_weight: Weight of the vector similarity, or of the rerank model's score in its stead.
        threshold: The least similarity to be found.
        page_rank: What its dataset adds.
        word_share: As in Explanation.
        is_reranked: Whether a rerank model has read it.
    """
    wording = ranking.wordings[int(ranking.wording[place])]
    found, within = wording.candidates, int(ranking.place[place])
    vector, term = float(ranking.scores.vector[place]), float(ranking.scores.term[place])
    parts = [
        Part("rerank" if is_reranked else "vector", vector_weight, vector, vector_weight * vector),
        Part("term", 1 - vector_weight, term, (1 - vector_weight) * term),
    ]
    shared = float(wording.shared[within])
    if shared:
        # As `tags.raise_of` has it: the share of the tags is taken of what the similarity lacks.
        plain = parts[0].share + parts[1].share
        parts.append(Part("tags", shared, plain * (1 - plain), shared * (plain * (1 - plain))))
    if page_rank:
        parts.append(Part("page_rank", 1.0, page_rank, page_rank))
    return Explanation(
        similarity=float(ranking.scores.similarity[place]),
        parts=parts,
        wording=wording.text,
        cosine=float(found.cosine[within]),
        terms=_terms(wording, tokens),
        bm25=float(found.bm25[within]),
        best_bm25=float(found.bm25.max(initial=0.0)),
        word_share=word_share,
        term_similarity=term,
        rerank_score=vector if is_reranked else None,
        similarity_before=float(ranking.first.similarity[place]) if is_reranked else None,
        threshold=threshold,
    )


def _terms(wording: Wording, tokens: str) -> list[Term]:
    if wording.candidates.statistics is not None:
        return wording.candidates.statistics.terms(tokens)
    # LanceDB's scores rest on all organizations' chunks: what a word adds would tell how often others use it.
    counts = Counter(tokens.split(" "))
    return [Term(word, counts[word]) for word in wording.words if counts[word]]
