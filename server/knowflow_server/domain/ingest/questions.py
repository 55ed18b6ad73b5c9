"""Questions which a chunk answers, made of its sentences, headings and keywords by templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from knowflow_server.domain.analysis import STOP_WORDS, UNSPACED_RUN

_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_ASKED = re.compile(r"[?？]\s*\Z")
_LEAD = re.compile(r"\A[\s#>*|\-\d.()]*")
_SUBJECT = r"(?P<subject>(?:(?:The|A|An|Each|Every) )?[A-Z]?[\w'’-]+(?: (?:of|for|and|the|[\w'’-]+)){0,5}?)"
_DEFINITION = re.compile(_SUBJECT + r" (?P<verb>is|are|was|were) (?:an? |the |one of |any |used )")
_DONE = re.compile(
    _SUBJECT + r" (?P<verb>is|are|was|were) (?P<done>\w+ed|built|made|written|found|held|given|taken|known|sold|kept)"
    r" (?P<how>by|in|on|at|from)\b(?P<rest>[^,;.]*)"
)
_NOT_SUBJECTS = frozenset({"it", "this", "that", "these", "those", "there", "he", "she", "they", "we", "i", "you"})
_NOT_SUBJECTS_EITHER = frozenset({"which", "who", "what", "where", "when", "how", "and", "but", "if"})
_YEAR = re.compile(
    r"\b(?:1\d|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_LONGEST = 200
_LONGEST_SUBJECT = 60
_MOST_SENTENCES = 200
# Part of a text's words which English texts have as stop words at least.
_ENGLISH = 0.2
_ASKS = {"by": "By whom or what", "in": "Where or in what", "on": "On what", "at": "Where", "from": "From what"}


def questions_of(text: str, headings: Sequence[str], keywords: Sequence[str], number: int) -> list[str]:
    """Return questions which a text answers, the most certain first.

    First come the questions which the text itself asks, then those made of its sentences, which are English only, then
    those about its lowest heading and its keywords.

    Args:
        text: The chunk.
        headings: The headings above it, the highest first.
        keywords: Its keywords, the weightiest first.
        number: How many at most.
    """
    found: dict[str, None] = {}
    for question in _candidates(text, headings, keywords):
        found.setdefault(question)
        if len(found) >= number:
            break
    return list(found)


def _candidates(text: str, headings: Sequence[str], keywords: Sequence[str]) -> Iterator[str]:
    found = islice(_SENTENCE.finditer(text), _MOST_SENTENCES)
    sentences = [_LEAD.sub("", match[0]).strip() for match in found]
    sentences = [sentence for sentence in sentences if 0 < len(sentence) <= _LONGEST]
    yield from (sentence for sentence in sentences if _ASKED.search(sentence) and len(sentence) > 3)
    english = is_english(text)
    if english:
        for sentence in sentences:
            yield from _made(sentence)
    for topic in (*headings[-1:], *keywords):
        yield _about(topic, english=english)


def _made(sentence: str) -> Iterator[str]:
    """Yield the question that a sentence is the answer to, if it is of a form that tells."""
    if found := _DONE.match(sentence):
        subject = _subject(found["subject"])
        if subject:
            is_time = found["how"] in {"in", "on"} and _YEAR.search(found["rest"])
            asks = "When" if is_time else _ASKS[found["how"]]
            yield f"{asks} {found['verb']} {subject} {found['done']}?"
    elif found := _DEFINITION.match(sentence):
        subject = _subject(found["subject"])
        if subject:
            yield f"What {found['verb']} {subject}?"


def _subject(text: str) -> str:
    """Return a subject as it stands inside a sentence; empty for one that means nothing outside of its own."""
    words = text.split()
    first = words[0].lower()
    if first in _NOT_SUBJECTS or first in _NOT_SUBJECTS_EITHER or len(text) > _LONGEST_SUBJECT:
        return ""
    return " ".join([first, *words[1:]]) if first in STOP_WORDS or first in {"each", "every"} else text


def _about(topic: str, *, english: bool) -> str:
    if UNSPACED_RUN.search(topic):
        return f"{topic}是什么？"
    return f"What is said about {topic}?" if english else f"{topic}?"


def is_english(text: str) -> bool:
    """Return whether a text has as many stop words as English has."""
    words = re.findall(r"[^\W\d_]+", text[:4_000].lower())
    return bool(words) and sum(word in STOP_WORDS for word in words) >= _ENGLISH * len(words)
