"""Pages of lists as FlowGent shows them."""

from __future__ import annotations

from typing import Any

from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.errors.knowledge_item import PaginationInvalidError

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_PAGE = 1_000_000


def page_request(request: Any) -> PageRequest:
    """Return the page which `page` and `limit` of a request ask for.

    Raises:
        PaginationInvalidError: One of them is out of range.
    """
    number = request.page if request.HasField("page") else 1
    size = request.limit if request.HasField("limit") else PAGE_SIZE
    if not 1 <= number <= MAX_PAGE or not 1 <= size <= MAX_PAGE_SIZE:
        raise PaginationInvalidError
    return PageRequest(number, size)


def pagination(page: Page[Any]) -> dict[str, Any]:
    """Return the six members of `pagination`."""
    request, pages = page.request, -(-page.total // page.request.size)
    return {
        "current_page": request.number,
        "limit": request.size,
        "total_count": page.total,
        "total_pages": pages,
        "has_next_page": request.number < pages,
        "has_previous_page": 1 < request.number <= pages + 1,
    }
