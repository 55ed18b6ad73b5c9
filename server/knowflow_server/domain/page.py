"""Pages of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message

from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import age

T = TypeVar("T")
M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: `number` from 1, `size` items each.

    Args:
        number: Number of the page.
        size: Most items of a page.
        after: Creation time and id of the last item of the page before; it decides where it is given.
    """

    number: int
    size: int
    after: tuple[int, str] | None = None

    @property
    def offset(self) -> int:
        """Number of items before the page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The items of one page, and the number of items on all pages."""

    items: Sequence[T]
    total: int
    request: PageRequest


# By which fields of records people sort.
SORT_FIELDS = {"createdAt": "created_at", "updatedAt": "updated_at"}


def sorted_page(
    records: Iterable[T], request: PageRequest, *, sort_by: str, desc: bool, name: Callable[[T], str]
) -> Page[T]:
    """Return one page of records.

    Args:
        records: All of them.
        request: Which page.
        sort_by: `name`, `createdAt` or `updatedAt`.
        desc: Whether the last name, or the newest, comes first.
        name: Returns the name of a record, which sorts without regard to case.
    """

    def key(record: Any) -> tuple[str | int, str]:
        by = name(record).casefold() if sort_by == "name" else getattr(record, SORT_FIELDS[sort_by])
        return by, record.id

    return page_of(sorted(records, key=key, reverse=desc), request)


def page_of(items: Sequence[T], request: PageRequest) -> Page[T]:
    """Return one page of a list that is at hand."""
    return Page(items[request.offset : request.offset + request.size], len(items), request)


def page_by_age(records: Sequence[T], request: PageRequest) -> Page[T]:
    """Return one page of records that are at hand, oldest first; as `page_of`, and by the last record before it."""
    if request.after is None:
        return page_of(records, request)
    left = [record for record in records if age(record) > request.after]
    return Page(left[: request.size], len(records), request)


def newest(
    entities: EntityStore, message: type[M], request: PageRequest, organization_id: str, parent: str = ""
) -> Page[M]:
    """Return one page of the records of a kind under one parent, the newest first, read-only."""
    found, total = entities.page(
        message, organization_id, parent, offset=request.offset, size=request.size, after=request.after, desc=True
    )
    return Page(found, total, request)
