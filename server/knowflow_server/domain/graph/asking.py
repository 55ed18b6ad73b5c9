"""Asking the chat model of the knowledge graph."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing

from knowflow_server.domain.ports import (
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    ModelTable,
    ProviderError,
    ResolvedChatModel,
    UnsupportedModelError,
)


class GraphModel:
    """The chat model named in the settings.

    Args:
        models: The provider table.
        model_id: `<model>@<provider>`.
    """

    def __init__(self, models: ModelTable, model_id: str) -> None:
        self._models = models
        self._model_id = model_id

    def resolve(self) -> ResolvedChatModel:
        """Return who serves the model.

        Raises:
            ProviderError: Nobody does.
        """
        try:
            resolved = self._models.resolve_chat(self._model_id)
        except UnsupportedModelError:
            resolved = None
        # What serves in the place of a model answers questions, but not in JSON.
        if resolved is None or resolved.is_fallback:
            sentence = f"The chat model {self._model_id!r} is not available; KNOWFLOW_GRAPH_MODEL names it."
            raise ProviderError(self._model_id, sentence)
        return resolved


async def ask(
    resolved: ResolvedChatModel, messages: Sequence[ChatMessage], *, max_tokens: int
) -> tuple[str, ChatUsage]:
    """Return the whole answer of a model, and what it cost.

    Raises:
        ProviderError: The provider failed.
    """
    options = ChatOptions(temperature=0.0, max_tokens=max_tokens)
    pieces: list[str] = []
    usage = ChatUsage(0, 0)
    async with aclosing(resolved.model.stream(messages, options)) as stream:
        async for item in stream:
            if isinstance(item, ChatDone):
                usage = item.usage
            else:
                pieces.append(item.text)
    return "".join(pieces), usage
