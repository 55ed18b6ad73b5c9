"""Documents on the core surface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from google.api import httpbody_pb2

from knowflow.store.v1 import document_pb2 as store
from knowflow.v1 import document_pb2, document_service_pb2, document_service_pb2_grpc
from knowflow_server.domain import free_json, parser_config
from knowflow_server.domain.document import RUN_NAMES, Documents
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.selection import Selection, selection_of
from knowflow_server.rpc.call import caller, current
from knowflow_server.rpc.knowflow.upload import Uploads
from knowflow_server.rpc.times import iso, milliseconds, rfc1123

PAGE_SIZE = 30
# A reader on the other side takes messages of up to 4 MiB by default.
DOWNLOAD_PIECE = 1024 * 1024
STATUSES = {
    store.PARSE_STATE_UNSTARTED: "UNSTART",
    store.PARSE_STATE_RUNNING: "0",
    store.PARSE_STATE_CANCELLED: "UNSTART",
    store.PARSE_STATE_SUCCEEDED: "1",
    store.PARSE_STATE_FAILED: "2",
}
READ_ONLY = ("chunk_count", "token_count", "progress")


def view(record: store.Document) -> document_pb2.Document:
    """Return a document as this surface shows it."""
    return document_pb2.Document(
        id=record.id,
        name=record.name,
        location=record.name,
        size=record.size,
        type=record.content_type,
        dataset_id=record.dataset_id,
        chunk_method=record.chunk_method,
        parser_id=record.chunk_method,
        parser_config=record.parser_config if record.HasField("parser_config") else None,
        meta_fields=record.meta_fields,
        status=STATUSES[record.state],
        run=RUN_NAMES[record.state],
        progress=round(record.progress, 1),
        progress_msg=record.progress_message,
        process_begin_at=iso(record.process_begin_at) if record.process_begin_at else None,
        process_duration=record.process_duration,
        chunk_count=record.chunk_count,
        token_count=record.token_count,
        source_type="local",
        created_by=record.organization_id,
        sha256=record.sha256,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
        create_time=milliseconds(record.created_at),
        update_time=milliseconds(record.updated_at),
        create_date=rfc1123(record.created_at),
        update_date=rfc1123(record.updated_at),
    )


def bulk_result(selection: Selection, thing: str) -> document_service_pb2.BulkResult | None:
    """Return what to say of a list which named things twice, or None."""
    if not selection.duplicates:
        return None
    errors = [f"Duplicate {thing} ids: {identifier}" for identifier in selection.duplicates]
    return document_service_pb2.BulkResult(success_count=len(selection.ids), errors=errors)


class DocumentService(document_service_pb2_grpc.DocumentServiceServicer):
    """Answers for documents."""

    def __init__(self, documents: Documents, uploads: Uploads) -> None:
        self._documents = documents
        self._uploads = uploads

    async def UploadDocuments(
        self, request_iterator: AsyncIterator[document_service_pb2.UploadDocumentsRequest], context: Any
    ) -> document_service_pb2.UploadDocumentsResponse:
        """Take files as multipart form data."""
        records = await self._uploads.multipart(caller(), request_iterator)
        return document_service_pb2.UploadDocumentsResponse(code=0, message="success", data=map(view, records))

    async def UploadFiles(
        self, request_iterator: AsyncIterator[document_service_pb2.UploadFilesRequest], context: Any
    ) -> document_service_pb2.UploadFilesResponse:
        """Take files as typed messages."""
        return document_service_pb2.UploadFilesResponse(
            data=map(view, await self._uploads.typed(caller(), request_iterator))
        )

    async def ListDocuments(
        self, request: document_service_pb2.ListDocumentsRequest, context: Any
    ) -> document_service_pb2.ListDocumentsResponse:
        """List documents."""
        number, size = request.page or 1, request.page_size or PAGE_SIZE
        page = self._documents.list(
            caller(),
            request.dataset_id,
            PageRequest(number, size),
            identifier=request.id,
            name=request.name,
            keywords=request.keywords,
            states=request.run,
            created_from=request.create_time_from,
            created_to=request.create_time_to,
            orderby=request.orderby or "create_time",
            desc=request.desc if request.HasField("desc") else True,
        )
        items = [view(record) for record in page.items]
        data = document_service_pb2.DocumentPage(
            documents=items, docs=items, total=page.total, page=number, page_size=size
        )
        return document_service_pb2.ListDocumentsResponse(code=0, data=data)

    async def DownloadDocument(
        self, request: document_service_pb2.DownloadDocumentRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Send a file."""
        record = self._documents.get(caller(), request.dataset_id, request.document_id)
        current().headers.extend(
            (
                ("content-disposition", f"attachment; filename*=UTF-8''{quote(record.name)}"),
                # A page that was uploaded must not run as one of ours.
                ("x-content-type-options", "nosniff"),
                ("x-rest-content-length", str(record.size)),
            )
        )
        if not record.size:
            yield httpbody_pb2.HttpBody(content_type=record.content_type)
        async for piece in self._documents.read(record):
            for start in range(0, len(piece), DOWNLOAD_PIECE):
                yield httpbody_pb2.HttpBody(
                    content_type=record.content_type, data=piece[start : start + DOWNLOAD_PIECE]
                )

    async def UpdateDocument(
        self, request: document_service_pb2.UpdateDocumentRequest, context: Any
    ) -> document_service_pb2.UpdateDocumentResponse:
        """Change a document."""
        record = await self._documents.update(
            caller(),
            request.dataset_id,
            request.document_id,
            name=request.name if request.HasField("name") else None,
            chunk_method=request.chunk_method or request.parser_id or None,
            config=parser_config.plain(request.parser_config) if request.HasField("parser_config") else None,
            meta_fields=free_json.values(request.meta_fields, "meta_fields")
            if request.HasField("meta_fields")
            else None,
            read_only={field: getattr(request, field) for field in READ_ONLY if request.HasField(field)},
        )
        return document_service_pb2.UpdateDocumentResponse(code=0, data=view(record))

    async def DeleteDocuments(
        self, request: document_service_pb2.DeleteDocumentsRequest, context: Any
    ) -> document_service_pb2.DeleteDocumentsResponse:
        """Delete documents."""
        selection = await self._documents.delete(caller(), request.dataset_id, selection_of(request, "ids"))
        return document_service_pb2.DeleteDocumentsResponse(code=0, data=bulk_result(selection, "document"))

    async def WatchDocument(
        self, request: document_service_pb2.WatchDocumentRequest, context: Any
    ) -> AsyncIterator[document_service_pb2.WatchDocumentResponse]:
        """Send a document at each step of its parsing."""
        async for record in self._documents.watch(caller(), request.dataset_id, request.document_id):
            yield document_service_pb2.WatchDocumentResponse(document=view(record))
