"""Headings by their numbers: which family of numbers a document follows, and which lines are headings of it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.titles import one_line

_HAN = "零〇一二三四五六七八九十百千两\\d"
_WORDS = "(?i:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve)"
_ENGLISH = rf"(?:[IVXLC]{{1,7}}|\d{{1,4}}[A-Za-z]?(?:[.-]\d{{1,4}}){{0,2}}|{_WORDS})"
# After the number: the end of the line, a mark, or a title, which does not begin with a small letter; so that
# "Section 5 of this act" at the beginning of a line is text.
_AFTER = r"(?=\s*$|\s*[.:—–-]|\s+[^a-z\s])"
_MARKUP = r"\s*+(?:\*\*|__)?"
_LONGEST_TITLE = 120
_DEEPEST = 5
_FEWEST = 2
_WORDED = frozenset({"Chinese", "English"})
_TEXT_END = (".", "。", ";", "；", ",", "，", ":", "：", "、")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def _patterns(*levels: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_MARKUP + f"({level})") for level in levels)


class Family(NamedTuple):
    """A way to number headings.

    Attributes:
        name: What it is called.
        levels: A pattern for each level, the highest first, whose first group is the number.
        clauses: The levels, from 0, whose whole text may stand on the line of the number.
    """

    name: str
    levels: tuple[re.Pattern[str], ...]
    clauses: frozenset[int]


FAMILIES = (
    Family(
        "Chinese",
        _patterns(
            f"第[{_HAN}]{{1,6}}(?:分?编|部分|篇)",
            f"第[{_HAN}]{{1,6}}章",
            f"第[{_HAN}]{{1,6}}节",
            f"第[{_HAN}]{{1,6}}条(?:之[{_HAN}]{{1,3}})?",
        ),
        frozenset({3}),
    ),
    Family(
        "English",
        _patterns(
            r"(?i:Part|Book|Title|Teil)\s+" + _ENGLISH + _AFTER,
            r"(?i:Chapter|Kapitel)\s+" + _ENGLISH + _AFTER,
            r"(?i:Section|Sec\.|Abschnitt)\s*" + _ENGLISH + _AFTER,
            r"(?:(?i:Article|Artikel|Art\.)\s*|§\s*)" + _ENGLISH + _AFTER,
        ),
        frozenset({2, 3}),
    ),
    Family(
        "decimal",
        _patterns(
            r"\d{1,3}[.、]?(?=\s+\D)",
            *(rf"\d{{1,3}}(?:\.\d{{1,3}}){{{depth}}}\.?(?=\s+\D)" for depth in range(1, _DEEPEST)),
        ),
        frozenset(range(1, _DEEPEST)),
    ),
    Family("Roman", _patterns(r"[IVX]{1,5}\.(?=\s+[A-Z])", r"[A-H]\.(?=\s+[A-Z])"), frozenset()),
    Family(
        "Chinese lists",
        _patterns(f"[{_HAN[:-2]}]{{1,4}}[、.．]", f"[（(][{_HAN[:-2]}]{{1,4}}[）)]"),
        frozenset({1}),
    ),
)
"""The families, by falling certainty that their lines are headings."""


def block_lines(block: Block) -> list[str]:
    """Return the lines of a block in which headings may stand, and other blocks whole."""
    return [block.text] if block.kind in {Kind.TABLE, Kind.CODE} else _LINE.findall(block.text)


class Number(NamedTuple):
    """The number at the beginning of a heading.

    Attributes:
        level: From 0, the highest.
        title: The words of the heading with its number, or the number alone where its text follows.
        is_clause: True where the text which is numbered follows on the line.
    """

    level: int
    title: str
    is_clause: bool


def number_of(line: str, family: Family, *, with_clauses: bool) -> Number | None:
    """Return the number of a line, or None when the line is no heading of the family.

    Args:
        line: One line.
        family: The family.
        with_clauses: True where a number counts although it is followed by the text it numbers, as in a law.
    """
    for level, pattern in enumerate(family.levels):
        found = pattern.match(line)
        if found is None:
            continue
        title = one_line(line).strip("*_ ")
        is_clause = len(title) > _LONGEST_TITLE or title[len(found[1]) :].rstrip().endswith(_TEXT_END)
        if is_clause and title[len(found[1]) :].strip("*_ .:"):
            return Number(level, found[1].strip(), True) if with_clauses and level in family.clauses else None
        return Number(level, title, False)
    return None


def find_family(sample: Sequence[Block], *, with_clauses: bool) -> Family | None:
    """Return the first family which at least two lines follow, with 1.1 and 1.1.1 below chapters and articles."""
    lines = [line for block in sample if block.kind not in {Kind.TABLE, Kind.CODE} for line in block_lines(block)]
    for family in FAMILIES:
        numbers = (number_of(line.lstrip("# "), family, with_clauses=with_clauses) for line in lines)
        if sum(number is not None for number in numbers) >= _FEWEST:
            return family if with_clauses else _with_decimals(family)
    return None


def _with_decimals(family: Family) -> Family:
    if family.name not in _WORDED:
        return family
    decimal = next(other for other in FAMILIES if other.name == "decimal")
    return family._replace(levels=family.levels + decimal.levels[1:])
