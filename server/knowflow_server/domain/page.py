"""Pages of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: `number` from 1, `size` items each."""

    number: int
    size: int

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


def page_of(items: Sequence[T], request: PageRequest) -> Page[T]:
    """Return one page of a list that is at hand."""
    return Page(items[request.offset : request.offset + request.size], len(items), request)
