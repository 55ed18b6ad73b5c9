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
    characters = number = 0
    for draft in drafts:
        rows.append(_row(draft))
        characters += _characters(draft)
        number += 1 + len(draft.children)
        if number >= _MAX_DRAFTS or characters >= _MAX_CHARACTERS:
            yield Frame("item", {"drafts": rows})
            rows, characters, number = [], 0, 0
    if rows:
        yield Frame("item", {"drafts": rows})


def _row(draft: ChunkDraft) -> list[object]:
    labels = [draft.questions, draft.keywords, draft.headings]
    children = [_row(child) for child in draft.children]
    return [draft.content, draft.positions, draft.page_number, draft.token_count, *labels, children, draft.fields]


def _characters(draft: ChunkDraft) -> int:
    own = len(draft.content) + sum(len(text) for text in (*draft.questions, *draft.keywords, *draft.headings))
    return own + sum(map(_characters, draft.children))


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


def _read_draft(row: Any, *, is_child: bool = False) -> ChunkDraft:
    content, positions, page_number, token_count, questions, keywords, headings, children, fields = row
    if is_child and children:
        raise ValueError("children have no children")
    return ChunkDraft(
        _text(content),
        tuple(tuple(float(number) for number in box) for box in positions),
        page_number=int(page_number),
        token_count=int(token_count),
        questions=_texts(questions),
        keywords=_texts(keywords),
        headings=_texts(headings),
        children=tuple(_read_draft(child, is_child=True) for child in children),
        fields=tuple((_text(name), _value(value)) for name, value in fields),
    )


def _value(value: object) -> bool | float | str:
    if not isinstance(value, bool | int | float | str):
        raise TypeError("not a value")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple(map(_text, values))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
