"""Labels by a chat model: what it is asked, how its answers are read, and how its failures are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from knowflow_server.domain.ingest.pipeline import ChunkDraft
from knowflow_server.domain.labelling import CONCURRENCY, Labelling
from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    Grounding,
    ProviderError,
    ResolvedChatModel,
    UnsupportedModelError,
)
from knowflow_server.errors.base import ModelUnavailableError

DRAFTS = [ChunkDraft(f"Text {number}.", (), 0, 2, keywords=("given",)) for number in range(20)]
WANTED = {"auto_keywords": 2, "auto_questions": 2}


class Model:
    """A chat model outside of the server: answers by script, and counts."""

    name = "model@stand-in"
    context_tokens = 1_000
    follows_instructions = True

    def __init__(self, *, error: ProviderError | None = None) -> None:
        self.asked: list[Sequence[ChatMessage]] = []
        self.at_once = self.most_at_once = 0
        self._error = error

    def count_tokens(self, text: str) -> int:
        return len(text)

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        self.asked.append(messages)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            if self._error is not None:
                raise self._error
            is_keywords = "key terms" in messages[0].content
            answer = '"moon", 2. sea tides,\nmoon, more' if is_keywords else "1. What is it?\n- Why so?\n\n3) And then?"
            for place in range(0, len(answer), 5):
                yield ChatDelta(answer[place : place + 5])
            yield ChatDone("stop", ChatUsage(1, 1))
        finally:
            self.at_once -= 1


class Models:
    def __init__(self, model: Model, *, is_fallback: bool = False) -> None:
        self._model = model
        self._is_fallback = is_fallback

    def resolve_chat(self, model_id: str) -> ResolvedChatModel:
        if model_id != "model@stand-in":
            raise UnsupportedModelError(model_id)
        return ResolvedChatModel(self._model, model_id, model_id, is_fallback=self._is_fallback)


async def test_label_asks_the_model_and_reads_lists_of_any_form() -> None:
    model = Model()
    found = await Labelling(Models(model), "model@stand-in").label(DRAFTS, WANTED)
    assert [draft.content for draft in found] == [draft.content for draft in DRAFTS]
    assert {draft.keywords for draft in found} == {("given", "moon", "sea tides")}
    assert {draft.questions for draft in found} == {("What is it?", "Why so?")}
    assert len(model.asked) == 2 * len(DRAFTS)
    assert model.asked[0][1].content == "Text 0."
    assert 1 < model.most_at_once <= CONCURRENCY
    assert model.at_once == 0


async def test_label_without_a_model_or_a_wish_asks_nobody() -> None:
    model = Model()
    assert await Labelling(Models(Model()), "").label(DRAFTS, WANTED) == DRAFTS
    assert await Labelling(Models(model), "model@stand-in").label(DRAFTS, {"auto_keywords": 0}) == DRAFTS
    assert model.asked == []


async def test_label_failure_of_the_provider_says_who_and_why() -> None:
    model = Model(error=ProviderError("stand-in", "The provider stand-in answered 500."))
    with pytest.raises(ModelUnavailableError) as caught:
        await Labelling(Models(model), "model@stand-in").label(DRAFTS, WANTED)
    assert caught.value.sentence == "The model model@stand-in is not available: The provider stand-in answered 500."
    assert model.at_once == 0


@pytest.mark.parametrize("is_fallback", [True, False])
async def test_label_of_a_model_that_nobody_serves_says_where_to_look(*, is_fallback: bool) -> None:
    labelling = Labelling(Models(Model(), is_fallback=is_fallback), "model@stand-in" if is_fallback else "other@nobody")
    with pytest.raises(ModelUnavailableError, match="KNOWFLOW_LABEL_MODEL"):
        await labelling.label(DRAFTS, WANTED)


def test_worker_finds_labels_by_itself_unless_a_model_does() -> None:
    config = {**WANTED, "delimiter": "x"}
    assert Labelling(Models(Model()), "").worker_config(config) == config
    assert Labelling(Models(Model()), "model@stand-in").worker_config(config) == {"delimiter": "x"}
