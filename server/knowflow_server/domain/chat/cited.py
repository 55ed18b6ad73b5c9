"""Found chunks as answers keep them."""

from __future__ import annotations

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow_server.domain.retrieval import ScoredChunk


def cited(found: ScoredChunk) -> CitedChunk:
    """Return a found chunk as an answer keeps it."""
    chunk = found.chunk
    return CitedChunk(
        id=chunk.id,
        content=chunk.content,
        document_id=chunk.document_id,
        document_name=found.document.name,
        dataset_id=chunk.dataset_id,
        positions=chunk.positions,
        page_number=chunk.page_number,
        similarity=found.similarity,
        vector_similarity=found.vector_similarity,
        term_similarity=found.term_similarity,
    )
