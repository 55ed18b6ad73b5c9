"""What was found in a file as a frame."""

from __future__ import annotations

from knowflow_server.domain.ingest.pairs.pair import MAX_ANSWER, MAX_QUESTION, Extract, Pair
from knowflow_server.workers.frames import Frame, FrameError


def extract_frame(found: Extract) -> Frame:
    """Return the item frame of what was found."""
    pairs = [[pair.question, pair.answer, pair.is_written] for pair in found.pairs]
    body = {"title": found.title, "canonical_url": found.canonical_url, "text": found.text, "pairs": pairs}
    return Frame("item", body)


def read_extract(frame: Frame) -> Extract:
    """Return what was found, of an item frame.

    Args:
        frame: From a worker, which a hostile file may have taken over.

    Raises:
        FrameError: It holds nothing of the kind; the worker is broken or not to be trusted.
    """
    try:
        title, canonical_url, text = (str(frame.body[name]) for name in ("title", "canonical_url", "text"))
        pairs = [
            Pair(str(question)[:MAX_QUESTION], str(answer)[:MAX_ANSWER], bool(is_written))
            for question, answer, is_written in frame.body["pairs"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise FrameError("An item holds no questions and answers.") from error
    return Extract(title, canonical_url, text, pairs)
