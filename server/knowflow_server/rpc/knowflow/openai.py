"""The wire format of OpenAI's chat completions."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow.v1 import agent_run_service_pb2, completion_service_pb2
from knowflow_server.domain import free_json
from knowflow_server.domain.chat.completion import Ask, Delta, Event, Failed, Finished
from knowflow_server.domain.ports import ChatMessage, ChatOptions, ChatUsage
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc import sse
from knowflow_server.rpc.dialect import rest_body
from knowflow_server.rpc.knowflow.session import reference_view

Request = completion_service_pb2.CreateOpenAIChatCompletionRequest
AgentRequest = agent_run_service_pb2.CreateOpenAIAgentCompletionRequest
SPEAKERS = {"user", "assistant"}
TELLERS = {"system", "developer"}
MAX_STOPS = 16


def turns_of(request: Request | AgentRequest) -> list[ChatMessage]:
    """Return the turns of a conversation; the last one is the user's.

    Raises:
        InvalidArgumentError: A member is missing or has the wrong type.
    """
    missing = [name for name in ("model", "messages") if not getattr(request, name)]
    if missing == ["messages"]:
        raise InvalidArgumentError("You have to provide messages.", field="messages")
    if missing:
        raise InvalidArgumentError(f"required argument are missing: {','.join(missing)}; ", field=missing[0])
    turns = [ChatMessage(message.role, _content(message)) for message in request.messages]
    unknown = next((turn.role for turn in turns if turn.role not in SPEAKERS | TELLERS), None)
    if unknown is not None:
        raise InvalidArgumentError(
            f"`role` is '{unknown}', but should be 'system', 'developer', 'user' or 'assistant'", field="messages"
        )
    if turns[-1].role != "user":
        raise InvalidArgumentError("The last content of this conversation is not from user.", field="messages")
    return turns


def ask_of(request: Request) -> Ask:
    """Return what a conversation asks an assistant.

    Raises:
        InvalidArgumentError: A member is missing or has the wrong type.
    """
    turns = turns_of(request)
    history = [turn for turn in turns[:-1] if turn.role in SPEAKERS]
    while history and history[0].role == "assistant":
        # An opener is no answer to anything.
        del history[0]
    return Ask(
        request.chat_id,
        turns[-1].content,
        history=history,
        told="\n\n".join(turn.content for turn in turns if turn.role in TELLERS and turn.content),
        options=_options(request),
    )


def _content(message: completion_service_pb2.OpenAIMessage) -> str:
    """Return the text of a message.

    Raises:
        InvalidArgumentError: It holds something else than text.
    """
    content: Any = free_json.values(message.content, "messages") if message.HasField("content") else None
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(p, dict) and isinstance(p.get("text"), str) for p in content):
        return "\n".join(part["text"] for part in content)
    raise InvalidArgumentError("`content` should be a text, or a list of parts of the type `text`", field="messages")


def _options(request: Request) -> ChatOptions:
    given: dict[str, Any] = {
        name: getattr(request, name)
        for name in ("temperature", "top_p", "presence_penalty", "frequency_penalty")
        if request.HasField(name)
    }
    limits = {"temperature": (0, 2), "top_p": (0, 1), "presence_penalty": (-2, 2), "frequency_penalty": (-2, 2)}
    for name, value in given.items():
        least, most = limits[name]
        if not least <= value <= most:
            raise InvalidArgumentError(f"`{name}` should be between {least} and {most}", field=name)
    for name in ("max_tokens", "max_completion_tokens"):
        if request.HasField(name) and getattr(request, name) < 1:
            raise InvalidArgumentError(f"`{name}` should be greater than or equal to 1", field=name)
    limit = request.max_completion_tokens or request.max_tokens
    return ChatOptions(**given, max_tokens=limit or None, stop=_stops(request))


def _stops(request: Request) -> tuple[str, ...]:
    content: Any = free_json.values(request.stop, "stop") if request.HasField("stop") else None
    stops = [content] if isinstance(content, str) else content or []
    if not isinstance(stops, list) or len(stops) > MAX_STOPS or not all(isinstance(item, str) for item in stops):
        raise InvalidArgumentError(f"`stop` should be a text or a list of at most {MAX_STOPS} texts", field="stop")
    return tuple(item for item in stops if item)


class Writer:
    """Writes one answer.

    Args:
        model: The name which the answer repeats.
        include_usage: Whether a stream ends with a chunk of the usage.
        reference: Whether the answer carries what it rests on.
    """

    def __init__(self, model: str, *, include_usage: bool = False, reference: bool = False) -> None:
        self._id = f"chatcmpl-{uuid.uuid4().hex}"
        self._created = int(time.time())
        self._model = model
        self._include_usage = include_usage
        self._with_reference = reference
        self._begun = False

    def whole(
        self,
        answer: str,
        chunks: Sequence[CitedChunk],
        usage: ChatUsage,
        *,
        finish_reason: str = "stop",
        model_served: str = "",
        **further: str,
    ) -> dict[str, Any]:
        """Return an answer that is not a stream; `further` are members beside OpenAI's."""
        message: dict[str, Any] = {"content": answer, "role": "assistant"}
        if self._with_reference:
            message["reference"] = _reference(chunks)
        choice = {"finish_reason": finish_reason, "index": 0, "logprobs": None, "message": message}
        return {
            "choices": [choice],
            "created": self._created,
            "id": self._id,
            "model": self._model,
            "object": "chat.completion",
            "usage": _usage(usage),
            "system_fingerprint": model_served or None,
            **further,
        }

    def delta(self, text: str) -> dict[str, Any]:
        """Return the chunk of a piece of the answer."""
        delta = {"content": text} if self._begun else {"content": text, "role": "assistant"}
        self._begun = True
        return self._chunk([_choice(delta)])

    def end(
        self,
        answer: str,
        chunks: Sequence[CitedChunk],
        usage: ChatUsage,
        *,
        finish_reason: str = "stop",
        **further: str,
    ) -> Iterator[dict[str, Any]]:
        """Yield the chunks which end a stream."""
        last: dict[str, Any] = {}
        if self._with_reference:
            last = {"reference": _reference(chunks), "final_content": answer}
        yield {**self._chunk([_choice(last, finish_reason)]), **further}
        if self._include_usage:
            yield self._chunk([], _usage(usage))

    def events(self, event: Event) -> Iterator[dict[str, Any]]:
        """Yield the chunks which an event of an assistant's answer becomes."""
        if isinstance(event, Failed):
            # The clients raise what an event with this member says.
            yield rest_body("openai", event.error)
        elif isinstance(event, Delta):
            yield self.delta(event.text)
        elif isinstance(event, Finished):
            chunks = event.started.chunks
            yield from self.end(event.answer, chunks, event.usage, finish_reason=event.finish_reason)

    def _chunk(self, choices: Sequence[dict[str, Any]], usage: dict[str, int] | None = None) -> dict[str, Any]:
        chunk: dict[str, Any] = {
            "id": self._id,
            "choices": choices,
            "created": self._created,
            "model": self._model,
            "object": "chat.completion.chunk",
        }
        if self._include_usage:
            chunk["usage"] = usage
        return chunk


def _choice(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"delta": delta, "finish_reason": finish_reason, "index": 0, "logprobs": None}


def _reference(chunks: Sequence[CitedChunk]) -> dict[str, Any]:
    return sse.plain(reference_view(chunks))


def _usage(usage: ChatUsage) -> dict[str, int]:
    return {
        "completion_tokens": usage.completion_tokens,
        "prompt_tokens": usage.prompt_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }
