"""Reranking: the best candidates of a search, scored once more by a model that reads question and passage together."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.ports import ModelTable, ProviderError, ResolvedReranker, UnsupportedModelError
from knowflow_server.errors.base import InvalidArgumentError, ModelUnavailableError

# Scores of some 300 searches, 3 MB.
_REMEMBERED = 20_000


class Reranking:
    """Scores passages with rerank models, and remembers their scores, so that the pages of one search fit together.

    Args:
        models: Says who serves a model.
        candidates: Most passages of one search that a model reads.
    """

    def __init__(self, models: ModelTable, *, candidates: int = 64) -> None:
        self.candidates = candidates
        self._models = models
        self._known: OrderedDict[bytes, float] = OrderedDict()

    def resolve(self, model_id: str) -> ResolvedReranker:
        """Return who serves a rerank model.

        Raises:
            InvalidArgumentError: Nobody does; no other model stands in for it.
        """
        try:
            return self._models.resolve_reranker(model_id)
        except UnsupportedModelError:
            raise InvalidArgumentError(f"`rerank_model` {model_id} doesn't exist", field="rerank_id") from None

    async def scores(self, model: ResolvedReranker, question: str, passages: Sequence[str]) -> NDArray[np.float64]:
        """Return how well each passage answers the question: shape (n,), float64, in [0, 1].

        Raises:
            ModelUnavailableError: The provider failed.
        """
        keys = [_key(model.served_by, question, passage) for passage in passages]
        unknown = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in self._known}
        if unknown:
            try:
                made = await model.reranker.rerank(question, list(unknown.values()))
            except ProviderError as error:
                raise ModelUnavailableError(model=model.served_by, cause=error.sentence) from None
            self._known.update(zip(unknown, map(float, made), strict=True))
        scores = np.array([self._known[key] for key in keys], np.float64)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return scores


def _key(model: str, question: str, passage: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for text in (model, question, passage):
        part = text.encode(errors="surrogatepass")
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.digest()
