"""The built-in embedding model, in a worker process of its own: no network, no key, English."""

import asyncio
import itertools
import logging
import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowflow_server.domain.ports import ProviderError
from knowflow_server.workers import minilm
from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import WorkerDiedError, WorkerError, WorkerMemoryError, WorkerTimeoutError
from knowflow_server.workers.process import ChildLimits, WorkerProcess

logger = logging.getLogger(__name__)

PROVIDER: Final = "embedded"
ALIASES: Final = frozenset({minilm.MODEL, f"sentence-transformers/{minilm.MODEL}"})
"""Model names that mean this model."""

_QUERY, _DOCUMENTS = 0, 1
_PIECE_CHARACTERS = 4_096
_PIECE_SEAM = 256
_MAX_MERGED_QUERIES = 8
_DEADLINE_S = 60.0
# A first start may convert the model, on a busy machine.
_START_TIMEOUT_S = 180.0


@dataclass(order=True, slots=True)
class _Job:
    priority: int
    number: int
    texts: list[str] = field(compare=False)
    answer: asyncio.Future[NDArray[np.float32]] = field(compare=False)


class EmbeddedEmbedder:
    """all-MiniLM-L6-v2: 384 dimensions, English, Apache-2.0.

    The model reads 256 word pieces at once. A longer text is not cut off: it is split into windows of at most 254 word
    pieces, as equal in length as can be, and its vector is the mean of the windows' unit vectors, each weighted with
    its number of word pieces, L2-normalised again. A text above 4,096 characters is first divided into equal pieces at
    white space, and the windows are made within each piece.

    Queries overtake documents: these are handed to the worker in portions of about 0.1 s (0.05 s while there are
    queries), between which queries and the portions of other callers take their turns. Documents of one call are
    embedded shortest first.

    When the worker dies, the request in hand is repeated once. The process starts with the first request, or `warm`.

    Args:
        cache_dir: Folder of the converted model; None for `minilm.default_cache_dir()`.
        threads: Threads of the inference; None for one per core.
        memory_mb: Resident memory in MiB above which the worker is killed; it needs about 180 idle and 300 at work.
    """

    name: Final = f"{minilm.MODEL}@{PROVIDER}"
    dimension: Final = minilm.DIMENSION

    def __init__(self, *, cache_dir: Path | None = None, threads: int | None = None, memory_mb: int = 1_024) -> None:
        arguments = [] if cache_dir is None else ["--cache", str(cache_dir)]
        arguments += [] if threads is None else ["--threads", str(threads)]
        limits = ChildLimits(memory_mb=memory_mb, start_timeout_s=_START_TIMEOUT_S)
        self._child = ChildProcess("embed", arguments, limits=limits)
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._pace = _Pace()
        self._dispatcher: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def worker(self) -> WorkerProcess | None:
        """The running worker, or None; for figures and tests."""
        return self._child.process

    async def warm(self) -> None:
        """Start the worker now, so that the first request does not wait for it (0.5 s; 10 s if it must convert).

        Raises:
            ProviderError: The worker cannot start.
        """
        try:
            await self._child.start()
        except WorkerError as error:
            raise _provider_error(error) from error

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return shape (n, 384), float32, rows L2-normalised, in the order of the texts.

        Cancelling stops after the portion in hand, at most some 0.1 s.

        Raises:
            ProviderError: The worker died twice, took too long or was closed.
        """
        pieces = [(row, piece) for row, text in enumerate(texts) for piece in split_pieces(text)]
        pieces.sort(key=lambda item: len(item[1]))
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        start = 0
        while start < len(pieces):
            end = self._pace.end(pieces, start)
            portion = pieces[start:end]
            vectors = await self._submit([piece for _, piece in portion], priority=_DOCUMENTS)
            np.add.at(sums, [row for row, _ in portion], vectors)
            start = end
        return _normalised(sums)

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return shape (384,), float32, L2-normalised; about 3 ms, and at most one portion of documents more.

        Raises:
            ProviderError: The worker died twice, took too long or was closed.
        """
        self._pace.note_query()
        sums = np.zeros((1, self.dimension), dtype=np.float32)
        sums[0] = (await self._submit(split_pieces(text), priority=_QUERY)).sum(axis=0)
        vector: NDArray[np.float32] = _normalised(sums)[0]
        return vector

    async def close(self) -> None:
        """End the worker; requests that wait fail."""
        self._is_closed = True
        await self._child.close()
        if self._dispatcher is not None:
            self._dispatcher.cancel()
            with suppress(asyncio.CancelledError):
                await self._dispatcher
        while not self._jobs.empty():
            _fail(self._jobs.get_nowait(), _closed_error())

    async def _submit(self, texts: list[str], *, priority: int) -> NDArray[np.float32]:
        """Return the texts' unnormalised sums, shape (n, 384), when their turn has come."""
        if self._is_closed:
            raise _closed_error()
        answer: asyncio.Future[NDArray[np.float32]] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(priority, next(self._numbers), texts, answer))
        if self._dispatcher is None:
            self._dispatcher = asyncio.create_task(self._dispatch())
        return await answer

    async def _dispatch(self) -> None:
        while True:
            jobs = await self._next_jobs()
            if not jobs:
                continue
            texts = [text for job in jobs for text in job.texts]
            try:
                vectors = await self._embed(texts)
            except asyncio.CancelledError:
                _fail_all(jobs, _closed_error())
                raise
            except WorkerError as error:
                logger.warning("An embedding request failed: %s", error)
                _fail_all(jobs, _provider_error(error))
                continue
            except Exception as error:  # noqa: BLE001 - a caller must get it, and the dispatcher must live on
                _fail_all(jobs, error)
                continue
            start = 0
            for job in jobs:
                if not job.answer.done():
                    job.answer.set_result(vectors[start : start + len(job.texts)])
                start += len(job.texts)

    async def _next_jobs(self) -> list[_Job]:
        """Wait for the next job; with a query come the queries that wait behind it, since a batch costs little more."""
        jobs = [await self._jobs.get()]
        while jobs[-1].priority == _QUERY and len(jobs) < _MAX_MERGED_QUERIES and not self._jobs.empty():
            jobs.append(self._jobs.get_nowait())
        if len(jobs) > 1 and jobs[-1].priority == _DOCUMENTS:
            self._jobs.put_nowait(jobs.pop())
        # A job whose caller has gone has a cancelled future.
        return [job for job in jobs if not job.answer.done()]

    async def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        began = time.monotonic()
        try:
            frame = await self._child.call({"texts": texts}, deadline_s=_DEADLINE_S)
        except (WorkerMemoryError, WorkerTimeoutError):
            # The same texts would need the same again.
            raise
        except WorkerDiedError as error:
            logger.warning("An embedding request is repeated: %s", error)
            frame = await self._child.call({"texts": texts}, deadline_s=_DEADLINE_S)
        else:
            self._pace.learn(texts, seconds=time.monotonic() - began)
        if frame.array is None or frame.array.shape != (len(texts), self.dimension):
            raise WorkerError(self._child.name, "The embed worker gave an array of another shape.")
        return frame.array.astype(np.float32, copy=False)


