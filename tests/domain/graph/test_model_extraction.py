"""Extraction through a chat model, with a stand-in behind the port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain.graph.asking import GraphModel
from knowflow_server.domain.graph.extraction import Extraction
from knowflow_server.domain.graph.model_extraction import CONCURRENT_CALLS, ModelExtraction, parts_of
from knowflow_server.domain.graph.prompts import MORE, ONLY_JSON
from knowflow_server.domain.parser_config import GraphRag
from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    Grounding,
    ProviderError,
    ResolvedChatModel,
    ResolvedEmbedder,
    ResolvedReranker,
    UnsupportedModelError,
)
from knowflow_server.store.graph import GraphStore
from tests.store.records import open_database

JOB = Job(id="job", organization_id="org", dataset_id="dataset", document_id="document")
Reply = Callable[[Sequence[ChatMessage]], str | Exception]


def answer_of(*names: str, description: str = "") -> str:
    entities = [{"name": name, "type": "person", "description": description or f"{name} is there."} for name in names]
    relations = [{"source": one, "target": other, "relation": "met", "strength": 2} for one, other in pairwise(names)]
    return json.dumps({"entities": entities, "relations": relations})


class Model:
    """A chat model which replies as a test says; a word is a token. Its table of models holds nothing else."""

    name = "stand-in@test"
    context_tokens = 8_000

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.asked: list[list[ChatMessage]] = []
        self.options: list[ChatOptions] = []
        self.active = self.most_active = 0

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        self.asked.append(list(messages))
        self.options.append(options)
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        try:
            await asyncio.sleep(0)
            reply = self.reply(messages)
            if isinstance(reply, Exception):
                raise reply
            yield ChatDelta(reply[:7])
            yield ChatDelta(reply[7:])
            yield ChatDone("stop", ChatUsage(100, 10))
        finally:
            self.active -= 1

    def resolve_chat(self, model_id: str) -> ResolvedChatModel:
        if model_id not in {self.name, "fallback@test"}:
            raise UnsupportedModelError(model_id)
        return ResolvedChatModel(self, model_id, self.name, is_fallback=model_id != self.name)

    def resolve_embedder(self, model_id: str) -> ResolvedEmbedder:
        raise UnsupportedModelError(model_id)

    def resolve_reranker(self, model_id: str) -> ResolvedReranker:
        raise UnsupportedModelError(model_id)


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[GraphStore]:
    async with open_database(tmp_path) as database:
        store = await GraphStore.open(database)
        yield store
        await store.close()


class Asking:
    """Extracts with a model, and keeps what was posted."""

    def __init__(self, model: Model, store: GraphStore, model_id: str = Model.name) -> None:
        self.extraction = ModelExtraction(GraphModel(model, model_id), store, Clock())
        self.lines: list[str] = []

    async def __call__(self, texts: Sequence[str], **config: object) -> Extraction:
        return await self.extraction.extract(
            JOB, texts, GraphRag.model_validate({"use_graphrag": True, **config}), post=self._post
        )

    def _post(self, share: float, line: str) -> None:
        assert 0 <= share <= 1
        self.lines += [line] if line else []


def long_texts(number: int) -> list[str]:
    """Texts of which each is a part of its own."""
    return [f"Ann Lee{place} met Bob Ray{place}. " + "and so on " * 400 for place in range(number)]


def names_in(messages: Sequence[ChatMessage]) -> list[str]:
    place = messages[1].content.partition("Lee")[2].partition(" ")[0]
    return [f"Ann Lee{place}", f"Bob Ray{place}"]


async def test_extract_light_asks_once_a_part_and_tells_the_cost_first(store: GraphStore) -> None:
    model = Model(lambda messages: answer_of(*names_in(messages)))
    ask = Asking(model, store)
    found = await ask(long_texts(6), entity_types=["person", "place"])
    assert len(model.asked) == 6
    assert 1 < model.most_active <= CONCURRENT_CALLS
    assert len(found.entities) == 12
    assert found.relations["ann lee0", "bob ray0"].labels.most_common() == [("met", 1)]
    assert ask.lines[0].startswith("Asking stand-in@test for entities and relations (light): 6 calls, about ")
    assert ask.lines[0].endswith("tokens in, at most 12,288 out.")
    assert ask.lines[-1] == "Asked 6 times: 600 tokens in, 60 out."
    assert "`type` is one of: person, place." in model.asked[0][0].content
    assert (model.options[0].temperature, model.options[0].max_tokens) == (0.0, 2048)


async def test_extract_general_asks_for_what_was_missed_and_summarises(store: GraphStore) -> None:
    def reply(messages: Sequence[ChatMessage]) -> str:
        if messages[-1].content == MORE:
            return answer_of(*names_in(messages)[1:], description="From the second pass.")
        if "Several passages" in messages[0].content:
            return "One\n description."
        return answer_of(names_in(messages)[0], description="Very long. " * 60)

    model = Model(reply)
    ask = Asking(model, store)
    found = await ask(long_texts(2), method="general")
    assert set(found.entities) == {"ann lee0", "bob ray0", "ann lee1", "bob ray1"}
    assert found.entities["ann lee0"].descriptions == ["One description."]
    assert found.entities["bob ray0"].descriptions == ["From the second pass."]
    # Two parts, twice each, and two long descriptions.
    assert len(model.asked) == 6
    assert "4 calls" in ask.lines[0]
    assert [message.role for message in model.asked[-1]] == ["system", "user"]


async def test_extract_again_asks_only_for_what_was_not_answered(store: GraphStore) -> None:
    failing = Model(
        lambda messages: (
            ProviderError("test", "Out of credit.")
            if names_in(messages)[0] == "Ann Lee4"
            else answer_of(*names_in(messages))
        )
    )
    with pytest.raises(ProviderError, match=r"Out of credit\."):
        await Asking(failing, store)(long_texts(5))
    assert failing.active == 0
    model = Model(lambda messages: answer_of(*names_in(messages)))
    ask = Asking(model, store)
    found = await ask(long_texts(5))
    assert len(found.entities) == 10
    answered = 5 - len(model.asked)
    assert answered >= 1
    assert ask.lines[0].endswith(f"{answered} of 5 parts were answered before.")


async def test_extract_of_an_answer_without_json_asks_again_then_goes_on(store: GraphStore) -> None:
    def reply(messages: Sequence[ChatMessage]) -> str:
        if names_in(messages)[0] == "Ann Lee0":
            return "I cannot do that."
        return answer_of(*names_in(messages)) if messages[-1].content == ONLY_JSON else "Sure! Here it is:"

    model = Model(reply)
    ask = Asking(model, store)
    assert set((await ask(long_texts(2))).entities) == {"ann lee1", "bob ray1"}
    assert len(model.asked) == 4
    assert ask.lines[-1] == "The answers about 1 of 2 parts could not be read."


async def test_extract_of_no_readable_answer_fails(store: GraphStore) -> None:
    with pytest.raises(ProviderError, match=r"No answer of stand-in@test could be read as JSON\."):
        await Asking(Model(lambda _: "No."), store)(long_texts(2))


@pytest.mark.parametrize("model_id", ["other@test", "fallback@test"])
async def test_extract_with_a_model_that_is_not_there_fails(store: GraphStore, model_id: str) -> None:
    model = Model(lambda _: "")
    with pytest.raises(ProviderError, match="KNOWFLOW_GRAPH_MODEL"):
        await Asking(model, store, model_id)(["Anna."])
    assert model.asked == []


async def test_parts_of_texts_are_packed_and_cut_without_loss() -> None:
    model = Model(lambda _: "").resolve_chat(Model.name)
    short, long = [f"text {number}" for number in range(10)], " ".join(f"w{number:04d}" for number in range(5_000))
    parts = parts_of([*short, long, "end"], model)
    assert parts[0] == "\n\n".join(short)
    assert "".join(parts[1:-1]) == long
    assert max(model.model.count_tokens(part) for part in parts) <= 1_501
    assert parts_of([], model) == parts_of(["  "], model) == []
