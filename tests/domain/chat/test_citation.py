"""Citations: the marks do not depend on how an answer arrives, and nothing of it is lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.chat.citation import MARK, Citer

CHUNKS = ["The pump needs oil every six months.", "The warranty of the pump lasts two years.", "月亮引起潮汐。"]
PIECES = st.sampled_from(
    [
        "The pump needs oil every six months.",
        "The warranty lasts two years",
        "The weather is fine today!",
        "月亮引起潮汐。",
        *" .!?\n\t`[]",
        "\n\n",
        "```",
        "```python\n",
        "[ID:0]",
        " [ID:1]",
        "[ID:2]",
        "[ID:7]",
        "[ID:12345]",
        "[ID:",
        "[I",
        "D:1]",
        "word ",
        "é😀 ",
        "",
    ]
)
ANSWERS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12)


def cited(pieces: list[str], chunks: list[str] = CHUNKS) -> str:
    """Return what is shown of an answer that arrives in pieces."""
    citer = Citer(chunks)
    return "".join([*map(citer.feed, pieces), citer.finish()])


@given(ANSWERS, st.data())
def test_any_splitting_gives_the_same(pieces: list[str], data: st.DataObject) -> None:
    answer = "".join(pieces)
    places = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=8)))
    cut = [answer[start:end] for start, end in zip([0, *places], [*places, len(answer)], strict=True)]
    assert cited([answer]) == cited(cut) == cited(list(answer))


@given(ANSWERS)
def test_nothing_is_lost_but_marks_of_no_chunk_and_nothing_added_but_marks_of_chunks(pieces: list[str]) -> None:
    answer = "".join(pieces)
    kept = MARK.sub(lambda mark: mark.group() if int(mark[1]) < len(CHUNKS) else "", answer)
    shown = cited([answer])
    assert re.sub(r" ?\[ID:[012]\]", "", kept) == re.sub(r" ?\[ID:[012]\]", "", shown)
    # Every mark of the model's own that names a chunk is there.
    assert len(MARK.findall(shown)) >= len(re.findall(r"\[ID:0*[012]\]", answer))


@given(ANSWERS)
def test_without_chunks_only_marks_go(pieces: list[str]) -> None:
    assert MARK.sub("", "".join(pieces)) == cited(pieces, [])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The pump needs oil every six months.", "The pump needs oil every six months. [ID:0]"),
        (
            "The pump needs oil every six months. Thanks.",
            "The pump needs oil every six months. [ID:0] Thanks.",
        ),
        (
            "Oil every six months for the pump.\nIts warranty lasts two years.",
            "Oil every six months for the pump. [ID:0]\nIts warranty lasts two years. [ID:1]",
        ),
        ("The pump needs oil every six months. [ID:0]", "The pump needs oil every six months. [ID:0]"),
        ("The pump needs oil [ID:1] every six months.", "The pump needs oil [ID:1] every six months."),
        ("The pump needs oil every six months. [ID:9]", "The pump needs oil every six months. [ID:0] "),
        (
            "It rains. [ID:1] [ID:2] The pump needs oil every six months.",
            "It rains. [ID:1] [ID:2] The pump needs oil every six months. [ID:0]",
        ),
        ("It rains.", "It rains."),
        ("The pump.", "The pump."),
        ("```\nThe pump needs oil every six months.\n```", "```\nThe pump needs oil every six months.\n```"),
        ("[ID:", "[ID:"),
        ("", ""),
        (" \n", " \n"),
    ],
)
def test_answer_is_cited(answer: str, expected: str) -> None:
    assert expected == cited([answer])


def test_text_is_shown_at_once_unless_it_may_become_a_mark() -> None:
    citer = Citer(CHUNKS)
    assert [citer.feed(piece) for piece in ("Hello", " you [I", "D:0", "] and [", "x")] == [
        "Hello",
        " you ",
        "",
        "[ID:0] and ",
        "[x",
    ]


def test_cost_grows_with_the_length_and_not_with_its_square() -> None:
    def seconds(words: int) -> float:
        started = time.thread_time()
        cited(["word " * words])
        return time.thread_time() - started

    # A collection of garbage may fall into one of them, and costs more than all of it.
    assert min(seconds(80_000) for _ in range(3)) < 40 * max(seconds(8_000), 0.005)
