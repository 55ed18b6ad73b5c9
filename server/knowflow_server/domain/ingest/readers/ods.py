"""ODS: each sheet is a heading with its rows below, the cells as they are shown on the screen."""

from collections.abc import Iterator
from contextlib import closing
from itertools import repeat
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.archive import attribute, local
from knowflow_server.domain.ingest.readers.odf import events, number, open_content, text_of
from knowflow_server.domain.ingest.readers.sheet_text import sheet_blocks

_MAX_COLUMNS = 16_384
# Equal rows and cells are stored once with a count; more than this is a file made to fill memory.
_MAX_REPEATED = 10_000
_LARGEST_COUNT = 10**9


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the sheets of a spreadsheet; see `Reader` and `sheet_blocks`."""
    with open_content(source.path, label="ODS") as archive, closing(events(archive)) as found:
        sheets = _Sheets(found)
        while (name := sheets.next_sheet()) is not None:
            yield [Block(Kind.HEADING, f"{' '.join(clean(name).split())}\n\n", 1)]
            yield from sheet_blocks(sheets.rows(), source)
            yield Progress(sheets.share, f"Read sheet {sheets.count}.")


class _Sheets:
    """Follows the events of the content from sheet to sheet.

    Attributes:
        count: Sheets so far.
        share: Share of the content that is read.
    """

    def __init__(self, found: Iterator[tuple[str, str, ET.Element, int, float]]) -> None:
        self.count = 0
        self.share = 0.0
        self._events = found

    def next_sheet(self) -> str | None:
        """Return the name of the next sheet, or None behind the last one."""
        for event, name, element, _, share in self._events:
            self.share = share
            if event == "start" and name == "table":
                self.count += 1
                return attribute(element, "name") or f"Sheet {self.count}"
        return None

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows of the sheet that was named last."""
        parents: list[ET.Element] = []
        for event, name, element, _, share in self._events:
            self.share = share
            if event == "start":
                parents.append(element)
                continue
            if not parents:
                return  # the end of the sheet
            parents.pop()
            if name == "table-row" and not any(local(parent.tag) == "table-row" for parent in parents):
                cells = _cells(element)
                yield from repeat(cells, _repetitions(element, cells))
                element.clear()
                if parents:
                    parents[-1].clear()


def _cells(row: ET.Element) -> list[str]:
    cells: list[str] = []
    blanks = 0  # held back, because the blank cells behind the last text may be thousands
    for cell in row:
        if local(cell.tag) not in {"table-cell", "covered-table-cell"}:
            continue
        text = clean(" ".join(text_of(part) for part in cell if local(part.tag) in {"p", "h"}))
        count = number(attribute(cell, "number-columns-repeated"), largest=_LARGEST_COUNT)
        if not text.strip():
            blanks += count
            continue
        if len(cells) + blanks + count > _MAX_COLUMNS:
            raise IngestError(f"The ODS file has a row of more than {_MAX_COLUMNS} cells.")
        cells += [""] * blanks + [text] * count
        blanks = 0
    return cells


def _repetitions(row: ET.Element, cells: list[str]) -> int:
    count = number(attribute(row, "number-rows-repeated"), largest=_LARGEST_COUNT)
    if not cells:
        return 1
    if count > _MAX_REPEATED:
        raise IngestError(f"The ODS file repeats a row {count} times, more than the limit of {_MAX_REPEATED}.")
    return count
