"""What a chunk is found by beside its words: its vector, and the tags it is labelled with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain import parser_config
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.tags import Tagger, TagIndex, kept


class Indexing:
    """Makes the vectors of a document's chunks and labels them, as its parser configuration says.

    Args:
        embedding: Embeds texts.
        tagger: Knows the datasets of tags.
    """

    def __init__(self, embedding: Embedding, tagger: Tagger) -> None:
        self._embedding = embedding
        self._tagger = tagger

    async def vectors(self, dataset: Dataset, document: Document, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts of a document, shape (len(texts), d), float32, L2-normalised.

        With `filename_embd_weight` w, a vector is (1 - w) times the text's plus w times that of the document's name,
        made a unit vector again.

        Raises:
            ModelUnavailableError, EmbeddingModelUnsupportedError: As their sentences say.
        """
        weight, name = name_weight(document)
        if not weight:
            return await self._embedding.texts(dataset, texts)
        embedded = await self._embedding.texts(dataset, [*texts, name])
        mixed = (1 - weight) * embedded[:-1].astype(np.float64) + weight * embedded[-1].astype(np.float64)
        lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
        # Opposite vectors of equal weight leave nothing; then the text's own stands.
        usable = lengths > 1e-6
        return np.where(usable, mixed / np.where(usable, lengths, 1.0), embedded[:-1]).astype(np.float32)

    async def tags(self, dataset: Dataset, document: Document, dimension: int) -> TagIndex | None:
        """Return what labels the chunks of a document; None when its configuration names no datasets of tags."""
        return await self._tagger.load(dataset, parser_config.plain(document.parser_config), dimension)

    async def labels(self, dataset: Dataset, document: Document, vectors: NDArray[np.float32]) -> list[str]:
        """Return the tags of chunks of a document, as chunks keep them.

        Args:
            dataset: The dataset.
            document: The document; where its configuration names no datasets of tags, no chunk has any.
            vectors: Shape (n, d), n > 0, one row per chunk.
        """
        index = await self.tags(dataset, document, vectors.shape[1])
        found = await index.label(vectors) if index is not None else [{} for _ in vectors]
        return [kept(tags) for tags in found]


def name_weight(document: Document) -> tuple[float, str]:
    """Return the weight of a document's name in its vectors, 0 unless `filename_embd_weight` is set, and the name.

    The name is that of the file without its ending, its words parted by blanks.
    """
    weight = parser_config.plain(document.parser_config).get("filename_embd_weight")
    stem = PurePath(document.name).stem
    name = " ".join(stem.replace("_", " ").replace("-", " ").split()) or document.name
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        return 0.0, name
    return min(max(float(weight), 0.0), 1.0), name


def recipe(document: Document) -> str:
    """Return what the vectors of a document hold beside its texts, as chunks keep it; empty for nothing."""
    weight, name = name_weight(document)
    return f"{weight:g} {name}" if weight else ""
