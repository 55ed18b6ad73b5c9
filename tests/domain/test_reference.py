"""References: chunks with a question and an answer; only what changed is embedded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_WEBPAGE, Document
from knowflow_server.domain import knowledgebase
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.indexing import Indexing
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.ports import ResolvedEmbedder
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.reference import Pair, References, pair_of
from knowflow_server.domain.tags import Tagger
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import DatasetNotFoundError
from knowflow_server.errors.knowledgebase import ReferenceNotFoundError
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from tests.store.records import ORGANIZATION, dataset, document, open_database, put, unit_vectors

CALLER = Principal(ORGANIZATION)
FIRST_PAGE = PageRequest(1, 100)
HOURS, OPEN = Pair("When are you open?", "From 9 to 5."), Pair("Where are you?", "In Ghent.")
PRICE, PHONE = Pair("What does it cost?", "10 euros."), Pair("How do I call you?", "Dial 1.")


class CountingEmbedder:
    """Gives every text a vector of its own, and keeps what it was asked for."""

    name, dimension = "counting@test", 8

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return np.concatenate([unit_vectors(1, seed=sum(text.encode())) for text in texts])


@dataclass
class Shelf:
    """References over a store of their own, in which one dataset has one webpage."""

    references: References
    entities: EntityStore
    embedder: CountingEmbedder
    page: Document = field(default_factory=lambda: document("page-1", "dataset-1", "faq", kind=DOCUMENT_KIND_WEBPAGE))

    @property
    def dataset(self) -> Dataset:
        found = self.entities.get(Dataset, "dataset-1")
        assert found is not None
        return found

    async def pairs(self, source: str = "") -> list[Pair]:
        page = await self.references.page(CALLER, "dataset-1", FIRST_PAGE, source=source)
        assert page.total == len(page.items)
        return [pair_of(chunk) for chunk in page.items]

    async def fill(self, *pairs: Pair) -> list[Chunk]:
        present = self.entities.get(Document, "page-1")
        assert present is not None
        return await self.references.replace_of_document(present, pairs)


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    async with open_database(tmp_path) as database:
        entities, store = await EntityStore.open(database), ChunkStore(database)
        embedder, clock, ids = CountingEmbedder(), SystemClock(), Uuid1Source()

        class Models:
            def resolve_embedder(self, model_id: str) -> ResolvedEmbedder:
                given: Any = embedder
                return ResolvedEmbedder(given, model_id, embedder.name, is_fallback=False)

        models: Any = Models()
        indexing = Indexing(Embedding(models), Tagger(entities, store))
        counts = ChunkCounts(entities, Outbox(entities, clock, ids))
        made = Shelf(References(entities, store, indexing, counts, NamedLocks(), clock, ids), entities, embedder)
        held = dataset("dataset-1", "Docs", embedding_model_served=embedder.name, document_count=1)
        other = dataset("dataset-2", "Theirs", organization_id="organization-2")
        await put(entities, held, other, made.page)
        yield made
        await store.close()
        await entities.close()


async def test_a_reference_by_hand_is_a_chunk_of_the_one_manual_document(shelf: Shelf) -> None:
    first = await shelf.references.add(CALLER, "dataset-1", question=" When are you open? ", answer="From 9\nto 5.")
    second = await shelf.references.add(CALLER, "dataset-1", question="Where?", answer="Here.")
    assert pair_of(first) == Pair("When are you open?", "From 9\nto 5.")
    assert first.content == "When are you open?\nFrom 9\nto 5."
    assert first.document_id == second.document_id == shelf.dataset.manual_document_id
    assert (shelf.dataset.document_count, shelf.dataset.chunk_count) == (2, 2)
    assert await shelf.pairs("manual") == [pair_of(first), pair_of(second)]
    assert await shelf.pairs("webpage") == await shelf.pairs("document") == []


async def test_an_update_embeds_only_when_question_or_answer_changed(shelf: Shelf) -> None:
    made = await shelf.references.add(CALLER, "dataset-1", question=HOURS.question, answer=HOURS.answer)
    shelf.embedder.asked.clear()
    same = await shelf.references.update(
        CALLER, "dataset-1", made.id, question=HOURS.question, answer=f" {HOURS.answer} "
    )
    assert (same, shelf.embedder.asked) == (made, [])
    changed = await shelf.references.update(CALLER, "dataset-1", made.id, answer="From 10 to 4.")
    assert shelf.embedder.asked == [["When are you open?\nFrom 10 to 4."]]
    assert (changed.id, pair_of(changed)) == (made.id, Pair(HOURS.question, "From 10 to 4."))
    assert await shelf.references.get(CALLER, "dataset-1", made.id) == changed
    assert shelf.dataset.chunk_count == 1


async def test_replacing_keeps_ids_and_embeds_what_changed_alone(shelf: Shelf) -> None:
    before = await shelf.fill(HOURS, OPEN, PRICE)
    shelf.embedder.asked.clear()
    cheaper = Pair(PRICE.question, "8 euros.")
    after = await shelf.fill(OPEN, PHONE, cheaper, OPEN)
    assert shelf.embedder.asked == [[PHONE.text, cheaper.text]]
    assert [pair_of(chunk) for chunk in after] == await shelf.pairs("webpage") == [OPEN, PHONE, cheaper]
    assert after[0].id == before[1].id
    assert after[2].id == before[2].id
    assert after[1].id not in {chunk.id for chunk in before}
    assert shelf.dataset.chunk_count == 3
    shelf.embedder.asked.clear()
    assert await shelf.fill(OPEN, PHONE, cheaper) == after
    assert shelf.embedder.asked == []
    assert await shelf.fill() == await shelf.pairs() == []
    assert (shelf.dataset.chunk_count, shelf.dataset.token_count) == (0, 0)


async def test_a_deleted_reference_is_gone_and_uncounted(shelf: Shelf) -> None:
    first, second, _ = await shelf.fill(HOURS, OPEN, PRICE)
    await shelf.references.delete(CALLER, "dataset-1", first.id)
    assert await shelf.pairs() == [OPEN, PRICE]
    assert shelf.dataset.chunk_count == 2
    assert pair_of(await shelf.references.get(CALLER, "dataset-1", second.id)) == OPEN
    for call in (shelf.references.get, shelf.references.delete, shelf.references.update):
        with pytest.raises(ReferenceNotFoundError):
            await call(CALLER, "dataset-1", first.id)


async def test_a_text_that_was_edited_as_a_chunk_still_has_question_and_answer(shelf: Shelf) -> None:
    edited = Chunk(question="When?\nExactly?", content="When?\nExactly?\nAt 9.")
    assert pair_of(edited) == Pair("When?\nExactly?", "At 9.")
    edited.content = "At what time?\nAt 9.\nOr 10."
    assert pair_of(edited) == Pair("At what time?", "At 9.\nOr 10.")
    edited.content = "At 9."
    assert pair_of(edited) == Pair("At 9.", "")


async def test_a_blank_or_long_reference_and_another_organizations_dataset_are_refused(shelf: Shelf) -> None:
    for question, answer in ((" ", "a"), ("q", "\n"), ("q" * 5_001, "a"), ("q", "a" * 50_001)):
        with pytest.raises(InvalidArgumentError):
            await shelf.references.add(CALLER, "dataset-1", question=question, answer=answer)
    with pytest.raises(DatasetNotFoundError):
        await shelf.references.add(CALLER, "dataset-2", question="q", answer="a")
    assert shelf.embedder.asked == []


async def test_a_knowledge_base_that_is_too_large_for_one_answer_says_so(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: Any = None
    knowledgebases = Knowledgebases(shelf.entities, nothing, shelf.references, nothing)
    for question in ("One?", "Two?", "Three?"):
        await shelf.references.add(CALLER, "dataset-1", question=question, answer="Yes.")
    everything = await knowledgebases.contents(CALLER, shelf.dataset)
    assert (len(everything.references), len(everything.webpages), everything.is_truncated) == (3, 1, False)
    monkeypatch.setattr(knowledgebase, "SHOWN_ITEMS", 2)
    by_number = await knowledgebases.contents(CALLER, shelf.dataset)
    assert ([pair_of(chunk).question for chunk in by_number.references], by_number.is_truncated) == (
        ["One?", "Two?"],
        True,
    )
    monkeypatch.setattr(knowledgebase, "SHOWN_CHARACTERS", 15)
    by_size = await knowledgebases.contents(CALLER, shelf.dataset)
    assert (len(by_size.references), by_size.is_truncated) == (1, True)
