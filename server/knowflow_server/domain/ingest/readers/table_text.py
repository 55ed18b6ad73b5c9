"""Writing the cells of a table as Markdown, the form in which tables stand in chunks."""

from collections.abc import Sequence


def table_rows(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one Markdown row per row of cells, each ending in a line feed.

    The first row is the header and brings the rule below it along, so that it is two lines. White space inside a cell
    becomes single spaces and `|` is escaped, so that a row of cells is always one line. Short rows are filled up.
    Rows of nothing but blank cells are left out; a table without text has no rows.
    """
    cells = [[" ".join(cell.split()).replace("|", r"\|") for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return []
    width = max(map(len, cells))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |\n" for row in cells]
    lines[0] += "| " + " | ".join(["---"] * width) + " |\n"
    return lines
