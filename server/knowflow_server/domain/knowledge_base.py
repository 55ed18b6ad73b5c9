"""Knowledge bases: datasets as people know them who never heard of parsing; documents are parsed at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote, urlsplit

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.document import Documents
from knowflow_server.domain.file import CONTENT_TYPES, EXTENSIONS, check_name, extension, pieces_of
from knowflow_server.domain.outgoing import OutgoingError, OutgoingHttp, OutgoingRequest
from knowflow_server.domain.page import Page, PageRequest, newest
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.retrieval import Found, Query, Retrieval
from knowflow_server.domain.selection import only
from knowflow_server.errors.apps import DocumentUrlRefusedError
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.core import (
    DatasetNameExistsError,
    DatasetNotFoundError,
    DocumentNotFoundError,
    DocumentsNotFoundError,
    FileTooLargeError,
    FileTypeUnsupportedError,
)
from knowflow_server.store.entities import EntityStore

# What a text without a known extension is, and what answers of websites are by their media type.
TEXT = "txt"
TYPES = {
    **{kind: name for name, kind in CONTENT_TYPES.items()},
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": TEXT,
    "text/markdown": "md",
    "text/csv": "csv",
    "application/json": "json",
    "application/pdf": "pdf",
}


class KnowledgeBases:
    """The knowledge bases of all organizations; each method acts for one caller.

    Args:
        entities: Where datasets and documents are.
        datasets: The datasets.
        documents: Their documents.
        retrieval: Searches.
        outgoing: Fetches documents from addresses of users.
        max_file_bytes: Largest document.
    """

    def __init__(
        self,
        entities: EntityStore,
        datasets: Datasets,
        documents: Documents,
        retrieval: Retrieval,
        outgoing: OutgoingHttp,
        *,
        max_file_bytes: int,
    ) -> None:
        self._entities = entities
        self._datasets = datasets
        self._documents = documents
        self._retrieval = retrieval
        self._outgoing = outgoing
        self._max_file_bytes = max_file_bytes

    async def create(self, principal: Principal, *, name: str, description: str = "") -> Dataset:
        """Create a knowledge base and return it.

        Raises:
            DatasetNameExistsError, InvalidArgumentError: As their sentences say.
        """
        _refuse_blank(name)
        try:
            return await self._datasets.create(principal, name=name, description=description)
        except DatasetNameExistsError:
            raise _taken(name) from None

    def list(self, principal: Principal, page: PageRequest) -> Page[Dataset]:
        """Return one page of the caller's knowledge bases, newest first."""
        return newest(self._entities, Dataset, page, principal.organization_id)

    def get(self, principal: Principal, knowledge_base_id: str) -> Dataset:
        """Return a knowledge base, read-only.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
        """
        dataset = self._entities.get(Dataset, knowledge_base_id)
        if dataset is None or dataset.organization_id != principal.organization_id:
            raise DatasetNotFoundError(f"There is no knowledge base {knowledge_base_id}.", dataset_id=knowledge_base_id)
        return dataset

    async def update(self, principal: Principal, knowledge_base_id: str, **changes: Any) -> Dataset:
        """Change name or description of a knowledge base, and return it.

        Raises:
            DatasetNotFoundError, DatasetNameExistsError, InvalidArgumentError: As their sentences say.
        """
        present = self.get(principal, knowledge_base_id)
        if not changes:
            return present
        if "name" in changes:
            _refuse_blank(changes["name"])
        try:
            return await self._datasets.update(principal, knowledge_base_id, **changes)
        except DatasetNameExistsError:
            raise _taken(changes["name"]) from None

    async def delete(self, principal: Principal, knowledge_base_id: str) -> None:
        """Delete a knowledge base with its documents.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
        """
        self.get(principal, knowledge_base_id)
        await self._datasets.delete(principal, only(knowledge_base_id))

    async def add(
        self,
        principal: Principal,
        knowledge_base_id: str,
        *,
        name: str = "",
        content: str | None = None,
        url: str | None = None,
        data: bytes | None = None,
    ) -> Document:
        """Add a document, begin to parse it, and return it.

        Args:
            principal: The caller.
            knowledge_base_id: The knowledge base.
            name: File name.
            content: Its text.
            url: Where to fetch it.
            data: Its bytes; exactly one of the three is given.

        Raises:
            DatasetNotFoundError, DocumentUrlRefusedError, FileTypeUnsupportedError, FileNameInvalidError,
            FileTooLargeError, InvalidArgumentError: As their sentences say.
        """
        self.get(principal, knowledge_base_id)
        if sum(given is not None for given in (content, url, data)) != 1:
            raise InvalidArgumentError("Give exactly one of `content`, `url` and `bytes`.", field="content")
        if url is not None:
            name, data = await self._fetched(url, name.strip())
        elif not name.strip():
            raise InvalidArgumentError("`name` is required.", field="name")
        elif content is not None:
            if not content.strip():
                raise InvalidArgumentError("`content` is blank.", field="content")
            name, data = _with_extension(name.strip(), TEXT), content.encode(errors="replace")
        name = check_name(name)
        if extension(name) not in EXTENSIONS:
            raise FileTypeUnsupportedError(f"{name}: This type of file is not supported.", names=name)
        if data is None or len(data) > self._max_file_bytes:
            raise FileTooLargeError(limit_bytes=self._max_file_bytes)
        draft = await self._documents.receive(name, pieces_of(data))
        draft = replace(draft, url=url or "")
        [document] = await self._documents.add(principal, knowledge_base_id, [draft], parse=True)
        return document

    def documents(self, principal: Principal, knowledge_base_id: str, page: PageRequest) -> Page[Document]:
        """Return one page of the documents of a knowledge base with their live progress, newest first.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
        """
        self.get(principal, knowledge_base_id)
        return self._documents.newest(principal, knowledge_base_id, page)

    def document(self, principal: Principal, knowledge_base_id: str, document_id: str) -> Document:
        """Return a document with its live progress.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: They do not exist for the caller.
        """
        self.get(principal, knowledge_base_id)
        try:
            return self._documents.get(principal, knowledge_base_id, document_id)
        except DocumentNotFoundError:
            raise _no_document(document_id) from None

    async def remove(self, principal: Principal, knowledge_base_id: str, document_id: str) -> None:
        """Delete a document with its chunks.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: They do not exist for the caller.
        """
        self.document(principal, knowledge_base_id, document_id)
        try:
            await self._documents.delete(principal, knowledge_base_id, only(document_id))
        except DocumentsNotFoundError:
            # Somebody else was faster.
            raise _no_document(document_id) from None

    async def search(
        self, principal: Principal, knowledge_base_id: str, query: str, *, limit: int, threshold: float
    ) -> Found:
        """Return the chunks that are closest to a query, best first.

        Raises:
            DatasetNotFoundError: It does not exist for the caller.
            InvalidArgumentError: The query is blank.
            ModelUnavailableError: The embedding model failed.
        """
        self.get(principal, knowledge_base_id)
        if not query.strip():
            raise InvalidArgumentError("`query` is blank.", field="query")
        return await self._retrieval.retrieve(
            principal, Query(query, threshold=threshold), PageRequest(1, limit), dataset_ids=[knowledge_base_id]
        )

    async def _fetched(self, url: str, name: str) -> tuple[str, bytes]:
        """Return name and bytes of what is at an address; nothing else of what it answers is told."""
        try:
            answer = await self._outgoing.request(OutgoingRequest("GET", url))
        except OutgoingError as error:
            raise DocumentUrlRefusedError(f"`url` cannot be fetched: {error.sentence}", field="url") from None
        if not 200 <= answer.status < 300 or not answer.body:
            raise DocumentUrlRefusedError("`url` cannot be fetched: there is no document at this address.", field="url")
        place = urlsplit(url)
        name = name or unquote(PurePath(place.path).name) or place.hostname or "page"
        kind = TYPES.get(answer.content_type, "")
        # The extension decides how a document is read, and pages are called anything.
        if kind == "html" and extension(name) not in {"html", "htm"}:
            name = f"{name}.html"
        return _with_extension(name, kind or TEXT), answer.body


def _with_extension(name: str, default: str) -> str:
    return name if extension(name) in EXTENSIONS else f"{name}.{default}"


def _refuse_blank(name: str) -> None:
    if not name.strip():
        raise InvalidArgumentError("`name` is required.", field="name")


def _taken(name: str) -> DatasetNameExistsError:
    name = name.strip()
    return DatasetNameExistsError(f"There is a knowledge base with the name '{name}' already.", name=name)


def _no_document(document_id: str) -> DocumentNotFoundError:
    return DocumentNotFoundError(f"There is no document {document_id}.", document_id=document_id)
