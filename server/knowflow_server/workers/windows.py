"""Cutting texts into windows that the embedding model reads whole, and windows into batches of few shapes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

MAX_CONTENT_TOKENS = 254
"""all-MiniLM-L6-v2 was trained on 256 word pieces, of which [CLS] and [SEP] take two."""

BUCKETS = (32, 64, 96, 128, 160, 192, 224, 256)
"""Lengths that windows are padded to. An engine keeps memory for every shape it has seen, so shapes must be few."""

BATCH_SIZES = (8, 4, 2, 1)
"""Windows in one run of the model: from 8 on, two cores gain nothing, and eight long windows take some 80 ms."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text.

    Attributes:
        text: Index of the text.
        ids: Token ids with [CLS] and [SEP], at most 256.
        weight: Content tokens, at least 1: what this window counts in its text's vector.
    """

    text: int
    ids: list[int]
    weight: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows that run through the model together; `ids` and `mask` have shape (n, bucket), int64."""

    windows: Sequence[Window]
    ids: NDArray[np.int64]
    mask: NDArray[np.int64]


class WindowTokenizer:
    """The model's tokenizer, without its own truncation and padding.

    Args:
        path: The model's `tokenizer.json`.
    """

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        # The file asks for truncation at 128 tokens and padding to 128.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep, self._pad = (self._special(token) for token in ("[CLS]", "[SEP]", "[PAD]"))

    def windows(self, texts: Sequence[str]) -> list[Window]:
        """Cut each text into windows of at most 254 content tokens, as equal in length as they can be.

        Equal windows give no weight to a tail of a few words, and cost the same. An empty text is one empty window.
        """
        # The tokenizer refuses lone surrogates, which damaged files bring along.
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        encodings = self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)
        return [window for text, encoding in enumerate(encodings) for window in self._cut(text, encoding.ids)]

    def batches(self, windows: Sequence[Window]) -> Iterator[Batch]:
        """Yield all windows in batches whose shapes are of `BATCH_SIZES` x `BUCKETS`; shortest windows first."""
        by_bucket: dict[int, list[Window]] = {}
        for window in sorted(windows, key=lambda window: len(window.ids)):
            bucket = next(size for size in BUCKETS if size >= len(window.ids))
            by_bucket.setdefault(bucket, []).append(window)
        for bucket, members in by_bucket.items():
            start = 0
            while start < len(members):
                size = next(size for size in BATCH_SIZES if size <= len(members) - start)
                yield self._pad_batch(members[start : start + size], bucket)
                start += size

    def _special(self, token: str) -> int:
        number = self._tokenizer.token_to_id(token)
        if number is None:
            raise ValueError(f"The tokenizer has no {token}.")
        return number

    def _cut(self, text: int, ids: list[int]) -> Iterator[Window]:
        count = max(1, -(-len(ids) // MAX_CONTENT_TOKENS))
        for index in range(count):
            part = ids[index * len(ids) // count : (index + 1) * len(ids) // count]
            yield Window(text, [self._cls, *part, self._sep], max(1, len(part)))

    def _pad_batch(self, windows: Sequence[Window], bucket: int) -> Batch:
        ids = np.full((len(windows), bucket), self._pad, dtype=np.int64)
        mask = np.zeros((len(windows), bucket), dtype=np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        return Batch(windows, ids, mask)
