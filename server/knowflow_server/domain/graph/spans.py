"""Capitalised names in a sentence: where they may stand, and what speaks for and against them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowflow_server.domain.graph import cues
from knowflow_server.domain.graph.names import is_acronym, tidy

TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’][^\W_]+)*|&")
MAX_WORDS = 8


class Token(NamedTuple):
    """A word of a sentence."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in lower case, without a possessive ending."""
        return self.text.casefold().replace("’", "'").removesuffix("'s")

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(slots=True)
class Span:
    """A possible name in a sentence."""

    start: int
    end: int
    name: str
    type: str = ""
    """The type that its form, its words or its neighbours tell; empty when they tell none."""
    votes: int = 0
    """How much speaks for the type."""
    is_sure: bool = False
    """Whether it is a name in any case, wherever else it stands."""
    is_single: bool = False
    """Whether it is one capitalised word, whose use elsewhere decides."""


def tokens_of(text: str) -> list[Token]:
    """Return the words of a sentence."""
    return [Token(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]


def spans(text: str, tokens: Sequence[Token], *, is_prose: bool, is_german: bool) -> Iterator[Span]:
    """Yield the capitalised spans of a sentence.

    Args:
        text: The sentence.
        tokens: Its words.
        is_prose: Whether capitals prove something in it.
        is_german: Whether all nouns have capitals.
    """
    capitals = [token for token in tokens if token.is_capital]
    if not capitals or sum(len(token.text) > 1 and token.text.isupper() for token in tokens) * 2 > len(tokens) > 3:
        return
    place = 0
    while place < len(tokens):
        if not tokens[place].is_capital:
            place += 1
            continue
        end = _end(text, tokens, place, is_german=is_german)
        span = _span(text, tokens, place, end, is_prose=is_prose, is_german=is_german)
        if span is not None:
            yield span
        place = end


def _end(text: str, tokens: Sequence[Token], start: int, *, is_german: bool) -> int:
    """Return the place after the last word of the span that begins at a word."""
    end = start + 1
    while end < len(tokens) and end - start < MAX_WORDS:
        if _joined(text, tokens[end - 1], tokens[end]) and (
            tokens[end].is_capital or (not is_german and tokens[end].text.isdigit())
        ):
            # "Windows 11" is a name, "June 12" was found as a date before; a number alone joins nothing after it.
            end += 1
            continue
        # A link must have a capitalised word on its other side, at most two links on.
        after = next(
            (
                n
                for n in range(end, min(end + 3, len(tokens)))
                if tokens[n].is_capital or tokens[n].lower not in cues.LINKS
            ),
            end,
        )
        linked = after > end and after < len(tokens) and tokens[after].is_capital
        pieces = zip(tokens[end - 1 : after], tokens[end : after + 1], strict=False)
        if not linked or not all(_joined(text, left, right) for left, right in pieces):
            break
        words = {token.lower for token in tokens[end:after]}
        # "der Vorstand der Bank" is a sentence's, "Joop den Uyl" a name's.
        if is_german and words & {"der", "den", "des", "zu"}:
            break
        # "France and Italy" are two; "Ministry of Health and Welfare" and "Health & Safety" are one.
        if words & {"and", "y", "e"} and not (_links_back(tokens, start, end)):
            break
        # "Director of Siemens" is no name, "University of Oslo" is: the words before must be known to take one.
        if words & {"of", "for"} and not _takes_of(tokens[end - 1]):
            break
        end = after + 1
    return end


def _joined(text: str, left: Token, right: Token) -> bool:
    """Return whether nothing but a blank is between two words, or the full stop of an initial or a title."""
    between = text[left.end : right.start]
    if between == ". " or (between == "." and len(left.text) == 1):
        return len(left.text) == 1 or left.lower in cues.TITLES
    return between in {" ", ""}


def _links_back(tokens: Sequence[Token], start: int, end: int) -> bool:
    return (
        any(token.lower in {"of", "for", "de"} for token in tokens[start:end])
        and tokens[start].lower in cues.ORGANIZATION
    )


def _takes_of(token: Token) -> bool:
    word = token.lower
    return any(
        word in words
        for words in (cues.ORGANIZATION, cues.GEO, cues.EVENT, cues.LAW, {"house", "gulf", "cape", "isle"})
    )


def _span(text: str, tokens: Sequence[Token], start: int, end: int, *, is_prose: bool, is_german: bool) -> Span | None:
    titled = False
    while start < end and _opens(tokens[start]):
        titled = titled or tokens[start].lower in cues.TITLES
        start += 1
    if start == end:
        return None
    # "In Paris" does not begin with the name.
    opens = start == 0 or (_after_colon(text, tokens, start))
    words = [token.lower for token in tokens[start:end]]
    name = tidy(text[tokens[start].start : tokens[end - 1].end])
    name = name.removesuffix("'s").removesuffix("’s")
    if len(name) < 2 or all(len(word) == 1 or word in cues.CALENDAR or word.isdigit() for word in words):
        return None
    span = Span(tokens[start].start, tokens[end - 1].end, name)
    span.is_single = end - start == 1
    span.type, span.votes = _type(tokens, start, end, words, titled=titled)
    if span.is_single and is_acronym(name) and name.isupper():
        if words[0] in cues.NO_ACRONYMS:
            return None
        span.is_sure = is_prose
        return span
    told = bool(cues.type_in(words)) and not span.is_single
    several = not span.is_single and not (is_german and opens)
    span.is_sure = titled or (is_prose and (told or several or not (opens or is_german)))
    if span.is_single and is_german and not titled:
        span.is_sure = False
    return span


def _opens(token: Token) -> bool:
    """Return whether a word has its capital for another reason than a name, or is a title before one."""
    if len(token.text) > 1 and token.text.isupper():
        return False
    return token.lower in cues.TITLES or token.lower in cues.OPENERS


def _after_colon(text: str, tokens: Sequence[Token], start: int) -> bool:
    between = text[tokens[start - 1].end : tokens[start].start] if start else ""
    return any(mark in between for mark in ':"“„«‘(•–—')


def _type(tokens: Sequence[Token], start: int, end: int, words: list[str], *, titled: bool) -> tuple[str, int]:
    """Return the type that words and neighbours tell, and how much that counts."""
    if titled:
        return "person", 4
    kind = cues.type_in(words)
    if kind or end - start > 3 or words[-1].isdigit():
        # "University" alone is not yet one.
        return (kind, 4) if kind and end - start > 1 else ("", 0)
    before = tokens[start - 1].lower if start else ""
    after = tokens[end].lower if end < len(tokens) else ""
    born = after == "was" and end + 1 < len(tokens) and tokens[end + 1].lower == "born"
    if born or after in cues.PERSON_VERBS or before in cues.KIN:
        return "person", 3 if born else 2
    return ("geo", 1) if before in cues.PLACE_BEFORE else ("", 0)
