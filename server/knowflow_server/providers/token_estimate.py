"""How many tokens a text takes, without the vocabulary of the model that will read it."""

from math import ceil
from typing import Final

import numpy as np

# Measured with the WordPiece vocabulary of MiniLM on English and program text, and chosen with care for the byte-pair
# vocabularies that chat models have. Other languages in Latin letters have longer words and are cut into smaller parts.
_LETTERS_PER_TOKEN: Final = 3.6
_FOREIGN_LETTERS_PER_TOKEN: Final = 2.8
_LATIN_WITH_ACCENTS: Final = range(0x00C0, 0x0250)
_CLASSES: Final = bytes(
    (
        ord("a")
        if chr(code).isascii() and chr(code).isalpha()
        else ord(" ")
        if chr(code) in " \t\r"
        else ord("\n")
        if chr(code) == "\n"
        # Many vocabularies have a token for each digit.
        else ord("1")
    )
    for code in range(256)
)
_ASCII_END: Final = 0x80
# First code point, and what its character and those up to the next line's count.
_SCRIPTS: Final = (
    (0x0080, 1.0),  # Latin with accents
    (0x0250, 0.6),  # Greek, Cyrillic, Armenian, Hebrew
    (0x0600, 0.8),  # Arabic and its neighbours
    (0x0900, 1.2),  # scripts of India, Thai, Lao, Tibetan, Burmese, Georgian
    (0x1100, 1.5),  # Hangul letters, Ethiopian, Khmer, Mongolian
    (0x1E00, 0.8),  # Latin and Greek with accents
    (0x2000, 1.0),  # punctuation and symbols
    (0x2C00, 3.0),
    (0x3000, 1.1),  # CJK punctuation, kana
    (0x3100, 1.3),  # Han
    (0xA000, 3.0),
    (0xAC00, 1.5),  # Hangul
    (0xD7A4, 3.0),
    (0xF900, 1.5),  # Han, for compatibility
    (0xFB00, 3.0),
    (0xFF00, 1.3),  # full and half width forms
    (0xFFF0, 3.0),  # emoji, rare Han, historic scripts: up to a token for each byte
)
_FIRSTS: Final = np.array([first for first, _ in _SCRIPTS], dtype=np.uint32)
_WEIGHTS: Final = np.array([weight for _, weight in _SCRIPTS])


def estimate_tokens(text: str) -> int:
    """Return how many tokens a text takes, rather too many than too few; about 1 ms for 100,000 English letters.

    Letters of English count 1/3.6 each, where there are letters with accents 1/2.8, but a word at least 1; digits and
    marks count 1, line ends a half, blanks nothing; other characters count by their script, Han characters 1.3. For
    English prose that is some 10 to 20 % too many.
    """
    if not text:
        return 0
    ascii_bytes = text.encode("ascii", errors="ignore").translate(_CLASSES)
    letters_per_token, tokens = _LETTERS_PER_TOKEN, 0.0
    if len(ascii_bytes) < len(text):
        codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype="<u4")
        codes = codes[codes >= _ASCII_END]
        tokens = float(_WEIGHTS[np.searchsorted(_FIRSTS, codes, side="right") - 1].sum())
        if ((codes >= _LATIN_WITH_ACCENTS.start) & (codes < _LATIN_WITH_ACCENTS.stop)).any():
            letters_per_token = _FOREIGN_LETTERS_PER_TOKEN
    # A word ends where a letter is followed by something else, or by nothing.
    words = ascii_bytes.count(b"a ") + ascii_bytes.count(b"a\n") + ascii_bytes.count(b"a1") + ascii_bytes.endswith(b"a")
    tokens += max(ascii_bytes.count(b"a") / letters_per_token, words)
    return ceil(tokens + ascii_bytes.count(b"1") + ascii_bytes.count(b"\n") / 2)
