"""Markdown: the source text is kept as it is, cut into its outermost blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.encoding import text_parts

if TYPE_CHECKING:
    from markdown_it.token import Token

_KINDS = {
    "heading_open": Kind.HEADING,
    "bullet_list_open": Kind.LIST,
    "ordered_list_open": Kind.LIST,
    "table_open": Kind.TABLE,
    "fence": Kind.CODE,
    "code_block": Kind.CODE,
}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:(?!---|\.\.\.).*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HTML_TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)
# The parser needs some hundred bytes for each word of a table: it is given sections of the text, not all of it.
_SECTION = 65_536
_LONGEST_SECTION = 1_048_576


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the outermost blocks of a Markdown text (CommonMark with tables) in document order; see `Reader`."""
    rest, is_first = "", True
    for part in text_parts(source.path):
        if isinstance(part, Progress):
            yield part
            continue
        rest += part
        if is_first:
            front = _FRONT_MATTER.match(rest)
            end = front.end() if front else 0
            yield [Block(Kind.CODE, rest[:end])]
            rest, is_first = rest[end:], False
        cut = _section_end(rest)
        yield _blocks(rest[:cut])
        rest = rest[cut:]
    yield _blocks(rest)


def _section_end(text: str) -> int:
    """Return where the last heading that ends a section begins, or 0 when more text is needed.

    A line that begins with `#` after an empty line ends every other block, unless it is inside fenced code.
    """
    if len(text) < _SECTION:
        return 0
    fence, cut, is_after_empty = "", 0, False
    for found in _LINE.finditer(text):
        line = found[0]
        mark = _FENCE.match(line)
        if fence:
            is_end = mark is not None and mark[1].startswith(fence) and not line.strip(f" \n{fence[0]}")
            fence = "" if is_end else fence
        elif mark:
            fence = mark[1]
        elif is_after_empty and line.startswith("#"):
            cut = found.start()
        is_after_empty = not line.strip()
    if cut or len(text) < _LONGEST_SECTION:
        return cut
    return text.rfind("\n") + 1 or len(text)


def _blocks(text: str) -> list[Block]:
    """Return the outermost blocks of a section; the lines between two blocks belong to the first of them."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    tokens: list[Token] = []
    parser.block.parse(text, parser, {}, tokens)  # blocks only: what stands inside a paragraph does not matter here
    outermost = [(token, token.map[0]) for token in tokens if token.level == 0 and token.map and token.nesting >= 0]
    if not outermost:
        return [Block(Kind.PARAGRAPH, text)]
    starts = [found.start() for found in _LINE.finditer(text)]
    borders = [0, *(starts[line] for _, line in outermost[1:]), len(text)]
    texts = [text[start:end] for start, end in pairwise(borders)]
    return [_block(token, part) for (token, _), part in zip(outermost, texts, strict=True)]


def _block(token: Token, text: str) -> Block:
    kind = _KINDS.get(token.type, Kind.PARAGRAPH)
    if token.type == "html_block" and _HTML_TABLE.match(text):
        kind = Kind.TABLE
    return Block(kind, text, int(token.tag[1]) if kind is Kind.HEADING else 0)
