"""Taking rows apart into cells: rows of tables, and lines whose cells are parted by tabs or commas."""

import csv
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind

_CELL = re.compile(r"((?:[^|\\]|\\.|\\$)*)(?:\||$)", re.DOTALL)
_ESCAPED_BAR = re.compile(r"\\\|")
_RULE_CELL = re.compile(r":?-+:?")
_LONGEST_LINE = 131_072  # a longer cell is refused by the csv module


class Row(NamedTuple):
    """A line of the document.

    Attributes:
        source: The line with its line feed.
        cells: Its cells without the white space around them; a single one where the line does not split. Blank cells at
            the end of a row of a table are left out: they only fill it up.
        is_rule: True for the line of dashes below a header.
    """

    source: str
    cells: tuple[str, ...]
    is_rule: bool = False


def block_rows(block: Block, delimiter: str) -> list[Row]:
    """Return the rows of a table, or the lines of another block split at `delimiter`; none is split where it is ""."""
    lines = _lines(block.text)
    if block.kind is Kind.TABLE:
        return [_table_row(line, is_second=index == 1) for index, line in enumerate(lines)]
    is_text = delimiter and block.kind is not Kind.HEADING
    return [Row(line, _cells(line, delimiter) if is_text else (line.strip(),)) for line in lines]


def find_delimiter(sample: Sequence[Block], is_row: Callable[[tuple[str, ...]], bool], *, share: float) -> str:
    """Return the tab or the comma, whichever splits more lines into rows.

    Args:
        sample: Blocks; tables and headings among them do not count.
        is_row: Tells whether cells are those of a row.
        share: Part of the lines with text which must be rows.

    Returns:
        The delimiter, or "" when neither splits enough lines.
    """
    texts = [block.text for block in sample if block.kind not in {Kind.TABLE, Kind.HEADING}]
    lines = [line for text in texts for line in _lines(text) if line.strip()]
    best, most = "", max(share * len(lines), 1)
    for delimiter in ("\t", ","):
        count = sum(is_row(_cells(line, delimiter)) for line in lines)
        if count >= most and (count > most or not best):
            best, most = delimiter, count
    return best


def _lines(text: str) -> list[str]:
    """Cut after line feeds only: other characters that end lines may stand inside a cell."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _table_row(line: str, *, is_second: bool) -> Row:
    text = line.strip()
    if not text.startswith("|"):
        return Row(line, (text,))
    found = [match[1].strip() for match in _CELL.finditer(text, 1)]
    cells = [_ESCAPED_BAR.sub("|", cell) for cell in found[:-1]]
    if is_second and cells and all(_RULE_CELL.fullmatch(cell) for cell in cells):
        return Row(line, (), is_rule=True)
    while cells and not cells[-1]:
        cells.pop()
    return Row(line, tuple(cells))


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    if len(line) > _LONGEST_LINE or delimiter not in line:
        return (line.strip(),)
    if delimiter == "\t":
        return tuple(cell.strip() for cell in line.rstrip("\n").split("\t"))
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line.strip()], skipinitialspace=True)))
    except csv.Error:  # a carriage return inside the line
        return (line.strip(),)
