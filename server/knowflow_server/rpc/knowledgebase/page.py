"""Pages as this surface asks for them and describes them."""

from __future__ import annotations

from typing import Any

from knowflow.knowledgebase.v1.item_pb2 import Pagination
from knowflow_server.domain.page import Page, PageRequest

LIMIT = 20


def page_request(request: Any) -> PageRequest:
    """Return which page a request with page and limit asks for."""
    return PageRequest(request.page or 1, request.limit or LIMIT)


def pagination(page: Page[Any]) -> Pagination:
    """Return the description of a page."""
    size = page.request.size
    return Pagination(page=page.request.number, limit=size, total_count=page.total, total_pages=-(-page.total // size))
