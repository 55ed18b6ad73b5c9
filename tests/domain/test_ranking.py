"""Rankings of several wordings of one question."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from knowflow_server.domain.ranking import Ranking, Scores, Wording, ranking_of
from knowflow_server.store.search import Candidates


def wording(text: str, found: Mapping[str, float]) -> Wording:
    count = len(found)
    zeros = np.zeros(count)
    names = list(found)
    candidates = Candidates(names, ["d"] * count, ["doc"] * count, list(range(count)), zeros, zeros, frozenset())
    return Wording(text, [text], candidates, Scores(np.array(list(found.values())), zeros, zeros), zeros)


def best_of(ranking: Ranking) -> list[tuple[str, float, str]]:
    places = ranking.best(np.arange(len(ranking.ids)), len(ranking.ids))
    return [
        (ranking.ids[n], float(ranking.scores.similarity[n]), ranking.wordings[ranking.wording[n]].text) for n in places
    ]


def test_ranking_of_one_wording_is_what_it_found() -> None:
    ranking = ranking_of([wording("moon", {"b": 0.5, "a": 0.5, "c": 0.9})])
    assert best_of(ranking) == [("c", 0.9, "moon"), ("a", 0.5, "moon"), ("b", 0.5, "moon")]


def test_ranking_of_several_wordings_has_each_chunk_once_with_its_best() -> None:
    ranking = ranking_of([wording("moon", {"a": 0.5, "b": 0.4}), wording("Mond", {"b": 0.8, "a": 0.5, "c": 0.1})])
    assert best_of(ranking) == [("b", 0.8, "Mond"), ("a", 0.5, "moon"), ("c", 0.1, "Mond")]


def test_ranking_of_nothing_is_empty() -> None:
    assert best_of(ranking_of([wording("moon", {})])) == []
    assert best_of(ranking_of([wording("moon", {}), wording("Mond", {})])) == []


def test_ranking_only_keeps_the_earlier_scores() -> None:
    ranking = ranking_of([wording("moon", {"a": 0.5, "b": 0.4})])
    scores = Scores(*(column + 1 for column in ranking.scores))
    kept = ranking.only(np.array([1]), scores)
    assert best_of(kept) == [("b", 1.4, "moon")]
    assert kept.first.similarity.tolist() == [0.4]
