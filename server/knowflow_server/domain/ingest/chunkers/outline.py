"""The headings of a document and their ranks, from what the reader found and from numbers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.divide import units
from knowflow_server.domain.ingest.chunkers.numbering import Family, block_lines, find_family, number_of
from knowflow_server.domain.ingest.chunkers.titles import heading_title, is_title, one_line

# Ranks leave room between the levels of headings; lines which are headings by their number alone come below them.
_TITLE_RANK = 1
_STEP = 10
_NUMBER_RANK = 100
_LONGEST_TITLE = 120
_FEWEST = 2


class Line(NamedTuple):
    """A part of a document.

    Attributes:
        texts: The line with its line feed; the rows of a table and the lines of code stand together.
        rank: 0 for text; else the lower, the higher the heading.
        title: The heading's words, or its number where its text follows on the line.
        is_clause: True where the text which a number is of follows on the line.
        is_marked: True where the reader found the heading, by its style or size.
    """

    texts: tuple[str, ...]
    rank: int = 0
    title: str = ""
    is_clause: bool = False
    is_marked: bool = False


class Outline:
    """Tells headings from text.

    Args:
        family: Numbers which make a line a heading; None for none.
        ranks: Ranks of the family's levels.
        with_clauses: See `number_of`.
        with_title: True where the document's first line is its title, unless it is another heading.
    """

    def __init__(
        self, family: Family | None, ranks: Mapping[int, int], *, with_clauses: bool = False, with_title: bool = False
    ) -> None:
        self._family = family
        self._ranks = ranks
        self._with_clauses = with_clauses
        self._is_before_title = with_title

    def lines(self, block: Block) -> list[Line]:
        """Return the parts of the next block of the document, in order."""
        if block.kind in {Kind.TABLE, Kind.CODE}:
            self._is_before_title = self._is_before_title and not block.text.strip()
            return [Line(tuple(units(block)))]
        if is_title(block):
            self._is_before_title = self._is_before_title and not block.text.strip()
            title = heading_title(block)
            return [Line((block.text,), _STEP * max(block.level, 1) if title else 0, title, is_marked=True)]
        return [self._line(text) for text in block_lines(block)]

    def _line(self, text: str) -> Line:
        number = number_of(text, self._family, with_clauses=self._with_clauses) if self._family else None
        is_first = self._is_before_title and bool(text.strip())
        self._is_before_title = self._is_before_title and not is_first
        if number is not None:
            return Line((text,), self._ranks[number.level], number.title, number.is_clause)
        if is_first and len(text.strip()) <= _LONGEST_TITLE:
            return Line((text,), _TITLE_RANK, one_line(text))
        return Line((text,))


def find_outline(sample: Sequence[Block], *, with_clauses: bool = False, with_title: bool = False) -> Outline | None:
    """Return the outline of a document, None when it has fewer than two headings and no numbers.

    Args:
        sample: Its first blocks.
        with_clauses: See `number_of`.
        with_title: See `Outline`.
    """
    family = find_family(sample, with_clauses=with_clauses)
    headings = [block for block in sample if is_title(block)]
    if family is None and len(headings) < _FEWEST:
        return None
    ranks = _ranks(headings, family, with_clauses=with_clauses) if family else {}
    return Outline(family, ranks, with_clauses=with_clauses, with_title=with_title and not headings)


def rank_counts(outline: Outline, sample: Sequence[Block]) -> Counter[int]:
    """Return how many headings of each rank a sample has."""
    return Counter(line.rank for line in _all_lines(outline, sample) if line.rank)


def _all_lines(outline: Outline, sample: Sequence[Block]) -> Iterator[Line]:
    return (line for block in sample for line in outline.lines(block))


def _ranks(headings: Sequence[Block], family: Family, *, with_clauses: bool) -> dict[int, int]:
    """Return the rank of each level: that of headings which the reader found on it, else one that keeps the order."""
    ranks: dict[int, int] = {}
    for block in headings:
        number = number_of(heading_title(block), family, with_clauses=with_clauses)
        if number is not None:
            rank = _STEP * max(block.level, 1)
            ranks[number.level] = min(rank, ranks.get(number.level, rank))
    depth = len(family.levels)
    for level in range(depth):
        below = min((ranks[lower] for lower in range(level + 1, depth) if lower in ranks), default=0)
        ranks.setdefault(level, max(below - depth + level, 2) if below else _NUMBER_RANK + level)
    return ranks


class Chain:
    """The headings above the place that has been reached."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles, the highest first."""
        return tuple(title for _, title in self._headings)

    def goes_down(self, line: Line) -> bool:
        """Return True for a heading which is lower than the one that was reached."""
        return bool(self._headings) and line.rank > self._headings[-1][0]

    def add(self, line: Line) -> None:
        """Go on to a heading."""
        while self._headings and self._headings[-1][0] >= line.rank:
            self._headings.pop()
        self._headings.append((line.rank, line.title))
