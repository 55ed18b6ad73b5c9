"""What the two PDF engines hand over of a page, and what the layout makes blocks of."""

from dataclasses import dataclass

from knowflow_server.domain.ingest.blocks import Box

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_SPACES = dict.fromkeys((0x09, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), " ")
_CONTROLS = dict.fromkeys((*range(0x09), *range(0x0A, 0x20), 0x7F, 0xAD, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))
_TRANSLATION: dict[int, str | None] = {**_CONTROLS, **_LIGATURES, **_SPACES}


class UnreadableError(Exception):
    """An engine cannot read a file or a page; another engine may."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text of one column.

    Attributes:
        text: Cleaned by `clean_line`.
        box: None where the line stands outside the page.
        size: Font size in points of most of the line.
        is_bold: True when the whole line is bold.
        is_broken: True when the line ends in the middle of a word; the hyphen is not part of `text`.
    """

    text: str
    box: Box | None
    size: float
    is_bold: bool = False
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with ruled lines.

    Attributes:
        rows: Text of the cells, row by row; rows may differ in length.
        boxes: One for each row, None for rows outside the page.
    """

    rows: tuple[tuple[str, ...], ...]
    boxes: tuple[Box | None, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page.

    Attributes:
        number: From 1.
        items: Lines and tables in reading order.
        is_blank: True when nothing at all is drawn on the page.
        height: Of the page as shown, in points.
    """

    number: int
    items: tuple[Line | Table, ...]
    is_blank: bool = False
    height: float = 0.0


def clean_line(text: str) -> str:
    """Return text without control characters, soft hyphens and surrogates, ligatures as letters, spaces as one kind."""
    return text.translate(_TRANSLATION).strip()


def clip(box: Box, width: float, height: float) -> Box | None:
    """Return the part of `box` that is on the page, or None when there is none."""
    x1, x2 = max(box[0], 0.0), min(box[1], width)
    y1, y2 = max(box[2], 0.0), min(box[3], height)
    return (x1, x2, y1, y2) if x1 < x2 and y1 < y2 else None


def union(boxes: list[Box]) -> Box:
    """Return the smallest box around one or more boxes."""
    left, right, top, bottom = zip(*boxes, strict=True)
    return min(left), max(right), min(top), max(bottom)
