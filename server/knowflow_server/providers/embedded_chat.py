"""The built-in language model, in a worker process of its own: no network, no key, English, and very small."""

import logging
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Final

from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    ContextOverflowError,
    Embedder,
    Grounding,
    ProviderError,
)
from knowflow_server.providers.embedded import PROVIDER
from knowflow_server.providers.sentences import select
from knowflow_server.workers import minilm, smollm
from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import WorkerClosedError, WorkerDiedError, WorkerError, WorkerFailedError
from knowflow_server.workers.process import ChildLimits, WorkerProcess
from knowflow_server.workers.shared_child import SharedChild

logger = logging.getLogger(__name__)

NOT_FOUND: Final = "The answer was not found in the documents."
"""What the built-in models say when no sentence of the passages answers the question."""

_CONTEXT_TOKENS = 4_096
_SENTENCES = 1
_START_TIMEOUT_S = 120.0
_STALL_S = 120.0
# The server's own work goes first.
_NICE = 5
_NOT_INSTALLED = (
    f"The model {smollm.MODEL} is not installed on the server: run `make setup`, "
    "or `python -m knowflow_server.workers.chat --prepare`."
)
_PIECE = re.compile(r"[A-Za-z]+|\d|[^\sA-Za-z\d]|\s(?=\d)|\s{2,}")


class EmbeddedChatModel:
    """SmolLM2-135M-Instruct: 135 million parameters, 4,096 tokens, English, Apache-2.0.

    It holds a simple conversation and shows how streaming works. It cannot read: given passages, it loses or invents
    most answers (figures: tests/bench/answers.py). So with a grounding the prompt is not sent as it is: the model gets
    the question and the one sentence that fits it best, and when none does, it is not asked at all and the
    answer is `NOT_FOUND`.

    Four answers are generated at a time, token by token together. The process starts with the first request (3 s) and
    ends after a while without any; when it dies, the requests in hand fail, and the next one starts it again.

    Args:
        embedder: Finds the sentences.
        cache_dir: Folder of models; None for `minilm.default_cache_dir()`.
        threads: Threads of the inference; None for one per core.
        memory_mb: Resident memory in MiB above which the worker is killed; it needs about 350 idle and 700 at work.
        idle_s: Seconds without requests after which the worker is ended.
    """

    name: Final = f"{smollm.MODEL}@{PROVIDER}"
    context_tokens: Final = _CONTEXT_TOKENS
    follows_instructions: Final = False

    def __init__(
        self,
        embedder: Embedder,
        *,
        cache_dir: Path | None = None,
        threads: int | None = None,
        memory_mb: int = 1_536,
        idle_s: float = 600.0,
    ) -> None:
        arguments = [] if cache_dir is None else ["--cache", str(cache_dir)]
        arguments += [] if threads is None else ["--threads", str(threads)]
        limits = ChildLimits(memory_mb=memory_mb, nice=_NICE, start_timeout_s=_START_TIMEOUT_S)
        self._child = SharedChild(ChildProcess("chat", arguments, limits=limits), idle_s=idle_s, stall_s=_STALL_S)
        self._embedder = embedder
        self._cache_dir = cache_dir or minilm.default_cache_dir()

    @property
    def worker(self) -> WorkerProcess | None:
        """The running worker, or None; for figures and tests."""
        return self._child.process

    def count_tokens(self, text: str) -> int:
        """Return an estimate of the tokens of a text that is rarely too low; on English about a tenth too high."""
        return estimate_tokens(text)

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        """Answer a conversation, or from a grounding's passages; see the class and `ports.ChatModel.stream`."""
        turns = list(messages)
        if grounding is not None:
            selection = await select(self._embedder, grounding, most=_SENTENCES)
            if not selection.sentences:
                yield ChatDelta(NOT_FOUND)
                yield ChatDone("stop", _usage_of(grounding.question, NOT_FOUND))
                return
            turns = _grounded(grounding.question, selection.sentences)
        if not smollm.is_installed(self._cache_dir):
            raise ProviderError(PROVIDER, _NOT_INSTALLED)
        body = {"messages": [asdict(turn) for turn in turns], **asdict(options)}
        try:
            async with aclosing(self._child.stream(body)) as frames:
                async for frame in frames:
                    if frame.kind == "item":
                        yield ChatDelta(frame.body["text"])
                    else:
                        usage = ChatUsage(frame.body["prompt_tokens"], frame.body["completion_tokens"])
                        yield ChatDone(frame.body["reason"], usage)
        except WorkerError as error:
            if not isinstance(error, WorkerFailedError):
                logger.warning("A chat request failed: %s", error)
            raise _provider_error(error) from error

    async def close(self) -> None:
        """End the worker; answers under way fail."""
        await self._child.close()


def estimate_tokens(text: str) -> int:
    """Return an estimate of the tokens of a text that is rarely too low: words, their length, digits and signs."""
    count = 0
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece.isascii():
            count += 1 + (len(piece) - 1) // 6
        else:
            # Other scripts are spelt byte by byte, or nearly so.
            count += len(piece.encode("utf-8", "replace"))
    return count


def _grounded(question: str, sentences: Sequence[str]) -> list[ChatMessage]:
    system = "You are a helpful assistant. Answer the question with the facts of the text."
    user = f"Text: {' '.join(sentences)}\n\nQuestion: {question}\nAnswer in one sentence."
    return [ChatMessage("system", system), ChatMessage("user", user)]


def _usage_of(prompt: str, answer: str) -> ChatUsage:
    return ChatUsage(estimate_tokens(prompt), estimate_tokens(answer))


def _provider_error(error: WorkerError) -> ProviderError:
    if isinstance(error, WorkerFailedError) and error.kind == "context":
        return ContextOverflowError(PROVIDER, error.sentence)
    if isinstance(error, WorkerFailedError) and error.kind == "request":
        return ProviderError(PROVIDER, error.sentence, status=400)
    if isinstance(error, WorkerClosedError):
        return ProviderError(PROVIDER, "The server is shutting down.", is_retryable=True)
    sentence = "The built-in chat model is not available at the moment; the server's log says why."
    return ProviderError(PROVIDER, sentence, is_retryable=isinstance(error, WorkerDiedError))
