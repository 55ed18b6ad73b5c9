"""Files: their names and types, and what is known of one before it becomes a document."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_UNSPECIFIED, DocumentKind
from knowflow_server.errors.core import FileMissingError, FileNameInvalidError

MAX_NAME_BYTES = 255
PIECE_BYTES = 262_144

# Every type the documents name; a type without a reader yet fails at parsing, with its reason.
EXTENSIONS = frozenset(
    """
    pdf doc docx odt rtf txt log md markdown mdx html htm xls xlsx ods csv tsv ppt pptx odp json jsonl xml yaml yml
    toml ini eml msg epub png jpg jpeg gif bmp tif tiff webp py js ts tsx jsx java c h cc cpp hpp cs go rs rb php sh
    sql swift kt scala lua r dot pps xlsb ipynb
    """.split()  # noqa: SIM905 - a list of seventy quoted words reads worse
)
CONTENT_TYPES = {
    "md": "text/markdown",
    "markdown": "text/markdown",
    "mdx": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "jsonl": "application/jsonl",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "ipynb": "application/x-ipynb+json",
    "log": "text/plain",
}


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file whose bytes are in the blob store, or a webpage that is still to be read, about to become a document.

    Args:
        name: File name without folders.
        content_type: Media type.
        blob_id: Where the bytes are; empty for a webpage.
        size: Size in bytes.
        sha256: SHA-256 of the bytes, 64 hex digits.
        chunk_method: Chunking method; None means the dataset's.
        config: Parser configuration; None means the dataset's.
        url: Where it was fetched from; empty when its bytes were given.
        title: Name for people; empty means the file name.
        notes: Notes for people.
        extracts_references: Whether the document is parsed at once, and its questions and answers become references.
        kind: Where its text comes from.
    """

    name: str
    content_type: str
    blob_id: str
    size: int
    sha256: str
    chunk_method: str | None = None
    config: Mapping[str, Any] | None = None
    url: str = ""
    title: str = ""
    notes: str = ""
    extracts_references: bool = False
    kind: DocumentKind = DOCUMENT_KIND_UNSPECIFIED


def extension(name: str) -> str:
    """Return the extension of a file name in lower case, without its dot."""
    return PurePath(name).suffix.lower().removeprefix(".")


def content_type_of(name: str) -> str:
    """Return the media type which a file's extension stands for."""
    guess = CONTENT_TYPES.get(extension(name)) or mimetypes.guess_type(name)[0]
    return guess or "application/octet-stream"


async def pieces_of(content: bytes) -> AsyncIterator[bytes]:
    """Yield bytes that are at hand in pieces, between which others have their turn."""
    for start in range(0, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]


def check_name(name: str) -> str:
    """Return the name of an uploaded file without its folders.

    Raises:
        FileMissingError: There is no name.
        FileNameInvalidError: The name is too long, or holds characters no file name has.
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not base:
        raise FileMissingError("No file selected!")
    if len(base.encode()) > MAX_NAME_BYTES:
        raise FileNameInvalidError(name=base)
    if any(ord(character) < 32 for character in base) or base in {".", ".."}:
        raise FileNameInvalidError("File name must not hold control characters.", name=base)
    return base
