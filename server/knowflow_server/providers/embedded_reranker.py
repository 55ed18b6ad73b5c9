"""The embedded rerank model, in a worker process of its own: no network, no key, English. Optional."""

import asyncio
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.http_reranker import unit
from knowflow_server.workers import cross_encoder
from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import WorkerDiedError, WorkerError
from knowflow_server.workers.process import ChildLimits, WorkerProcess

PROVIDER: Final = "embedded"
MODEL: Final = cross_encoder.MODEL
# About a quarter of a second on one core, so that questions take turns.
_PORTION = 16
_DEADLINE_S = 60.0


class EmbeddedReranker:
    """ms-marco-MiniLM-L-12-v2 in 8-bit integers: some 10 ms a passage of 150 tokens, English, Apache-2.0.

    A passage is read up to 512 word pieces, the question included. The process starts with the first request.

    Args:
        threads: Threads of the inference; None for one per core.
        memory_mb: Resident memory in MiB above which the worker is killed; it needs about 200.
    """

    name: Final = f"{MODEL}@{PROVIDER}"

    def __init__(self, *, threads: int | None = None, memory_mb: int = 1_024) -> None:
        arguments = [] if threads is None else ["--threads", str(threads)]
        self._child = ChildProcess("rerank", arguments, limits=ChildLimits(memory_mb=memory_mb, start_timeout_s=60.0))
        self._turn = asyncio.Lock()
        self._portions: set[asyncio.Task[NDArray[np.float32]]] = set()

    @staticmethod
    def is_installed() -> bool:
        """Return whether the model's files and ONNX Runtime are installed; the worker checks the files' hashes."""
        return cross_encoder.folder() is not None

    @property
    def worker(self) -> WorkerProcess | None:
        """The running worker, or None; for figures and tests."""
        return self._child.process

    async def rerank(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each passage answers the question: shape (n,), float32, in [0, 1].

        Raises:
            ProviderError: The worker cannot start, died or took too long.
        """
        scores = np.zeros(len(passages), np.float32)
        for start in range(0, len(passages), _PORTION):
            portion = list(passages[start : start + _PORTION])
            task = asyncio.create_task(self._score(question, portion))
            self._portions.add(task)
            task.add_done_callback(self._portions.discard)
            # A caller who leaves must not take the process along, which ends with a request that is given up.
            scores[start : start + _PORTION] = await asyncio.shield(task)
        return scores

    async def close(self) -> None:
        """End the worker; requests that wait fail."""
        await self._child.close()
        await asyncio.gather(*self._portions, return_exceptions=True)

    async def _score(self, question: str, passages: list[str]) -> NDArray[np.float32]:
        async with self._turn:
            try:
                frame = await self._child.call({"question": question, "passages": passages}, deadline_s=_DEADLINE_S)
            except WorkerError as error:
                sentence = "The embedded rerank model is not available at the moment; the server's log says why."
                retryable = isinstance(error, WorkerDiedError)
                raise ProviderError(PROVIDER, sentence, is_retryable=retryable) from error
        if frame.array is None or frame.array.shape != (len(passages),):
            raise ProviderError(PROVIDER, "The embedded rerank model gave an array of another shape.")
        return unit(frame.array.astype(np.float64)).astype(np.float32)
