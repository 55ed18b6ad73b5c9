"""A memory of recent query vectors: chats and retrieval tests ask the same question again and again."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.ports import Embedder

_MAX_TEXT = 4_096


class QueryCache:
    """Least-recently-used vectors by model and text.

    Args:
        capacity: Vectors kept; 1,024 of 384 dimensions take 1.5 MB besides their texts of at most 4,096 characters.
    """

    def __init__(self, *, capacity: int = 1_024) -> None:
        self._capacity = capacity
        self._vectors: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()

    def get(self, model: str, text: str) -> NDArray[np.float32] | None:
        """Return the vector, read-only, shape (d,), or None."""
        vector = self._vectors.get((model, text))
        if vector is not None:
            self._vectors.move_to_end((model, text))
        return vector

    def put(self, model: str, text: str, *, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Keep a copy of a vector, and return the copy, read-only; long texts are not kept."""
        kept = vector.copy()
        kept.setflags(write=False)
        if len(text) <= _MAX_TEXT:
            self._vectors[model, text] = kept
            self._vectors.move_to_end((model, text))
        while len(self._vectors) > self._capacity:
            self._vectors.popitem(last=False)
        return kept


class CachedEmbedder:
    """An embedder whose query vectors are remembered.

    Args:
        inner: Who embeds.
        cache: May be shared between embedders; entries are kept apart by `inner.name`.
    """

    def __init__(self, inner: Embedder, *, cache: QueryCache) -> None:
        self._inner = inner
        self._cache = cache

    @property
    def name(self) -> str:
        """`<model>@<provider>` that really serves."""
        return self._inner.name

    @property
    def dimension(self) -> int:
        """Length of a vector, 0 while unknown."""
        return self._inner.dimension

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the inner embedder's vectors; see `Embedder.embed_documents`."""
        return await self._inner.embed_documents(texts)

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the query's vector, read-only; see `Embedder.embed_query`."""
        vector = self._cache.get(self.name, text)
        if vector is None:
            vector = self._cache.put(self.name, text, vector=await self._inner.embed_query(text))
        return vector
