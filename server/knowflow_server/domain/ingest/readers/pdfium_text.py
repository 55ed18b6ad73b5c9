"""Reading a page with PDFium: lines with boxes and fonts, in the order in which the page draws them.

That order is the reading order in nearly all files; ordering by position mixes columns.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from knowflow_server.domain.ingest.blocks import Box
from knowflow_server.domain.ingest.readers.pdf_page import union

# PDFium marks a hyphen at the end of a line by U+FFFE and leaves the line end out.
_LINE_END = re.compile("\r\n|\r|\n|\ufffe")
_BROKEN = "\ufffe"
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_HYPHEN = re.compile(r"[^\W\d_]-$")
_GAP = 9.0  # points; the blanks of justified text are narrower
_FONT_NAME = 128


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Turns PDFium's coordinates into the page's own, as a viewer shows it.

    Attributes:
        left, bottom, right, top: The visible box in PDF units.
        turns: Quarter turns clockwise by which the page is shown, 0 to 3.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points, rounded down to one decimal so that rounded boxes stay inside."""
        width, height = self.right - self.left, self.top - self.bottom
        if self.turns % 2:
            width, height = height, width
        return int(width * 10) / 10, int(height * 10) / 10

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box of PDF units as a box of the page."""
        (xa, ya), (xb, yb) = self.point(left, bottom), self.point(right, top)
        return min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of PDF units as a point of the page."""
        across, down = x - self.left, self.top - y
        width, height = self.right - self.left, self.top - self.bottom
        if self.turns == 1:
            return height - down, across
        if self.turns == 2:
            return width - across, height - down
        if self.turns == 3:
            return down, width - across
        return across, down


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as PDFium has it.

    Attributes:
        text: Not cleaned.
        start: Index of its first character among the characters of the page.
        box: Box on the page, not clipped; None where PDFium knows none.
        is_broken: True when a word is broken at the end by a hyphen, which is not part of `text`.
        gaps: `(x1, x2)` of the wide blanks inside the line, which may part columns.
    """

    text: str
    start: int
    box: Box | None
    is_broken: bool
    gaps: tuple[tuple[float, float], ...] = ()


def raw_lines(text_page: Any, frame: PageFrame) -> Iterator[RawLine]:
    """Yield the lines of a page that have text.

    Args:
        text_page: A `PdfTextPage` of pypdfium2.
        frame: The page's coordinates.
    """
    text = text_page.get_text_range(errors="replace")
    is_wide = any(character > "\uffff" for character in text) if not text.isascii() else False
    position = 0  # in UTF-16 units, as PDFium counts
    for line, end in _split(text):
        units = _units(line) if is_wide else len(line)
        if line and not line.isspace():
            start = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, position)
            box, gaps = _box(text_page, start, units, frame)
            yield RawLine(line, start, box, end == _BROKEN, gaps)
        position += units + len(end)


def font_size(text_page: Any, index: int) -> float:
    """Return the size in points at which the character at `index` is drawn."""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(text_page, index)
    if pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        size *= (matrix.c**2 + matrix.d**2) ** 0.5
    return float(size)


def is_bold(text_page: Any, index: int) -> bool:
    """Return True when the name of the character's font says that it is bold."""
    name = ctypes.create_string_buffer(_FONT_NAME)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME, flags)
    return _BOLD.search(name.value) is not None


def character_box(text_page: Any, index: int, frame: PageFrame) -> Box | None:
    """Return the box of one character, or None for characters which PDFium made up, such as spaces."""
    sides = [ctypes.c_double() for _ in range(4)]
    if not pdfium.FPDFText_GetCharBox(text_page, index, *sides):
        return None
    left, right, bottom, top = (side.value for side in sides)
    return frame.place(left, bottom, right, top) if left < right and bottom < top else None


def _split(text: str) -> Iterator[tuple[str, str]]:
    start = 0
    for match in _LINE_END.finditer(text):
        yield text[start : match.start()], match[0]
        start = match.end()
    yield text[start:], ""


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def cut_line(line: RawLine, at: Sequence[float], text_page: Any, frame: PageFrame) -> list[RawLine]:
    """Return the parts of a line between the x given, which lie in its gaps; each has its own box."""
    parts: list[RawLine] = []
    offset = begin = 0  # in UTF-16 units, as PDFium counts; in characters
    start = 0
    borders = list(at)
    for index, character in enumerate(line.text):
        box = character_box(text_page, line.start + offset, frame) if borders else None
        if box is not None and (box[0] + box[1]) / 2 > borders[0]:
            while borders and (box[0] + box[1]) / 2 > borders[0]:
                borders.pop(0)
            parts.append(_part(line, begin, index, start, offset, text_page, frame))
            begin, start = index, offset
        offset += _units(character)
    last = _part(line, begin, len(line.text), start, offset, text_page, frame)
    return [*parts, replace(last, is_broken=line.is_broken)]


def _part(line: RawLine, begin: int, end: int, start: int, stop: int, text_page: Any, frame: PageFrame) -> RawLine:
    text = line.text[begin:end].rstrip()
    is_broken = _HYPHEN.search(text) is not None
    box, _ = _box(text_page, line.start + start, stop - start, frame)
    return RawLine(text[:-1] if is_broken else text, line.start + start, box, is_broken)


def _box(
    text_page: Any, start: int, length: int, frame: PageFrame
) -> tuple[Box | None, tuple[tuple[float, float], ...]]:
    """Return the box around a run of characters, from PDFium's boxes of its parts of one font, and its wide blanks."""
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    boxes = [
        frame.place(left.value, bottom.value, right.value, top.value)
        for index in range(pdfium.FPDFText_CountRects(text_page, start, length))
        if pdfium.FPDFText_GetRect(text_page, index, left, top, right, bottom)
    ]
    if not boxes:
        return None, ()
    ordered = sorted(boxes)
    gaps = tuple((a[1], b[0]) for a, b in pairwise(ordered) if b[0] - a[1] >= _GAP) if len(boxes) > 1 else ()
    return union(boxes), gaps
