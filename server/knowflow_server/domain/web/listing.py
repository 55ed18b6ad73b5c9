"""Lists of webpages and files, and what else both need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.selection import Selection

SORT_FIELDS = {"createdAt": "created_at", "updatedAt": "updated_at"}


def sorted_page(documents: Iterable[Document], page: PageRequest, *, sort_by: str, desc: bool) -> Page[Document]:
    """Return one page of documents.

    Args:
        documents: All of them.
        page: Which page.
        sort_by: `name`, `createdAt` or `updatedAt`.
        desc: Whether the last name, or the newest, comes first.
    """

    def key(document: Document) -> tuple[str | int, str]:
        if sort_by == "name":
            return (document.title or document.name).casefold(), document.id
        return getattr(document, SORT_FIELDS[sort_by]), document.id

    return page_of(sorted(documents, key=key, reverse=desc), page)


def one(identifier: str) -> Selection:
    """Return the selection of one thing."""
    return Selection(given=True, everything=False, ids=(identifier,), duplicates=())


def milliseconds_iso(microseconds: int) -> str:
    """Return a time as ISO 8601 in UTC with milliseconds. Example: `2024-01-16T10:00:00.000Z`."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