class _Pace:
    """Learns how many characters make a portion of documents on this machine, under its present load."""

    # Long portions use the processor best; short ones let queries wait less, where there are queries.
    _QUIET_S, _BUSY_S = 0.1, 0.05
    _BUSY_FOR_S = 2.0
    _LEAST, _MOST = 1_500, 100_000
    # A short text is padded to 32 word pieces.
    _LEAST_COST = 120

    def __init__(self) -> None:
        self._characters_per_s = 80_000.0
        self._last_query = -math.inf

    def note_query(self) -> None:
        """Remember that there are queries at present."""
        self._last_query = time.monotonic()

    def end(self, pieces: Sequence[tuple[int, str]], start: int) -> int:
        """Return the index behind the portion that begins at `start`; a portion has at least one piece."""
        is_busy = time.monotonic() - self._last_query < self._BUSY_FOR_S
        most = self._characters_per_s * (self._BUSY_S if is_busy else self._QUIET_S)
        most = min(self._MOST, max(self._LEAST, most))
        cost = 0
        for index in range(start, len(pieces)):
            cost += self._cost(pieces[index][1])
            if cost > most:
                return max(index, start + 1)
        return len(pieces)

    def learn(self, texts: Sequence[str], *, seconds: float) -> None:
        """Take the time that texts took into account."""
        cost = sum(map(self._cost, texts))
        # Small portions measure the way to the worker rather than its speed.
        if cost >= self._LEAST:
            self._characters_per_s += 0.3 * (cost / max(seconds, 1e-3) - self._characters_per_s)

    def _cost(self, text: str) -> int:
        return max(self._LEAST_COST, len(text))


def split_pieces(text: str) -> list[str]:
    """Return a text as pieces of at most 4,096 characters, equal in length but for the way to the next white space.

    The tokenizer ends a token at white space, so the pieces together have the tokens of the whole.
    """
    count = -(-len(text) // (_PIECE_CHARACTERS - _PIECE_SEAM)) if len(text) > _PIECE_CHARACTERS else 1
    pieces: list[str] = []
    start = 0
    for index in range(1, count):
        seam = index * len(text) // count
        end = next((at for at in range(seam, seam + _PIECE_SEAM) if text[at : at + 1].isspace()), seam)
        pieces.append(text[start:end])
        start = end
    return [*pieces, text[start:]]


def _normalised(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    # Windows that cancel each other out to nothing do not occur; a zero row is better than NaN all the same.
    np.divide(sums, norms, out=sums, where=norms > 0)
    return sums


def _fail(job: _Job, error: Exception) -> None:
    if not job.answer.done():
        job.answer.set_exception(error)


def _fail_all(jobs: Sequence[_Job], error: Exception) -> None:
    for job in jobs:
        _fail(job, error)


def _closed_error() -> ProviderError:
    return ProviderError(PROVIDER, "The server is shutting down.", is_retryable=True)


def _provider_error(error: WorkerError) -> ProviderError:
    sentence = "The built-in embedding model is not available at the moment; the server's log says why."
    converted = ProviderError(PROVIDER, sentence, is_retryable=isinstance(error, WorkerDiedError))
    converted.__cause__ = error
    return converted
