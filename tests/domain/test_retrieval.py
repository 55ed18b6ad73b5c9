"""Scores: the weighted sum that the documents describe."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.retrieval import Query, score
from knowflow_server.store.search import Candidates


def candidates(
    cosine: Sequence[float], bm25: Sequence[float], *, datasets: Sequence[str] = (), words: str = ""
) -> Candidates:
    count = len(cosine)
    return Candidates(
        ids=[f"c{number}" for number in range(count)],
        dataset_ids=list(datasets) or ["d"] * count,
        document_ids=["doc"] * count,
        rows=list(range(count)),
        cosine=np.array(cosine, np.float64),
        bm25=np.array(bm25, np.float64),
        best_words=frozenset(words.split()),
    )


def scores(found: Candidates, query: Query, words: Sequence[str], **pagerank: int) -> list[tuple[float, float, float]]:
    datasets = {name: Dataset(id=name, pagerank=pagerank.get(name, 0)) for name in {"d", *found.dataset_ids}}
    result = score(found, datasets, query, words)
    return [tuple(round(float(column[number]), 6) for column in result) for number in range(len(found.ids))]  # type: ignore[misc]


def test_score_is_the_weighted_sum() -> None:
    found = candidates([0.8, 0.2], [2.0, 1.0], words="moon sea")
    query = Query("", vector_weight=0.3)
    # similarity, vector similarity, term similarity
    assert scores(found, query, ["moon", "sea"]) == [(0.94, 0.8, 1.0), (0.41, 0.2, 0.5)]


def test_score_of_terms_falls_with_the_words_that_the_best_hit_lacks() -> None:
    found = candidates([0.0, 0.0], [2.0, 1.0], words="moon")
    query = Query("", vector_weight=0.0)
    assert scores(found, query, ["moon", "sea", "salt", "wind"]) == [(0.25, 0.0, 0.25), (0.125, 0.0, 0.125)]


def test_score_of_words_of_similar_spelling_counts_them_when_asked_to() -> None:
    found = candidates([0.0], [2.0], words="moon")
    assert scores(found, Query("", vector_weight=0.0, fuzzy=True), ["mooon", "sea"]) == [(0.5, 0.0, 0.5)]
    assert scores(found, Query("", vector_weight=0.0), ["mooon", "sea"]) == [(0.0, 0.0, 0.0)]


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [("moon", "mooon", True), ("moon", "mon", True), ("moon", "moan", True), ("moon", "soon", False)]
    + [("moon", "moons", True), ("moon", "monsoon", False), ("pasta", "pasya", True), ("moon", "moth", False)],
)
def test_word_of_similar_spelling_begins_alike_and_differs_in_one_letter(left: str, right: str, alike: bool) -> None:
    found = candidates([0.0], [1.0], words=left)
    assert bool(scores(found, Query("", vector_weight=0.0, fuzzy=True), [right])[0][0]) is alike


def test_score_without_words_is_the_cosine_alone() -> None:
    found = candidates([0.9, -0.4], [0.0, 0.0])
    assert scores(found, Query("", vector_weight=1.0), []) == [(0.9, 0.9, 0.0), (0.0, 0.0, 0.0)]


def test_score_of_a_negative_cosine_is_zero_and_of_a_rounded_one_is_one() -> None:
    found = candidates([-1.0, 1.0000001], [0.0, 0.0])
    assert scores(found, Query("", vector_weight=0.5), ["moon"]) == [(0.0, 0.0, 0.0), (0.5, 1.0, 0.0)]


def test_score_adds_the_page_rank_of_the_dataset_in_percent() -> None:
    found = candidates([0.5, 0.5], [0.0, 0.0], datasets=["d", "ranked"])
    assert scores(found, Query("", vector_weight=1.0), [], ranked=25) == [(0.5, 0.5, 0.0), (0.75, 0.5, 0.0)]


def test_score_of_nothing_is_nothing() -> None:
    assert scores(candidates([], []), Query(""), ["moon"]) == []


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 50)), min_size=1, max_size=20),
    st.floats(0, 1),
    st.integers(1, 5),
)
def test_score_lies_between_zero_and_one(pairs: list[tuple[float, float]], weight: float, words: int) -> None:
    found = candidates([pair[0] for pair in pairs], [pair[1] for pair in pairs], words="w0 w1")
    result = score(found, {"d": Dataset()}, Query("", vector_weight=weight), [f"w{number}" for number in range(words)])
    for column in result:
        assert ((column >= 0) & (column <= 1 + 1e-9)).all()
    # Of two chunks, one that is at least as close and at least as good by words is never behind.
    for number, (cosine, bm25) in enumerate(pairs):
        worse = [other for other, pair in enumerate(pairs) if pair[0] <= cosine and pair[1] <= bm25]
        assert all(result.similarity[other] <= result.similarity[number] + 1e-9 for other in worse)


@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_score_of_a_perfect_hit_is_one(weight: float) -> None:
    found = candidates([1.0], [3.0], words="moon")
    assert scores(found, Query("", vector_weight=weight), ["moon"]) == [(1.0, 1.0, 1.0)]
