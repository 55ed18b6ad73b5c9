"""Documents and their chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowflow._sync.transport import Transport
from knowflow.requests import PAGE_SIZE, Progress, listed, struct_of, upload_pieces, value_of
from knowflow.v1 import chunk_service_pb2, document_service_pb2
from knowflow.v1.chunk_pb2 import Chunk
from knowflow.v1.chunk_service_pb2_grpc import ChunkServiceStub
from knowflow.v1.document_pb2 import Document
from knowflow.v1.document_service_pb2_grpc import DocumentServiceStub


class Documents:
    """Documents: upload files, follow their parsing, fetch them back."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stub = transport.stub(DocumentServiceStub)
        self._chunks = transport.stub(ChunkServiceStub)

    def upload(
        self, dataset_id: str, paths: Sequence[str | Path], *, on_progress: Progress | None = None
    ) -> Sequence[Document]:
        """Upload files, and return their documents in the same order. Nothing is parsed yet.

        Args:
            dataset_id: Where they go.
            paths: The files.
            on_progress: Called with the bytes sent so far and the bytes of all files.

        Raises:
            OSError: A file cannot be read; then none is sent.
        """
        pieces = upload_pieces(dataset_id, [Path(path) for path in paths], on_progress)
        answer = self._transport.call(self._stub.UploadFiles, pieces, timeout_s=3600)
        return list(answer.data)

    def list(self, dataset_id: str, *, keywords: str | None = None) -> Iterator[Document]:
        """Yield the documents of a dataset, newest first, those whose name holds a text when one is given."""
        request = document_service_pb2.ListDocumentsRequest(
            dataset_id=dataset_id, page_size=PAGE_SIZE, keywords=keywords
        )
        return self._transport.pages(
            self._stub.ListDocuments, request, lambda answer: (answer.data.documents, answer.data.total)
        )

    def get(self, dataset_id: str, document_id: str) -> Document:
        """Return a document."""
        request = document_service_pb2.ListDocumentsRequest(dataset_id=dataset_id, id=document_id)
        answer = self._transport.call(self._stub.ListDocuments, request)
        found: Document = answer.data.documents[0]
        return found

    def update(
        self,
        dataset_id: str,
        document_id: str,
        *,
        name: str | None = None,
        chunk_method: str | None = None,
        parser_config: Mapping[str, Any] | None = None,
        meta_fields: Mapping[str, Any] | None = None,
    ) -> Document:
        """Change a document; what is None stays."""
        request = document_service_pb2.UpdateDocumentRequest(
            dataset_id=dataset_id,
            document_id=document_id,
            name=name,
            chunk_method=chunk_method,
            parser_config=struct_of(parser_config),
            meta_fields=None if meta_fields is None else value_of(dict(meta_fields)),
        )
        answer = self._transport.call(self._stub.UpdateDocument, request)
        changed: Document = answer.data
        return changed

    def delete(self, dataset_id: str, document_ids: Sequence[str]) -> None:
        """Delete documents with their chunks."""
        request = document_service_pb2.DeleteDocumentsRequest(dataset_id=dataset_id, ids=listed(document_ids))
        self._transport.call(self._stub.DeleteDocuments, request)

    def download(self, dataset_id: str, document_id: str) -> Iterator[bytes]:
        """Yield a file as it was uploaded, in pieces of up to 1 MiB."""
        request = document_service_pb2.DownloadDocumentRequest(dataset_id=dataset_id, document_id=document_id)
        for piece in self._transport.stream(self._stub.DownloadDocument, request):
            yield piece.data

    def parse(self, dataset_id: str, document_ids: Sequence[str]) -> None:
        """Have documents parsed, in the background; see `watch` and `wait`."""
        request = chunk_service_pb2.ParseOrCreateChunkRequest(dataset_id=dataset_id, document_ids=document_ids)
        self._transport.call(self._chunks.ParseOrCreateChunk, request)

    def stop(self, dataset_id: str, document_ids: Sequence[str]) -> None:
        """End the parsing of documents."""
        request = chunk_service_pb2.StopOrDeleteChunksRequest(dataset_id=dataset_id, document_ids=listed(document_ids))
        self._transport.call(self._chunks.StopOrDeleteChunks, request)

    def watch(self, dataset_id: str, document_id: str) -> Iterator[Document]:
        """Yield a document now and at each step of its parsing, until none runs."""
        request = document_service_pb2.WatchDocumentRequest(dataset_id=dataset_id, document_id=document_id)
        for message in self._transport.stream(self._stub.WatchDocument, request):
            yield message.document

    def wait(
        self, dataset_id: str, document_ids: Sequence[str], *, on_progress: Callable[[Document], None] | None = None
    ) -> Sequence[Document]:
        """Wait until documents are parsed, and return them; one that failed says why in `progress_msg`.

        Args:
            dataset_id: Their dataset.
            document_ids: The documents.
            on_progress: Called with a document at each step of its parsing.
        """
        finished: list[Document] = []
        for document_id in document_ids:
            last = None
            for last in self.watch(dataset_id, document_id):
                if on_progress is not None:
                    on_progress(last)
            if last is not None:
                finished.append(last)
        return finished


class Chunks:
    """Chunks: read them, write them by hand."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stub = transport.stub(ChunkServiceStub)

    def list(self, dataset_id: str, document_id: str, *, keywords: str | None = None) -> Iterator[Chunk]:
        """Yield the chunks of a document in the order of its text, those which hold words when some are given."""
        request = chunk_service_pb2.ListChunksRequest(
            dataset_id=dataset_id, document_id=document_id, page_size=PAGE_SIZE, keywords=keywords
        )
        return self._transport.pages(
            self._stub.ListChunks, request, lambda answer: (answer.data.chunks, answer.data.total)
        )

    def create(
        self,
        dataset_id: str,
        document_id: str,
        content: str,
        *,
        important_keywords: Sequence[str] = (),
        questions: Sequence[str] = (),
    ) -> str:
        """Add a chunk to a document, and return its id."""
        request = chunk_service_pb2.CreateChunkRequest(
            dataset_id=dataset_id,
            document_id=document_id,
            content=content,
            important_keywords=important_keywords,
            questions=questions,
        )
        answer = self._transport.call(self._stub.CreateChunk, request)
        chunk_id: str = answer.data.chunk_id
        return chunk_id

    def update(
        self,
        dataset_id: str,
        document_id: str,
        chunk_id: str,
        *,
        content: str | None = None,
        available: bool | None = None,
    ) -> None:
        """Change a chunk; what is None stays."""
        request = chunk_service_pb2.UpdateChunkRequest(
            dataset_id=dataset_id, document_id=document_id, chunk_id=chunk_id, content=content, available=available
        )
        self._transport.call(self._stub.UpdateChunk, request)

    def delete(self, dataset_id: str, document_id: str, chunk_ids: Sequence[str]) -> None:
        """Delete chunks of a document."""
        request = chunk_service_pb2.DeleteChunksRequest(
            dataset_id=dataset_id, document_id=document_id, chunk_ids=listed(chunk_ids)
        )
        self._transport.call(self._stub.DeleteChunks, request)
