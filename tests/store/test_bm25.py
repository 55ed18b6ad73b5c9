"""BM25 by the statistics of one scope."""

from __future__ import annotations

import math

import pytest

from knowflow_server.store.bm25 import K1, B, alike, bm25


def test_bm25_follows_its_formula() -> None:
    texts = ["moon sea moon", "sea"]
    lengths = [3, 1]
    scores, _ = bm25(texts, ["moon", "sea"], total=10, fuzzy=False)

    def part(tf: int, df: int, length: int) -> float:
        idf = math.log(1 + (10 - df + 0.5) / (df + 0.5))
        return idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / 2))

    assert scores == pytest.approx([part(2, 1, 3) + part(1, 2, 3), part(1, 2, lengths[1])])


def test_bm25_counts_neighbours_and_whole_words_only() -> None:
    once, twice, inside = bm25(["moon a", "moon moon", "moons a"], ["moon"], total=3, fuzzy=False)[0]
    assert twice > once > inside == 0


def test_bm25_of_nothing_is_nothing() -> None:
    assert bm25([], ["moon"], total=0, fuzzy=False)[0].tolist() == []


def test_bm25_with_similar_spellings_finds_them() -> None:
    exact, similar = bm25(["pasta", "pasya"], ["pasta"], total=9, fuzzy=True)[0]
    assert exact == similar > 0


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("moon", "mooon", True), ("moon", "mon", True), ("moon", "moan", True), ("moon", "moons", True)]
    + [("moon", "soon", False), ("moon", "moon", False), ("moon", "moth", False), ("moon", "monsoon", False)],
)
def test_alike_begins_alike_and_differs_in_one_letter(left: str, right: str, expected: bool) -> None:
    assert alike(left, right) is expected
    assert alike(right, left) is expected
