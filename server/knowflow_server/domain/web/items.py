"""What webpages and files of knowledge bases share: each sort is the documents of one kind."""

from __future__ import annotations

from typing import ClassVar

from knowflow.store.v1.document_pb2 import Document, DocumentKind
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.document import Documents
from knowflow_server.domain.page import Page, PageRequest, sorted_page
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import only
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.core import DocumentsNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


def display_name(document: Document) -> str:
    """Return the name of a document for people: the one they gave it, the title of its page, or its file name."""
    return document.title or document.page_title or document.name


class Items:
    """The documents of one kind of all organizations; each method acts for one caller.

    Args:
        entities: Documents and datasets.
        documents: Deletes them.
        clock: The time.
    """

    kind: ClassVar[DocumentKind]

    def __init__(self, entities: EntityStore, documents: Documents, clock: Clock) -> None:
        self._entities = entities
        self._documents = documents
        self._clock = clock

    @staticmethod
    def not_found(identifier: str) -> KnowFlowError:
        """Return the error for one that does not exist for the caller."""
        raise NotImplementedError

    def list(
        self, principal: Principal, dataset_id: str, page: PageRequest, *, sort_by: str = "createdAt", desc: bool = True
    ) -> Page[Document]:
        """Return one page of the items of a dataset, read-only.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            page: Which page.
            sort_by: `name`, `createdAt` or `updatedAt`.
            desc: Whether the last name, or the newest, comes first.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
        """
        owned(self._entities, principal, dataset_id)
        every = self._entities.children(Document, principal.organization_id, dataset_id)
        found = (document for document in every if document.kind == self.kind)
        return sorted_page(found, page, sort_by=sort_by, desc=desc, name=display_name)

    def get(self, principal: Principal, dataset_id: str, identifier: str) -> Document:
        """Return an item, read-only.

        Raises:
            DatasetNotFoundError, WebpageNotFoundError, DocumentNotFoundError: It does not exist for the caller.
        """
        return self._of(self._entities, principal, dataset_id, identifier)

    async def delete(self, principal: Principal, dataset_id: str, identifier: str) -> None:
        """Delete an item with all that was found in it.

        Raises:
            DatasetNotFoundError, WebpageNotFoundError, DocumentNotFoundError: It does not exist for the caller.
        """
        self.get(principal, dataset_id, identifier)
        try:
            await self._documents.delete(principal, dataset_id, only(identifier))
        except DocumentsNotFoundError:
            # Somebody else was faster.
            raise self.not_found(identifier) from None

    def _of(
        self, entities: EntityStore | Transaction, principal: Principal, dataset_id: str, identifier: str
    ) -> Document:
        owned(entities, principal, dataset_id)
        document = entities.get(Document, identifier)
        if document is None or document.dataset_id != dataset_id or document.kind != self.kind:
            raise self.not_found(identifier)
        return document

    def _edit(
        self,
        transaction: Transaction,
        principal: Principal,
        dataset_id: str,
        identifier: str,
        *,
        name: str | None,
        notes: str | None,
    ) -> Document:
        """Change what people read of an item, and return it; what is None stays."""
        document = transaction.edit(self._of(transaction, principal, dataset_id, identifier))
        if name is not None:
            document.title = name.strip()
        if notes is not None:
            document.notes = notes
        document.updated_at = microseconds(self._clock)
        return document
