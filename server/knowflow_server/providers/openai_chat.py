"""Chat models of an OpenAI-compatible endpoint: `POST {base_url}/chat/completions`, streamed."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Final

from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    ContextOverflowError,
    Grounding,
    ProviderError,
)
from knowflow_server.providers.openai_errors import RefusedError, context_overflow
from knowflow_server.providers.openai_http import OpenAIEndpoint
from knowflow_server.providers.openai_stream import EventStream
from knowflow_server.providers.token_estimate import estimate_tokens

DEFAULT_CONTEXT_TOKENS: Final = 8_192
"""A window that the models of today exceed, for providers whose settings tell nothing."""

_BAD_REQUEST = frozenset({400, 422})
_TOO_LARGE = 413
_STREAM_OPTIONS = "stream_options"
_MAX_TOKENS, _MAX_COMPLETION_TOKENS = "max_tokens", "max_completion_tokens"
# Fields which some servers or models refuse; an answer without them is better than none.
_OPTIONAL = frozenset({_STREAM_OPTIONS, "temperature", "top_p", "presence_penalty", "frequency_penalty", "stop"})
_FINISH_REASONS: Final = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
}
# OpenAI's own recipe for counting messages: a few tokens frame each, and a few begin the answer.
_TOKENS_PER_MESSAGE, _TOKENS_PER_ANSWER = 4, 3


class OpenAIChatModel:
    """One chat model of an OpenAI-compatible provider.

    The text of "reasoning" that some models send before their answer is not shown. Servers that do not stream are
    understood: their answer is one piece.

    Args:
        endpoint: The provider.
        model: The model's name there.
        context_tokens: What prompt and answer may have together.
    """

    def __init__(self, endpoint: OpenAIEndpoint, model: str, *, context_tokens: int = DEFAULT_CONTEXT_TOKENS) -> None:
        self._endpoint = endpoint
        self._model = model
        self._context_tokens = context_tokens
        self._refused_fields: set[str] = set()

    @property
    def name(self) -> str:
        """`<model>@<provider>`."""
        return f"{self._model}@{self._endpoint.provider}"

    @property
    def context_tokens(self) -> int:
        """What prompt and answer may have together, as the settings say."""
        return self._context_tokens

    @property
    def follows_instructions(self) -> bool:
        """Always: a model worth a provider does."""
        return True

    def count_tokens(self, text: str) -> int:
        """Return an estimate, rather too many than too few: see `estimate_tokens`."""
        return estimate_tokens(text)

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        options: ChatOptions,
        *,
        grounding: Grounding | None = None,  # noqa: ARG002 - these models follow the prompt
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        """Answer a conversation: see `ports.ChatModel`. Failures before the first piece are retried, later ones not.

        Raises:
            ContextOverflowError: The provider says that the conversation is too long.
            ProviderError: The provider failed.
        """
        async with self._endpoint.stream_slot():
            patience_s = self._endpoint.limits.first_token_timeout_s
            deadline = asyncio.get_running_loop().time() + patience_s
            answer = await self._endpoint.retry(self._begin, messages, options, deadline, within_s=patience_s)
            try:
                while answer.pieces:
                    for piece in answer.take():
                        yield ChatDelta(piece)
                    await answer.advance()
                usage = answer.usage or self._estimate(messages, answer.text())
                yield ChatDone(answer.finish_reason or "stop", usage)
                await answer.finish()
            finally:
                # At once, and without waiting: the caller may have left.
                answer.close()

    async def _begin(self, messages: Sequence[ChatMessage], options: ChatOptions, deadline: float) -> "_Answer":
        """Return an answer whose first piece is there, or which is empty; one attempt."""
        events = await self._open(messages, options, deadline=deadline)
        answer = _Answer(self._endpoint, events, deadline=deadline)
        try:
            await answer.advance()
        except BaseException:
            answer.close()
            raise
        return answer

    async def _open(self, messages: Sequence[ChatMessage], options: ChatOptions, *, deadline: float) -> EventStream:
        """Return the events of an answer, asking again without fields that the provider refuses."""
        refused = set(self._refused_fields)
        while True:
            body = self._body(messages, options, refused)
            try:
                events = await self._endpoint.open_stream("chat/completions", body, deadline=deadline)
            except ContextOverflowError:
                raise
            except ProviderError as error:
                if error.status == _TOO_LARGE:
                    raise context_overflow(error.provider, status=error.status) from error
                field = _refused_field(error, body)
                if field is None:
                    raise
                refused.add(field)
            else:
                # Remembered only now: a request that is refused all the same tells nothing about the field.
                self._refused_fields |= refused
                return events

    def _body(self, messages: Sequence[ChatMessage], options: ChatOptions, refused: set[str]) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            _STREAM_OPTIONS: {"include_usage": True},
            "temperature": options.temperature,
            "top_p": options.top_p,
            "presence_penalty": options.presence_penalty,
            "frequency_penalty": options.frequency_penalty,
            _MAX_COMPLETION_TOKENS if _MAX_TOKENS in refused else _MAX_TOKENS: options.max_tokens,
            "stop": list(options.stop) or None,
        }
        return {key: value for key, value in body.items() if value is not None and key not in refused}

    def _estimate(self, messages: Sequence[ChatMessage], answer: str) -> ChatUsage:
        prompt = sum(_TOKENS_PER_MESSAGE + estimate_tokens(message.content) for message in messages)
        return ChatUsage(prompt + _TOKENS_PER_ANSWER, estimate_tokens(answer))


class _Answer:
    """What of an answer has come.

    Args:
        endpoint: The provider.
        events: The answer.
        deadline: When the first piece must be there, in seconds of the loop's clock.
    """

    def __init__(self, endpoint: OpenAIEndpoint, events: EventStream, *, deadline: float) -> None:
        self._endpoint = endpoint
        self._events = events
        self._deadline: float | None = deadline
        self._past: list[str] = []
        self.pieces: list[str] = []
        self.finish_reason = ""
        self.usage: ChatUsage | None = None

    def take(self) -> list[str]:
        """Return the pieces that came last, and remember them."""
        pieces, self.pieces = self.pieces, []
        self._past += pieces
        return pieces

    def text(self) -> str:
        """Return the answer as far as it was taken."""
        return "".join(self._past)

    async def advance(self) -> None:
        """Wait until there are further pieces, or the answer has ended.

        Raises:
            ProviderError: The answer broke off, stalled, or is none.
        """
        if self._events.is_whole:
            if not self._past:
                self._read(await self._events.read_whole(timeout_s=self._endpoint.limits.timeout_s))
            return
        while not self.pieces:
            item = await self._next()
            if item is None:
                if not self.finish_reason and not self._events.is_done:
                    raise self._endpoint.error("broke off in the middle of its answer", is_retryable=True)
                return
            self._read(item)

    async def finish(self) -> None:
        """Leave the connection to the next request."""
        await self._events.finish()

    def close(self) -> None:
        """End the request."""
        self._events.close()

    async def _next(self) -> dict[str, object] | None:
        limits = self._endpoint.limits
        if self._deadline is None:
            late = f"fell silent for {limits.stall_timeout_s:g} s in the middle of its answer"
            return await self._events.next(timeout_s=limits.stall_timeout_s, late=late)
        late = f"did not begin to answer within {limits.first_token_timeout_s:g} s"
        rest = self._deadline - asyncio.get_running_loop().time()
        return await self._events.next(timeout_s=max(rest, 0.0), late=late)

    def _read(self, item: Mapping[str, object]) -> None:
        self._read_usage(item.get("usage"))
        choices = item.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if not isinstance(choice, dict):
            return
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.finish_reason = _FINISH_REASONS.get(reason, "stop")
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, dict):
            return
        text = _text(delta.get("content")) or _text(delta.get("refusal"))
        if text:
            self.pieces.append(text)
        # Some servers send the role before they read the prompt: only text, hidden or not, shows that the model writes.
        if text or delta.get("reasoning_content") or delta.get("reasoning"):
            self._deadline = None

    def _read_usage(self, usage: object) -> None:
        if not isinstance(usage, dict):
            return
        prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
        # Some servers count along with each piece: the last count is the whole.
        if isinstance(prompt, int) and isinstance(completion, int) and prompt >= 0 and completion >= 0:
            self.usage = ChatUsage(prompt, completion)


def _refused_field(error: ProviderError, body: Mapping[str, object]) -> str | None:
    """Return the field to leave out in a second try, or None where that would not help."""
    if error.status not in _BAD_REQUEST or not isinstance(error, RefusedError):
        return None
    if error.param in body and (error.param in _OPTIONAL or error.param == _MAX_TOKENS):
        return error.param
    # Servers that know nothing of it tell so in many ways, or in none.
    return _STREAM_OPTIONS if _STREAM_OPTIONS in body else None


def _text(content: object) -> str:
    """Return the text of a delta, which some servers give as a list of parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
    return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
