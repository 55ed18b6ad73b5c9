"""Finding the cells of tables from the lines that are drawn on a page."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Box

# Points by which ends of lines may miss each other; the value that pdfplumber's authors arrived at for snapping.
_TOLERANCE = 3.0
_MAX_CROSSINGS = 250_000
_MAX_CELLS = 20_000


class Edge(NamedTuple):
    """A straight line parallel to an axis: at `at` on the one axis, from `start` to `end` on the other, in points."""

    at: float
    start: float
    end: float


def find_tables(horizontal: Sequence[Edge], vertical: Sequence[Edge]) -> list[list[Box]]:
    """Return the cells of each table, tables and cells from top to bottom and left to right.

    A table has at least two rows and two columns. Cells may span rows and columns. Pages with so many lines that they
    must be drawings have no tables.

    Args:
        horizontal: Edges at a y, from an x to an x.
        vertical: Edges at an x, from a y to a y.
    """
    across, down = _merged(horizontal), _merged(vertical)
    if len(across) < 3 or len(down) < 3 or len(across) * len(down) > _MAX_CROSSINGS:
        return []
    tables = []
    for rows, columns in _connected(across, down):
        if len(rows) * len(columns) <= _MAX_CELLS:
            cells = list(_cells(rows, columns))
            if len({cell[2] for cell in cells}) > 1 and len({cell[0] for cell in cells}) > 1:
                tables.append(cells)
    return sorted(tables, key=lambda cells: min((cell[2], cell[0]) for cell in cells))


def _merged(edges: Sequence[Edge]) -> list[Edge]:
    """Give nearly equal positions one value, and join edges of one position that touch."""
    merged: list[Edge] = []
    group: list[Edge] = []
    for edge in sorted(edges):
        if group and edge.at - group[-1].at > _TOLERANCE:
            merged += _joined(group)
            group = []
        group.append(edge)
    return merged + _joined(group)


def _joined(group: list[Edge]) -> list[Edge]:
    if not group:
        return []
    at = sum(edge.at for edge in group) / len(group)
    joined: list[Edge] = []
    for _, start, end in sorted(group, key=lambda edge: edge.start):
        if joined and start <= joined[-1].end + _TOLERANCE:
            joined[-1] = Edge(at, joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Edge(at, start, end))
    return joined


def _connected(across: list[Edge], down: list[Edge]) -> Iterator[tuple[list[Edge], list[Edge]]]:
    """Part the edges into groups in which each edge meets another one of the group."""
    parents = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for row, horizontal in enumerate(across):
        for column, vertical in enumerate(down, len(across)):
            if _covers(horizontal, vertical.at, vertical.at) and _covers(vertical, horizontal.at, horizontal.at):
                parents[root(row)] = root(column)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for index, edge in enumerate(across + down):
        groups[root(index)][0 if index < len(across) else 1].append(edge)
    for rows, columns in groups.values():
        if len(rows) > 2 and len(columns) > 1:
            yield rows, columns


def _covers(edge: Edge, start: float, end: float) -> bool:
    return edge.start - _TOLERANCE <= start and edge.end + _TOLERANCE >= end


def _cells(rows: list[Edge], columns: list[Edge]) -> Iterator[Box]:
    """Yield each smallest rectangle whose four sides are drawn."""
    ys, xs = sorted({edge.at for edge in rows}), sorted({edge.at for edge in columns})
    tops = _drawn(rows, ys, xs)
    lefts = _drawn(columns, xs, ys)
    taken: set[tuple[int, int]] = set()
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            size = _cell_size(row, column, tops, lefts)
            if size is not None:
                height, width = size
                taken.update((row + y, column + x) for y in range(height) for x in range(width))
                yield xs[column], xs[column + width], ys[row], ys[row + height]


def _drawn(edges: list[Edge], ats: list[float], stops: list[float]) -> list[list[bool]]:
    """Return for each position and each step between two stops whether a line is drawn there."""
    by_position = defaultdict(list)
    for edge in edges:
        by_position[edge.at].append(edge)
    return [[any(_covers(edge, a, b) for edge in by_position[at]) for a, b in pairwise(stops)] for at in ats]


def _cell_size(row: int, column: int, tops: list[list[bool]], lefts: list[list[bool]]) -> tuple[int, int] | None:
    """Return rows and columns of the cell whose top left corner is at (row, column), or None when there is none."""
    if not tops[row][column] or not lefts[column][row]:
        return None
    width = 1
    while not lefts[column + width][row]:
        if column + width + 1 >= len(lefts) or not tops[row][column + width]:
            return None
        width += 1
    height = 1
    while not all(tops[row + height][column : column + width]):
        sides = lefts[column], lefts[column + width]
        if row + height + 1 >= len(tops) or not all(side[row + height] for side in sides):
            return None
        height += 1
    return height, width
