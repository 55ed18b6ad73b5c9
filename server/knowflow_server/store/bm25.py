"""BM25 with the statistics of one search's own scope: no other organization's texts have a say in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# The usual values, as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
K1 = 1.2
B = 0.75


class Term(NamedTuple):
    """What one word of a query adds to the score of a text.

    Args:
        word: The word as it was looked for.
        tf: How often the text has it.
        idf: How telling it is in the scope of the search; None where that is not known.
        score: Its part of the BM25 score; None likewise.
    """

    word: str
    tf: int
    idf: float | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the BM25 scores of one search were made of.

    Args:
        words: The words of the query, each once.
        spellings: For each word the spellings that count as it, the word itself first.
        idf: For each word its inverse document frequency.
        mean_length: Mean number of words of the texts that hold at least one word of the query, at least 1.
    """

    words: tuple[str, ...]
    spellings: tuple[tuple[str, ...], ...]
    idf: tuple[float, ...]
    mean_length: float

    def terms(self, text: str) -> list[Term]:
        """Return what each word adds to the score of a text; added up in order, exactly the text's score."""
        counts = Counter(text.split(" "))
        length = float(text.count(" ") + 1)
        norm = K1 * (1 - B + B * length / self.mean_length)
        found = []
        for word, spellings, idf in zip(self.words, self.spellings, self.idf, strict=True):
            tf = sum(counts[spelling] for spelling in spellings)
            if tf:
                found.append(Term(word, tf, idf, idf * tf * (K1 + 1) / (tf + norm)))
        return found


def bm25(
    texts: Sequence[str], words: Sequence[str], *, total: int, fuzzy: bool
) -> tuple[NDArray[np.float64], Statistics]:
    """Return the BM25 score of each text for the words of a query, and what the scores were made of.

    score = sum over words of idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * length / mean length)), with
    idf = ln(1 + (total - df + 0.5) / (df + 0.5)) (the form of Lucene, which is never negative).

    Args:
        texts: The indexed words of each text that holds at least one word of the query, separated by blanks.
        words: The words of the query, each once.
        total: Number of texts in the scope, those without any of the words included.
        fuzzy: Whether a word also counts where one letter differs.

    Returns:
        Shape (len(texts),), float64, from 0; higher is closer.
    """
    # Doubled blanks, so that neighbours do not share the blank which marks where a word ends.
    padded = [f" {text.replace(' ', '  ')} " for text in texts]
    lengths = np.array([text.count(" ") + 1 for text in texts], np.float64)
    vocabulary = {word for text in texts for word in text.split()} if fuzzy else set()
    mean_length = max(float(lengths.mean()), 1.0) if len(texts) else 1.0
    norm = K1 * (1 - B + B * lengths / mean_length)
    scores = np.zeros(len(texts))
    spellings, idfs = [], []
    for word in words:
        spelt = (word, *(other for other in vocabulary if alike(other, word)))
        tf = np.array([sum(text.count(f" {spelling} ") for spelling in spelt) for text in padded], np.float64)
        df = int(np.count_nonzero(tf))
        idf = float(np.log1p((max(total, df) - df + 0.5) / (df + 0.5)))
        scores += idf * tf * (K1 + 1) / (tf + norm)
        spellings.append(spelt)
        idfs.append(idf)
    return scores, Statistics(tuple(words), tuple(spellings), tuple(idfs), mean_length)


def alike(left: str, right: str) -> bool:
    """Return whether two different words begin with the same two letters and differ in one letter."""
    short, long = sorted((left, right), key=len)
    if left == right or left[:2] != right[:2] or len(long) - len(short) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
