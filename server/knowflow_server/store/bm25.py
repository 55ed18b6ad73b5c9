"""BM25 with the statistics of one search's own scope: no other organization's texts have a say in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# The usual values, as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
K1 = 1.2
B = 0.75


def bm25(texts: Sequence[str], words: Sequence[str], *, total: int, fuzzy: bool) -> NDArray[np.float64]:
    """Return the BM25 score of each text for the words of a query.

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
    norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0)) if len(texts) else lengths
    scores = np.zeros(len(texts))
    for word in words:
        spellings = [word, *(other for other in vocabulary if alike(other, word))]
        tf = np.array([sum(text.count(f" {spelling} ") for spelling in spellings) for text in padded], np.float64)
        df = int(np.count_nonzero(tf))
        idf = np.log1p((max(total, df) - df + 0.5) / (df + 0.5))
        scores += idf * tf * (K1 + 1) / (tf + norm)
    return scores


def alike(left: str, right: str) -> bool:
    """Return whether two different words begin with the same two letters and differ in one letter."""
    short, long = sorted((left, right), key=len)
    if left == right or left[:2] != right[:2] or len(long) - len(short) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
