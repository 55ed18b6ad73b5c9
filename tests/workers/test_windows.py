"""Windows and batches, with the real tokenizer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.workers import minilm
from knowflow_server.workers.windows import BATCH_SIZES, BUCKETS, MAX_CONTENT_TOKENS, Window, WindowTokenizer

_CLS, _SEP = 101, 102


@pytest.fixture(scope="module")
def tokenizer() -> WindowTokenizer:
    return WindowTokenizer(minilm.source_dir() / "tokenizer.json")


def _content(windows: list[Window]) -> list[int]:
    return [number for window in windows for number in window.ids[1:-1]]


@pytest.mark.parametrize(
    ("words", "weights"),
    [(0, [1]), (1, [1]), (254, [254]), (255, [127, 128]), (600, [200, 200, 200])],
)
def test_windows_are_as_equal_as_can_be(tokenizer: WindowTokenizer, words: int, weights: list[int]) -> None:
    windows = tokenizer.windows(["tree " * words])
    assert [window.weight for window in windows] == weights
    assert len(_content(windows)) == words


def test_windows_have_the_special_tokens(tokenizer: WindowTokenizer) -> None:
    assert tokenizer.windows(["tree", ""]) == [Window(0, [_CLS, 3392, _SEP], 1), Window(1, [_CLS, _SEP], 1)]


@given(texts=st.lists(st.text(st.characters(codec=None), max_size=300) | st.just("tree house " * 300), max_size=12))
def test_batches_hold_every_window_once_in_a_known_shape(tokenizer: WindowTokenizer, texts: list[str]) -> None:
    windows = tokenizer.windows(texts)
    assert {window.text for window in windows} == set(range(len(texts)))
    batches = list(tokenizer.batches(windows))
    assert sorted(id(window) for batch in batches for window in batch.windows) == sorted(map(id, windows))
    for batch in batches:
        count, length = batch.ids.shape
        assert count in BATCH_SIZES
        assert length in BUCKETS
        assert batch.mask.shape == batch.ids.shape
        for window, ids, mask in zip(batch.windows, batch.ids, batch.mask, strict=True):
            assert len(window.ids) <= MAX_CONTENT_TOKENS + 2
            assert mask.sum() == len(window.ids)
            assert ids[: len(window.ids)].tolist() == window.ids
