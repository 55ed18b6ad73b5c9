"""The sentences of retrieved passages which answer a question best, found without a language model."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.analysis import words_of
from knowflow_server.domain.chat.intent import ASKS_OVERVIEW
from knowflow_server.domain.ports import Embedder, Grounding

LEAST_SCORE = 0.5
"""Score below which a sentence does not answer a question; see `Selection`."""

MOST_SENTENCES = 20
"""Sentences that are embedded for a question, in some 50 ms. Those that share most words with it are taken; more found
no further answer in tests/bench/answers.py."""

# What a sentence's cosine similarity to the question is added to, chosen on the questions of tests/bench/answers.py.
_WORDS, _NEIGHBOUR, _KIND, _STRANGER = 0.35, 0.1, 0.12, 0.6
# Further sentences of an answer come this near to the score of the best one.
_SPREAD = 0.25

_LONGEST = 600
_HEADING_WORDS = 8
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_ROW_END = re.compile(r"</(?:tr|p|li|h\d|caption)>|<br\s*/?>", re.IGNORECASE)
_SEAM = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]*(?:\[\w{1,3}\])?\s+(?=[\"'“‘(\[]*[^\Wa-z_])|(?<=[。！？])\s*(?=\S)|\n\s*\n"
    r"|(?<=[:;|])\n|\n(?=\s*(?:[-–*•#|]|\d+[.)])\s)"
)
# A full stop behind an initial, a title or an abbreviation ends no sentence.
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Mrs?|Ms|Dr|Prof|St|Nos?|vs|[eE]\.g|[iI]\.e|cf|al|Figs?|Jr|Sr|approx|Inc|Ltd|Co)\.$"
)
_PRONOUN = re.compile(r"(?:It|They|He|She|Its|Their|His|Her|This|These|Those|Such)\b")

# Shorter sentences are labels or commands, and sum up nothing.
_TELLING_WORDS = 6
_ASKS_TIME = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|century|date|day|month|time)\b|\bhow long\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(r"\bhow (?:many|much|old|tall|high|long|far|large|big|often|fast)\b", re.IGNORECASE)
_ASKS_NAME = re.compile(r"\b(?:who|whom|whose|where)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b\d{3,4}s?\b|\b\d{1,2}(?:st|nd|rd|th|:\d\d)\b|\bcentur|\b(?:Jan|Febr)uary\b|\b(?:March|April|May|June|July|August)\b"
    r"|\b(?:Septem|Octo|Novem|Decem)ber\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b"
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|twice)\b",
    re.IGNORECASE,
)
# A capital inside a sentence.
_NAME = re.compile(r"(?<=[^\W_][\s,;/–(\"“])[(\"“]*([A-Z][\w’'-]*)")
# What makes a short line more than a heading: a mark of a list, an end, a value.
_ENTRY = re.compile(r"[-–*•|]\s")
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_FACT = re.compile(r"[:=|]\s*\S|\d")
_MARKED_HEADING = re.compile(r"^(#{1,6} .*)$", re.MULTILINE)
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage.

    Attributes:
        text: Verbatim, but for white space and markup.
        passage: Number of its passage.
        context: What stands before it and tells what it is about: a heading, or the sentence before; may be empty.
    """

    text: str
    passage: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences that answer a question.

    Attributes:
        sentences: Best first; neighbours in the order of their passage. Empty when nothing answers it.
        score: Of the best sentence, found or not: its cosine similarity to the question, plus up to 0.35 for the
            question's words in it, 0.1 for those in it and what stands before it together, and 0.12 for holding what
            the question asks for (a time, a number, a name); less 0.6 when names or numbers of the question are
            nowhere in the passages while the sentence has others. An answer has at least `LEAST_SCORE`.
    """

    sentences: tuple[str, ...]
    score: float


async def select(embedder: Embedder, grounding: Grounding, *, most: int) -> Selection:
    """Return the sentences of the passages that answer the question, at most `most`.

    A question for an overview gets the sentences that stand for the passages best.

    Raises:
        ProviderError: The embedder failed.
    """
    sentences = [found for number, text in enumerate(grounding.passages) for found in split(text, passage=number)]
    question = " ".join(grounding.question.split())
    if not sentences or not question:
        return Selection((), 0.0)
    if ASKS_OVERVIEW.search(question):
        telling = _telling(sentences, least=most)
        return _overview(telling, await embedder.embed_documents([s.text for s in telling]), most=most)
    overlap = _Overlap(question, grounding.passages, sentences)
    if len(sentences) > MOST_SENTENCES:
        kept = np.sort(np.argsort(-overlap.rough(), kind="stable")[:MOST_SENTENCES])
        sentences = [sentences[place] for place in kept]
        overlap = _Overlap(question, grounding.passages, sentences)
    vectors = await embedder.embed_documents([sentence.text for sentence in sentences])
    cosines = vectors @ await embedder.embed_query(question)
    scores = cosines + overlap.scores()
    best = int(np.argmax(scores))
    if scores[best] < LEAST_SCORE:
        return Selection((), float(scores[best]))
    order = [int(place) for place in np.argsort(-scores, kind="stable")]
    least = max(LEAST_SCORE, float(scores[best]) - _SPREAD)
    chosen = _without_repetition([place for place in order if scores[place] >= least], sentences, vectors)[:most]
    return Selection(_told(chosen, sentences), float(scores[best]))


def _telling(sentences: Sequence[Sentence], *, least: int) -> list[Sentence]:
    """Return whole sentences, without headings and lines of lists or code, unless there are fewer than `least`.

    Of many, some are taken at equal distances.
    """
    found = [
        sentence
        for sentence in sentences
        if _ENDED.search(sentence.text) and len(sentence.text.split()) >= _TELLING_WORDS and sentence.text[0].isupper()
    ]
    found = found if len(found) >= least else list(sentences)
    return (
        [found[n * len(found) // MOST_SENTENCES] for n in range(MOST_SENTENCES)]
        if len(found) > MOST_SENTENCES
        else found
    )


def split(text: str, *, passage: int = 0) -> list[Sentence]:
    """Return the sentences of a text in order; a heading becomes the context of what follows it."""
    plain = _MARKUP.sub(" ", _ROW_END.sub("\n\n", text)) if "<" in text else text
    plain = _MARKED_HEADING.sub(r"\n\n\1\n\n", plain)
    pieces: list[str] = []
    start = 0
    for seam in _SEAM.finditer(plain):
        # A closing quote belongs to its sentence.
        end = seam.end() if seam.group().strip() else seam.start()
        if not _ABBREVIATED.search(plain, start, end):
            pieces.append(plain[start:end])
            start = seam.end()
    pieces.append(plain[start:])
    sentences: list[Sentence] = []
    heading, is_told = "", True
    for piece in pieces:
        line = _WHITE.sub(" ", piece).strip(" #*|•–-")
        if not line:
            continue
        if _is_heading(piece.strip(), line):
            # A heading with nothing under it is an entry of a list.
            sentences += [Sentence(heading, passage)] if heading and not is_told else []
            heading, is_told = line.rstrip(":"), False
            continue
        context = heading or (sentences[-1].text if sentences else "")
        sentences += [Sentence(part, passage, context) for part in _parts(line)]
        is_told = True
    return sentences if is_told else [*sentences, Sentence(heading, passage)]


def _is_heading(piece: str, line: str) -> bool:
    is_entry = _ENTRY.match(piece) or _ENDED.search(line) or _FACT.search(line)
    return not is_entry and len(line.split()) <= _HEADING_WORDS


def _parts(line: str) -> list[str]:
    """Return a line in pieces of at most 600 characters, cut at blanks."""
    parts = []
    while len(line) > _LONGEST:
        cut = line.rfind(" ", _LONGEST // 2, _LONGEST)
        cut = cut if cut > 0 else _LONGEST
        parts.append(line[:cut].strip())
        line = line[cut:].strip()
    return [*parts, line]


class _Overlap:
    """What a question and sentences have in common as words."""

    def __init__(self, question: str, passages: Sequence[str], sentences: Sequence[Sentence]) -> None:
        self._question = question
        self._sentences = sentences
        self._wanted = _forms(question)
        self._held = [_forms(sentence.text) for sentence in sentences]
        self._around = [held | _forms(sentence.context) for held, sentence in zip(self._held, sentences, strict=True)]
        frequency = Counter(form for held in self._held for form in held)
        # Robertson and Sparck Jones' weight as Lucene smooths it.
        count = len(sentences)
        self._weights = {
            form: math.log(1 + (count - frequency[form] + 0.5) / (frequency[form] + 0.5)) + 0.1 for form in self._wanted
        }
        self._known = frozenset().union(*map(_forms, passages)) if passages else frozenset()

    def rough(self) -> NDArray[np.float32]:
        """Return how much of the question the sentences and their neighbours hold: shape (n,), float32, in [0, 1]."""
        return np.asarray([self._share(held) for held in self._around], dtype=np.float32)

    def scores(self) -> NDArray[np.float32]:
        """Return what is added to the cosine similarities, see `Selection`: shape (n,), float32."""
        words = np.asarray([self._share(held) for held in self._held], dtype=np.float32)
        kinds = np.asarray([self._has_kind(sentence.text) for sentence in self._sentences], dtype=np.float32)
        strangers = self._strangers()
        penalty = np.zeros(len(self._sentences), dtype=np.float32)
        if strangers:
            others = [bool(_names(sentence.text) - self._wanted) for sentence in self._sentences]
            penalty = np.asarray(others, dtype=np.float32)
        total: NDArray[np.float32] = _WORDS * words + _NEIGHBOUR * self.rough() + _KIND * kinds - _STRANGER * penalty
        return total

    def _share(self, held: frozenset[str]) -> float:
        total = sum(self._weights.values())
        return sum(self._weights[form] for form in self._wanted & held) / total if total else 0.0

    def _has_kind(self, text: str) -> bool:
        if _ASKS_TIME.search(self._question):
            return bool(_TIME.search(text))
        if _ASKS_NUMBER.search(self._question):
            return bool(_NUMBER.search(text))
        return bool(_ASKS_NAME.search(self._question) and _names(text) - self._wanted)

    def _strangers(self) -> frozenset[str]:
        """Return the names and numbers of the question which no passage holds."""
        return frozenset(_names(self._question) | _numbers(self._question)) - self._known


def _forms(text: str) -> frozenset[str]:
    return frozenset(word.forms[-1] for word in words_of(text) if not word.is_stop_word)


def _names(text: str) -> frozenset[str]:
    found = _NAME.findall(text)
    # In a title all words are capitals, and none of them means anything.
    return frozenset() if len(found) * 2 > len(text.split()) else _forms(" ".join(found))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(form for form in _forms(text) if form.isdigit())


def _without_repetition(order: Sequence[int], sentences: Sequence[Sentence], vectors: NDArray[np.float32]) -> list[int]:
    """Drop the sentences that say again what a better one said; overlapping passages repeat them."""
    kept: list[int] = []
    for place in order:
        if not any(
            sentences[place].text == sentences[other].text or float(vectors[place] @ vectors[other]) > 0.95
            for other in kept
        ):
            kept.append(place)
    return kept


def _told(chosen: Sequence[int], sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the chosen sentences as they are told: neighbours in order, and a pronoun with what it stands for."""
    best = chosen[0]
    told = [best]
    for place in chosen[1:]:
        if place == best - 1 and sentences[place].passage == sentences[best].passage:
            told.insert(told.index(best), place)
        else:
            told.append(place)
    before = best - 1
    if (
        _PRONOUN.match(sentences[best].text)
        and before >= 0
        and before not in told
        and sentences[before].passage == sentences[best].passage
    ):
        told.insert(told.index(best), before)
    return tuple(sentences[place].text for place in told)


def _overview(sentences: Sequence[Sentence], vectors: NDArray[np.float32], *, most: int) -> Selection:
    """Return the sentences nearest to the middle of all, in their order."""
    middle = vectors.mean(axis=0)
    length = float(np.linalg.norm(middle))
    cosines = vectors @ (middle / length if length else middle)
    order = [int(place) for place in np.argsort(-cosines, kind="stable")]
    chosen = sorted(_without_repetition(order, sentences, vectors)[:most])
    return Selection(tuple(sentences[place].text for place in chosen), float(cosines[order[0]]))
