"""How many chunks documents and datasets have; their records say it."""

from __future__ import annotations

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


class ChunkCounts:
    """Keeps the numbers of chunks up when chunks are written beside a parse.

    Args:
        entities: Datasets and documents.
        outbox: Tells of texts which changed.
    """

    def __init__(self, entities: EntityStore, outbox: Outbox) -> None:
        self._entities = entities
        self._outbox = outbox

    async def add(self, document: Document, *, chunks: int, tokens: int, surplus: int = 0, dimension: int = 0) -> None:
        """Count chunks which a document got, or lost; a document which is gone by now is not counted.

        Args:
            document: The document.
            chunks: Listed chunks more than before.
            tokens: Tokens more than before.
            surplus: Searched chunks beyond the listed ones, more than before.
            dimension: Dimension of their vectors; 0 leaves what the dataset says.
        """
        await self._entities.transact(
            lambda transaction: self.count(
                transaction, document, chunks=chunks, tokens=tokens, surplus=surplus, dimension=dimension
            )
        )

    def count(
        self,
        transaction: Transaction,
        document: Document,
        *,
        chunks: int,
        tokens: int,
        surplus: int = 0,
        dimension: int = 0,
    ) -> None:
        """Count chunks in a transaction; arguments as of `add`."""
        present = transaction.get(Document, document.id)
        dataset = transaction.get(Dataset, document.dataset_id)
        if present is None or dataset is None or dataset.organization_id != document.organization_id:
            return
        for record in (transaction.edit(present), transaction.edit(dataset)):
            record.chunk_count = max(0, record.chunk_count + chunks)
            record.token_count = max(0, record.token_count + tokens)
            record.search_surplus += surplus
            if isinstance(record, Dataset) and dimension:
                record.dimension = dimension
        if not chunks and not tokens:
            self._outbox.rewritten(transaction, present)
