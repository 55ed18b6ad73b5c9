"""Rerank models of an HTTP provider: Cohere, Jina, vLLM, Infinity and llama.cpp's style, and that of TEI."""

import asyncio
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.openai_http import OpenAIEndpoint

RerankStyle = Literal["cohere", "tei"]
RerankScores = Literal["unit", "logit"]

# TEI takes 32 texts a request unless it is told otherwise; Cohere counts every hundred as a search.
_BATCHES: dict[str, int] = {"tei": 32, "cohere": 100}
# Servers compute in half precision, and round.
_TOLERANCE = 1e-3


class HttpReranker:
    """Reranks with `POST {base_url}/rerank`. Passages are sent whole: what is too long for the model, the server cuts.

    Args:
        endpoint: Connections and limits, shared with the other models of the provider.
        model: Its name at the provider.
        style: "cohere" sends `model`, `query`, `documents` and `top_n`, and reads `results` (or `data`) of `index` and
            `relevance_score` (or `score`); "tei" sends `query` and `texts`, and reads a list of `index` and `score`.
        scores: "unit" when the provider's scores lie in [0, 1]; "logit" when they are any numbers, which
            1 / (1 + exp(-x)) then brings there. A score out of range is an error: a guess from the numbers at hand
            would judge one question by another scale than the next.
    """

    def __init__(
        self, endpoint: OpenAIEndpoint, model: str, *, style: RerankStyle = "cohere", scores: RerankScores = "unit"
    ) -> None:
        self._endpoint = endpoint
        self._model = model
        self._style = style
        self._scores = scores

    @property
    def name(self) -> str:
        """`<model>@<provider>`."""
        return f"{self._model}@{self._endpoint.provider}"

    async def rerank(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each passage answers the question: shape (n,), float32, in [0, 1].

        Raises:
            ProviderError: The provider failed, or its answer is not one score for each passage.
        """
        size = _BATCHES[self._style]
        batches = [passages[start : start + size] for start in range(0, len(passages), size)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._guarded(question, batch)) for batch in batches]
        parts = [task.result() for task in tasks]
        for part in parts:
            if isinstance(part, ProviderError):
                raise part
        arrays = [part for part in parts if not isinstance(part, ProviderError)]
        return np.concatenate(arrays) if arrays else np.zeros(0, np.float32)

    async def _guarded(self, question: str, passages: Sequence[str]) -> NDArray[np.float32] | ProviderError:
        # Returned rather than raised: a group would wrap it, and the other batches are under way anyway.
        try:
            return await self._batch(question, passages)
        except ProviderError as error:
            return error

    async def _batch(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        # A blank text is refused by some servers.
        texts = [passage if passage.strip() else "-" for passage in passages]
        body: dict[str, object]
        if self._style == "tei":
            body = {"query": question, "texts": texts, "truncate": True, "raw_scores": self._scores == "logit"}
        else:
            body = {"model": self._model, "query": question, "documents": texts, "top_n": len(texts)}
        answer = await self._endpoint.post_any("rerank", body)
        try:
            scores = _scores(answer, len(texts))
        except (ValueError, KeyError, TypeError) as error:
            raise self._error("gave an answer that does not hold one score for each passage") from error
        if not np.isfinite(scores).all():
            raise self._error("gave a score that is no number")
        return self._normalised(scores)

    def _normalised(self, scores: NDArray[np.float64]) -> NDArray[np.float32]:
        if self._scores == "logit":
            scores = unit(scores)
        elif ((scores < -_TOLERANCE) | (scores > 1 + _TOLERANCE)).any():
            raise self._error('gave a score outside 0 to 1; set rerank_scores = "logit" for it')
        return np.clip(scores, 0.0, 1.0).astype(np.float32)

    def _error(self, what: str) -> ProviderError:
        return ProviderError(self._endpoint.provider, f"The provider {self._endpoint.provider} {what}.")


def unit(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logistic function of numbers, in [0, 1]; it cannot overflow."""
    result: NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * logits))
    return result


def _scores(answer: object, count: int) -> NDArray[np.float64]:
    """Return the answer's scores in the order of the passages; each is named by its `index`."""
    results = answer
    if isinstance(answer, dict):
        results = answer["results"] if "results" in answer else answer["data"]
    if not isinstance(results, list):
        raise TypeError("the results are not a list")
    by_index: dict[int, float] = {}
    for item in results:
        score = item["relevance_score"] if "relevance_score" in item else item["score"]
        # bool is an int, and a text that reads like a number is still not one.
        if isinstance(score, bool) or not isinstance(score, int | float):
            raise TypeError("a score is not a number")
        by_index[item["index"]] = float(score)
    if len(results) != count or by_index.keys() != set(range(count)):
        raise ValueError("the indices are not those of the passages")
    return np.array([by_index[index] for index in range(count)], np.float64)
