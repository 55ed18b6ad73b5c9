"""Knowledge bases on the platform surface."""

from __future__ import annotations

from typing import Any

from knowflow.platform.v1 import knowledge_base_service_pb2 as pb
from knowflow.platform.v1 import knowledge_base_service_pb2_grpc
from knowflow.store.v1 import document_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.knowledge_base import KnowledgeBases
from knowflow_server.domain.retrieval import ScoredChunk
from knowflow_server.domain.webhook.event import STATUSES
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"
RESULTS = 10
THRESHOLD = 0.2
REASONED = {document_pb2.PARSE_STATE_FAILED, document_pb2.PARSE_STATE_CANCELLED}
SOURCES = ("content", "url")


def view(record: Dataset) -> pb.KnowledgeBase:
    """Return a knowledge base as this surface shows it."""
    return pb.KnowledgeBase(
        id=record.id,
        name=record.name,
        description=record.description,
        embedding_model=record.embedding_model,
        document_count=record.document_count,
        chunk_count=record.chunk_count,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


def document_view(record: Document) -> pb.KnowledgeBaseDocument:
    """Return a document as this surface shows it."""
    lines = record.progress_message.strip().splitlines()
    return pb.KnowledgeBaseDocument(
        id=record.id,
        knowledge_base_id=record.dataset_id,
        name=record.name,
        status=STATUSES[record.state],
        reason=lines[-1] if lines and record.state in REASONED else None,
        progress=record.progress,
        content_type=record.content_type,
        size=record.size,
        chunk_count=record.chunk_count,
        url=record.url or None,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


def result_view(found: ScoredChunk) -> pb.SearchResult:
    """Return a found passage as this surface shows it."""
    return pb.SearchResult(
        id=found.chunk.id,
        content=found.chunk.content,
        score=found.similarity,
        vector_similarity=found.vector_similarity,
        term_similarity=found.term_similarity,
        document_id=found.chunk.document_id,
        document_name=found.document.name,
        url=found.document.url or None,
    )


def _place(record: Dataset | Document) -> tuple[int, str]:
    return record.created_at, record.id


class KnowledgeBaseService(knowledge_base_service_pb2_grpc.KnowledgeBaseServiceServicer):
    """Answers for knowledge bases."""

    def __init__(self, bases: KnowledgeBases) -> None:
        self._bases = bases

    async def CreateKnowledgeBase(
        self, request: pb.CreateKnowledgeBaseRequest, context: Any
    ) -> pb.CreateKnowledgeBaseResponse:
        """Create a knowledge base."""
        made = await self._bases.create(caller(), name=request.name, description=request.description)
        return pb.CreateKnowledgeBaseResponse(status=SUCCESS, data=view(made))

    async def ListKnowledgeBases(
        self, request: pb.ListKnowledgeBasesRequest, context: Any
    ) -> pb.ListKnowledgeBasesResponse:
        """List knowledge bases."""
        page = self._bases.list(caller(), page_request(request))
        described = pagination(request, page, _place)
        return pb.ListKnowledgeBasesResponse(status=SUCCESS, data=map(view, page.items), pagination=described)

    async def GetKnowledgeBase(self, request: pb.GetKnowledgeBaseRequest, context: Any) -> pb.GetKnowledgeBaseResponse:
        """Return a knowledge base."""
        record = self._bases.get(caller(), request.knowledge_base_id)
        return pb.GetKnowledgeBaseResponse(status=SUCCESS, data=view(record))

    async def UpdateKnowledgeBase(
        self, request: pb.UpdateKnowledgeBaseRequest, context: Any
    ) -> pb.UpdateKnowledgeBaseResponse:
        """Change a knowledge base."""
        changes = {field: getattr(request, field) for field in ("name", "description") if request.HasField(field)}
        record = await self._bases.update(caller(), request.knowledge_base_id, **changes)
        return pb.UpdateKnowledgeBaseResponse(status=SUCCESS, data=view(record))

    async def DeleteKnowledgeBase(
        self, request: pb.DeleteKnowledgeBaseRequest, context: Any
    ) -> pb.DeleteKnowledgeBaseResponse:
        """Delete a knowledge base."""
        await self._bases.delete(caller(), request.knowledge_base_id)
        return pb.DeleteKnowledgeBaseResponse(status=SUCCESS)

    async def AddKnowledgeBaseDocument(
        self, request: pb.AddKnowledgeBaseDocumentRequest, context: Any
    ) -> pb.AddKnowledgeBaseDocumentResponse:
        """Add a document."""
        given = {field: getattr(request, field) for field in SOURCES if request.HasField(field)}
        data = request.bytes if request.HasField("bytes") else None
        made = await self._bases.add(caller(), request.knowledge_base_id, name=request.name, data=data, **given)
        return pb.AddKnowledgeBaseDocumentResponse(status=SUCCESS, data=document_view(made))

    async def ListKnowledgeBaseDocuments(
        self, request: pb.ListKnowledgeBaseDocumentsRequest, context: Any
    ) -> pb.ListKnowledgeBaseDocumentsResponse:
        """List documents."""
        page = self._bases.documents(caller(), request.knowledge_base_id, page_request(request))
        described = pagination(request, page, _place)
        return pb.ListKnowledgeBaseDocumentsResponse(
            status=SUCCESS, data=map(document_view, page.items), pagination=described
        )

    async def GetKnowledgeBaseDocument(
        self, request: pb.GetKnowledgeBaseDocumentRequest, context: Any
    ) -> pb.GetKnowledgeBaseDocumentResponse:
        """Return a document."""
        record = self._bases.document(caller(), request.knowledge_base_id, request.document_id)
        return pb.GetKnowledgeBaseDocumentResponse(status=SUCCESS, data=document_view(record))

    async def DeleteKnowledgeBaseDocument(
        self, request: pb.DeleteKnowledgeBaseDocumentRequest, context: Any
    ) -> pb.DeleteKnowledgeBaseDocumentResponse:
        """Delete a document."""
        await self._bases.remove(caller(), request.knowledge_base_id, request.document_id)
        return pb.DeleteKnowledgeBaseDocumentResponse(status=SUCCESS)

    async def SearchKnowledgeBase(
        self, request: pb.SearchKnowledgeBaseRequest, context: Any
    ) -> pb.SearchKnowledgeBaseResponse:
        """Search."""
        found = await self._bases.search(
            caller(),
            request.knowledge_base_id,
            request.query,
            limit=request.limit or RESULTS,
            threshold=request.threshold if request.HasField("threshold") else THRESHOLD,
        )
        data = pb.SearchResults(results=map(result_view, found.chunks), total=found.total)
        return pb.SearchKnowledgeBaseResponse(status=SUCCESS, data=data)
