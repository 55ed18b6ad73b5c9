"""Questions for a text whose author asks none: from its heading, from its sentences, from its keywords."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from knowflow_server.domain.analysis import UNSPACED_RUN
from knowflow_server.domain.ingest.pairs.pair import asked, is_question, key
from knowflow_server.domain.ingest.questions import is_english, questions_of

_NUMBER = re.compile(r"\A\s*(?:(?:\d{1,3}[.)]?)+|[a-zA-Z][.)]|[ivxlc]{1,5}[.)]|§+\s*\d*)\s+")
_KANA = re.compile("[\u3040-\u30ff]")
_DETERMINERS: Final = frozenset({"the", "a", "an", "our", "your", "my", "this", "these", "all"})
# After these a word in -ing stands for doing something.
_OBJECTS: Final = _DETERMINERS | {"with", "in", "on", "at", "to", "from", "by", "for", "up", "out", "new"}
_GENERAL: Final = frozenset(
    {"introduction", "overview", "summary", "abstract", "background", "conclusion", "preface", "foreword"}
)
_JOINED = re.compile(r"(?:\band\b|\bor\b|[&/,+])", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!;:…]")
_MOST_WORDS: Final = 9
_WORD = re.compile(r"[^\W\d_]+")


def vocabulary_of(text: str) -> frozenset[str]:
    """Return the words which a text writes in lower case: in a heading, their capitals mean nothing."""
    return frozenset(word for word in _WORD.findall(text[:1_000_000]) if word.islower())


def questions_for(
    text: str,
    heading: str,
    title: str,
    keywords: Callable[[], list[str]],
    vocabulary: frozenset[str],
    *,
    is_first: bool,
) -> Iterator[str]:
    """Yield questions which a text answers, the most honest first.

    Args:
        text: A section of a document, or a part of one.
        heading: Its heading; empty when it has none.
        title: The title of the document, for a text without a heading.
        keywords: Returns the keywords of the text, the weightiest first.
        vocabulary: See `vocabulary_of`.
        is_first: Whether the text begins its section, of which the heading then tells.
    """
    topic = heading or title
    if topic and is_first:
        if key(topic) == key(title) and is_english(text) and not is_question(title):
            yield f"What is “{title}” about?"
        yield about(topic, text, vocabulary, title=title)
    yield from questions_of(text, (), (), 3)
    for keyword in keywords():
        place = f"{_lowered(topic, vocabulary)}, regarding {keyword}" if topic else keyword
        yield f"What should I know about {place}?" if is_english(text) else f"{topic}: {keyword}?".removeprefix(": ")
    if topic:
        yield about(topic, text, vocabulary, title=title)


def about(topic: str, text: str, vocabulary: frozenset[str], *, title: str = "") -> str:
    """Return the question to which a text under a heading, or behind a term, is the answer.

    Args:
        topic: The heading or the term.
        text: What it is about; its language is that of the question.
        vocabulary: See `vocabulary_of`.
        title: What the heading is a part of; tells one "Overview" from another.
    """
    topic = _NUMBER.sub("", topic).strip(" :#*_-–—.").strip() or topic.strip()
    if is_question(topic):
        return asked(topic)
    if UNSPACED_RUN.search(topic):
        return f"{topic}とは何ですか？" if _KANA.search(topic + text) else f"{topic}是什么？"
    if not is_english(f"{topic}\n{text}"):
        return f"{topic}?"
    return _english(topic, _lowered(topic, vocabulary), title)


def _english(topic: str, low: str, title: str) -> str:
    words = low.split()
    first = words[0]
    if low in _GENERAL and title and key(topic) != key(title):
        return f"What does the {low} of “{title}” say?"
    if len(words) > _MOST_WORDS or _SENTENCE.search(topic):
        return f"What is meant by “{topic}”?"
    if first == "about" and len(words) > 1:
        return f"What should I know about {' '.join(words[1:])}?"
    if _JOINED.search(low):
        return f"What should I know about {low}?"
    if first.endswith("ing") and len(first) > 4 and (len(words) == 1 or words[1] in _OBJECTS):
        return f"How does {low} work?"
    return _what(low, words)


def _what(low: str, words: list[str]) -> str:
    first, last = words[0], words[-1]
    is_plural = last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in {"news", "sms"}
    verb = "are" if is_plural else "is"
    if first in _DETERMINERS or len(words) == 1 or not first.islower():
        return f"What {verb} {low}?"
    return f"What {verb} the {low}?"


def _lowered(topic: str, vocabulary: frozenset[str]) -> str:
    """Return a heading as it stands inside a sentence: names and abbreviations keep their capitals."""
    first, *rest = topic.split()
    if rest and not any(word[:1].isupper() for word in rest) and first[1:].islower():
        # Only the beginning of the heading has a capital.
        return " ".join([first.lower(), *rest])
    return " ".join(_inside(word, vocabulary) for word in (first, *rest))


def _inside(word: str, vocabulary: frozenset[str]) -> str:
    low = word.lower()
    if not word[:1].isupper() or (word[1:] and not word[1:].islower()):
        return word
    # A plain word with one capital: a name, unless the text itself writes it small.
    return low if low.strip("\"'“”()?!,") in vocabulary or low in _DETERMINERS | _GENERAL else word
