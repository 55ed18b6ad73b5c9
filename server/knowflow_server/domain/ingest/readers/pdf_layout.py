"""From lines to blocks: paragraphs, headings and lists of a page, by distances and indents."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from knowflow_server.domain.ingest.blocks import Block, Box, Kind, Span
from knowflow_server.domain.ingest.readers.pdf_fonts import Guide
from knowflow_server.domain.ingest.readers.pdf_page import Line, Page, Table
from knowflow_server.domain.ingest.readers.table_text import table_rows

# All of these were chosen by looking at papers, books, laws and reports; none is a law of typography.
_SAME_SIZE = 0.15
_NEW_BLOCK_PITCH = 1.35  # times the page's usual distance from line to line
_CLOSE_PITCH = 1.5  # times the font size; lines closer than this are never parted by their distance
_SAME_ROW = 0.5  # times the font size
_INDENT = 0.8  # times the font size
_FULL_LINE = 0.75  # of the column's width; shorter lines end on purpose
_SHORTEST_FULL_LINE = 20  # characters; what is shorter is an address or a label rather than a paragraph
_SAME_MARGIN = 20.0  # points
_MOST_LINES = 0.8
_MOST_HEADING_LINES = 3
# Bounds on comparing lines with each other: a page may have a hundred thousand of them.
_NEARBY_LINES = 40
_MOST_MARGINS = 500

_BULLET = re.compile(r"(?:[•◦▪▫‣●○■□–—\-*·]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])\s+\S")
_LEADERS = re.compile(r"(?:\. ?){4}")  # the dots of a table of contents
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？；]['\"”’)\]]*$")


def page_blocks(page: Page, guide: Guide | None) -> list[Block]:
    """Return the blocks of a page in reading order.

    Args:
        page: Its lines are in reading order.
        guide: Knows headings; None for plain text, where every block is a paragraph.
    """
    layout = _PageLayout(page, guide)
    for item in page.items:
        if isinstance(item, Table):
            layout.add_table(item)
        else:
            layout.add(item)
    return layout.finish()


class _PageLayout:
    """Collects the lines of one page into blocks."""

    def __init__(self, page: Page, guide: Guide | None) -> None:
        self._number = page.number
        self._guide = guide
        lines = [item for item in page.items if isinstance(item, Line)]
        self._pitch = _usual_pitch(lines)
        margins = [(line.box[0], line.box[1]) for line in lines if line.box is not None]
        self._margins = margins[:: len(margins) // _MOST_MARGINS + 1]
        self._blocks: list[Block] = []
        self._lines: list[Line] = []
        self._kind = Kind.PARAGRAPH
        self._level = 0

    def add_table(self, table: Table) -> None:
        """Add a table as a block of its own."""
        self._end_block()
        rows = table_rows(table.rows)
        rows[-1] += "\n"
        spans = tuple(Span(len(row), self._number, box) for row, box in zip(rows, table.boxes, strict=True))
        self._blocks.append(Block(Kind.TABLE, "".join(rows), spans=spans))

    def add(self, line: Line) -> None:
        """Add a line to the block under way or begin a new one with it."""
        level = self._guide.level(line, self._number) if self._guide else 0
        is_bullet = self._guide is not None and not level and _BULLET.match(line.text) is not None
        is_same_kind = level == self._level and not (is_bullet and self._kind is not Kind.LIST)
        if self._lines and not (is_same_kind and self._continues(line)):
            self._end_block()
        if not self._lines:
            self._kind = Kind.HEADING if level else Kind.LIST if is_bullet else Kind.PARAGRAPH
            self._level = level
        self._lines.append(line)

    def finish(self) -> list[Block]:
        """Return the blocks of the page."""
        self._end_block()
        return self._blocks

    def _continues(self, line: Line) -> bool:
        """Return True when the place and the font of a line go on where the block under way stops."""
        last = self._lines[-1]
        if last.is_broken or last.box is None or line.box is None or _is_same_row(last, line):
            return True
        if abs(line.size - last.size) > _SAME_SIZE * max(line.size, last.size):
            return False
        is_sentence_end = _ENDS_SENTENCE.search(last.text) is not None
        step = line.box[3] - last.box[3]
        if step < 0:  # up: the next column
            return self._kind is Kind.PARAGRAPH and not is_sentence_end and line.text[:1].islower()
        if step > max(_NEW_BLOCK_PITCH * self._pitch, _CLOSE_PITCH * line.size):
            return False
        return self._kind is not Kind.PARAGRAPH or not is_sentence_end or not self._is_paragraph_start(last.box, line)

    def _is_paragraph_start(self, last: Box, line: Line) -> bool:
        """Return True when the last line ends early or this one is indented, although the distance is the usual one."""
        boxes = [each.box for each in self._lines[-_NEARBY_LINES:] if each.box is not None]
        left, right = min(box[0] for box in boxes), max(box[1] for box in boxes)
        is_short = last[1] < left + _FULL_LINE * (right - left)
        return is_short or (len(boxes) > 1 and line.box is not None and line.box[0] > left + _INDENT * line.size)

    def _end_block(self) -> None:
        """Make a block of the lines so far; too many lines of a heading's look are a paragraph."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        if self._kind is Kind.HEADING and len(lines) > _MOST_HEADING_LINES:
            self._kind, self._level = Kind.PARAGRAPH, 0
        texts = []
        for index, (above, below) in enumerate(pairwise(lines)):
            around = lines[max(0, index - _NEARBY_LINES) : index + _NEARBY_LINES]
            texts.append(above.text + _seam(above, below, self._kind, is_full=_is_full(above, around, self._margins)))
        texts.append(lines[-1].text + ("-\n\n" if lines[-1].is_broken else "\n\n"))
        spans = tuple(Span(len(text), self._number, line.box) for text, line in zip(texts, lines, strict=True))
        self._blocks.append(Block(self._kind, "".join(texts), self._level, spans))


