"""Dividing text into pieces within a token limit, at the best border that serves."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.tokens import TokenCounter

# Each pattern matches a border with the characters that end the part before it. None may look twice at a character:
# a file of a million full stops must not stop a worker.
_LINE = re.compile(r"\n")
_ROW = re.compile(r"\n|</tr>\s*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<![.!?])[.!?]++[\"'”’)\]]*+\s++|[。！？；]++[”’」』）]*+\s*+|\n\s*+")
_WORD = re.compile(r"\s+")
_UNIT_BORDERS = {Kind.TABLE: _ROW, Kind.LIST: _LINE, Kind.CODE: _LINE}
_LATEST_RULE = 20  # rows above which the header of a table is looked for, captions included
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
_LONGEST_CLUSTER = 16


class Piece(NamedTuple):
    """A run of text which a chunker does not cut any more."""

    text: str
    tokens: int


def units(block: Block) -> list[str]:
    """Return the text of `block` in its natural parts: rows of a table, lines of a list or of code, sentences else."""
    parts = _cut_after(_UNIT_BORDERS.get(block.kind, _SENTENCE), block.text)
    if block.kind is Kind.TABLE:
        rule = next((index for index, part in enumerate(parts[:_LATEST_RULE]) if index and _is_rule(part)), 0)
        if rule:
            parts[: rule + 1] = ["".join(parts[: rule + 1])]
    return parts


def _is_rule(row: str) -> bool:
    """Return True for the line of dashes below the header of a Markdown table, which stays with the header."""
    return "-" in row and not row.strip("|:- \t\n")


def count_pieces(texts: Sequence[str], count_tokens: TokenCounter) -> list[Piece]:
    """Return each text with its number of tokens."""
    return [Piece(text, count) for text, count in zip(texts, count_tokens(texts), strict=True)]


def divide(texts: Sequence[str], *, limit: int, count_tokens: TokenCounter) -> list[Piece]:
    """Return `texts` as pieces of at most `limit` tokens, in order and without losing a character.

    A text above the limit is cut between sentences; a sentence above it between words, a word above it between
    characters. Only a single character which itself counts more than `limit` tokens stays above it.
    """
    pieces = count_pieces(texts, count_tokens)
    for border in (_SENTENCE, _WORD):
        pieces = _cut_long(pieces, border, limit, count_tokens)
    return [part for piece in pieces for part in _cut_characters(piece, limit, count_tokens)]


def _cut_long(pieces: list[Piece], border: re.Pattern[str], limit: int, count_tokens: TokenCounter) -> list[Piece]:
    cut: list[Piece] = []
    for piece in pieces:
        if piece.tokens <= limit:
            cut.append(piece)
        else:
            cut += count_pieces(_cut_after(border, piece.text), count_tokens)
    return cut


def _cut_after(border: re.Pattern[str], text: str) -> list[str]:
    ends = [match.end() for match in border.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return [text[start:end] for start, end in pairwise([0, *ends])]


def _cut_characters(piece: Piece, limit: int, count_tokens: TokenCounter) -> list[Piece]:
    """Cut into as many equal parts as the count suggests, until each part is within the limit."""
    if piece.tokens <= limit or len(piece.text) < 2:
        return [piece]
    text = piece.text
    wanted = min(-(-piece.tokens // limit) + 1, len(text))
    step = -(-len(text) // wanted)
    ends = [_after_cluster(text, end) for end in range(step, len(text), step)]
    borders = sorted({0, *ends, len(text)})
    if len(borders) == 2:  # one cluster of combined characters that is above the limit by itself
        borders = [0, len(text) // 2, len(text)]
    parts = count_pieces([text[a:b] for a, b in pairwise(borders)], count_tokens)
    return [small for part in parts for small in _cut_characters(part, limit, count_tokens)]


def _after_cluster(text: str, end: int) -> int:
    """Move `end` behind the combining characters that belong to the character before it."""
    for position in range(end, min(end + _LONGEST_CLUSTER, len(text))):
        if not unicodedata.combining(text[position]) and text[position] not in _JOINERS:
            return position
    return end
