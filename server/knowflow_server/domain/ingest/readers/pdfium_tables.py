"""Moving the characters of a page's lines into the cells of its tables."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from knowflow_server.domain.ingest.blocks import Box
from knowflow_server.domain.ingest.readers.pdf_page import Table, clean_line, clip, union
from knowflow_server.domain.ingest.readers.pdfium_text import PageFrame, RawLine, character_box

# Cells of a table of data are mostly filled; those of a chart's grid or a form's frame are not.
_MIN_FILLED = 0.3
_SAME_ROW = 1.0
_Row = list[tuple[int, Box]]


class TableFiller:
    """Fills the cells of one table with the characters that stand in them.

    Args:
        cells: Boxes of the cells, from top to bottom.
    """

    def __init__(self, cells: Sequence[Box]) -> None:
        self._cells = list(cells)
        self._texts = [""] * len(cells)
        self._is_broken = [False] * len(cells)
        self._last = 0  # the next character is mostly in the same cell
        self.box = union(self._cells)

    def meets(self, box: Box) -> bool:
        """Return True when a box is partly inside the table."""
        return box[0] < self.box[1] and box[1] > self.box[0] and box[2] < self.box[3] and box[3] > self.box[2]

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the index of the cell around a point, or None."""
        if not _is_inside(self._cells[self._last], x, y):
            found = next((index for index, cell in enumerate(self._cells) if _is_inside(cell, x, y)), None)
            if found is None:
                return None
            self._last = found
        return self._last

    def add(self, cell: int, text: str, *, is_broken: bool) -> None:
        """Append text of another line to a cell.

        Args:
            cell: Index of the cell.
            text: Not blank.
            is_broken: The text ends in the middle of a word, so that the next one joins it without a space.
        """
        seam = " " if self._texts[cell] and not self._is_broken[cell] else ""
        self._texts[cell] += seam + text
        self._is_broken[cell] = is_broken

    def table(self, width: float, height: float) -> Table | None:
        """Return the table with its rows that have text, or None when too few cells are filled for it to be one."""
        texts = [clean_line(text) for text in self._texts]
        filled = sum(map(bool, texts))
        lefts = sorted({cell[0] for cell in self._cells})
        rows, boxes = [], []
        for row in self._rows():
            cells = [""] * len(lefts)
            for index, box in row:
                cells[lefts.index(box[0])] = texts[index]
            if any(cells):
                rows.append(tuple(cells))
                boxes.append(clip(union([box for _, box in row]), width, height))
        if len(rows) < 2 or filled < _MIN_FILLED * len(texts):
            return None
        return Table(tuple(rows), tuple(boxes))

    def _rows(self) -> list[_Row]:
        rows: list[_Row] = []
        for index, box in enumerate(self._cells):
            if rows and abs(rows[-1][0][1][2] - box[2]) <= _SAME_ROW:
                rows[-1].append((index, box))
            else:
                rows.append([(index, box)])
        return rows


def _is_inside(box: Box, x: float, y: float) -> bool:
    return box[0] <= x < box[1] and box[2] <= y < box[3]


class Part(NamedTuple):
    """A run of a line's characters; `filler` and `cell` tell where, or are None and 0 for characters beside tables."""

    filler: TableFiller | None
    cell: int
    text: str


def distribute(line: RawLine, fillers: Sequence[TableFiller], text_page: Any, frame: PageFrame) -> list[Part]:
    """Return the parts of a line by the cells they stand in.

    Characters without a box (spaces which PDFium made up) go with the character before them.

    Args:
        line: A line.
        fillers: The tables which the line meets.
        text_page: A `PdfTextPage` of pypdfium2.
        frame: The page's coordinates.
    """
    parts: list[Part] = []
    place: tuple[TableFiller | None, int] = (None, 0)
    offset = 0
    for character in line.text:
        box = character_box(text_page, line.start + offset, frame)
        offset += 2 if character > "\uffff" else 1
        if box is not None:
            place = _place((box[0] + box[1]) / 2, (box[2] + box[3]) / 2, fillers)
        if parts and parts[-1][:2] == place:
            parts[-1] = Part(*place, parts[-1].text + character)
        else:
            parts.append(Part(*place, character))
    return parts


def _place(x: float, y: float, fillers: Sequence[TableFiller]) -> tuple[TableFiller | None, int]:
    for filler in fillers:
        cell = filler.cell_at(x, y)
        if cell is not None:
            return filler, cell
    return None, 0
