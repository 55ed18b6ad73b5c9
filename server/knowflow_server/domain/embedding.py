"""Embedding with the errors that callers see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.ports import ModelTable, ProviderError, ResolvedEmbedder, UnsupportedModelError
from knowflow_server.errors.base import ModelUnavailableError
from knowflow_server.errors.core import EmbeddingModelUnsupportedError


class Embedding:
    """Embeds texts with the model of a dataset."""

    def __init__(self, models: ModelTable) -> None:
        self._models = models

    def resolve(self, dataset: Dataset) -> ResolvedEmbedder:
        """Return who serves the model of a dataset: the one that served it first, whatever the settings say since.

        Vectors of different models cannot be compared, so no other model ever stands in for it.

        Raises:
            EmbeddingModelUnsupportedError: Nobody serves it any more.
        """
        model = dataset.embedding_model_served
        try:
            resolved = self._models.resolve_embedder(model)
        except UnsupportedModelError:
            raise EmbeddingModelUnsupportedError(model=model) from None
        if resolved.is_fallback:
            raise EmbeddingModelUnsupportedError(model=model)
        return resolved

    async def texts(self, dataset: Dataset, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts, shape (len(texts), d), float32, L2-normalised.

        Raises:
            ModelUnavailableError: The provider failed.
            EmbeddingModelUnsupportedError: Nobody serves the model any more.
        """
        resolved = self.resolve(dataset)
        try:
            return await resolved.embedder.embed_documents(texts)
        except ProviderError as error:
            raise ModelUnavailableError(model=resolved.served_by, cause=error.sentence) from None

    async def query(self, dataset: Dataset, text: str) -> NDArray[np.float32]:
        """Return the vector of a question, shape (d,), float32, L2-normalised, read-only.

        Raises:
            ModelUnavailableError: The provider failed.
            EmbeddingModelUnsupportedError: Nobody serves the model any more.
        """
        resolved = self.resolve(dataset)
        try:
            return await resolved.embedder.embed_query(text)
        except ProviderError as error:
            raise ModelUnavailableError(model=resolved.served_by, cause=error.sentence) from None
