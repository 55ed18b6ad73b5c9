"""Finding where on the pages the text of a chunk stands."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Box, Span

# Boxes of one page belong to one column when they share so much of the narrower one's width.
_COLUMN_OVERLAP = 0.5


class Place(NamedTuple):
    """Where a chunk stands.

    Attributes:
        positions: `(page, x1, x2, y1, y2)` for each page, or each column of a page, that the chunk touches, in the
            order of the text; points with one decimal. Empty for formats without pages.
        page: The first page, from 1; 0 for formats without pages.
    """

    positions: tuple[tuple[float, ...], ...]
    page: int


class Locator:
    """Follows the document's text, block by block and chunk by chunk, and knows the boxes of each chunk.

    Chunks are cut out of the text of the blocks in order and without gaps, so that counting characters is enough.
    """

    def __init__(self) -> None:
        self._spans: deque[Span] = deque()
        self._used = 0  # characters of the first span which earlier chunks took
        self._last = Place((), 0)

    def add(self, blocks: Sequence[Block]) -> None:
        """Take the blocks which the next chunks are cut from."""
        for block in blocks:
            self._spans.extend(block.spans)

    def locate(self, content: str) -> Place:
        """Return the place of the next chunk and move on behind it; an empty text stands where the last one stood."""
        if not content:
            return self._last
        boxes: dict[int, list[Box]] = {}
        left = len(content)
        while left and self._spans:
            span = self._spans[0]
            taken = min(left, span.length - self._used)
            text = content[len(content) - left : len(content) - left + taken]
            if text and not text.isspace():
                columns = boxes.setdefault(span.page, [])
                if span.box is not None:
                    _merge(columns, span.box)
            left -= taken
            self._used += taken
            if self._used == span.length:
                self._spans.popleft()
                self._used = 0
        positions = tuple((float(page), *_rounded(box)) for page, columns in boxes.items() for box in columns)
        self._last = Place(positions, next(iter(boxes), 0))
        return self._last


def joined(places: Sequence[Place]) -> Place:
    """Return the place of texts which follow each other."""
    boxes: dict[int, list[Box]] = {}
    for place in places:
        for page, *sides in place.positions:
            x1, x2, y1, y2 = sides
            _merge(boxes.setdefault(int(page), []), (x1, x2, y1, y2))
    positions = tuple((float(page), *box) for page, columns in boxes.items() for box in columns)
    return Place(positions, next((place.page for place in places if place.page), 0))


def _merge(columns: list[Box], box: Box) -> None:
    """Put `box` into the column which it shares most of its width with, or make it a new column."""
    for index, column in enumerate(columns):
        shared = min(column[1], box[1]) - max(column[0], box[0])
        if shared >= _COLUMN_OVERLAP * min(column[1] - column[0], box[1] - box[0]):
            columns[index] = (
                min(column[0], box[0]),
                max(column[1], box[1]),
                min(column[2], box[2]),
                max(column[3], box[3]),
            )
            return
    columns.append(box)


def _rounded(box: Box) -> tuple[float, ...]:
    return tuple(round(value, 1) for value in box)
