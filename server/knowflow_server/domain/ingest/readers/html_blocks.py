"""Turning the tags and texts of an HTML page, one after the other, into blocks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowflow_server.domain.ingest.blocks import Block, Kind, clean
from knowflow_server.domain.ingest.readers.table_text import table_rows

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_HIDDEN_NAMES = "canvas head iframe math noscript object script select style svg template textarea"
_PARAGRAPH_NAMES = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form header hgroup hr html legend li main nav p pre section summary tbody td tfoot th thead tr"
)
_HIDDEN = frozenset(_HIDDEN_NAMES.split())
_PARAGRAPHS = frozenset(_PARAGRAPH_NAMES.split()) | _LISTS | {*_HEADINGS, "table"}
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")
_SPACE_RUN = re.compile(r" +")
_LINE_END = re.compile(r" *\n *")
_MAX_SPAN = 100
_DEEPEST_INDENT = 10


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None
    span: int = 1

    def open_cell(self, span: int) -> None:
        self.close_cell()
        if not self.rows:
            self.rows.append([])
        self.cell, self.span = [], span

    def close_cell(self) -> None:
        if self.cell is not None:
            self.rows[-1] += ["".join(self.cell), *[""] * (self.span - 1)]
        self.cell = None


class HtmlBlocks:
    """Takes the events of a parser (`start`, `end`, `data`, `close`) and collects blocks.

    The events are balanced: the parser has closed what the page left open. A table whose cells hold headings or further
    tables arranges the page rather than data, and is read as if it were not there.
    """

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._hidden = 0  # open elements from the outermost hidden one on
        self._heading = 0
        self._preformatted = 0
        self._counters: list[int | None] = []  # one per open list; None for lists without numbers
        self._marker = ""
        self._items: list[str] = []
        self._table: _Table | None = None

    def take(self) -> list[Block]:
        """Return the blocks completed since the last call, in document order."""
        blocks, self._blocks = self._blocks, []
        return blocks

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        if self._hidden or tag in _HIDDEN:
            self._hidden += 1
        elif self._table is not None and self._start_in_table(self._table, tag, attributes):
            return
        elif tag == "br":
            self._text.append("\n")
        elif tag in _PARAGRAPHS:
            self._flush()
            self._open(tag)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._hidden:
            self._hidden -= 1
        elif self._table is not None:
            self._end_in_table(self._table, tag)
        elif tag in _PARAGRAPHS:
            self._flush()
            self._leave(tag)

    def data(self, text: str) -> None:
        """Take text between tags."""
        if self._hidden:
            return
        if self._table is not None and self._table.cell is not None:
            self._table.cell.append(text)
        elif self._preformatted:
            self._text.append(text)
        else:
            self._text.append(_SPACE.sub(" ", text))

    def comment(self, text: str) -> None:
        """Ignore a comment."""

    def close(self) -> None:
        """Take the end of the page."""
        if self._table is not None:
            self._dissolve(self._table)
        self._flush()
        self._flush_items()

    def _open(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag == "pre":
            self._preformatted += 1
        elif tag in _LISTS:
            self._counters.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "table":
            self._flush_items()
            self._table = _Table()

    def _leave(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._heading = 0
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        elif tag in _LISTS and self._counters:
            self._counters.pop()
            self._marker = ""
            if not self._counters:
                self._flush_items()

    def _next_marker(self) -> str:
        if not self._counters or self._counters[-1] is None:
            return "- "
        self._counters[-1] += 1
        return f"{self._counters[-1]}. "

    def _start_in_table(self, table: _Table, tag: str, attributes: Mapping[str, str]) -> bool:
        """Take a tag inside a table; return False when the table turned out to be none and is gone."""
        if tag == "table" or (tag in _HEADINGS and table.cell is not None):
            self._dissolve(table)
            return False
        if tag == "tr":
            table.close_cell()
            table.rows.append([])
        elif tag in {"td", "th"}:
            span = attributes.get("colspan", "")
            table.open_cell(min(int(span), _MAX_SPAN) if span.isdecimal() and span != "0" else 1)
        elif table.cell is not None and (tag in _PARAGRAPHS or tag == "br"):
            table.cell.append(" ")
        return True

    def _end_in_table(self, table: _Table, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            table.close_cell()
        elif tag == "table":
            table.close_cell()
            self._table = None
            self._flush()  # the caption and other text outside the cells
            if max(map(len, table.rows), default=0) > 1:
                self._emit(Kind.TABLE, "".join(table_rows(table.rows)))
            else:
                self._emit_cells(table)
        elif table.cell is not None and tag in _PARAGRAPHS:
            table.cell.append(" ")
        elif tag in _PARAGRAPHS:
            self._text.append("\n")

    def _dissolve(self, table: _Table) -> None:
        """Read the cells so far as paragraphs and the open one as running text."""
        running = table.cell or []
        table.cell = None
        self._table = None
        self._flush()
        self._emit_cells(table)
        self._text = [_SPACE.sub(" ", text) for text in running]

    def _emit_cells(self, table: _Table) -> None:
        for row in table.rows:
            for cell in row:
                self._emit(Kind.PARAGRAPH, " ".join(cell.split()))

    def _flush(self) -> None:
        """Make what the text so far is: a heading, code, a line of a list or a paragraph."""
        text = "".join(self._text)
        self._text.clear()
        if self._preformatted:
            self._flush_items()
            self._emit(Kind.CODE, text.strip("\r\n"))
            return
        text = _LINE_END.sub("\n", _SPACE_RUN.sub(" ", text)).strip()
        if not text:
            return
        if self._heading:
            self._flush_items()
            self._emit(Kind.HEADING, text.replace("\n", " "), self._heading)
        elif self._counters:
            indent = "  " * min(len(self._counters) - 1, _DEEPEST_INDENT)
            marker, self._marker = self._marker or "  ", ""
            self._items += [f"{indent}{lead}{line}\n" for lead, line in _led(marker, text.split("\n"))]
        else:
            self._emit(Kind.PARAGRAPH, text)

    def _flush_items(self) -> None:
        text = "".join(self._items)
        self._items.clear()
        self._emit(Kind.LIST, text)

    def _emit(self, kind: Kind, text: str, level: int = 0) -> None:
        if text.strip():
            self._blocks.append(Block(kind, clean(text).rstrip("\n") + "\n\n", level))


def _led(marker: str, lines: list[str]) -> list[tuple[str, str]]:
    """Pair the first line with the marker and the others with as much space."""
    return [(" " * len(marker) if index else marker, line) for index, line in enumerate(lines)]
