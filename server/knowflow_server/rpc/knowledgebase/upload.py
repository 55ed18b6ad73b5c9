"""Uploads on the surface of knowledge bases: one file, as JSON or as multipart form data."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from knowflow.knowledgebase.v1.document_service_pb2 import UploadDocumentRequest
from knowflow_server.domain.file import FileDraft, pieces_of
from knowflow_server.domain.web.file import KnowledgeFiles
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import FileMissingError, FileTooLargeError, UploadMalformedError
from knowflow_server.rpc.body import Form

# JSON is held in memory whole; larger files come as forms.
MAX_JSON_BYTES: Final = 64 * 1024 * 1024
MAX_LENGTHS: Final = {"name": 255, "notes": 5_000}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received, with what people call it."""

    file: FileDraft
    name: str
    notes: str


async def receive(
    files: KnowledgeFiles, first: UploadDocumentRequest, rest: AsyncIterator[UploadDocumentRequest]
) -> Upload:
    """Receive a document.

    Args:
        files: Keeps the bytes.
        first: The first message, which carries the content type.
        rest: The others.

    Raises:
        InvalidArgumentError, UploadMalformedError, FileMissingError, FileNameInvalidError, FileTypeUnsupportedError,
        FileTooLargeError: As their sentences say; nothing is kept then.
    """

    async def pieces() -> AsyncIterator[bytes]:
        yield first.body.data
        async for request in rest:
            yield request.body.data

    kind = first.body.content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _form(files, first.body.content_type, pieces())
    return await _json(files, pieces())


async def _form(files: KnowledgeFiles, content_type: str, pieces: AsyncIterator[bytes]) -> Upload:
    file: FileDraft | None = None
    texts = dict.fromkeys(MAX_LENGTHS, "")
    try:
        async for part in Form(content_type, pieces).parts():
            if part.name == "file" and part.filename is not None:
                _refuse_second(file)
                file = await files.receive(part.filename, part.pieces())
            elif part.name in texts:
                texts[part.name] = _text(part.name, await part.text())
    except BaseException:
        if file is not None:
            await files.discard(file)
        raise
    if file is None:
        raise FileMissingError
    return Upload(file, texts["name"], texts["notes"])


def _refuse_second(file: FileDraft | None) -> None:
    if file is not None:
        raise UploadMalformedError("One document is uploaded at a time; send the others in other calls.")


async def _json(files: KnowledgeFiles, pieces: AsyncIterator[bytes]) -> Upload:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > MAX_JSON_BYTES:
            raise FileTooLargeError(limit_bytes=MAX_JSON_BYTES)
    # Megabytes take their time.
    given = await asyncio.to_thread(_object, body)
    # What is read is not kept: the same megabytes are held often enough.
    body.clear()
    texts = {name: _text(name, given.get(name)) for name in MAX_LENGTHS}
    filename = _required(given, "fileName", "file_name", "File name is required")
    content = _required(given, "contentBase64", "content_base64", "Content is required")
    try:
        data = await asyncio.to_thread(base64.b64decode, content, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidArgumentError("Content must be base64", field="content_base64") from None
    return Upload(await files.receive(filename, pieces_of(data)), texts["name"], texts["notes"])


def _object(body: bytearray) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise UploadMalformedError("The body must be a JSON object, or multipart/form-data.")
    return given


def _required(given: dict[str, Any], name: str, field: str, sentence: str) -> str:
    value = given.get(name, given.get(field))
    if not isinstance(value, str) or not value.strip():
        raise InvalidArgumentError(sentence, field=field)
    return _sendable(value)


def _text(name: str, value: Any) -> str:
    """Return a text of the caller; none is an empty one.

    Raises:
        InvalidArgumentError: It is none, or too long.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{name.capitalize()} must be a string", field=name)
    if len(value) > MAX_LENGTHS[name]:
        raise InvalidArgumentError(f"{name.capitalize()} must be at most {MAX_LENGTHS[name]} characters", field=name)
    return _sendable(value)


def _sendable(text: str) -> str:
    """Return a text without halves of characters, which JSON can carry in and UTF-8 cannot carry out."""
    return text.encode(errors="replace").decode()
