"""Embeddings of an OpenAI-compatible endpoint: `POST {base_url}/embeddings`."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.openai_http import OpenAIEndpoint

# In base64 an answer is a third as long, and decoding it does not hold up the event loop: 64 vectors of 3,072 numbers
# take some 30 ms as JSON numbers. OpenAI's own clients ask for it, so servers know it or ignore it.
_Encoding = Literal["base64", "float"]
_BATCH: dict[_Encoding, int] = {"base64": 64, "float": 16}
_BAD_REQUEST = frozenset({400, 422})


class OpenAIEmbedder:
    """One model of an OpenAI-compatible provider.

    Texts longer than the model reads are refused or cut by the provider, as it documents.

    Args:
        endpoint: The provider.
        model: The model's name there.
        dimension: Length of its vectors if known, else 0: learnt from the first answer. Later answers must agree.
    """

    def __init__(self, endpoint: OpenAIEndpoint, model: str, *, dimension: int = 0) -> None:
        self._endpoint = endpoint
        self._model = model
        self._dimension = dimension
        self._encoding: _Encoding = "base64"
        # One connection is left for queries, so that they need not wait behind documents.
        self._document_slots = asyncio.Semaphore(max(1, endpoint.limits.max_concurrency - 1))

    @property
    def name(self) -> str:
        """`<model>@<provider>`."""
        return f"{self._model}@{self._endpoint.provider}"

    @property
    def dimension(self) -> int:
        """Length of a vector; 0 before the first answer where it is not configured."""
        return self._dimension

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return shape (n, d), float32, rows L2-normalised, in the order of the texts; up to 64 texts a request.

        Raises:
            ProviderError: A request failed after its retries, or an answer cannot be used; the others are dropped.
        """
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        size = _BATCH[self._encoding]
        try:
            async with asyncio.TaskGroup() as group:
                batches = [texts[start : start + size] for start in range(0, len(texts), size)]
                tasks = [group.create_task(self._embed_in_turn(batch)) for batch in batches]
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        return np.concatenate([task.result() for task in tasks])

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return shape (d,), float32, L2-normalised.

        Raises:
            ProviderError: The request failed after its retries, or the answer cannot be used.
        """
        vector: NDArray[np.float32] = (await self._embed([text]))[0]
        return vector

    async def _embed_in_turn(self, texts: Sequence[str]) -> NDArray[np.float32]:
        async with self._document_slots:
            return await self._embed(texts)

    async def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            return await self._request(texts, self._encoding)
        except ProviderError as error:
            if error.status not in _BAD_REQUEST or self._encoding == "float":
                raise
        # Some servers refuse the encoding rather than ignore it.
        vectors = await self._request(texts, "float")
        self._encoding = "float"
        return vectors

    async def _request(self, texts: Sequence[str], encoding: _Encoding) -> NDArray[np.float32]:
        # OpenAI refuses empty texts.
        body = {"model": self._model, "input": [text or " " for text in texts], "encoding_format": encoding}
        answer = await self._endpoint.post("embeddings", body)
        try:
            rows = self._rows(answer, len(texts))
            vectors: NDArray[np.float32] = np.stack(rows).astype(np.float32)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            raise self._error("gave an answer that does not hold one vector for each text") from error
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if vectors.ndim != 2 or not np.isfinite(norms).all() or not (norms > 0).all():
            raise self._error("gave a vector without a direction")
        self._check_dimension(vectors.shape[1])
        vectors /= norms
        return vectors

    def _rows(self, answer: dict[str, object], count: int) -> list[NDArray[np.float32]]:
        """Return the answer's vectors in the order of the texts; each is named by its `index`."""
        data = answer["data"]
        if not isinstance(data, list):
            raise TypeError("data is not a list")
        by_index = {item["index"]: item["embedding"] for item in data}
        if len(data) != count or by_index.keys() != set(range(count)):
            raise ValueError("the indices are not those of the texts")
        if any(isinstance(vector, list) for vector in by_index.values()):
            self._encoding = "float"
        return [_decode(by_index[index]) for index in range(count)]

    def _check_dimension(self, dimension: int) -> None:
        if self._dimension not in (0, dimension):
            raise self._error(f"gave vectors of {dimension} dimensions where {self._dimension} were expected")
        self._dimension = dimension

    def _error(self, what: str) -> ProviderError:
        return ProviderError(self._endpoint.provider, f"The provider {self._endpoint.provider} {what}.")


def _decode(embedding: object) -> NDArray[np.float32]:
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4")
    vector = np.asarray(embedding, dtype=np.float32)
    if vector.ndim != 1:
        raise ValueError("an embedding is not a list of numbers")
    return vector
