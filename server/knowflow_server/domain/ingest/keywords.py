"""Keywords of a chunk by statistics: what its words weigh in it, and in the document.

The weight of a word follows the idea of tf-idf, with the chunks of a document as the collection (Robertson and
Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, for the two curves); what raises it beside
that - early places, capital letters, headings - are features which Campos et al., "YAKE! Keyword extraction from
single documents using multiple local features", 2020, found to tell.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowflow_server.domain.analysis import UNSPACED_RUN, Word, words_of

LONGEST_PHRASE = 3
_LONGEST_GRAM = 4
# How soon more of the same word stops to count, as in BM25.
_K1 = 1.2
_EARLY = 0.5  # what a word at the very beginning has more than one at the end
_NAME = 0.5  # what a word that is always written with a capital inside sentences has more
_HEADING = 0.5  # what a word of the headings has more
_SENTENCE_END = re.compile(r"[.!?:。！？：\n]\s*[\"'“”‘’(\[*#>|-]*\s*\Z")
_JOINT = re.compile(r"[ \u00a0\-]?")
_LONGER = 0.4  # what each further word of a phrase adds
# Words of a chunk which are looked at; a chunk that is a whole book has a beginning, too.
_MOST_WORDS = 20_000
# Phrases of a document which are counted; a document of a million different ones says enough with these.
_MOST_PHRASES = 200_000


class _Term(NamedTuple):
    key: tuple[str, ...]
    surface: str
    place: int
    is_name: bool


class DocumentWords:
    """Counts the words of a document's chunks, and finds the keywords of each."""

    def __init__(self) -> None:
        self._chunks = 0
        self._chunks_with: Counter[str] = Counter()
        self._phrases: Counter[tuple[str, ...]] = Counter()

    def add(self, text: str) -> None:
        """Count the words of a chunk."""
        self._chunks += 1
        terms = Counter(term.key for term in _terms(text))
        self._chunks_with.update({key[0] for key in terms if len(key) == 1})
        if len(self._phrases) < _MOST_PHRASES:
            self._phrases.update(terms)

    def keywords(self, text: str, headings: Sequence[str], number: int) -> list[str]:
        """Return the keywords of a chunk which was counted, the weightiest first, as they stand in its text.

        Args:
            text: The chunk.
            headings: The headings above it.
            number: How many at most; a chunk of few words has fewer.
        """
        terms = list(_terms(text))
        counts = Counter(term.key for term in terms)
        above = {form for heading in headings for word in words_of(heading) for form in word.forms}
        weights = self._word_weights(terms, counts, above)
        surfaces: dict[tuple[str, ...], Counter[str]] = {}
        for term in terms:
            surfaces.setdefault(term.key, Counter())[term.surface] += 1
        scores = {key: self._score(key, counts, weights) for key in counts}
        # Sorted is stable: of equal weights, the earlier in the text comes first.
        ranked = sorted((key for key in scores if scores[key] > 0), key=lambda key: -scores[key])
        chosen: list[tuple[str, ...]] = []
        for key in ranked:
            if len(chosen) >= number:
                break
            if not any(_within(key, other) or _within(other, key) for other in chosen):
                chosen.append(key)
        return [surfaces[key].most_common(1)[0][0] for key in chosen]

    def _word_weights(
        self, terms: Sequence[_Term], counts: Counter[tuple[str, ...]], above: set[str]
    ) -> dict[str, float]:
        first: dict[str, int] = {}
        names: Counter[str] = Counter()
        for term in terms:
            if len(term.key) == 1:
                first.setdefault(term.key[0], term.place)
                names[term.key[0]] += term.is_name
        last = max((term.place for term in terms), default=0) + 1
        rarest = math.log1p((self._chunks - 0.5) / 1.5)
        weights = {}
        for form, place in first.items():
            tf = counts[(form,)]
            df = max(self._chunks_with[form], 1)
            idf = math.log1p((max(self._chunks, df) - df + 0.5) / (df + 0.5))
            # Half of the weight does not depend on the other chunks: what the whole document is about counts, too.
            weight = tf * (_K1 + 1) / (tf + _K1) * (0.5 + 0.5 * idf / rarest)
            weight *= 1 + _EARLY * (1 - place / last) + _NAME * names[form] / tf + _HEADING * (form in above)
            if UNSPACED_RUN.match(form):
                weight *= 0 if tf < 2 else 1 + _LONGER * (len(form) - 2)
            weights[form] = weight
        return weights

    def _score(self, key: tuple[str, ...], counts: Counter[tuple[str, ...]], weights: dict[str, float]) -> float:
        if len(key) == 1:
            return weights.get(key[0], 0.0)
        together = max(self._phrases[key], counts[key])
        if together < 2:
            return 0.0
        parts = [weights.get(form, 0.0) for form in key]
        # A phrase is one thing when its words seldom stand alone.
        shares = [together / max(self._phrases[(form,)], counts[(form,)], together) for form in key]
        cohesion = math.prod(shares) ** (1 / len(key))
        return (max(parts) + sum(parts) / len(parts)) / 2 * (1 + _LONGER * (len(key) - 1)) * cohesion


def _within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return set(inner) <= set(outer) or (bool(UNSPACED_RUN.match(inner[0])) and inner[0] in outer[0])


def _terms(text: str) -> Iterator[_Term]:
    """Yield the words and phrases of a text which may be keywords; each phrase once for each place."""
    run: list[Word] = []
    words = 0
    for word in words_of(text):
        words += 1
        if words > _MOST_WORDS:
            break
        shown = text[word.start : word.end]
        if UNSPACED_RUN.match(shown):
            run = []
            # Of scripts without blanks, runs of characters stand for words; those which come back may be some.
            for length in range(2, _LONGEST_GRAM + 1):
                gram = text[word.start : word.start + length]
                if len(gram) == length and all(map(UNSPACED_RUN.match, gram)):
                    yield _Term((gram,), gram, words, is_name=False)
            continue
        if word.is_stop_word or not _tells(shown):
            run = []
            continue
        if run and not _JOINT.fullmatch(text, run[-1].end, word.start):
            run = []
        run = [*run[1 - LONGEST_PHRASE :], word]
        is_name = shown[:1].isupper() and not _begins_sentence(text, word.start)
        yield _Term((word.forms[0],), shown, words, is_name)
        for length in range(2, len(run) + 1):
            part = run[-length:]
            yield _Term(tuple(one.forms[0] for one in part), text[part[0].start : word.end], words, is_name)


def _tells(shown: str) -> bool:
    return len(shown) > 2 and any(character.isalpha() for character in shown)


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start]
    return not before.strip() or bool(_SENTENCE_END.search(before))
