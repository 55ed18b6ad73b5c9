"""Keywords and questions of chunks by a chat model, in place of statistics."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any, Protocol

from knowflow_server.domain.ingest.labels import read_labelling
from knowflow_server.domain.ingest.pipeline import ChunkDraft
from knowflow_server.domain.ports import (
    ChatDelta,
    ChatMessage,
    ChatOptions,
    ProviderError,
    ResolvedChatModel,
    UnsupportedModelError,
)
from knowflow_server.errors.base import ModelUnavailableError

# Requests under way at a time, of all documents; the provider's own limit may be lower.
CONCURRENCY = 8
MAX_PASSAGE = 8_000
MAX_KEYWORD = 100
MAX_QUESTION = 500
KEYWORDS_PROMPT = (
    "You label passages for a search index. Name the {number} most important key terms of the passage, as they stand in"
    " it, in its language. Answer with the terms alone, separated by commas."
)
QUESTIONS_PROMPT = (
    "You label passages for a search index. Write {number} questions which the passage answers and which can be"
    " understood without it, in its language. Answer with the questions alone, one a line."
)
_SEPARATOR = re.compile(r"[,;\n，、；]")
_NUMBER = re.compile(r"\A\s*(?:[-*•]|\d{1,2}[.)、])\s*")


class ChatModels(Protocol):
    """The part of the provider table which knows chat models."""

    def resolve_chat(self, model_id: str) -> ResolvedChatModel:
        """Return who serves `<model>@<provider>`.

        Raises:
            UnsupportedModelError: Provider or model is unknown and no fallback is set.
        """
        ...


class Labelling:
    """Asks a chat model for what `auto_keywords` and `auto_questions` want.

    Args:
        models: Resolves the model.
        model_id: The model, `<model>@<provider>`; empty for none: statistics serve then.
    """

    def __init__(self, models: ChatModels, model_id: str) -> None:
        self._models = models
        self._model_id = model_id
        self._turn = asyncio.Semaphore(CONCURRENCY)

    @property
    def has_model(self) -> bool:
        """Whether a model is named; statistics serve where none is."""
        return bool(self._model_id)

    def worker_config(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """Return the configuration for the parse worker, which finds labels by itself unless a model does."""
        given = dict(config)
        if self._model_id:
            given.pop("auto_keywords", None)
            given.pop("auto_questions", None)
        return given

    async def label(self, drafts: Sequence[ChunkDraft], config: Mapping[str, Any]) -> list[ChunkDraft]:
        """Return chunks with the keywords and questions of the model; as they are when none is to be asked.

        Raises:
            ModelUnavailableError: The model is unknown or failed; its sentence is for the document's owner.
        """
        wanted = read_labelling(config)
        if not self._model_id or not any(wanted):
            return list(drafts)
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._labelled(draft, *wanted)) for draft in drafts]
        except* ModelUnavailableError as errors:
            first = errors.exceptions[0]
            raise (first if isinstance(first, ModelUnavailableError) else errors) from None
        return [task.result() for task in asked]

    async def _labelled(self, draft: ChunkDraft, keywords: int, questions: int) -> ChunkDraft:
        if keywords:
            answer = await self._ask(KEYWORDS_PROMPT, keywords, draft.content)
            found = (part.strip(" .\t\r\"'") for part in _SEPARATOR.split(answer))
            terms = [_NUMBER.sub("", term) for term in found if 0 < len(term) <= MAX_KEYWORD]
            draft = replace(draft, keywords=tuple(dict.fromkeys((*draft.keywords, *terms[:keywords]))))
        if questions:
            answer = await self._ask(QUESTIONS_PROMPT, questions, draft.content)
            lines = (_NUMBER.sub("", line).strip() for line in answer.splitlines())
            texts = [line for line in lines if 0 < len(line) <= MAX_QUESTION]
            draft = replace(draft, questions=tuple(dict.fromkeys((*draft.questions, *texts[:questions]))))
        return draft

    async def _ask(self, prompt: str, number: int, passage: str) -> str:
        resolved = self._resolved()
        try:
            messages = [ChatMessage("system", prompt.format(number=number)), ChatMessage("user", passage[:MAX_PASSAGE])]
            async with self._turn, aclosing(resolved.model.stream(messages, ChatOptions(temperature=0.2))) as items:
                return "".join([item.text async for item in items if isinstance(item, ChatDelta)])
        except ProviderError as error:
            raise ModelUnavailableError(model=self._model_id, cause=error.sentence) from None

    def _resolved(self) -> ResolvedChatModel:
        """Return who serves the model; a stand-in for it would label worse than statistics do."""
        resolved = None
        with suppress(UnsupportedModelError):
            resolved = self._models.resolve_chat(self._model_id)
        if resolved is None or resolved.is_fallback:
            cause = "no provider of that name serves it; see KNOWFLOW_LABEL_MODEL."
            raise ModelUnavailableError(model=self._model_id, cause=cause)
        return resolved
