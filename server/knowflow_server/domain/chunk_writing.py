"""What everybody does alike who writes chunks beside a parse."""

from __future__ import annotations

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.indexing import Indexing
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.errors.core import DatasetNotFoundError, DocumentNotFoundError, EmbeddingModelLockedError
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.entities import EntityStore


class ChunkWriting:
    """Writes chunks of documents.

    Args:
        entities: Datasets and documents.
        store: The chunks.
        indexing: Makes vectors, and labels chunks with tags.
        counts: Is told how many chunks there are.
        locks: One per document, as everything that writes chunks has them.
        clock: The time.
        ids: Identifiers.
    """

    def __init__(
        self,
        entities: EntityStore,
        store: ChunkStore,
        indexing: Indexing,
        counts: ChunkCounts,
        locks: NamedLocks,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._store = store
        self._indexing = indexing
        self._counts = counts
        self._locks = locks
        self._clock = clock
        self._ids = ids

    async def _table(self, dataset: Dataset) -> ChunkTable | None:
        """Return the table which holds the chunks of a dataset; None when it never had any."""
        return await self._store.table(dataset.dimension) if dataset.dimension else None

    async def _writable(self, dataset: Dataset, document: Document, dimension: int) -> ChunkTable:
        """Return the table to write to; the document may have gone, or got another model, while texts were embedded.

        The caller holds the lock of the document.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError, EmbeddingModelLockedError: As their sentences say.
        """
        present = self._entities.get(Dataset, dataset.id)
        if present is None:
            raise DatasetNotFoundError(dataset_id=dataset.id)
        if self._entities.get(Document, document.id) is None:
            raise DocumentNotFoundError(document_id=document.id)
        if present.embedding_model_served != dataset.embedding_model_served:
            raise EmbeddingModelLockedError(chunk_count=present.chunk_count, model=present.embedding_model_served)
        return await self._store.table(dimension)
