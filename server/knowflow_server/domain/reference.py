"""References: questions with their answers, each a chunk, so that every search finds them.

The text of the chunk is the question, a line break and the answer. References written by hand stand in one document of
kind manual per dataset; those found in a webpage or a file stand in that document.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import CHUNK_KIND_QA, Chunk
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import (
    DOCUMENT_KIND_MANUAL,
    DOCUMENT_KIND_UNSPECIFIED,
    DOCUMENT_KIND_WEBPAGE,
    PARSE_STATE_SUCCEEDED,
    Document,
)
from knowflow_server.domain.chunk_writing import ChunkWriting
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.document import by_hand, free_name
from knowflow_server.domain.family import chunk_id, set_words
from knowflow_server.domain.indexing import recipe
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import ChunkUpdateFailedError, DatasetNotFoundError
from knowflow_server.errors.knowledgebase import ReferenceNotFoundError
from knowflow_server.store.filters import Scope
from knowflow_server.store.transaction import Transaction

MAX_QUESTION = 5_000
MAX_ANSWER = 50_000
MANUAL_NAME = "Questions and answers"
# Where a reference comes from, by the kind of its document.
SOURCES = {
    DOCUMENT_KIND_MANUAL: "manual",
    DOCUMENT_KIND_WEBPAGE: "webpage",
    DOCUMENT_KIND_UNSPECIFIED: "document",
}


class Pair(NamedTuple):
    """A question with its answer."""

    question: str
    answer: str

    @property
    def text(self) -> str:
        """The text that is embedded and searched."""
        return f"{self.question}\n{self.answer}"


def pair_of(chunk: Chunk) -> Pair:
    """Return the question and the answer of a reference.

    Where its text was edited as that of a chunk, and does not begin with the question any more, the first line is it.
    """
    if chunk.question and chunk.content.startswith(f"{chunk.question}\n"):
        return Pair(chunk.question, chunk.content[len(chunk.question) + 1 :])
    question, _, answer = chunk.content.partition("\n")
    return Pair(question, answer)


def checked(question: str, answer: str) -> Pair:
    """Return a question and its answer without blanks around them.

    Raises:
        InvalidArgumentError: One of them is blank, or too long.
    """
    pair = Pair(question.strip(), answer.strip())
    for field, value, most in (("question", pair.question, MAX_QUESTION), ("answer", pair.answer, MAX_ANSWER)):
        if not value:
            raise InvalidArgumentError(f"{field.capitalize()} is required", field=field)
        if len(value) > most:
            raise InvalidArgumentError(f"{field.capitalize()} must be at most {most} characters", field=field)
    return pair


@dataclass(slots=True)
class _Row:
    """A reference on its way into the table; one without a vector is to be embedded."""

    chunk: Chunk
    vector: NDArray[np.float32] | None


class References(ChunkWriting):
    """The references of all organizations."""

    async def add(self, principal: Principal, dataset_id: str, *, question: str, answer: str) -> Chunk:
        """Add a reference by hand and return it.

        Raises:
            DatasetNotFoundError, InvalidArgumentError, ModelUnavailableError: As their sentences say.
        """
        pair = checked(question, answer)
        owned(self._entities, principal, dataset_id)
        document = await self.manual(principal, dataset_id)
        [chunk] = await self.add_many(owned(self._entities, principal, dataset_id), document, [pair])
        return chunk

    async def add_many(self, dataset: Dataset, document: Document, pairs: Sequence[Pair]) -> list[Chunk]:
        """Add references to a document, all or none, after those it has, and return them.

        Raises:
            DocumentNotFoundError: The document is gone.
            ModelUnavailableError, EmbeddingModelUnsupportedError, EmbeddingModelLockedError: As their sentences say.
        """
        if not pairs:
            return []
        # By hand they have all the same place: their times order them. Others come after what the document has.
        first = 0 if by_hand(document) else document.chunk_count
        step = 0 if by_hand(document) else 1
        rows = [_Row(self._new(document, pair, first + step * place), None) for place, pair in enumerate(pairs)]
        vectors = await self._vectors(dataset, document, rows)
        async with self._locks.hold(document.id):
            table = await self._writable(dataset, document, vectors.shape[1])
            await table.upsert([row.chunk for row in rows], vectors)
            tokens = sum(row.chunk.token_count for row in rows)
            await self._counts.add(document, chunks=len(rows), tokens=tokens, dimension=vectors.shape[1])
        return [row.chunk for row in rows]

    async def replace_of_document(self, document: Document, pairs: Sequence[Pair]) -> list[Chunk]:
        """Have a document hold these references and no others, and return them in this order.

        A reference whose question and answer did not change keeps its id and its vector, one whose answer changed its
        id; the others get new ids. Searches see the old references or the new ones. Pairs which are given twice count
        once.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: They are gone.
            ModelUnavailableError, EmbeddingModelUnsupportedError, EmbeddingModelLockedError: As their sentences say.
        """
        async with self._locks.hold(document.id):
            dataset = self._entities.get(Dataset, document.dataset_id)
            if dataset is None:
                raise DatasetNotFoundError(dataset_id=document.dataset_id)
            before = await self._rows_of(dataset, document)
            tokens_before = sum(row.chunk.token_count for row in before)
            rows, written, gone = self._merged(document, before, list(dict.fromkeys(pairs)))
            if not written and not gone:
                return [row.chunk for row in rows]
            vectors = await self._vectors(dataset, document, [*written, *gone])
            table = await self._writable(dataset, document, vectors.shape[1])
            for row in gone:
                row.chunk.live = False
            await table.upsert([row.chunk for row in (*written, *gone)], vectors)
            if gone:
                hidden = [row.chunk.id for row in gone]
                await table.delete(Scope(document.organization_id, chunk_ids=hidden, live=False))
            tokens = sum(row.chunk.token_count for row in rows) - tokens_before
            chunks = len(rows) - len(before)
            await self._counts.add(document, chunks=chunks, tokens=tokens, dimension=vectors.shape[1])
        return [row.chunk for row in rows]

    async def of_document(self, document: Document) -> list[Chunk]:
        """Return the references of a document, in the order of its text."""
        dataset = self._entities.get(Dataset, document.dataset_id)
        table = await self._table(dataset) if dataset is not None and document.chunk_count else None
        scope = _scope(document.organization_id, document_ids=[document.id])
        return await table.page(scope, offset=0, limit=document.chunk_count) if table else []

    async def page(self, principal: Principal, dataset_id: str, page: PageRequest, *, source: str = "") -> Page[Chunk]:
        """Return one page of the references of a dataset, in the order of their documents' texts, by hand oldest first.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            page: Which page.
            source: Only references that were written by hand (`manual`), or found in a `webpage` or a `document`, when
                not empty.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
        """
        dataset = owned(self._entities, principal, dataset_id)
        table = await self._table(dataset) if dataset.chunk_count else None
        documents = None
        if source == SOURCES[DOCUMENT_KIND_MANUAL]:
            documents = [dataset.manual_document_id]
        elif source:
            every = self._entities.children(Document, principal.organization_id, dataset_id)
            documents = [document.id for document in every if SOURCES[document.kind] == source]
        if table is None or documents == []:
            return Page([], 0, page)
        scope = _scope(principal.organization_id, dataset_ids=[dataset_id], document_ids=documents)
        total = await table.count(scope)
        items = await table.page(scope, offset=page.offset, limit=page.size) if total > page.offset else []
        return Page(items, total, page)

    async def get(self, principal: Principal, dataset_id: str, reference_id: str) -> Chunk:
        """Return a reference.

        Raises:
            DatasetNotFoundError, ReferenceNotFoundError: It does not exist for the caller.
        """
        row, _ = await self._found(owned(self._entities, principal, dataset_id), reference_id)
        return row.chunk

    async def update(
        self,
        principal: Principal,
        dataset_id: str,
        reference_id: str,
        *,
        question: str | None = None,
        answer: str | None = None,
    ) -> Chunk:
        """Change a reference and return it; what is None stays. It is embedded again only if its text changes.

        Raises:
            DatasetNotFoundError, ReferenceNotFoundError, InvalidArgumentError, ModelUnavailableError: As their
            sentences say.
            ChunkUpdateFailedError: The reference changed meanwhile.
        """
        dataset = owned(self._entities, principal, dataset_id)
        row, document = await self._found(dataset, reference_id)
        chunk, before = row.chunk, pair_of(row.chunk)
        after = checked(before.question if question is None else question, before.answer if answer is None else answer)
        if after == before:
            return chunk
        version, tokens = chunk.updated_at, chunk.token_count
        self._write(row, after, document)
        vectors = await self._vectors(dataset, document, [row])
        scope = _scope(chunk.organization_id, document_ids=[document.id], chunk_ids=[reference_id])
        async with self._locks.hold(document.id):
            table = await self._writable(dataset, document, vectors.shape[1])
            present = await table.read(scope)
            if not present:
                raise ReferenceNotFoundError(reference_id=reference_id)
            if present[0].updated_at != version:
                raise ChunkUpdateFailedError(chunk_id=reference_id)
            await table.upsert([chunk], vectors)
            await self._counts.add(document, chunks=0, tokens=chunk.token_count - tokens)
        return chunk

    async def delete(self, principal: Principal, dataset_id: str, reference_id: str) -> None:
        """Delete a reference.

        Raises:
            DatasetNotFoundError, ReferenceNotFoundError: It does not exist for the caller.
        """
        dataset = owned(self._entities, principal, dataset_id)
        _, document = await self._found(dataset, reference_id)
        scope = _scope(dataset.organization_id, document_ids=[document.id], chunk_ids=[reference_id])
        async with self._locks.hold(document.id):
            table = await self._table(dataset)
            present = await table.read(scope) if table is not None else []
            if table is None or not present:
                raise ReferenceNotFoundError(reference_id=reference_id)
            await table.delete(scope)
            await self._counts.add(document, chunks=-1, tokens=-present[0].token_count)

    async def manual(self, principal: Principal, dataset_id: str) -> Document:
        """Return the document of a dataset for what is written by hand; it is made when it is missing.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
        """
        now = microseconds(self._clock)

        def work(transaction: Transaction) -> Document:
            dataset = owned(transaction, principal, dataset_id)
            present = transaction.get(Document, dataset.manual_document_id)
            if present is not None and present.dataset_id == dataset_id:
                return present
            dataset = transaction.edit(dataset)
            document = Document(
                id=self._ids.new_id(),
                organization_id=dataset.organization_id,
                dataset_id=dataset.id,
                name=free_name(transaction, dataset, MANUAL_NAME, {}),
                content_type="text/plain",
                chunk_method="qa",
                kind=DOCUMENT_KIND_MANUAL,
                state=PARSE_STATE_SUCCEEDED,
                progress=100,
                created_at=now,
                updated_at=now,
            )
            transaction.put(document)
            dataset.manual_document_id = document.id
            dataset.document_count += 1
            dataset.updated_at = now
            return document

        return await self._entities.transact(work)

    async def _found(self, dataset: Dataset, reference_id: str) -> tuple[_Row, Document]:
        """Return a reference of a dataset with its vector, and its document."""
        table = await self._table(dataset)
        scope = _scope(dataset.organization_id, dataset_ids=[dataset.id], chunk_ids=[reference_id])
        found = await table.vectors(scope) if table else []
        document = self._entities.get(Document, found[0][0].document_id) if found else None
        if document is None or not document.chunk_count:
            raise ReferenceNotFoundError(reference_id=reference_id)
        return _Row(*found[0]), document

    async def _rows_of(self, dataset: Dataset, document: Document) -> list[_Row]:
        table = await self._table(dataset)
        scope = _scope(document.organization_id, document_ids=[document.id])
        return [_Row(*found) for found in await table.vectors(scope)] if table else []

    def _merged(
        self, document: Document, before: Sequence[_Row], pairs: Sequence[Pair]
    ) -> tuple[list[_Row], list[_Row], list[_Row]]:
        """Return what a document holds when it holds these pairs, what of that is to be written, and what goes."""
        present, wanted = recipe(document), set(pairs)
        same = {pair_of(row.chunk): row for row in before if row.chunk.vector_recipe == present}
        same = {pair: row for pair, row in same.items() if pair in wanted}
        stay = {row.chunk.id for row in same.values()}
        rest = {pair_of(row.chunk).question: row for row in before if row.chunk.id not in stay}
        rows: list[_Row] = []
        written: list[_Row] = []
        for place, pair in enumerate(pairs):
            row = same.get(pair)
            changed = row is None or row.chunk.ordinal != place
            if row is None:
                row = rest.pop(pair.question, None)
                if row is None:
                    row = _Row(self._new(document, pair, place), None)
                else:
                    self._write(row, pair, document)
            row.chunk.ordinal = place
            rows.append(row)
            if changed:
                written.append(row)
        stay = {row.chunk.id for row in rows}
        return rows, written, [row for row in before if row.chunk.id not in stay]

    def _new(self, document: Document, pair: Pair, ordinal: int) -> Chunk:
        now = microseconds(self._clock)
        return Chunk(
            id=chunk_id(document.id, self._ids.new_id(), pair.text),
            organization_id=document.organization_id,
            dataset_id=document.dataset_id,
            document_id=document.id,
            kind=CHUNK_KIND_QA,
            live=True,
            available=True,
            ordinal=ordinal,
            question=pair.question,
            content=pair.text,
            vector_recipe=recipe(document),
            created_at=now,
            updated_at=now,
        )

    def _write(self, row: _Row, pair: Pair, document: Document) -> None:
        """Give a reference another text."""
        row.chunk.question, row.chunk.content = pair.question, pair.text
        row.chunk.vector_recipe = recipe(document)
        row.chunk.updated_at = max(microseconds(self._clock), row.chunk.updated_at + 1)
        row.vector = None

    async def _vectors(self, dataset: Dataset, document: Document, rows: Sequence[_Row]) -> NDArray[np.float32]:
        """Return the vectors of rows, shape (len(rows), d); new texts are embedded, labelled, and get their words."""
        new = [row for row in rows if row.vector is None]
        if new:
            vectors = await self._indexing.vectors(dataset, document, [row.chunk.content for row in new])
            labels = await self._indexing.labels(dataset, document, vectors)
            for row, vector, label in zip(new, vectors, labels, strict=True):
                row.vector, row.chunk.tag_feas = vector, label
            await asyncio.to_thread(_set_words, new)
        return np.stack([row.vector for row in rows if row.vector is not None])


def _scope(organization_id: str, **of: Sequence[str] | None) -> Scope:
    return Scope(organization_id, kind=CHUNK_KIND_QA, listed=True, **of)  # type: ignore[arg-type]


def _set_words(rows: Sequence[_Row]) -> None:
    for row in rows:
        row.chunk.token_count = set_words(row.chunk)
