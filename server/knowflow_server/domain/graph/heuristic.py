"""Entities and relations without a model: capitalised names, forms that tell, and the words between two names.

What is found must have proof in the document itself. A word that is capitalised only where a sentence begins, in a
heading, or in a language that capitalises all nouns, is left out: nothing is better than rubbish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowflow_server.domain.graph import cues
from knowflow_server.domain.graph.extraction import RELATED, Extraction
from knowflow_server.domain.graph.names import is_acronym, key_of, stands_for
from knowflow_server.domain.graph.patterns import patterns
from knowflow_server.domain.graph.sentences import Sentence, sentences
from knowflow_server.domain.graph.spans import Span, Token, spans, tokens_of

# A sentence with more names is a list.
MAX_NAMES = 12
MAX_BETWEEN = 6
MAX_DESCRIPTIONS = 3
# Share of small German words from which a text is taken for German.
GERMAN_SHARE = 0.08
COORDINATION = frozenset("and or as well und oder et ou y e o sowie".split())  # noqa: SIM905
SUBORDINATION = frozenset("while whereas although though because if when that than but whether unless since".split())  # noqa: SIM905
RELATIVE = frozenset("who which that whom".split())  # noqa: SIM905
DROPPED = frozenset("the a an his her its their also then later first".split())  # noqa: SIM905
ALONE = frozenset("in of at from for by near with to on under against".split())  # noqa: SIM905


@dataclass(slots=True)
class _Reading:
    """A sentence that was read, with the names it may hold."""

    text: str
    tokens: list[Token]
    is_prose: bool
    spans: list[Span] = field(default_factory=list)


class Heuristic:
    """Collects what the chunks of one document say; `result` tells it, once all are there."""

    def __init__(self) -> None:
        self._readings: list[_Reading] = []
        self._lower: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        self._sure: set[str] = set()
        self._german = 0
        self._words = 0

    def add(self, text: str) -> None:
        """Read a chunk."""
        read = [(sentence, tokens_of(sentence.text)) for sentence in sentences(text)]
        for _, tokens in read:
            self._words += len(tokens)
            self._german += sum(token.text in cues.GERMAN for token in tokens)
        is_german = self._german > GERMAN_SHARE * self._words
        for sentence, tokens in read:
            reading = _Reading(sentence.text, tokens, sentence.is_prose, _names(sentence, tokens, is_german=is_german))
            self._count(sentence, reading)
            # What was said once a name, alone or with others, keeps it: the text itself is not needed any more.
            if reading.spans:
                self._readings.append(reading)

    def _count(self, sentence: Sentence, reading: _Reading) -> None:
        for place, token in enumerate(reading.tokens):
            if token.text.islower():
                self._lower[token.lower] += 1
            elif place and sentence.is_prose and token.is_capital:
                self._capital[token.lower] += 1
        sure = [(span, key_of(span.name)) for span in reading.spans if span.is_sure]
        self._sure.update(key for _, key in sure)
        # Whoever was named in full may be called by the last part of the name.
        self._sure.update(key.rpartition(" ")[2] for span, key in sure if not span.is_single and not span.type)
        self._sure.update(key.rpartition(" ")[2] for span, key in sure if span.type == "person")

    def result(self) -> Extraction:
        """Return what all chunks together prove."""
        found = Extraction()
        for reading in self._readings:
            names = [span for span in reading.spans if self._is_name(span)]
            description = reading.text if reading.is_prose else ""
            keys = []
            for span in names:
                key = key_of(span.name)
                known = found.entities.get(key)
                told = "" if known and len(known.descriptions) >= MAX_DESCRIPTIONS else description
                keys.append(found.name(span.name, span.type or "concept", description=told, votes=span.votes))
            if reading.is_prose and 1 < len(names) <= MAX_NAMES:
                _relate(found, reading, names, keys)
        _type_families(found)
        return found

    def _is_name(self, span: Span) -> bool:
        key = key_of(span.name)
        if not key or (not span.is_sure and key not in self._sure):
            return False
        if span.is_single and span.votes < 3 and not is_acronym(span.name):
            # "Bread" is no name in a text that mostly writes "bread".
            word = span.name.casefold()
            return self._lower[word] == 0 or self._capital[word] > 2 * self._lower[word]
        return True


def _type_families(found: Extraction) -> None:
    """Take those for persons of whom nothing is told but that they share the last part of their name with a person."""
    surnames = {key.rpartition(" ")[2] for key, entity in found.entities.items() if entity.type == "person"}
    for key, entity in found.entities.items():
        first, _, last = key.rpartition(" ")
        if first.count(" ") < 2 and last in surnames and not entity.types.total():
            entity.types["person"] += 1


def _names(sentence: Sentence, tokens: Sequence[Token], *, is_german: bool) -> list[Span]:
    """Return what a sentence may name, in order and without overlaps; what has a telling form comes before capitals."""
    taken: list[Span] = []
    told = [Span(found.start, found.end, found.name, found.type, 5, is_sure=True) for found in patterns(sentence.text)]
    capital = spans(sentence.text, tokens, is_prose=sentence.is_prose, is_german=is_german)
    for span in [*told, *capital]:
        if all(span.end <= other.start or span.start >= other.end for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def _relate(found: Extraction, reading: _Reading, names: Sequence[Span], keys: Sequence[str]) -> None:
    subject, said = "", ""
    for (left, left_key), (right, right_key) in pairwise(zip(names, keys, strict=True)):
        between = reading.text[left.end : right.start]
        if _explains(found, left, right, between):
            continue
        label = _label(between)
        if label is None:
            subject, said = "", ""
            continue
        source = left_key
        if label == RELATED and said and _coordinates(between):
            # "discovered Polonium and Radium": both were discovered by the same one.
            source, label = subject, said
        elif label in ALONE and said:
            # "was born in Warsaw on Monday": the day is not that of Warsaw.
            bare = said.rpartition(" ")[0] if said.rpartition(" ")[2] in ALONE else said
            source, label = subject, f"{bare} {label}".strip()
        elif label != RELATED:
            subject, said = left_key, label
        found.relate(source, right_key, label, description=reading.text)


def _explains(found: Extraction, left: Span, right: Span, between: str) -> bool:
    """Note an alias where one name stands in brackets behind the other and is its acronym."""
    if between.strip() != "(":
        return False
    for short, full in ((right, left), (left, right)):
        if is_acronym(short.name) and stands_for(short.name, full.name):
            found.aliases[key_of(short.name)] = key_of(full.name)
            return True
    return False


def _coordinates(between: str) -> bool:
    words = between.replace(",", " ").casefold().split()
    return all(word in COORDINATION or word in DROPPED for word in words)


def _label(between: str) -> str | None:
    """Return the words that relate two names; `related_to` where they tell nothing, None where the sentence breaks."""
    # What follows an explanation in brackets belongs to the name before them.
    between = between.removeprefix(")")
    if any(mark in between for mark in ';:()[]{}|"“”') or " – " in between or " — " in between:
        return None
    text = between.strip()
    words = [token.lower for token in tokens_of(text)]
    if text.startswith(",") and words and words[0] in RELATIVE:
        text, words = text[1:], words[1:]
    if not words or _coordinates(text):
        return RELATED
    if "," in text or len(words) > MAX_BETWEEN or SUBORDINATION & set(words) or words[0] in COORDINATION:
        return RELATED
    while words and (words[0] in DROPPED or words[0] in RELATIVE):
        words = words[1:]
    while words and (words[-1] in DROPPED or words[-1] in cues.TITLES):
        words = words[:-1]
    if not words or any(word.isdigit() for word in words):
        return RELATED
    if len(words) == 1 and words[0] not in ALONE and len(words[0]) < 3:
        return RELATED
    return " ".join(words)
