"""ODT: headings, paragraphs, lists and tables."""

from collections.abc import Iterator
from contextlib import closing
from xml.etree import ElementTree as ET

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.archive import attribute, local
from knowflow_server.domain.ingest.readers.odf import events, number, open_content, text_of
from knowflow_server.domain.ingest.readers.table_text import table_rows

_MAX_LEVEL = 6
_BATCH = 200
_LONGEST_TABLE = 500
_DEEPEST_INDENT = 10
# Deleted text and remarks beside the text.
_UNSEEN = frozenset({"tracked-changes", "annotation", "sequence-decls", "forms"})


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a text document in document order; see `Reader`."""
    with open_content(source.path, label="ODT") as archive, closing(events(archive)) as found:
        text = _Text()
        for event, _, element, _, share in found:
            if event == "start":
                text.start(element)
                continue
            text.end(element)
            if len(text.blocks) >= _BATCH:
                yield text.take()
                yield Progress(share, "Read a part of the document.")
        text.end_list()
        yield text.take()


class _Text:
    """Follows the elements and collects blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._parents: list[ET.Element] = []
        self._items: list[str] = []
        self._rows: list[list[str]] = []

    def take(self) -> list[Block]:
        blocks, self.blocks = self.blocks, []
        return blocks

    def start(self, element: ET.Element) -> None:
        self._open.append(local(element.tag))
        self._parents.append(element)

    def end(self, element: ET.Element) -> None:
        name = self._open.pop()
        self._parents.pop()
        if "text" not in self._open or not _UNSEEN.isdisjoint(self._open):
            return
        tables = self._open.count("table")
        if name in {"h", "p"} and not tables and not {"h", "p"} & set(self._open):
            self._paragraph(name, element)
        elif name == "table-row" and tables == 1:
            self._row(element)
        elif name == "table" and not tables:
            self._end_table()
        else:
            return
        # What is read is forgotten; the rest of the tree is its skeleton.
        element.clear()
        if self._parents:
            self._parents[-1].remove(element)

    def end_list(self) -> None:
        """Make a block of the items so far."""
        if self._items:
            self.blocks.append(Block(Kind.LIST, "\n".join(self._items) + "\n\n"))
            self._items = []

    def _paragraph(self, name: str, element: ET.Element) -> None:
        text = clean(text_of(element)).strip()
        depth = self._open.count("list")
        if not depth or name == "h":
            self.end_list()
        if not text:
            return
        if name == "h":
            level = min(number(attribute(element, "outline-level"), largest=_MAX_LEVEL), _MAX_LEVEL)
            self.blocks.append(Block(Kind.HEADING, " ".join(text.split()) + "\n\n", level))
        elif depth:
            self._items.append("  " * min(depth - 1, _DEEPEST_INDENT) + "- " + text)
        else:
            self.blocks.append(Block(Kind.PARAGRAPH, text + "\n\n"))

    def _row(self, row: ET.Element) -> None:
        self.end_list()
        cells = [cell for cell in row if local(cell.tag) in {"table-cell", "covered-table-cell"}]
        self._rows.append([clean(" ".join(text_of(part) for part in cell)) for cell in cells])

    def _end_table(self) -> None:
        self.end_list()
        rows, self._rows = table_rows(self._rows), []
        for start in range(0, len(rows), _LONGEST_TABLE):
            end = "\n" if start + _LONGEST_TABLE >= len(rows) else ""
            self.blocks.append(Block(Kind.TABLE, "".join(rows[start : start + _LONGEST_TABLE]) + end))
