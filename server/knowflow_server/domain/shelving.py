"""Shelving: has the datasets of agents hold the chunks of knowledge items, whatever happens on the way.

A change is written down before its chunks are, and deleted in the transaction with which the item, and the numbers of
chunks, become what they should be. Each step can be done again: a chunk of an item has an id of its own in each
document, and the change says what was there before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import CHUNK_KIND_QA, Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.knowledge_item_pb2 import KnowledgeChange, KnowledgeItem, KnowledgePlacement, KnowledgeStep
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.family import chunk_id, set_words
from knowflow_server.domain.indexing import Indexing, recipe
from knowflow_server.domain.keeping import Keeping
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# What could not be finished is tried again after so many seconds.
REST_S = 10.0


def lock_of(item_id: str) -> str:
    """Return the name of the lock of whoever changes an item."""
    return f"knowledge/{item_id}"


@dataclass(slots=True)
class Shelved:
    """A chunk on its way to a document, with its vector of shape (d,), float32, L2-normalised."""

    document: Document
    chunk: Chunk
    vector: NDArray[np.float32]


class Shelving:
    """Writes and removes the chunks of knowledge items.

    Args:
        entities: Items, changes, datasets and documents.
        store: The chunks.
        indexing: Makes vectors, and labels chunks with tags.
        counts: Is told how many chunks there are.
        locks: One per document, as everything that writes chunks has them, and one per item.
        clock: The time.
    """

    def __init__(
        self,
        entities: EntityStore,
        store: ChunkStore,
        indexing: Indexing,
        counts: ChunkCounts,
        locks: NamedLocks,
        clock: Clock,
    ) -> None:
        self._entities = entities
        self._store = store
        self._indexing = indexing
        self._counts = counts
        self._locks = locks
        self._clock = clock
        self._keeping = Keeping()
        self._finishing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to finish what an earlier server has left, or what has failed since."""
        if self._finishing is None or self._finishing.done():
            self._finishing = asyncio.create_task(self._finish_all(), name="knowledge items")

    async def close(self) -> None:
        """Wait until what is being written is."""
        await self._keeping.close()
        if self._finishing is not None:
            self._finishing.cancel()
            await asyncio.gather(self._finishing, return_exceptions=True)

    async def chunks_of(self, item: KnowledgeItem, documents: Sequence[Document]) -> list[Shelved]:
        """Return what an item is in each of some documents, embedded; a document that is gone is left out.

        The text begins with the description, or else the name: a line that says what the content is about. What is
        embedded is the description, or else the content.

        Raises:
            ModelUnavailableError, EmbeddingModelUnsupportedError: As their sentences say.
        """
        found = []
        for document in documents:
            dataset = self._entities.get(Dataset, document.dataset_id)
            if dataset is None:
                continue
            question = " ".join((item.description or item.name).split())
            now = max(microseconds(self._clock), item.updated_at)
            chunk = Chunk(
                id=chunk_id(document.id, item.id, "knowledge"),
                organization_id=item.organization_id,
                dataset_id=dataset.id,
                document_id=document.id,
                live=True,
                available=True,
                kind=CHUNK_KIND_QA,
                question=question,
                content=f"{question}\n{item.content}",
                vector_recipe=recipe(document),
                created_at=item.created_at,
                updated_at=now,
            )
            vectors = await self._indexing.vectors(dataset, document, [item.description or item.content])
            [chunk.tag_feas] = await self._indexing.labels(dataset, document, vectors)
            chunk.token_count = await asyncio.to_thread(set_words, chunk)
            found.append(Shelved(document, chunk, vectors[0]))
        return found

    async def tokens_now(self, placement: KnowledgePlacement, organization_id: str) -> int | None:
        """Return the number of tokens of a chunk as it is now; None when it is not there."""
        dataset = self._entities.get(Dataset, placement.dataset_id)
        if dataset is None or not dataset.dimension or self._entities.get(Document, placement.document_id) is None:
            return None
        table = await self._store.table(dataset.dimension)
        scope = Scope(organization_id, document_ids=[placement.document_id], chunk_ids=[placement.chunk_id])
        found = await table.read(scope)
        return found[0].token_count if found else None

    async def carry_out(
        self, change: KnowledgeChange, shelved: Sequence[Shelved], begin: Callable[[Transaction], None]
    ) -> KnowledgeItem:
        """Write a change down, do what it says, and return the item; a caller who leaves does not stop it.

        What fails when it is written down is finished in the background.

        Args:
            change: What is to be done; the caller holds the item's lock.
            shelved: The chunks it writes.
            begin: Is called in the transaction that writes the change down, and may refuse it.

        Raises:
            KnowFlowError: What `begin` raises.
            StoreUnavailableError, OverloadedError: It is not finished yet.
        """
        return await self._keeping.through(self._carry_out(change, shelved, begin))

    async def finish(self, item_id: str) -> None:
        """Finish a change which was written down and not finished, if there is one; the caller holds the item's lock.

        Raises:
            KnowFlowError: It cannot be finished for now.
        """
        change = self._entities.get(KnowledgeChange, item_id)
        if change is None:
            return
        documents = [self._entities.get(Document, step.placement.document_id) for step in change.written]
        shelved = await self.chunks_of(change.item, [document for document in documents if document is not None])
        await self._apply(change, shelved)

    async def _carry_out(
        self, change: KnowledgeChange, shelved: Sequence[Shelved], begin: Callable[[Transaction], None]
    ) -> KnowledgeItem:
        def work(transaction: Transaction) -> None:
            begin(transaction)
            transaction.put(change)

        await self._entities.transact(work)
        try:
            return await self._apply(change, shelved)
        except Exception:
            self.start()
            raise

    async def _finish_all(self) -> None:
        while left := list(self._entities.all(KnowledgeChange)):
            for change in left:
                try:
                    async with self._locks.hold(lock_of(change.id)):
                        await self.finish(change.id)
                except KnowFlowError as error:
                    logger.warning("A knowledge item waits: %s", error.sentence, extra={"item": change.id})
                except Exception:
                    logger.exception("A knowledge item waits.", extra={"item": change.id})
            if any(True for _ in self._entities.all(KnowledgeChange)):
                await asyncio.sleep(REST_S)

    async def _apply(self, change: KnowledgeChange, shelved: Sequence[Shelved]) -> KnowledgeItem:
        by_document = {one.document.id: one for one in shelved}
        async with AsyncExitStack() as stack:
            # In one order, so that two changes never wait for each other.
            for identifier in sorted({*by_document, *(step.placement.document_id for step in change.removed)}):
                await stack.enter_async_context(self._locks.hold(identifier))
            if self._entities.get(KnowledgeChange, change.id) is not change:
                # Its caller left, and whoever held the item's lock then has finished it.
                return change.item
            placements, counting = await self._move_chunks(change, by_document)

            def work(transaction: Transaction) -> KnowledgeItem:
                item = KnowledgeItem()
                if transaction.get(KnowledgeChange, change.id) is not change:
                    return change.item
                transaction.delete(change)
                if change.HasField("item"):
                    item.CopyFrom(change.item)
                    kept_ones = {one.document_id for one in placements}
                    stays = [one for one in item.placements if one.document_id not in kept_ones]
                    del item.placements[:]
                    item.placements.extend([*stays, *placements])
                    transaction.put(item)
                for count in counting:
                    count(transaction)
                return item

            return await self._entities.transact(work)

    async def _move_chunks(
        self, change: KnowledgeChange, by_document: Mapping[str, Shelved]
    ) -> tuple[list[KnowledgePlacement], list[Callable[[Transaction], None]]]:
        """Write and remove the chunks of a change; return what was written, and what counts all of it."""
        placements: list[KnowledgePlacement] = []
        counting: list[Callable[[Transaction], None]] = []
        for step in change.written:
            one = by_document.get(step.placement.document_id)
            if one is None or self._entities.get(Document, one.document.id) is None:
                continue
            table = await self._store.table(len(one.vector))
            await table.upsert([one.chunk], one.vector[np.newaxis])
            placements.append(_placed(one))
            counting.append(self._written(step, one))
        for step in change.removed:
            document = self._entities.get(Document, step.placement.document_id)
            dataset = self._entities.get(Dataset, step.placement.dataset_id)
            if document is None or dataset is None or not step.existed:
                continue
            table = await self._store.table(dataset.dimension)
            scope = Scope(change.organization_id, document_ids=[document.id], chunk_ids=[step.placement.chunk_id])
            await table.delete(scope)
            counting.append(self._gone(step, document))
        return placements, counting

    def _written(self, step: KnowledgeStep, one: Shelved) -> Callable[[Transaction], None]:
        tokens = one.chunk.token_count - (step.tokens_before if step.existed else 0)
        chunks = 0 if step.existed else 1
        return lambda transaction: self._counts.count(
            transaction, one.document, chunks=chunks, tokens=tokens, dimension=len(one.vector)
        )

    def _gone(self, step: KnowledgeStep, document: Document) -> Callable[[Transaction], None]:
        return lambda transaction: self._counts.count(transaction, document, chunks=-1, tokens=-step.tokens_before)


def _placed(one: Shelved) -> KnowledgePlacement:
    return KnowledgePlacement(
        dataset_id=one.document.dataset_id,
        document_id=one.document.id,
        chunk_id=one.chunk.id,
        token_count=one.chunk.token_count,
    )
