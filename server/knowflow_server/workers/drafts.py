"""Progress reports and chunk drafts as frames."""

from collections.abc import Iterator, Sequence
from typing import Any

from knowflow_server.domain.ingest.pipeline import ChunkDraft, Progress
from knowflow_server.workers.frames import Frame, FrameError

# The parent decodes a frame on its event loop; one of this size takes about a millisecond.
_MAX_DRAFTS = 64
_MAX_CHARACTERS = 200_000


def progress_frame(progress: Progress) -> Frame:
    """Return the item frame of a progress report."""
    return Frame("item", {"fraction": progress.fraction, "message": progress.message})


def draft_frames(drafts: Sequence[ChunkDraft]) -> Iterator[Frame]:
    """Yield the item frames of a batch of drafts; a large batch becomes several."""
    rows: list[object] = []
    characters = 0
    for draft in drafts:
        labels = [draft.questions, draft.keywords, draft.headings]
        rows.append([draft.content, draft.positions, draft.page_number, draft.token_count, *labels])
        characters += len(draft.content) + sum(len(text) for label in labels for text in label)
        if len(rows) >= _MAX_DRAFTS or characters >= _MAX_CHARACTERS:
            yield Frame("item", {"drafts": rows})
            rows, characters = [], 0
    if rows:
        yield Frame("item", {"drafts": rows})


def read_item(frame: Frame) -> Progress | list[ChunkDraft]:
    """Return what an item frame holds.

    Raises:
        FrameError: It holds neither a progress report nor drafts; the worker is broken or not to be trusted.
    """
    try:
        if "drafts" not in frame.body:
            return Progress(fraction=float(frame.body["fraction"]), message=_text(frame.body["message"]))
        return [_read_draft(row) for row in frame.body["drafts"]]
    except (KeyError, TypeError, ValueError) as error:
        raise FrameError("An item holds neither progress nor drafts.") from error


def _read_draft(row: Any) -> ChunkDraft:
    content, positions, page_number, token_count, questions, keywords, headings = row
    return ChunkDraft(
        _text(content),
        tuple(tuple(float(number) for number in box) for box in positions),
        page_number=int(page_number),
        token_count=int(token_count),
        questions=_texts(questions),
        keywords=_texts(keywords),
        headings=_texts(headings),
    )


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple(map(_text, values))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
