"""The words of a text, made alike for what is indexed and for what is asked.

Text is normalised (NFKC, case folded), cut into words, and English words are stemmed. Scripts without blanks between
words (Chinese,
Japanese, Thai, ...) are cut into single characters and pairs of neighbours, a common way to search them without a
dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import Stemmer

# Hiragana, katakana, CJK ideographs (with extension A and compatibility forms), Thai, Lao, Khmer, Burmese.
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
RUN = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+(?:['’][^\W_{UNSPACED}]+)*")
UNSPACED_RUN = re.compile(f"[{UNSPACED}]")
MAX_WORD = 64

# Words that say nothing about what a question is after. They are indexed all the same, so that a question made of
# nothing else finds something.
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing down during each few for from further had has have having he her here hers him
    his how i if in into is it its itself just me more most my no nor not now of off on once only or other our out
    over own please same she should so some such tell than that the their them then there these they this those
    through to too under until up very was we were what when where which while who whom why will with would you your
    """.split()  # noqa: SIM905 - a list of a hundred quoted words reads worse
)

_stemmer = Stemmer.Stemmer("english")


class Word(NamedTuple):
    """A word of a text: its indexed forms, and where it stands."""

    forms: tuple[str, ...]
    start: int
    end: int
    is_stop_word: bool


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order; places refer to the text as given."""
    for match in RUN.finditer(text):
        run = match.group()
        if UNSPACED_RUN.match(run):
            yield from _unspaced(run, match.start())
            continue
        form, is_stop_word = _form(run)
        if form:
            yield Word((form,), match.start(), match.end(), is_stop_word)


# A parse cuts thousands of words out of each batch of chunks, while requests wait; most are a few thousand words again.
@lru_cache(maxsize=20_000)
def _form(run: str) -> tuple[str, bool]:
    """Return the indexed form of a word, and whether it is a stop word."""
    folded = _normal(run).casefold().replace("’", "'").removesuffix("'s")
    if not folded.isascii():
        bare = (c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
        folded = unicodedata.normalize("NFC", "".join(bare))
    form = str(_stemmer.stemWord(folded)) if folded.isascii() else folded
    return form[:MAX_WORD], folded in STOP_WORDS


def _normal(text: str) -> str:
    """Return a text in the form NFKC, without the blanks which that makes of some signs."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFKC", text).split())


def _unspaced(run: str, start: int) -> Iterator[Word]:
    for place in range(len(run)):
        yield Word(_pair_forms(run[place : place + 2]), start + place, start + place + 1, is_stop_word=False)


@lru_cache(maxsize=20_000)
def _pair_forms(pair: str) -> tuple[str, ...]:
    """Return the forms of a character with the one that follows it, if one does."""
    return tuple(dict.fromkeys((_normal(pair[0]), _normal(pair))))


def index_words(*texts: str) -> str:
    """Return what is indexed of texts: all forms of all words, separated by blanks, repetitions kept."""
    return " ".join(form for text in texts for word in words_of(text) for form in word.forms)


def query_words(question: str) -> list[str]:
    """Return the words to look for, each once.

    Stop words are left out, unless there is nothing else; of scripts without blanks the pairs are taken.
    """
    words = list(words_of(question))
    telling = [word for word in words if not word.is_stop_word] or words
    found: dict[str, None] = {}
    for place, word in enumerate(telling):
        # A last single character is covered by the pair before it.
        covered = (
            len(word.forms) == 1
            and place > 0
            and len(telling[place - 1].forms) > 1
            and telling[place - 1].end == word.start
        )
        if not covered:
            found[word.forms[-1]] = None
    return list(found)


def highlight(text: str, words: Sequence[str]) -> str:
    """Return a text with `<em>` around each word that is among the words looked for."""
    wanted = set(words)
    parts: list[str] = []
    place = 0
    for start, end in _matches(text, wanted):
        parts += [text[place:start], "<em>", text[start:end], "</em>"]
        place = end
    return "".join([*parts, text[place:]])


def _matches(text: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for word in words_of(text):
        if wanted.isdisjoint(word.forms):
            continue
        # A matching pair covers the character after it, too; neighbours share one mark.
        pair = len(word.forms) > 1 and word.forms[1] in wanted
        stop = word.end + 1 if pair else word.end
        if word.start <= end:
            end = max(end, stop)
            continue
        if start >= 0:
            yield start, end
        start, end = word.start, stop
    if start >= 0:
        yield start, end
