"""Retrieval on the core surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowflow.v1 import retrieval_pb2, retrieval_service_pb2, retrieval_service_pb2_grpc
from knowflow_server.domain import parser_config, tags
from knowflow_server.domain.analysis import highlight
from knowflow_server.domain.family import chunk_id
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.parser_config import struct
from knowflow_server.domain.retrieval import Query, Retrieval, ScoredChunk
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowflow.chunk import positions
from knowflow_server.rpc.knowflow.explanation import explanation

PAGE_SIZE = 30
GRAPH_NAME = "Related content in Knowledge Graph"


def child_view(found: ScoredChunk) -> retrieval_pb2.RetrievedChild:
    """Return a child that matched as this surface shows it."""
    return retrieval_pb2.RetrievedChild(
        id=found.chunk.id,
        content=found.chunk.content,
        similarity=found.similarity,
        vector_similarity=found.vector_similarity,
        term_similarity=found.term_similarity,
        positions=positions(found.chunk),
        page_number=found.chunk.page_number,
    )


def view(found: ScoredChunk, words: Sequence[str] | None) -> retrieval_pb2.RetrievedChunk:
    """Return a found chunk as this surface shows it; with words, its text comes marked up, too."""
    record = found.chunk
    return retrieval_pb2.RetrievedChunk(
        id=record.id,
        content=record.content,
        # A parent has no words of its own: it is found by those of its children.
        content_ltks=" ".join([record.tokens, *(child.chunk.tokens for child in found.children)]).strip(),
        document_id=record.document_id,
        document_name=found.document.name,
        document_keyword=found.document.name,
        dataset_id=record.dataset_id,
        kb_id=record.dataset_id,
        positions=positions(record),
        page_number=record.page_number,
        similarity=found.similarity,
        vector_similarity=found.vector_similarity,
        term_similarity=found.term_similarity,
        important_keywords=record.important_keywords,
        questions=record.questions,
        highlight=None if words is None else highlight(record.content, words),
        children=[child_view(child) for child in found.children],
        tag_feas=struct(tags.read(record.tag_feas)) if record.tag_feas else None,
        explanation=None if found.explanation is None else explanation(found.explanation),
    )


def graph_view(text: str, dataset_id: str, *, highlight: bool) -> retrieval_pb2.RetrievedChunk:
    """Return what the knowledge graph says in the place of a chunk, as RAGFlow's clients expect it."""
    return retrieval_pb2.RetrievedChunk(
        id=chunk_id(dataset_id, text),
        content=text,
        document_name=GRAPH_NAME,
        document_keyword=GRAPH_NAME,
        dataset_id=dataset_id,
        kb_id=dataset_id,
        similarity=1,
        vector_similarity=1,
        term_similarity=0,
        highlight=text if highlight else None,
    )


def query_of(request: retrieval_service_pb2.RetrieveRequest) -> Query:
    """Return what a request searches for."""
    defaults = Query("")
    return Query(
        question=request.question,
        threshold=request.similarity_threshold if request.HasField("similarity_threshold") else defaults.threshold,
        vector_weight=request.vector_similarity_weight
        if request.HasField("vector_similarity_weight")
        else defaults.vector_weight,
        top_k=request.top_k or defaults.top_k,
        fuzzy=request.keyword,
        metadata=parser_config.plain(request.metadata_condition) if request.HasField("metadata_condition") else None,
        use_kg=request.use_kg,
        rerank_id=request.rerank_id,
        languages=list(request.cross_languages),
        explain=request.explain,
    )


class RetrievalService(retrieval_service_pb2_grpc.RetrievalServiceServicer):
    """Answers questions with chunks."""

    def __init__(self, retrieval: Retrieval) -> None:
        self._retrieval = retrieval

    async def Retrieve(
        self, request: retrieval_service_pb2.RetrieveRequest, context: Any
    ) -> retrieval_service_pb2.RetrieveResponse:
        """Search."""
        number, size = request.page or 1, request.page_size or PAGE_SIZE
        found = await self._retrieval.retrieve(
            caller(),
            query_of(request),
            PageRequest(number, size),
            dataset_ids=request.dataset_ids,
            document_ids=request.document_ids,
        )
        words = found.words if request.highlight else None
        chunks = [view(chunk, words) for chunk in found.chunks]
        if found.graph:
            chunks.insert(0, graph_view(found.graph, next(iter(request.dataset_ids), ""), highlight=request.highlight))
        data = retrieval_service_pb2.RetrievalPage(
            chunks=chunks,
            doc_aggs=[retrieval_pb2.DocumentHits(doc_name=d.name, doc_id=d.id, count=n) for d, n in found.documents],
            total=found.total,
            page=number,
            page_size=size,
        )
        return retrieval_service_pb2.RetrieveResponse(code=0, data=data)
