"""Event streams, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.providers.sse import MAX_EVENT_BYTES, EventParser, EventTooLongError

# Expected: one event per non-empty entry, whatever stands between them and however the lines end.
STREAM = (
    "\ufeff: hello\n\nevent: a\ndata: one\nid: 7\n\ndata:two\ndata:  three\ndata\n\n\n\nid: 8\n\n"
    "data: ä漢🙂\n\ndata: lost"
)
EVENTS = ["one", "two\n three\n", "ä漢🙂"]


def parsed(pieces: list[bytes]) -> list[str]:
    parser = EventParser()
    return [event for piece in pieces for event in parser.feed(piece)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@given(cuts=st.lists(st.integers(0, 120), max_size=30))
def test_feed_events_do_not_depend_on_the_pieces(ending: str, cuts: list[int]) -> None:
    data = STREAM.replace("\n", ending).encode()
    seams = [0, *sorted(cuts), len(data)]
    assert parsed([data[start:end] for start, end in pairwise(seams)]) == EVENTS


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_feed_event_is_given_with_its_last_byte(ending: bytes) -> None:
    parser = EventParser()
    assert parser.feed(b"data: a" + ending) == []
    assert parser.feed(ending[:1]) == ["a"]


def test_feed_bytes_that_are_no_text_do_not_raise() -> None:
    assert parsed([b"data: \xff\xfe\n\n"]) == ["\ufffd\ufffd"]


@pytest.mark.parametrize("line", [b"x" * 65_536, b"data: " + b"x" * 65_530 + b"\n"])
def test_feed_event_without_end_is_refused(line: bytes) -> None:
    parser = EventParser()
    with pytest.raises(EventTooLongError):
        for _ in range(MAX_EVENT_BYTES // 65_536 + 2):
            parser.feed(line)
