"""What a start sets right after an earlier server that was killed."""

from __future__ import annotations

import logging
from collections import Counter

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import Job
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)


async def recount(entities: EntityStore, chunks: ChunkStore) -> None:
    """Set right the counts of documents whose chunks were written when the earlier server was killed."""
    counts: Counter[str] = Counter()
    searched: Counter[str] = Counter()
    for table in await chunks.open_all():
        counts.update(await table.counts())
        searched.update(await table.searched_counts())
    wrong = [
        document.id
        for document in entities.all(Document)
        if document.chunk_count != counts[document.id]
        or document.chunk_count + document.search_surplus != searched[document.id]
    ]

    def work(transaction: Transaction) -> None:
        for identifier in wrong:
            document = transaction.get(Document, identifier)
            dataset = transaction.get(Dataset, document.dataset_id) if document else None
            if document is None or dataset is None:
                continue
            surplus = searched[identifier] - counts[identifier]
            dataset = transaction.edit(dataset)
            dataset.chunk_count += counts[identifier] - document.chunk_count
            dataset.search_surplus += surplus - document.search_surplus
            kept = transaction.edit(document)
            kept.chunk_count, kept.search_surplus = counts[identifier], surplus

    if wrong:
        logger.warning("The number of chunks of some documents was wrong.", extra={"documents": len(wrong)})
        await entities.transact(work)


async def remove_orphans(entities: EntityStore, blobs: LanceBlobStore) -> None:
    """Remove the bytes of uploads which never became documents."""
    needed = {document.blob_id for document in entities.all(Document)}
    needed.update(blob_id for job in entities.all(Job) for blob_id in job.blob_ids)
    for blob_id in await blobs.ids() - needed:
        await blobs.delete(blob_id)
