"""Files of knowledge bases: documents whose questions and answers become references."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_UNSPECIFIED, Document
from knowflow_server.domain.document import Documents
from knowflow_server.domain.file import EXTENSIONS, FileDraft, check_name, extension
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.web.items import Items
from knowflow_server.errors.core import DocumentNotFoundError, FileTooLargeError, FileTypeUnsupportedError
from knowflow_server.store.entities import EntityStore


class KnowledgeFiles(Items):
    """The files of all organizations; each method acts for one caller.

    Args:
        entities: Documents and datasets.
        documents: Keeps and deletes them.
        clock: The time.
        max_file_bytes: Largest file.
    """

    kind = DOCUMENT_KIND_UNSPECIFIED

    def __init__(self, entities: EntityStore, documents: Documents, clock: Clock, *, max_file_bytes: int) -> None:
        super().__init__(entities, documents, clock)
        self._max_file_bytes = max_file_bytes

    @staticmethod
    def not_found(identifier: str) -> DocumentNotFoundError:
        """Return the error for a file that does not exist for the caller."""
        return DocumentNotFoundError("Document not found", document_id=identifier)

    async def receive(self, filename: str, pieces: AsyncIterator[bytes]) -> FileDraft:
        """Stream the bytes of a file to the store; when they stop coming, nothing is kept.

        Raises:
            FileMissingError, FileNameInvalidError, FileTypeUnsupportedError, FileTooLargeError: As their sentences say.
        """
        name = check_name(filename)
        if extension(name) not in EXTENSIONS:
            raise FileTypeUnsupportedError(f"{name}: This type of file has not been supported yet!", names=name)
        return await self._documents.receive(name, self._limited(pieces))

    async def discard(self, file: FileDraft) -> None:
        """Remove the bytes of a file which becomes no document."""
        await self._documents.discard([file])

    async def add(
        self, principal: Principal, dataset_id: str, file: FileDraft, *, name: str = "", notes: str = ""
    ) -> Document:
        """Make a document of a file that was received, ask for its parsing, and return it.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            file: The file.
            name: Name for people; empty means the file name.
            notes: Notes for people.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller; the bytes are removed.
        """
        draft = replace(file, title=name.strip(), notes=notes, extracts_references=True)
        [document] = await self._documents.add(principal, dataset_id, [draft])
        return document

    async def update(
        self,
        principal: Principal,
        dataset_id: str,
        document_id: str,
        *,
        name: str | None = None,
        notes: str | None = None,
    ) -> Document:
        """Change what people read of a file, and return it; what is None stays.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError: It does not exist for the caller.
        """
        return await self._entities.transact(
            lambda transaction: self._edit(transaction, principal, dataset_id, document_id, name=name, notes=notes)
        )

    async def _limited(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        size = 0
        async for piece in pieces:
            size += len(piece)
            if size > self._max_file_bytes:
                raise FileTooLargeError(limit_bytes=self._max_file_bytes)
            yield piece
