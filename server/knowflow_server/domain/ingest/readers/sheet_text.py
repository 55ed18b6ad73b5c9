"""Writing the rows of a spreadsheet as text, each row on a line of its own."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from knowflow_server.domain.ingest.blocks import Block, Kind, clean
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.table_text import table_rows

# Methods which take rows apart into cells again; they get Markdown, the form in which every reader writes tables.
_CELL_METHODS = frozenset({"qa", "table", "tag"})
_HTML_ROWS = 12
_LONGEST_NAME = 200  # longer headers are texts rather than names, and would come again in every row
_BATCH_ROWS = 500
_BATCH_CHARACTERS = 262_144


def sheet_blocks(rows: Iterable[Sequence[str]], source: Source) -> Iterator[list[Block]]:
    """Yield the rows of one sheet as tables, in lists that fit into memory; blank rows are left out.

    The first row with more than one cell that is not blank is the header. Three forms:

    - Lines such as `Name: Ann; Age: 30`, so that a row says by itself what its values are. The header stands before
      them as a line of its own, and so do the rows above it, which are titles.
    - HTML tables of 12 rows, each with the header, where the option `html4excel` is set.
    - One Markdown table, in several blocks when it is long, for the methods `qa`, `table` and `tag`.

    Args:
        rows: The texts of the cells.
        source: Its method and options choose the form.
    """
    filled = (cells for row in rows if any(cells := [" ".join(clean(cell).split()) for cell in row]))
    if source.method in _CELL_METHODS:
        yield from _markdown(filled)
    elif source.config.is_html_sheet:
        yield from _html(filled)
    else:
        yield from _lines(filled)


def _lines(rows: Iterable[list[str]]) -> Iterator[list[Block]]:
    header: list[str] = []
    lines: list[str] = []
    size = 0
    is_blank = True
    for row in rows:
        is_blank = False
        line = "; ".join(_pairs(header, row)) + "\n"
        if not header and _is_header(row):
            header = row
        lines.append(line)
        size += len(line)
        if len(lines) >= _BATCH_ROWS or size >= _BATCH_CHARACTERS:
            yield [Block(Kind.TABLE, "".join(lines))]
            lines, size = [], 0
    if not is_blank:
        yield [Block(Kind.TABLE, "".join(lines) + "\n")]


def _is_header(row: list[str]) -> bool:
    return sum(map(bool, row)) > 1


def _pairs(header: list[str], row: list[str]) -> Iterator[str]:
    for index, cell in enumerate(row):
        if cell:
            name = header[index] if index < len(header) else ""
            yield f"{name}: {cell}" if 0 < len(name) <= _LONGEST_NAME else cell


def _html(rows: Iterable[list[str]]) -> Iterator[list[Block]]:
    header: list[str] = []
    batch: list[list[str]] = []
    is_waiting = False  # for the first row below the header
    for row in rows:
        if not header and _is_header(row):
            if batch:
                yield [_html_table([], batch)]
            header, batch, is_waiting = row, [], True
            continue
        batch.append(row)
        if len(batch) == _HTML_ROWS:
            yield [_html_table(header, batch)]
            batch, is_waiting = [], False
    if batch or is_waiting:
        yield [_html_table(header, batch)]


def _html_table(header: list[str], rows: list[list[str]]) -> Block:
    head = _html_row("th", [name if len(name) <= _LONGEST_NAME else "" for name in header]) if header else ""
    return Block(Kind.TABLE, f"<table>\n{head}{''.join(_html_row('td', row) for row in rows)}</table>\n\n")


def _html_row(tag: str, row: list[str]) -> str:
    cells = "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in row)
    return f"<tr>{cells}</tr>\n"


def _markdown(rows: Iterable[list[str]]) -> Iterator[list[Block]]:
    batch: list[list[str]] = []
    size = 0
    is_first = True
    for row in rows:
        batch.append(row)
        size += sum(map(len, row))
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_CHARACTERS:
            yield [_markdown_block(batch, is_first=is_first)]
            batch, size, is_first = [], 0, False
    if batch:
        yield [_markdown_block(batch, is_first=is_first)]
        is_first = False
    if not is_first:
        yield [Block(Kind.TABLE, "\n")]


def _markdown_block(rows: list[list[str]], *, is_first: bool) -> Block:
    lines = table_rows(rows)
    if not is_first:
        lines[0] = lines[0].split("\n", 1)[0] + "\n"  # the rule stands below the header only
    return Block(Kind.TABLE, "".join(lines))
