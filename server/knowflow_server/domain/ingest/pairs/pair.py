"""Pairs of question and answer, cleaned and told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from knowflow_server.domain.ingest.blocks import clean

MAX_QUESTION: Final = 5_000
MAX_ANSWER: Final = 50_000
# Of all pairs of a document together: they are read, embedded and answered as a whole.
MAX_CHARACTERS: Final = 10_000_000
# A heading or a line that is longer asks nothing, whatever it ends with.
MAX_ASKED: Final = 300
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*\n\s*")
_NOT_WORDS = re.compile(r"[\W_]+")
_ENDS = ("?", "？", "؟", "?)", "?*", "?**")
_ASKING = re.compile(
    r"(?:how (?:to|do|does|did|can|could|should|much|many|long|often|far|is|are)"
    r"|why (?:is|are|do|does|did|should|can|not)"
    r"|wh(?:at|o|ere|en|ich) (?:is|are|do|does|did|can|should|to|happens|was|were)"
    r"|(?:can|do|does|is|are|should|may|will) (?:i|we|you|it|there|my)"
    r"|wie (?:kann|können|lange|viel|oft|funktioniert)|was (?:ist|sind|kostet|passiert)"
    r"|comment|pourquoi|cómo|por qué)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer.

    Attributes:
        question: At most 5,000 characters, on one line.
        answer: At most 50,000 characters; paragraphs are parted by empty lines, items of lists begin with a hyphen.
        is_written: Whether the author asks the question; otherwise it was made for the text that answers it.
    """

    question: str
    answer: str
    is_written: bool = True


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file or a page gives beside its chunks.

    Attributes:
        title: The title of a page; empty for other files, and when it has none.
        canonical_url: See `Page`.
        text: The readable text of a page in Markdown; empty for other files.
        pairs: Questions and answers, each question once; those of the author first.
    """

    title: str
    canonical_url: str
    text: str
    pairs: list[Pair]


def is_question(text: str) -> bool:
    """Return whether a heading or a line of its own asks something."""
    stripped = text.strip()
    if not 3 < len(stripped) <= MAX_ASKED or "\n" in stripped:
        return False
    return stripped.endswith(_ENDS) or _ASKING.match(stripped) is not None


def asked(text: str) -> str:
    """Return a question on one line, with a question mark where it begins like one and has none."""
    line = " ".join(clean(text).split()).strip("*_ ")
    return f"{line}?" if is_question(line) and not line.endswith(_ENDS) else line


def plain(text: str) -> str:
    """Return a text with single blanks, and single empty lines between its paragraphs."""
    lines = (_BLANKS.sub(" ", line).strip() for line in clean(text).splitlines())
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def key(text: str) -> str:
    """Return what two texts share that differ in case, punctuation and blanks only."""
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def unique(pairs: Iterable[Pair], *, limit: int) -> list[Pair]:
    """Return pairs within their limits, the first of those with the same question, and at most `limit` of them."""
    found: dict[str, Pair] = {}
    size = 0
    for pair in pairs:
        question, answer = asked(pair.question)[:MAX_QUESTION], plain(pair.answer)[:MAX_ANSWER].rstrip()
        name = key(question)
        if name and key(answer) and name not in found:
            size += len(question) + len(answer)
            if size > MAX_CHARACTERS:
                break
            found[name] = Pair(question, answer, pair.is_written)
        if len(found) >= limit:
            break
    return list(found.values())
