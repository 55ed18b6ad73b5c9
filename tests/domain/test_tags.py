"""Tags: how descriptions vote, and how shared tags raise a score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.tags import LEAST_COSINE, TagIndex, alike, kept, raise_of, read, vote
from tests.store.records import unit_vectors


def raised(similarity, tags, wanted):  # type: ignore[no-untyped-def]
    return similarity + raise_of(similarity, alike(tags, wanted))


def test_vote_weighs_the_tags_of_near_descriptions_by_their_cosine() -> None:
    near = [(0.8, ["sea", "moon"]), (0.7, ["sea"]), (0.5, ["bread"])]
    assert vote(near, 3) == {"sea": 0.8, "moon": round(0.8 * 0.8 / 1.5, 4)}
    assert vote(near, 1) == {"sea": 0.8}


@pytest.mark.parametrize("near", [[], [(LEAST_COSINE - 0.01, ["sea"])], [(-0.5, ["sea"])]])
def test_vote_of_far_descriptions_gives_no_tags(near: list[tuple[float, list[str]]]) -> None:
    assert vote(near, 3) == {}


def test_vote_of_equal_weights_goes_by_name() -> None:
    assert list(vote([(0.9, ["b", "a", "a"])], 2)) == ["a", "b"]


async def test_index_labels_each_text_with_the_tags_of_the_nearest() -> None:
    vectors = unit_vectors(3)
    index = TagIndex(vectors, [["a"], ["b"], ["c"]], 1, [])
    assert [list(tags) for tags in await index.label(vectors[::-1])] == [["c"], ["b"], ["a"]]
    assert await TagIndex(vectors[:0], [], 1, ["gone"]).label(vectors) == [{}, {}, {}]


def test_tags_are_kept_as_they_are() -> None:
    assert read(kept({"潮汐": 0.5, 'a "b"': 1.0})) == {"潮汐": 0.5, 'a "b"': 1.0}
    assert (kept({}), read("")) == ("", {})


def test_raised_by_shared_tags_in_proportion() -> None:
    similarity = np.array([0.4, 0.4, 0.4, 0.0])
    tags = [{"a": 0.2, "b": 0.1}, {"a": 0.5}, {"c": 1.0}, {"a": 1.0, "b": 0.5}]
    found = raised(similarity, tags, {"a": 1.0, "b": 0.5})
    # The same proportion; the cosine of (1, 0.5) and (1, 0); nothing shared; nothing to raise.
    assert found.round(6).tolist() == [0.64, round(0.4 + 0.24 * 1 / 1.25**0.5, 6), 0.4, 0.0]


weights = st.dictionaries(st.sampled_from("abc"), st.floats(0.01, 1), max_size=3)


@given(st.lists(st.tuples(st.floats(0, 1), weights), max_size=6), weights.filter(bool))
def test_raised_similarities_stay_within_one_never_fall_and_keep_the_order_of_equal_tags(
    found: list[tuple[float, dict[str, float]]], wanted: dict[str, float]
) -> None:
    before = np.array([similarity for similarity, _ in found])
    after = raised(before, [tags for _, tags in found], wanted)
    assert (after >= before).all()
    assert (after <= 1 + 1e-12).all()
    same = raised(np.sort(before), [{"a": 0.5}] * len(before), wanted)
    assert (np.diff(same) >= -1e-12).all()
