"""What was found in a file as frames: small ones, because the server reads them between two calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowflow_server.domain.ingest.pairs.pair import MAX_ANSWER, MAX_QUESTION, Extract, Pair
from knowflow_server.workers.frames import Frame, FrameError

# Characters of a frame; a single answer may be longer.
PIECE = 65_536


def extract_frames(found: Extract) -> Iterator[Frame]:
    """Yield the item frames of what was found: what there is once, then the text, then the pairs."""
    yield Frame("item", {"title": found.title, "canonical_url": found.canonical_url})
    for start in range(0, len(found.text), PIECE):
        yield Frame("item", {"text": found.text[start : start + PIECE]})
    batch: list[list[str | bool]] = []
    size = 0
    for pair in found.pairs:
        batch.append([pair.question, pair.answer, pair.is_written])
        size += len(pair.question) + len(pair.answer)
        if size >= PIECE:
            yield Frame("item", {"pairs": batch})
            batch, size = [], 0
    if batch:
        yield Frame("item", {"pairs": batch})


def read_extract(frames: Sequence[Frame]) -> Extract:
    """Return what was found, of item frames.

    Args:
        frames: From a worker, which a hostile file may have taken over.

    Raises:
        FrameError: They hold nothing of the kind; the worker is broken or not to be trusted.
    """
    try:
        head, *rest = (frame.body for frame in frames)
        text = "".join(str(body.get("text", "")) for body in rest)
        pairs = [
            Pair(str(question)[:MAX_QUESTION], str(answer)[:MAX_ANSWER], bool(is_written))
            for body in rest
            for question, answer, is_written in body.get("pairs", ())
        ]
        return Extract(str(head["title"]), str(head["canonical_url"]), text, pairs)
    except (KeyError, TypeError, ValueError) as error:
        raise FrameError("The items hold no questions and answers.") from error
