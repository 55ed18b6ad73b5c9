"""Chunks: what callers may do to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import xxhash

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.analysis import index_words
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.document import document_of
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors import (
    ChunkNotFoundError,
    ChunksNotFoundError,
    ChunkUpdateFailedError,
    EmbeddingModelLockedError,
    InvalidArgumentError,
)
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.transaction import Transaction

# Chunks written by hand come after those of the document's text.
BY_HAND = 1_000_000_000
# A longer text is a document: it should be uploaded and parsed, which does not hold up its caller.
MAX_CONTENT = 100_000
MAX_TEXTS = 1_000


def chunk_id(*parts: str) -> str:
    """Return the id of a chunk: 64-bit xxHash of what makes it unique, 16 hex digits."""
    return xxhash.xxh64("\x00".join(parts).encode()).hexdigest()


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


def _count_words(chunk: Chunk) -> None:
    """Set the words by which full-text search finds a chunk, and the number of those in its text as its tokens."""
    content = index_words(chunk.content)
    chunk.tokens = " ".join((content, index_words(*chunk.important_keywords, *chunk.questions))).strip()
    chunk.token_count = len(content.split())


class Chunks:
    """The chunks of all organizations; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        store: ChunkStore,
        embedding: Embedding,
        locks: NamedLocks,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._store = store
        self._embedding = embedding
        self._locks = locks
        self._clock = clock
        self._ids = ids

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
            created_at=now,
            updated_at=now,
        )
        await asyncio.to_thread(_count_words, chunk)
        vectors = await self._embedding.texts(dataset, [content])
        async with self._locks.hold(document_id):
            # The document may have gone, or got another model, while its text was embedded.
            document_of(self._entities, principal, dataset_id, document_id)
            present = owned(self._entities, principal, dataset_id).embedding_model_served
            if present != dataset.embedding_model_served:
                raise EmbeddingModelLockedError(chunk_count=dataset.chunk_count, model=present)
            table = await self._store.table(vectors.shape[1])
            await table.upsert([chunk], vectors)
            await self._count(principal, document, chunks=1, tokens=chunk.token_count, dimension=vectors.shape[1])
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
    ) -> Page[Chunk]:
        """Return one page of the chunks of a document, in the order of its text.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            document_id: The document.
            page: Which page.
            keywords: Only chunks whose text holds each of these words, separated by blanks, when not empty.
            identifier: Only the chunk with this id, when not empty.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: As their sentences say.
            ChunkNotFoundError: No chunk of the document has the id.
        """
        document = document_of(self._entities, principal, dataset_id, document_id)
        # What a document without chunks still has in the table is on its way out.
        table = await self._table(principal, dataset_id) if document.chunk_count else None
        chunk_ids = [identifier] if identifier else None
        scope = Scope(
            principal.organization_id, document_ids=[document_id], chunk_ids=chunk_ids, words=keywords.split()
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
        scope = Scope(principal.organization_id, document_ids=[document_id], chunk_ids=[identifier])
        table = await self._table(principal, dataset_id)
        found = await table.vectors(scope) if table else []
        if not table or not found:
            raise ChunkNotFoundError(chunk_id=identifier)
        chunk, vector = found[0]
        version, tokens = chunk.updated_at, chunk.token_count
        changed = content is not None and content != chunk.content
        if content is not None and changed:
            chunk.content = content
            vector = (await self._embedding.texts(owned(self._entities, principal, dataset_id), [content]))[0]
        if important_keywords is not None:
            chunk.important_keywords[:] = important_keywords
        if questions is not None:
            chunk.questions[:] = [question.strip() for question in questions if question.strip()]
        if available is not None:
            chunk.available = available
        await asyncio.to_thread(_count_words, chunk)
        if not changed:
            # What the parser counted by the model's own rules stays.
            chunk.token_count = tokens
        chunk.updated_at = max(microseconds(self._clock), version + 1)
        async with self._locks.hold(document_id):
            present = await table.read(scope)
            if not present or present[0].updated_at != version:
                raise ChunkUpdateFailedError(chunk_id=identifier)
            await table.upsert([chunk], vector.reshape(1, -1))
            await self._count(principal, document, chunks=0, tokens=chunk.token_count - tokens)

    async def delete(
        self, principal: Principal, dataset_id: str, document_id: str | None, chunk_ids: Sequence[str]
    ) -> None:
        """Delete chunks of a document, or of a whole dataset when `document_id` is None.

        Those listed are deleted, or all when none is.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: As their sentences say.
            ChunksNotFoundError: Some ids are unknown; the others are deleted.
        """
        if document_id is not None:
            document_of(self._entities, principal, dataset_id, document_id)
        owned(self._entities, principal, dataset_id)
        table = await self._table(principal, dataset_id)
        document_ids = [document_id] if document_id is not None else None
        scope = Scope(
            principal.organization_id, dataset_ids=[dataset_id], document_ids=document_ids, chunk_ids=chunk_ids or None
        )
        if not chunk_ids:
            await self._delete_all(principal, dataset_id, document_id, table)
            return
        deleted = 0
        for owner, tokens in (await self._tokens_by_document(table, scope)).items() if table else ():
            async with self._locks.hold(owner):
                mine = Scope(principal.organization_id, document_ids=[owner], chunk_ids=list(tokens))
                number = await table.delete(mine) if table else 0
                document = self._entities.get(Document, owner)
                if document is not None:
                    await self._count(principal, document, chunks=-number, tokens=-sum(tokens.values()))
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
                        emptied = transaction.edit(document)
                        emptied.chunk_count = emptied.token_count = 0

            await self._entities.transact(work)

    @staticmethod
    async def _tokens_by_document(table: ChunkTable, scope: Scope) -> dict[str, dict[str, int]]:
        grouped: dict[str, dict[str, int]] = {}
        for chunk in await table.read(scope):
            grouped.setdefault(chunk.document_id, {})[chunk.id] = chunk.token_count
        return grouped

    async def _table(self, principal: Principal, dataset_id: str) -> ChunkTable | None:
        dimension = owned(self._entities, principal, dataset_id).dimension
        return await self._store.table(dimension) if dimension else None

    async def _count(
        self, principal: Principal, document: Document, *, chunks: int, tokens: int, dimension: int = 0
    ) -> None:
        def work(transaction: Transaction) -> None:
            present = transaction.get(Document, document.id)
            dataset = transaction.get(Dataset, document.dataset_id)
            if present is None or dataset is None or dataset.organization_id != principal.organization_id:
                return
            for record in (transaction.edit(present), transaction.edit(dataset)):
                record.chunk_count = max(0, record.chunk_count + chunks)
                record.token_count = max(0, record.token_count + tokens)
                if isinstance(record, Dataset) and dimension:
                    record.dimension = dimension

        await self._entities.transact(work)
