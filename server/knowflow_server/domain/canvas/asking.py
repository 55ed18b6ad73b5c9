"""Asking a model on behalf of a component: its parameters, its answer in pieces, and the errors of both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from pydantic import Field, field_validator

from knowflow_server.domain.canvas.component import ComponentError, Params
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.ports import (
    ChatDone,
    ChatMessage,
    ChatModel,
    ChatOptions,
    Grounding,
    ProviderError,
    UnsupportedModelError,
)

CHOICES = (
    ("temperature", "temperatureEnabled"),
    ("top_p", "topPEnabled"),
    ("presence_penalty", "presencePenaltyEnabled"),
    ("frequency_penalty", "frequencyPenaltyEnabled"),
    ("max_tokens", "maxTokensEnabled"),
)

# Statuses of a provider that takes no more calls for now; 529 is not registered, but some say it.
OVERLOADED = frozenset({429, 503, 529})


class ModelParams(Params):
    """Parameters of components which ask a model.

    Attributes:
        llm_id: The model; empty means the server's default.
        temperature: Randomness; it and the four below count only where their flag is set, or no flag is given.
        top_p: Share of the likeliest tokens that are considered.
        presence_penalty: Penalty for coming back to what was said.
        frequency_penalty: Penalty for repeating words.
        max_tokens: Most tokens of an answer; 0 means no limit of its own.
    """

    llm_id: str = ""
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    presence_penalty: float | None = Field(default=None, ge=-2, le=2)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    max_tokens: int | None = Field(default=None, ge=0)
    temperatureEnabled: bool = True  # noqa: N815 - the name is the document's
    topPEnabled: bool = True  # noqa: N815
    presencePenaltyEnabled: bool = True  # noqa: N815
    frequencyPenaltyEnabled: bool = True  # noqa: N815
    maxTokensEnabled: bool = True  # noqa: N815

    @field_validator("llm_id", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return value or ""

    def options(self) -> ChatOptions:
        """Return how the model is to answer."""
        given: dict[str, Any] = {name: getattr(self, name) for name, flag in CHOICES if getattr(self, flag)}
        return ChatOptions(**{**given, "max_tokens": given.get("max_tokens") or None})


def model_of(scope: Scope, llm_id: str) -> ChatModel:
    """Return a model.

    Raises:
        ComponentError: Nobody serves it.
    """
    try:
        resolved = scope.services.models.resolve_chat(llm_id)
    except UnsupportedModelError:
        raise ComponentError(f"The model {llm_id or '(default)'} is not available on this server.") from None
    scope.model = resolved.served_by
    return resolved.model


async def answer(
    scope: Scope,
    model: ChatModel,
    messages: Sequence[ChatMessage],
    options: ChatOptions,
    *,
    grounding: Grounding | None = None,
) -> AsyncIterator[str]:
    """Yield a model's answer piece by piece, and count its tokens.

    Raises:
        ComponentError: The provider failed.
    """
    try:
        async with aclosing(model.stream(messages, options, grounding=grounding)) as items:
            async for item in items:
                if isinstance(item, ChatDone):
                    scope.spend(item.usage)
                else:
                    yield item.text
    except ProviderError as error:
        if error.status in OVERLOADED:
            scope.trouble = "overloaded"
        elif error.is_retryable:
            scope.trouble = "unavailable"
        raise ComponentError(f"The model {model.name} failed: {error.sentence}") from None


async def whole(scope: Scope, model: ChatModel, messages: Sequence[ChatMessage], options: ChatOptions) -> str:
    """Return a model's whole answer; as `answer`."""
    return "".join([piece async for piece in answer(scope, model, messages, options)])


def fitted(model: ChatModel, messages: Sequence[ChatMessage], reserve: int) -> list[ChatMessage]:
    """Return a conversation without its oldest turns as far as it is too long; what is told and the last turn stay."""
    told = [message for message in messages if message.role == "system"]
    turns = [message for message in messages if message.role != "system"]
    free = model.context_tokens - reserve - sum(model.count_tokens(message.content) + 6 for message in told)
    kept: list[ChatMessage] = []
    for message in reversed(turns):
        free -= model.count_tokens(message.content) + 6
        if free < 0 and kept:
            break
        kept.append(message)
    return [*told, *reversed(kept)]


def grounding_of(scope: Scope) -> Grounding | None:
    """Return what an answer must come from: what was retrieved for the question; None when nothing was."""
    passages = tuple(chunk.content for chunk in scope.turn.cited())
    question = str(scope.turn.state.globals.get("sys.query") or "")
    return Grounding(question, passages) if passages and question else None


def values_of(form: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a form, from what the caller gave, `{"name": {"value": ...}}` or `{"name": ...}`.

    Raises:
        ComponentError: An input that is not optional is missing; of several, the first by name.
    """
    values: dict[str, Any] = {}
    # A Struct does not keep the order of its members: without one of ours, equal calls would get different errors.
    for name, item in sorted(form.items()):
        entry = given.get(name)
        value = entry.get("value") if isinstance(entry, Mapping) and "value" in entry else entry
        value = item.get("value") if value is None else value
        if value in (None, "") and not item.get("optional", False):
            raise ComponentError(f"`{name}` with type `{item.get('type', 'line')}` is required")
        values[name] = "" if value is None else value
    return values
