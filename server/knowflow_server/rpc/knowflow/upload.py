"""Uploads: files stream from the caller to the blob store, and become documents together at the end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

from knowflow.store.v1.document_pb2 import Document
from knowflow.v1 import document_service_pb2
from knowflow_server.domain import parser_config
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.document import Documents
from knowflow_server.domain.file import EXTENSIONS, FileDraft, check_name, extension
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import (
    FileMissingError,
    FileTooLargeError,
    FileTypeUnsupportedError,
    UploadMalformedError,
)
from knowflow_server.rpc.body import CUT, Form, Part

MAX_FILES = 1_000
METHODS_SENTENCE = (
    "Input should be 'naive', 'book', 'email', 'laws', 'manual', 'one', 'paper', 'picture', 'presentation', 'qa', "
    "'table' or 'tag'; 'smart' is accepted, too"
)


@dataclass(slots=True)
class _Upload:
    """What has arrived so far."""

    files: list[FileDraft] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    chunk_method: str | None = None
    config: dict[str, Any] | None = None


def checked_method(value: str) -> str | None:
    """Return a chunking method given as form text; empty means none.

    Raises:
        InvalidArgumentError: There is no such method.
    """
    method = value.strip()
    if method and method not in parser_config.DEFAULTS:
        raise InvalidArgumentError(
            parser_config.field_sentence("parser_id", METHODS_SENTENCE, value), field="parser_id"
        )
    return method or None


def checked_config(text: str) -> dict[str, Any] | None:
    """Return a parser configuration given as JSON text; blank means none.

    Raises:
        InvalidArgumentError: It is no JSON object, or a member is wrong.
    """
    if not text.strip():
        return None
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise InvalidArgumentError("`parser_config` must be a JSON string of an object", field="parser_config")
    parser_config.validate(config)
    return config


class Uploads:
    """Receives uploads.

    Args:
        datasets: Tells whether the dataset is the caller's before any byte is kept.
        documents: Keeps the files.
        max_file_bytes: Largest file.
    """

    def __init__(self, datasets: Datasets, documents: Documents, *, max_file_bytes: int) -> None:
        self._datasets = datasets
        self._documents = documents
        self._max_file_bytes = max_file_bytes

    async def multipart(
        self, principal: Principal, requests: AsyncIterator[document_service_pb2.UploadDocumentsRequest]
    ) -> list[Document]:
        """Receive multipart form data, and return the new documents."""
        first = await anext(requests, None)
        if first is None:
            raise UploadMalformedError("The upload is empty.")
        self._datasets.get(principal, first.dataset_id)
        if not first.body.data and not first.body.content_type.startswith("multipart/form-data"):
            raise FileMissingError

        async def pieces() -> AsyncIterator[bytes]:
            yield first.body.data
            async for request in requests:
                yield request.body.data

        upload = _Upload()
        try:
            async for part in Form(first.body.content_type, pieces()).parts():
                await self._take(upload, part)
        except BaseException:
            await self._documents.discard(upload.files)
            raise
        return await self._finish(principal, first.dataset_id, upload)

    async def typed(
        self, principal: Principal, requests: AsyncIterator[document_service_pb2.UploadFilesRequest]
    ) -> list[Document]:
        """Receive typed messages, and return the new documents."""
        first = await anext(requests, None)
        if first is None or first.WhichOneof("piece") != "dataset_id":
            raise UploadMalformedError("The first message of an upload must carry `dataset_id`.")
        self._datasets.get(principal, first.dataset_id)
        upload = _Upload()
        try:
            header = await anext(requests, None)
            while header is not None:
                header = await self._typed_file(upload, header, requests)
        except BaseException:
            await self._documents.discard(upload.files)
            raise
        return await self._finish(principal, first.dataset_id, upload)

    async def _typed_file(
        self,
        upload: _Upload,
        header: document_service_pb2.UploadFilesRequest,
        requests: AsyncIterator[document_service_pb2.UploadFilesRequest],
    ) -> document_service_pb2.UploadFilesRequest | None:
        """Receive one file, and return the message after it."""
        if header.WhichOneof("piece") != "file":
            raise UploadMalformedError("A file must begin with a message that carries `file`.")
        config = parser_config.plain(header.file.parser_config) or None
        parser_config.validate(config or {})
        method = checked_method(header.file.parser_id)
        following: list[document_service_pb2.UploadFilesRequest] = []

        async def pieces() -> AsyncIterator[bytes]:
            async for request in requests:
                if request.WhichOneof("piece") != "data":
                    following.append(request)
                    return
                yield request.data

        await self._receive(upload, header.file.name, pieces(), method=method, config=config)
        if header.file.HasField("size") and upload.files and upload.files[-1].size != header.file.size:
            raise UploadMalformedError(CUT)
        return following[0] if following else None

    async def _take(self, upload: _Upload, part: Part) -> None:
        if part.filename is not None and part.name == "file":
            await self._receive(upload, part.filename, part.pieces())
        elif part.name in {"parser_id", "chunk_method"}:
            upload.chunk_method = checked_method(await part.text())
        elif part.name == "parser_config":
            upload.config = checked_config(await part.text())

    async def _receive(
        self,
        upload: _Upload,
        filename: str,
        pieces: AsyncIterator[bytes],
        *,
        method: str | None = None,
        config: dict[str, Any] | None = None,
    ) -> None:
        name = check_name(filename)
        if len(upload.files) >= MAX_FILES:
            raise UploadMalformedError(f"An upload should have at most {MAX_FILES} files; send the others in another.")
        if extension(name) not in EXTENSIONS:
            upload.refused.append(name)
            async for _ in pieces:
                pass
            return
        file = await self._documents.receive(name, self._limited(pieces))
        upload.files.append(replace(file, chunk_method=method, config=config))

    async def _limited(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        size = 0
        async for piece in pieces:
            size += len(piece)
            if size > self._max_file_bytes:
                raise FileTooLargeError(limit_bytes=self._max_file_bytes)
            yield piece

    async def _finish(self, principal: Principal, dataset_id: str, upload: _Upload) -> list[Document]:
        if not upload.files and not upload.refused:
            raise FileMissingError
        records: list[Document] = []
        if upload.files:
            # Fields of a form are for all its files, wherever they stand in it.
            files = [
                replace(
                    file, chunk_method=file.chunk_method or upload.chunk_method, config=file.config or upload.config
                )
                for file in upload.files
            ]
            records = await self._documents.add(principal, dataset_id, files)
        if upload.refused:
            lines = [f"{name}: This type of file has not been supported yet!" for name in upload.refused]
            raise FileTypeUnsupportedError("\n".join(lines), names=",".join(upload.refused))
        return records
