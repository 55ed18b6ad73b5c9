"""Chunks on the core surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.struct_pb2 import ListValue

from knowflow.store.v1 import chunk_pb2 as store
from knowflow.store.v1.document_pb2 import Document
from knowflow.v1 import chunk_pb2, chunk_service_pb2, chunk_service_pb2_grpc
from knowflow_server.domain import free_json, tags
from knowflow_server.domain.chunk import Chunks
from knowflow_server.domain.document import Documents
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.parser_config import struct
from knowflow_server.domain.selection import repeated, selection_of
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowflow import document as document_view
from knowflow_server.rpc.times import iso

PAGE_SIZE = 1024


def list_value(items: Sequence[Any]) -> ListValue:
    """Return values as a JSON list."""
    message = ListValue()
    message.extend(items)
    return message


def positions(record: store.Chunk) -> list[ListValue]:
    """Return the positions of a chunk as JSON lists."""
    return [list_value(list(position.values)) for position in record.positions]


def view(record: store.Chunk, document: Document) -> chunk_pb2.Chunk:
    """Return a chunk as this surface shows it."""
    return chunk_pb2.Chunk(
        id=record.id,
        content=record.content,
        important_keywords=record.important_keywords,
        questions=record.questions,
        positions=positions(record),
        page_number=record.page_number,
        available=record.available,
        document_id=record.document_id,
        doc_id=record.document_id,
        document_name=document.name,
        docnm_kwd=document.name,
        dataset_id=record.dataset_id,
        token_count=record.token_count,
        created_at=iso(record.created_at),
        create_time=iso(record.created_at),
        create_timestamp=record.created_at / 1_000_000,
        headings=record.headings,
        parent_id=record.parent_id,
        child_count=record.child_count,
        tag_kwd=record.important_keywords if document.chunk_method == "tag" else (),
        tag_feas=struct(tags.read(record.tag_feas)) if record.tag_feas else None,
        fields=record.fields if record.HasField("fields") else None,
    )


def _texts(request: chunk_service_pb2.UpdateChunkRequest, field: str) -> list[str] | None:
    """Return a list of texts, or None when the field is absent or null.

    Raises:
        InvalidArgumentError: The field is no list, or an item is no text.
    """
    items: Any = free_json.values(getattr(request, field), field) if request.HasField(field) else None
    if items is None:
        return None
    if not isinstance(items, list):
        raise InvalidArgumentError(f"`{field}` should be a list", field=field)
    if not all(isinstance(item, str) for item in items):
        raise InvalidArgumentError(f"`{field}` should be a list of strings", field=field)
    return list(items)


class ChunkService(chunk_service_pb2_grpc.ChunkServiceServicer):
    """Answers for chunks."""

    def __init__(self, chunks: Chunks, documents: Documents) -> None:
        self._chunks = chunks
        self._documents = documents

    async def ParseOrCreateChunk(
        self, request: chunk_service_pb2.ParseOrCreateChunkRequest, context: Any
    ) -> chunk_service_pb2.ParseOrCreateChunkResponse:
        """Start parsing, or create a chunk: the request shows which."""
        creates = (request.HasField("content") or request.HasField("document_id")) and not request.document_ids
        data = await (self._create(request) if creates else self._parse(request))
        return chunk_service_pb2.ParseOrCreateChunkResponse(code=0, data=data)

    async def _create(
        self, request: chunk_service_pb2.ParseOrCreateChunkRequest
    ) -> chunk_service_pb2.ParseOrCreateChunkResult:
        if not request.document_id:
            raise InvalidArgumentError("`document_id` is required", field="document_id")
        chunk = await self._new(request)
        return chunk_service_pb2.ParseOrCreateChunkResult(chunk_id=chunk.id, chunk=chunk)

    async def _parse(
        self, request: chunk_service_pb2.ParseOrCreateChunkRequest
    ) -> chunk_service_pb2.ParseOrCreateChunkResult:
        twice = repeated(request.document_ids, "document_ids")
        started = await self._documents.start_parsing(caller(), request.dataset_id, request.document_ids)
        errors = list_value([f"Duplicate document ids: {identifier}" for identifier in twice]) if twice else None
        return chunk_service_pb2.ParseOrCreateChunkResult(
            message="Parsing triggered successfully", success_count=started, errors=errors
        )

    async def _new(
        self, request: chunk_service_pb2.ParseOrCreateChunkRequest | chunk_service_pb2.CreateChunkRequest
    ) -> chunk_pb2.Chunk:
        record = await self._chunks.create(
            caller(),
            request.dataset_id,
            request.document_id,
            content=request.content,
            important_keywords=request.important_keywords,
            questions=request.questions,
        )
        return view(record, self._documents.get(caller(), request.dataset_id, request.document_id))

    async def StopOrDeleteChunks(
        self, request: chunk_service_pb2.StopOrDeleteChunksRequest, context: Any
    ) -> chunk_service_pb2.StopOrDeleteChunksResponse:
        """Delete chunks of a dataset, or stop parsing: the request shows which."""
        documents, chunks = selection_of(request, "document_ids"), selection_of(request, "chunk_ids")
        if documents.given:
            await self._documents.stop_parsing(caller(), request.dataset_id, documents.ids)
            return chunk_service_pb2.StopOrDeleteChunksResponse(
                code=0, data=document_view.bulk_result(documents, "document")
            )
        if not chunks.given:
            raise InvalidArgumentError("`document_ids` is required", field="document_ids")
        await self._chunks.delete(caller(), request.dataset_id, None, chunks.ids)
        return chunk_service_pb2.StopOrDeleteChunksResponse(code=0, data=document_view.bulk_result(chunks, "chunk"))

    async def CreateChunk(
        self, request: chunk_service_pb2.CreateChunkRequest, context: Any
    ) -> chunk_service_pb2.CreateChunkResponse:
        """Create a chunk."""
        chunk = await self._new(request)
        return chunk_service_pb2.CreateChunkResponse(
            code=0, data=chunk_service_pb2.CreatedChunk(chunk=chunk, chunk_id=chunk.id)
        )

    async def ListChunks(
        self, request: chunk_service_pb2.ListChunksRequest, context: Any
    ) -> chunk_service_pb2.ListChunksResponse:
        """List chunks."""
        number, size = request.page or 1, request.page_size or PAGE_SIZE
        document = self._documents.get(caller(), request.dataset_id, request.document_id)
        page = await self._chunks.list(
            caller(),
            request.dataset_id,
            request.document_id,
            PageRequest(number, size),
            keywords=request.keywords,
            identifier=request.id,
            parent_id=request.parent_id,
        )
        data = chunk_service_pb2.ChunkPage(
            chunks=[view(record, document) for record in page.items],
            doc=document_view.view(document),
            total=page.total,
            page=number,
            page_size=size,
        )
        return chunk_service_pb2.ListChunksResponse(code=0, data=data)

    async def UpdateChunk(
        self, request: chunk_service_pb2.UpdateChunkRequest, context: Any
    ) -> chunk_service_pb2.UpdateChunkResponse:
        """Change a chunk."""
        await self._chunks.update(
            caller(),
            request.dataset_id,
            request.document_id,
            request.chunk_id,
            content=request.content if request.HasField("content") else None,
            important_keywords=_texts(request, "important_keywords"),
            questions=_texts(request, "questions"),
            available=request.available if request.HasField("available") else None,
        )
        return chunk_service_pb2.UpdateChunkResponse(code=0)

    async def DeleteChunks(
        self, request: chunk_service_pb2.DeleteChunksRequest, context: Any
    ) -> chunk_service_pb2.DeleteChunksResponse:
        """Delete chunks of a document."""
        selection = selection_of(request, "chunk_ids")
        await self._chunks.delete(caller(), request.dataset_id, request.document_id, selection.ids)
        return chunk_service_pb2.DeleteChunksResponse(code=0, data=document_view.bulk_result(selection, "chunk"))
