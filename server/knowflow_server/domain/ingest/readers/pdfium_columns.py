"""Reading order in columns, where a page draws its lines row by row or its columns from right to left.

The order in which a page draws its text is the reading order in nearly all files. It is changed only where the lines
show that it is not: lines that stand side by side and follow each other, again and again, with text on both sides that
is too long for a table's cells.
"""

import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Box
from knowflow_server.domain.ingest.readers.pdf_page import union
from knowflow_server.domain.ingest.readers.pdfium_text import RawLine

# All of these were chosen by looking at papers, newspapers and tables.
_LEAST_ROWS = 4
_LEAST_LETTERS = 15  # in a part of a row; cells of tables have fewer
_PROSE = 0.6  # of the rows
_LEAST_GUTTER = 6.0  # points
_SIDE_BY_SIDE = 0.3  # of the height
_TOLERANCE = 3.0
_LEAST_LINES = 3  # of a column that was drawn too early
_SAME_ROWS = 0.5
_MOST_GAPS = 4_000
_SAMPLE_LINES = 50

Cut = Callable[[RawLine, Sequence[float]], list[RawLine]]


class _Gap(NamedTuple):
    """A blank between texts that stand side by side."""

    start: float
    end: float
    is_prose: bool


def in_columns(lines: Sequence[RawLine], cut: Cut, *, is_fixed: Callable[[RawLine], bool]) -> list[RawLine]:
    """Return the lines of a page in reading order, lines over several columns cut.

    Args:
        lines: In the order in which the page draws them.
        cut: Cuts a line at some x.
        is_fixed: Tells lines that must not be cut, because they belong to a table.
    """
    if _is_right_to_left(lines):
        return list(lines)
    gutters = _gutters(_gaps([line for line in lines if not is_fixed(line)]))
    if not gutters:
        return _left_first(list(lines))
    parts: list[RawLine] = []
    for line in lines:
        at = [x for x in gutters if any(start <= x <= end for start, end in line.gaps)]
        parts += cut(line, at) if at and not is_fixed(line) else [line]
    return _by_columns(parts, gutters)


def _is_right_to_left(lines: Sequence[RawLine]) -> bool:
    """Return True for Arabic, Hebrew and the like, whose columns go the other way."""
    sample = "".join(line.text for line in lines[:_SAMPLE_LINES])
    if sample.isascii():
        return False
    letters = [unicodedata.bidirectional(character) for character in sample if character.isalpha()]
    return sum(kind in {"R", "AL"} for kind in letters) > len(letters) / 2


def _gaps(lines: Sequence[RawLine]) -> list[_Gap]:
    gaps: list[_Gap] = []
    for line in lines:
        if line.box is None:
            continue
        edges = [line.box[0], *(x for gap in line.gaps for x in gap), line.box[1]]
        widths = [end - start for start, end in zip(edges[::2], edges[1::2], strict=True)]
        per_point = len(line.text) / max(sum(widths), 1.0)
        for (start, end), left, right in zip(line.gaps, widths, widths[1:], strict=False):
            gaps.append(_Gap(start, end, min(left, right) * per_point >= _LEAST_LETTERS))
    for first, second in pairwise(lines):
        if first.box is None or second.box is None or not _side_by_side(first.box, second.box):
            continue
        west, east = sorted((first.box, second.box))
        letters = min(len(first.text), len(second.text))
        if east[0] - west[1] >= _LEAST_GUTTER:
            gaps.append(_Gap(west[1], east[0], letters >= _LEAST_LETTERS))
    return gaps[:_MOST_GAPS]


def _side_by_side(first: Box, second: Box) -> bool:
    shared = min(first[3], second[3]) - max(first[2], second[2])
    return shared >= _SIDE_BY_SIDE * min(first[3] - first[2], second[3] - second[2])


def _gutters(gaps: list[_Gap]) -> list[float]:
    """Return the x that lie in the gaps of many rows of prose, from left to right."""
    found = []
    rest = sorted(gaps, key=lambda gap: gap.end)
    while len(rest) >= _LEAST_ROWS:
        # The gap that ends first, with all that share its end: none of them lasts to the next gutter.
        end = rest[0].end
        group = [gap for gap in rest if gap.start <= end - _LEAST_GUTTER]
        rest = [gap for gap in rest if gap.start > end - _LEAST_GUTTER]
        if not group:
            rest = rest[1:]
            continue
        if len(group) >= _LEAST_ROWS and sum(gap.is_prose for gap in group) >= _PROSE * len(group):
            found.append(end - _LEAST_GUTTER / 2)
    return found


def _by_columns(lines: list[RawLine], gutters: list[float]) -> list[RawLine]:
    """Return lines column by column, between those that go across."""
    ordered: list[RawLine] = []
    columns: list[list[RawLine]] = [[] for _ in range(len(gutters) + 1)]

    def settle() -> None:
        for column in columns:
            ordered.extend(column)
            column.clear()

    for line in lines:
        if line.box is None or any(line.box[0] < x - _TOLERANCE and line.box[1] > x + _TOLERANCE for x in gutters):
            settle()
            ordered.append(line)
        else:
            middle = (line.box[0] + line.box[1]) / 2
            columns[sum(middle > x for x in gutters)].append(line)
    settle()
    return ordered


def _left_first(lines: list[RawLine]) -> list[RawLine]:
    """Return lines whose columns are drawn from right to left with the left ones first."""
    runs: list[list[RawLine]] = []
    for run in _runs(lines):
        runs.append(run)
        at = len(runs) - 1
        while at and (parted := _swapped(runs[at - 1], runs[at])):
            runs[at - 1 : at + 1] = [part for part in parted if part]
            at = at - 1 + bool(parted[0])
            if parted[0]:
                break
    return [line for run in runs for line in run]


def _swapped(first: list[RawLine], second: list[RawLine]) -> list[list[RawLine]]:
    """Return two runs of lines with the second one first, where it is a column left of the first one; else nothing.

    What stands above the second run comes before both, and what stands below the first one behind both.
    """
    top = min((line.box[2] for line in second if line.box), default=0.0)
    above = next((index for index, line in enumerate(first) if line.box and line.box[3] > top), len(first))
    head, right = first[:above], first[above:]
    bottom = max((line.box[3] for line in right if line.box), default=0.0)
    below = next((index for index, line in enumerate(second) if line.box and line.box[2] >= bottom), len(second))
    left, foot = second[:below], second[below:]
    return [head, left, right, foot] if _is_left_of(left, right) else []


def _runs(lines: list[RawLine]) -> list[list[RawLine]]:
    """Return the lines in runs that go down the page without moving aside."""
    runs: list[list[RawLine]] = []
    for line in lines:
        last = runs[-1][-1].box if runs else None
        if last is not None and line.box is not None:
            is_beside = line.box[1] < last[0] or line.box[0] > last[1]
            if line.box[3] >= last[2] and not is_beside:
                runs[-1].append(line)
                continue
        runs.append([line])
    return runs


def _is_left_of(run: list[RawLine], other: list[RawLine]) -> bool:
    boxes, others = ([line.box for line in lines if line.box] for lines in (run, other))
    if min(len(boxes), len(others)) < _LEAST_LINES:
        return False
    box, other_box = union(boxes), union(others)
    if box[1] > other_box[0] + _TOLERANCE:
        return False
    shared = min(box[3], other_box[3]) - max(box[2], other_box[2])
    letters = [sum(len(line.text) for line in lines) / len(lines) for lines in (run, other)]
    return shared >= _SAME_ROWS * min(box[3] - box[2], other_box[3] - other_box[2]) and min(letters) >= _LEAST_LETTERS
