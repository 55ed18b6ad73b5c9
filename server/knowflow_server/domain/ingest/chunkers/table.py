"""The table method: each row is a chunk which names the column of each value."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.chunker import Content
from knowflow_server.domain.ingest.chunkers.entries import Entries, Head
from knowflow_server.domain.ingest.chunkers.rows import Row, block_rows, find_delimiter
from knowflow_server.domain.ingest.chunkers.titles import heading_title, is_title
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.tokens import TokenCounter

_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】")
_SYNONYM = re.compile(r"[/／]")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_MOST_DIGITS = 16
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_LONGEST_FIELD = 1_000
# Part of the lines which must have as many cells as the first one.
_SHARE = 0.8


class _Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: What its values are called, without synonyms and examples.
        header: The whole cell of the header.
    """

    name: str
    header: str


def choose_table(sample: Sequence[Block], config: IngestConfig, count_tokens: TokenCounter) -> "Table | None":
    """Return the chunker for the form in which a document has its rows; see `Choose`.

    Rows stand in tables which make up most of the text, or are lines with tabs or commas, all of as many cells.
    """
    in_tables = sum(len(block.text) for block in sample if _has_cells(block))
    if 2 * in_tables > sum(len(block.text) for block in sample):
        return Table("", config, count_tokens)
    for delimiter in ("\t", ","):
        width = next((len(row.cells) for block in sample for row in _text_rows(block, delimiter) if any(row.cells)), 0)
        # Two commas make three parts; a sentence with one comma makes two and looks like a row.
        is_wide = width > 1 if delimiter == "\t" else width > 2
        if is_wide and find_delimiter(sample, _has_width(width), share=_SHARE) == delimiter:
            return Table(delimiter, config, count_tokens)
    return None


class Table:
    """Writes each row as `column: value; column: value`; blank values are left out.

    The first row of each table is its header. Text between tables is cut at the token limit.

    Args:
        delimiter: Parts the cells of a line; "" when the rows stand in tables.
        config: See `Entries`.
        count_tokens: Counts tokens.
    """

    def __init__(self, delimiter: str, config: IngestConfig, count_tokens: TokenCounter) -> None:
        self._delimiter = delimiter
        self._entries = Entries(config, count_tokens)
        self._columns: list[_Column] = []
        self._is_first_row = True
        self._is_text = False  # the entry under way is text between tables

    def feed(self, blocks: Sequence[Block]) -> list[Content]:
        """Take the next blocks of the document; return the contents that are complete."""
        for block in blocks:
            if is_title(block):
                self._entries.title(heading_title(block), source=block.text)
                self._columns, self._is_text = [], False
            elif _has_cells(block) or (self._delimiter and block.kind is not Kind.HEADING):
                self._add_rows(block)
            else:
                self._add_text(block.text)
        return self._entries.take()

    def finish(self) -> list[Content]:
        """Return what is left at the end of the document."""
        return self._entries.finish()

    def _add_rows(self, block: Block) -> None:
        rows = block_rows(block, self._delimiter)
        if block.kind is Kind.TABLE and any(row.is_rule for row in rows[:2]):
            if self._columns:
                self._entries.flush()
            self._columns = []  # a table of its own, not the next part of the one before
        for row in rows:
            if not any(row.cells):
                self._entries.add("", source=row.source)
            elif not self._columns:
                self._columns, self._is_first_row = _columns(row.cells), True
                self._entries.hold("; ".join(cell for cell in row.cells if cell), source=row.source)
            else:
                self._add_row(row)
            self._is_text = self._is_text and not any(row.cells)

    def _add_row(self, row: Row) -> None:
        columns = [*self._columns, *(_Column(f"Column {n + 1}", "") for n in range(len(self._columns), len(row.cells)))]
        named = [(column, cell) for column, cell in zip(columns, row.cells, strict=False) if cell]
        shown = columns if self._is_first_row else [column for column, _ in named]  # no header is lost
        names = {column.name for column, _ in named}
        headers = [column.header for column in shown if column.header and column.header not in names]
        self._is_first_row = False
        fields = tuple({column.name: typed(cell) for column, cell in named if len(cell) <= _LONGEST_FIELD}.items())
        self._entries.begin(Head(headings=tuple(headers), is_whole=True, fields=fields))
        self._entries.add("; ".join(f"{column.name}: {cell}" for column, cell in named), source=row.source)

    def _add_text(self, text: str) -> None:
        if text.strip() and not self._is_text:
            if self._columns and self._is_first_row:
                self._entries.flush()
            self._entries.begin(Head())
            self._is_text = True
        self._entries.add(text, source=text)


def typed(cell: str) -> bool | float | str:
    """Return what a cell holds: a number, a boolean (`true` or `false`), a date as ISO 8601, or its text.

    A number with zeros before it, or with more digits than a double keeps, is a name: of a place, a phone, an article.
    """
    if _NUMBER.fullmatch(cell) and len(cell) <= _MOST_DIGITS:
        return float(cell)
    if cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    if found := _DATE.fullmatch(cell):
        with suppress(ValueError):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    return cell


def _has_width(width: int) -> Callable[[tuple[str, ...]], bool]:
    def has_width(cells: tuple[str, ...]) -> bool:
        return len(cells) == width

    return has_width


def _has_cells(block: Block) -> bool:
    return block.kind is Kind.TABLE and block.text.lstrip().startswith("|")


def _text_rows(block: Block, delimiter: str) -> list[Row]:
    return [] if block.kind in {Kind.TABLE, Kind.HEADING} else block_rows(block, delimiter)


def _columns(cells: Sequence[str]) -> list[_Column]:
    """Return the columns of a header: `Sex/Gender (male, female)` is called `Sex`."""
    columns = []
    for number, cell in enumerate(cells, 1):
        bare = _SYNONYM.split(_ASIDE.sub("", cell).strip())[0].strip()
        columns.append(_Column(bare or cell or f"Column {number}", cell))
    return columns
