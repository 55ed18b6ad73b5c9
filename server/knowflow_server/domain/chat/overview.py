"""Questions about a whole: a summary is in no single chunk, so that a search for its words finds nothing."""

from __future__ import annotations

from collections.abc import Sequence

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.retrieval import ScoredChunk
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope


class Overview:
    """Finds what stands for whole documents.

    Args:
        entities: The documents.
        store: Their chunks.
    """

    def __init__(self, entities: EntityStore, store: ChunkStore) -> None:
        self._entities = entities
        self._store = store

    async def chunks(
        self, datasets: Sequence[Dataset], *, number: int, document_ids: Sequence[str] = ()
    ) -> list[ScoredChunk]:
        """Return chunks which stand for documents: of each its beginning, and places at equal distances after it.

        Args:
            datasets: Where to look.
            number: Most chunks. With more documents than that, those parsed last give their beginnings.
            document_ids: Only these documents; empty means all.

        Returns:
            The chunks in the order of their documents, with all scores 0: nothing was compared.
        """
        wanted = frozenset(document_ids)
        documents = [
            document
            for dataset in datasets
            for document in self._entities.children(Document, dataset.organization_id, dataset.id)
            if document.chunk_count and (not wanted or document.id in wanted)
        ]
        documents.sort(key=lambda document: document.updated_at, reverse=True)
        found: list[ScoredChunk] = []
        for place, document in enumerate(documents[:number]):
            share = number // min(len(documents), number) + (place < number % min(len(documents), number))
            found += await self._of(document, datasets, share)
        return found

    async def _of(self, document: Document, datasets: Sequence[Dataset], share: int) -> list[ScoredChunk]:
        dataset = next(dataset for dataset in datasets if dataset.id == document.dataset_id)
        table = await self._store.table(dataset.dimension)
        scope = Scope(document.organization_id, document_ids=[document.id], available=True, listed=True)
        present = await table.count(scope)
        offsets = sorted({n * present // share for n in range(min(share, present))})
        pages = [await table.page(scope, offset=offset, limit=1) for offset in offsets]
        return [ScoredChunk(chunk, document, 0.0, 0.0, 0.0) for page in pages for chunk in page]
