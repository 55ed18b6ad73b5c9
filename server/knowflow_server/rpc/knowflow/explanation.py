"""Explanations of scores on the core surface."""

from __future__ import annotations

from knowflow.v1 import retrieval_pb2
from knowflow_server.domain.explanation import Explanation


def explanation(why: Explanation) -> retrieval_pb2.ScoreExplanation:
    """Return why a chunk scored what it did, as this surface shows it."""
    return retrieval_pb2.ScoreExplanation(
        similarity=why.similarity,
        parts=[retrieval_pb2.ScorePart(name=p.name, weight=p.weight, value=p.value, share=p.share) for p in why.parts],
        wording=why.wording,
        cosine=why.cosine,
        terms=[retrieval_pb2.TermScore(word=t.word, tf=t.tf, idf=t.idf, bm25=t.score) for t in why.terms],
        bm25=why.bm25,
        best_bm25=why.best_bm25,
        word_share=why.word_share,
        term_similarity=why.term_similarity,
        rerank_score=why.rerank_score,
        similarity_before=why.similarity_before,
        threshold=why.threshold,
    )
