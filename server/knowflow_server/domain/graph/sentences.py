"""Sentences of a chunk, without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|^(?: {4}|\t)\S.*$", re.DOTALL | re.MULTILINE)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
INLINE_CODE = re.compile(r"`[^`\n]{1,300}`")
LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\(([^)\s]{0,1000})[^)]{0,200}\)")
MARKS = re.compile(r"(?<!\w)[*_~`]+|[*_~`]+(?!\w)")
CELLS = re.compile(r"\s*\|.*\|\s*$")
LIST_ITEM = re.compile(r"\s*(?:[-*+•·]|\(?\d{1,3}[.)]|[a-z]\))\s+")
END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\W_a-z])|(?<=[。！？])")
# What ends in a full stop within a sentence.
ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|\d{1,2}|Mr|Mrs|Ms|Dr|Prof|St|Nr|No|Art|Abs|vs|Inc|Ltd|Co|Corp|Jr|Sr|Gen|Col|Sen|Rep|Hon|Rev"
    r"|Fig|Sec|Vol|approx|etc|al|ca|bzw|Mme|Mlle|Sra|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|[eE]\.g|[iI]\.e"
    r"|[zZ]\.B|[uU]\.a)\.[\"'”’)\]]*\s+$"
)
MAX_SENTENCE = 2_000
WORD = re.compile(r"[^\W_]+")


class Sentence(NamedTuple):
    """A sentence, and whether it is prose: headings and cells of tables are not, and their capitals prove nothing."""

    text: str
    is_prose: bool


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order; code, markup and cells of tables are left out."""
    # A bar breaks what stands before and after a piece of code: nothing is said of the two.
    bare = TAG.sub("\n", LINK.sub(r"\1", INLINE_CODE.sub(" | ", CODE.sub("\n", text))))
    for block in _blocks(bare):
        is_prose = not _is_title(block)
        for sentence in _split(MARKS.sub("", block.lstrip("#> ")).strip()):
            if len(sentence) <= MAX_SENTENCE:
                yield Sentence(sentence, is_prose)


def _blocks(text: str) -> Iterator[str]:
    """Yield paragraphs, list items and headings; lines that were only wrapped are joined."""
    lines: list[str] = []
    for line in text.splitlines():
        starts = LIST_ITEM.match(line)
        cells = CELLS.match(line)
        if not line.strip() or cells or line.lstrip().startswith("#") or starts:
            if lines:
                yield " ".join(lines)
            lines = []
        if line.lstrip().startswith("#"):
            yield line.strip()
        elif not cells and line.strip():
            lines.append(line[starts.end() :].strip() if starts else line.strip())
    if lines:
        yield " ".join(lines)


def _is_title(block: str) -> bool:
    if block.startswith("#"):
        return True
    if block.rstrip("\"'”’)*_ ").endswith((".", "!", "?", "…", ":", ";", ",", "。", "！", "？")):
        return False
    words: list[str] = WORD.findall(block)
    capitals = sum(word[0].isupper() for word in words)
    return 2 * capitals >= len(words)


def _split(block: str) -> Iterator[str]:
    start = 0
    for match in END.finditer(block):
        if ABBREVIATION.search(block[max(start, match.start() - 12) : match.end()]):
            continue
        if part := block[start : match.end()].strip():
            yield part
        start = match.end()
    if part := block[start:].strip():
        yield part
