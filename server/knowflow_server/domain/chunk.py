"""Chunks: what callers may do to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain import parser_config
from knowflow_server.domain.chunk_writing import ChunkWriting
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.document import document_of
from knowflow_server.domain.family import Family, child_id, chunk_id, recut
from knowflow_server.domain.indexing import recipe
from knowflow_server.domain.ingest.parent_child import ParentChild, read_parent_child
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import (
    ChunkNotFoundError,
    ChunksNotFoundError,
    ChunkUpdateFailedError,
)
from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.filters import Scope
from knowflow_server.store.transaction import Transaction

# Chunks written by hand come after those of the document's text.
BY_HAND = 1_000_000_000
# A longer text is a document: it should be uploaded and parsed, which does not hold up its caller.
MAX_CONTENT = 100_000
MAX_TEXTS = 1_000


def _check(content: str) -> None:
    if not content.strip():
        raise InvalidArgumentError("`content` is required", field="content")
    if len(content) > MAX_CONTENT:
        raise InvalidArgumentError(f"`content` should have at most {MAX_CONTENT} characters", field="content")


def _check_lists(**lists: Sequence[str] | None) -> None:
    for field, texts in lists.items():
        if texts is not None and (len(texts) > MAX_TEXTS or sum(map(len, texts)) > MAX_CONTENT):
            sentence = f"`{field}` should have at most {MAX_TEXTS} texts and {MAX_CONTENT} characters"
            raise InvalidArgumentError(sentence, field=field)


class Chunks(ChunkWriting):
    """The chunks of all organizations; each method acts for one caller."""

    async def create(
        self,
        principal: Principal,
        dataset_id: str,
        document_id: str,
        *,
        content: str,
        important_keywords: Sequence[str] = (),
        questions: Sequence[str] = (),
    ) -> Chunk:
        """Add a chunk to a document and return it.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError, ModelUnavailableError, InvalidArgumentError: As their
            sentences say.
        """
        document = document_of(self._entities, principal, dataset_id, document_id)
        _check(content)
        _check_lists(important_keywords=important_keywords, questions=questions)
        dataset = owned(self._entities, principal, dataset_id)
        now = microseconds(self._clock)
        chunk = Chunk(
            id=chunk_id(document_id, self._ids.new_id(), content),
            organization_id=principal.organization_id,
            dataset_id=dataset_id,
            document_id=document_id,
            live=True,
            available=True,
            ordinal=BY_HAND,
            content=content,
            important_keywords=important_keywords,
            questions=[question.strip() for question in questions if question.strip()],
            vector_recipe=recipe(document),
            created_at=now,
            updated_at=now,
        )
        chunk.token_count = await asyncio.to_thread(Family(chunk, []).seal)
        vectors = await self._indexing.vectors(dataset, document, [content])
        await self._tag(dataset, document, Family(chunk, []), vectors)
        async with self._locks.hold(document_id):
            table = await self._writable(dataset, document, vectors.shape[1])
            await table.upsert([chunk], vectors)
            await self._counts.add(document, chunks=1, tokens=chunk.token_count, dimension=vectors.shape[1])
        return chunk

    async def list(
        self,
        principal: Principal,
        dataset_id: str,
        document_id: str,
        page: PageRequest,
        *,
        keywords: str = "",
        identifier: str = "",
        parent_id: str = "",
    ) -> Page[Chunk]:
        """Return one page of the chunks of a document, in the order of its text; children are left out.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            document_id: The document.
            page: Which page.
            keywords: Only chunks whose text holds each of these words, separated by blanks, when not empty.
            identifier: Only the chunk with this id, which may be a child, when not empty.
            parent_id: The children of this chunk, when not empty.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: As their sentences say.
            ChunkNotFoundError: No chunk of the document has the id.
        """
        document = document_of(self._entities, principal, dataset_id, document_id)
        # What a document without chunks still has in the table is on its way out.
        table = await self._table(owned(self._entities, principal, dataset_id)) if document.chunk_count else None
        chunk_ids = [identifier] if identifier else None
        scope = Scope(
            principal.organization_id,
            document_ids=[document_id],
            chunk_ids=chunk_ids,
            words=keywords.split(),
            parent_ids=[parent_id] if parent_id else None,
            listed=not identifier and not parent_id,
        )
        total = await table.count(scope) if table else 0
        if identifier and not total:
            raise ChunkNotFoundError(chunk_id=identifier)
        items = await table.page(scope, offset=page.offset, limit=page.size) if table and total > page.offset else []
        return Page(items, total, page)

    async def update(
        self,
        principal: Principal,
        dataset_id: str,
        document_id: str,
        identifier: str,
        *,
        content: str | None = None,
        important_keywords: Sequence[str] | None = None,
        questions: Sequence[str] | None = None,
        available: bool | None = None,
    ) -> None:
        """Change a chunk; what is None stays. New text is embedded again.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError, ChunkNotFoundError, ModelUnavailableError,
            InvalidArgumentError:
                As their sentences say.
            ChunkUpdateFailedError: The chunk changed meanwhile.
        """
        document = document_of(self._entities, principal, dataset_id, document_id)
        if content is not None:
            _check(content)
        _check_lists(important_keywords=important_keywords, questions=questions)
        scope = Scope(principal.organization_id, document_ids=[document_id], chunk_ids=[identifier], listed=True)
        table = await self._table(owned(self._entities, principal, dataset_id))
        found = await table.vectors(scope) if table else []
        if not table or not found:
            raise ChunkNotFoundError(chunk_id=identifier)
        chunk, vector = found[0]
        version, tokens = chunk.updated_at, chunk.token_count
        changed = content is not None and content != chunk.content
        if content is not None:
            chunk.content = content
        if important_keywords is not None:
            chunk.important_keywords[:] = important_keywords
        if questions is not None:
            chunk.questions[:] = [question.strip() for question in questions if question.strip()]
        if available is not None:
            chunk.available = available
        chunk.updated_at = max(microseconds(self._clock), version + 1)
        children = await self._children(table, chunk)
        family, vectors = await self._renewed(
            owned(self._entities, principal, dataset_id), document, chunk, vector, children, changed=changed
        )
        gone = [child for child, _ in children[len(family.children) :]]
        for child in gone:
            child.live = False
        async with self._locks.hold(document_id):
            present = await table.read(scope)
            if not present or present[0].updated_at != version:
                raise ChunkUpdateFailedError(chunk_id=identifier)
            # One write: no search sees the new text without its children, or children of the old text.
            old = [vector for _, vector in children[len(family.children) :]]
            await table.upsert([*family.rows, *gone], np.vstack([vectors, *old]))
            if gone:
                hidden = [child.id for child in gone]
                await table.delete(Scope(principal.organization_id, chunk_ids=hidden, live=False))
            surplus = len(family.searched) - max(len(children), 1)
            await self._counts.add(document, chunks=0, tokens=chunk.token_count - tokens, surplus=surplus)

    @staticmethod
    async def _children(table: ChunkTable, chunk: Chunk) -> Sequence[tuple[Chunk, NDArray[np.float32]]]:
        """Return the children of a chunk with their vectors, in order."""
        if not chunk.is_parent:
            return []
        scope = Scope(chunk.organization_id, document_ids=[chunk.document_id], parent_ids=[chunk.id])
        by_id = {child.id: (child, vector) for child, vector in await table.vectors(scope)}
        ordered = [child_id(chunk.id, place) for place in range(chunk.child_count)]
        return [by_id[identifier] for identifier in ordered if identifier in by_id]

    async def _renewed(
        self,
        dataset: Dataset,
        document: Document,
        chunk: Chunk,
        vector: NDArray[np.float32],
        children: Sequence[tuple[Chunk, NDArray[np.float32]]],
        *,
        changed: bool,
    ) -> tuple[Family, NDArray[np.float32]]:
        """Return the family of a chunk that changed, and the vectors of its rows; new texts are embedded."""
        before = [child for child, _ in children]
        if not changed:
            family = Family(chunk, before)
            await asyncio.to_thread(family.seal)
            return family, np.stack([vector, *(vector for _, vector in children)])
        config = parser_config.plain(document.parser_config)
        tiers = read_parent_child(config, document.chunk_method) or ParentChild()
        known = {child.content: vector for child, vector in children if child.vector_recipe == recipe(document)}
        chunk.vector_recipe = recipe(document)
        # The values of a row are those of its old text.
        chunk.ClearField("fields")

        def cut() -> Family:
            made = recut(chunk, before, child_tokens=tiers.child_tokens) if before else Family(chunk, [])
            chunk.token_count = made.seal()
            return made

        family = await asyncio.to_thread(cut)
        new = [part.content for part in family.searched if part.content not in known]
        fresh = dict(zip(new, await self._indexing.vectors(dataset, document, new), strict=True)) if new else {}
        searched = np.stack(
            [fresh[part.content] if part.content in fresh else known[part.content] for part in family.searched]
        )
        vectors = family.row_vectors(searched)
        await self._tag(dataset, document, family, vectors)
        return family, vectors

    async def _tag(self, dataset: Dataset, document: Document, family: Family, vectors: NDArray[np.float32]) -> None:
        """Label a family with the tags of the datasets which its document's configuration names."""
        [label] = await self._indexing.labels(dataset, document, vectors[:1])
        for chunk in family.rows:
            chunk.tag_feas = label

    async def delete(
        self, principal: Principal, dataset_id: str, document_id: str | None, chunk_ids: Sequence[str]
    ) -> None:
        """Delete chunks of a document, or of a whole dataset when `document_id` is None; parents with their children.

        Those listed are deleted, or all when none is.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: As their sentences say.
            ChunksNotFoundError: Some ids are unknown; the others are deleted.
        """
        if document_id is not None:
            document_of(self._entities, principal, dataset_id, document_id)
        table = await self._table(owned(self._entities, principal, dataset_id))
        document_ids = [document_id] if document_id is not None else None
        scope = Scope(
            principal.organization_id,
            dataset_ids=[dataset_id],
            document_ids=document_ids,
            chunk_ids=chunk_ids or None,
            listed=True,
        )
        if not chunk_ids:
            await self._delete_all(principal, dataset_id, document_id, table)
            return
        deleted = 0
        for owner, tokens in (await self._tokens_by_document(table, scope)).items() if table else ():
            async with self._locks.hold(owner):
                number, searched = (
                    await self._delete_families(table, principal, owner, list(tokens)) if table else (0, 0)
                )
                document = self._entities.get(Document, owner)
                if document is not None:
                    total, surplus = sum(tokens.values()), searched - number
                    await self._counts.add(document, chunks=-number, tokens=-total, surplus=-surplus)
                deleted += number
        if chunk_ids and deleted < len(chunk_ids):
            raise ChunksNotFoundError(deleted=deleted, expected=len(chunk_ids))

    async def _delete_all(
        self, principal: Principal, dataset_id: str, document_id: str | None, table: ChunkTable | None
    ) -> None:
        """Delete all chunks of a document or of a dataset, however many they are."""
        document_ids = [document_id] if document_id is not None else None
        async with AsyncExitStack() as stack:
            for document in self._entities.children(Document, principal.organization_id, dataset_id):
                if document_id in {None, document.id}:
                    await stack.enter_async_context(self._locks.hold(document.id))
            if table is not None:
                await table.delete(
                    Scope(principal.organization_id, dataset_ids=[dataset_id], document_ids=document_ids)
                )

            def work(transaction: Transaction) -> None:
                dataset = transaction.edit(owned(transaction, principal, dataset_id))
                for document in list(transaction.children(Document, principal.organization_id, dataset_id)):
                    if document.chunk_count and document_id in {None, document.id}:
                        dataset.chunk_count = max(0, dataset.chunk_count - document.chunk_count)
                        dataset.token_count = max(0, dataset.token_count - document.token_count)
                        dataset.search_surplus -= document.search_surplus
                        emptied = transaction.edit(document)
                        emptied.chunk_count = emptied.token_count = emptied.search_surplus = 0

            await self._entities.transact(work)

    @staticmethod
    async def _delete_families(
        table: ChunkTable, principal: Principal, document_id: str, chunk_ids: Sequence[str]
    ) -> tuple[int, int]:
        """Delete chunks with their children; return how many were listed and how many searched."""
        scope = Scope(principal.organization_id, document_ids=[document_id], family_ids=chunk_ids)
        listed = await table.count(replace(scope, listed=True))
        searched = await table.count(replace(scope, searched=True))
        await table.delete(scope)
        return listed, searched

    @staticmethod
    async def _tokens_by_document(table: ChunkTable, scope: Scope) -> dict[str, dict[str, int]]:
        grouped: dict[str, dict[str, int]] = {}
        for chunk in await table.read(scope):
            grouped.setdefault(chunk.document_id, {})[chunk.id] = chunk.token_count
        return grouped
