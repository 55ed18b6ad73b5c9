"""Documents on the surface of knowledge bases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from knowflow.knowledgebase.v1 import document_service_pb2 as messages
from knowflow.knowledgebase.v1.document_service_pb2_grpc import DocumentServiceServicer
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.file import pieces_of
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.domain.reference import References
from knowflow_server.domain.web.file import KnowledgeFiles
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowledgebase import item
from knowflow_server.rpc.knowledgebase.page import page_request, pagination
from knowflow_server.rpc.knowledgebase.upload import receive

ADDED = "Document added and queued for processing"


class DocumentService(DocumentServiceServicer):
    """Answers for documents, by knowledge base or by agent."""

    def __init__(self, knowledgebases: Knowledgebases, files: KnowledgeFiles, references: References) -> None:
        self._knowledgebases = knowledgebases
        self._files = files
        self._references = references

    async def ListDocuments(
        self, request: messages.ListDocumentsRequest, context: Any
    ) -> messages.ListDocumentsResponse:
        """List documents."""
        sort_by, desc = request.sort_by or "createdAt", request.sort_order != "asc"
        page = self._files.list(caller(), self._place(request), page_request(request), sort_by=sort_by, desc=desc)
        return messages.ListDocumentsResponse(data=map(item.document_summary, page.items), pagination=pagination(page))

    async def UploadDocument(
        self, request_iterator: AsyncIterator[messages.UploadDocumentRequest], context: Any
    ) -> messages.UploadDocumentResponse:
        """Receive a document as JSON or as a form."""
        first = await anext(request_iterator, messages.UploadDocumentRequest())
        # Before any byte is kept.
        dataset_id = self._place(first)
        upload = await receive(self._files, first, request_iterator)
        document = await self._files.add(caller(), dataset_id, upload.file, name=upload.name, notes=upload.notes)
        return messages.UploadDocumentResponse(data=item.document_summary(document), message=ADDED)

    async def CreateDocument(
        self, request: messages.CreateDocumentRequest, context: Any
    ) -> messages.CreateDocumentResponse:
        """Receive a document in one message."""
        dataset_id = self._place(request)
        file = await self._files.receive(request.file_name, pieces_of(request.content))
        document = await self._files.add(caller(), dataset_id, file, name=request.name, notes=request.notes)
        return messages.CreateDocumentResponse(data=item.document_summary(document), message=ADDED)

    async def GetDocument(self, request: messages.GetDocumentRequest, context: Any) -> messages.GetDocumentResponse:
        """Return a document with what was found in it."""
        document = self._files.get(caller(), self._place(request), request.document_id)
        return messages.GetDocumentResponse(data=await self._shown(document))

    async def UpdateDocument(
        self, request: messages.UpdateDocumentRequest, context: Any
    ) -> messages.UpdateDocumentResponse:
        """Change a document."""
        given = {name: getattr(request, name) for name in ("name", "notes") if request.HasField(name)}
        document = await self._files.update(caller(), self._place(request), request.document_id, **given)
        return messages.UpdateDocumentResponse(
            data=item.document_summary(document), message="Document updated successfully"
        )

    async def DeleteDocument(
        self, request: messages.DeleteDocumentRequest, context: Any
    ) -> messages.DeleteDocumentResponse:
        """Delete a document."""
        await self._files.delete(caller(), self._place(request), request.document_id)
        return messages.DeleteDocumentResponse(message="Document deleted successfully")

    async def _shown(self, document: Document) -> messages.Document:
        summary = item.document_summary(document)
        return messages.Document(
            id=summary.id,
            file_name=summary.file_name,
            name=summary.name,
            notes=summary.notes,
            is_updating=summary.is_updating,
            extracted_content=map(item.extracted, await self._references.of_document(document)),
            last_error=item.last_error(document),
        )

    def _place(self, request: Any) -> str:
        """Return the dataset which a request names."""
        return self._knowledgebases.place(
            caller(), knowledgebase_id=request.knowledgebase_id, agent_id=request.agent_id
        ).id