def _seam(above: Line, below: Line, kind: Kind, *, is_full: bool) -> str:
    """Return what stands between two lines: nothing inside a word, a space inside a sentence, else a line feed."""
    if above.is_broken:
        is_compound = "-" in above.text.rpartition(" ")[2] or not below.text[:1].islower()
        return "-" if is_compound else ""
    if kind is Kind.HEADING or _is_same_row(above, below):
        return " "
    if (kind is Kind.LIST and _BULLET.match(below.text)) or _LEADERS.search(above.text):
        return "\n"
    return " " if is_full else "\n"


def _is_full(line: Line, lines: Sequence[Line], margins: Sequence[tuple[float, float]]) -> bool:
    """Return True when a line ends because its column does, not because the sentence does.

    The column is as wide as the widest line near, and as most lines of the page that begin where this one does, so that
    a heading across two columns does not widen them.

    Args:
        line: The line.
        lines: The lines of the block around it, itself included.
        margins: Where lines of the page begin and end.
    """
    if line.box is None:
        return True
    left = line.box[0]
    near = [each.box[1] for each in lines if each.box is not None and abs(each.box[0] - left) <= 2 * _SAME_MARGIN]
    ends = sorted(end for start, end in margins if abs(start - left) <= _SAME_MARGIN)
    right = max(near + ends[int(len(ends) * _MOST_LINES) :][:1])
    return len(line.text) >= _SHORTEST_FULL_LINE and line.box[1] >= left + _FULL_LINE * (right - left)


def _is_same_row(above: Line, below: Line) -> bool:
    if above.box is None or below.box is None:
        return False
    return abs(above.box[3] - below.box[3]) < _SAME_ROW * below.size


def _usual_pitch(lines: Sequence[Line]) -> float:
    """Return the usual distance in points from line to line, or 0 where no two lines follow each other."""
    steps = []
    for above, below in pairwise(lines):
        if above.box is not None and below.box is not None:
            step = below.box[3] - above.box[3]
            if 0.8 * above.size < step < 3 * above.size:
                steps.append(step)
    return median(steps) if steps else 0.0
