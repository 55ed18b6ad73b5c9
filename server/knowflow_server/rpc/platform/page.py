"""Pages as this surface asks for them and describes them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from knowflow.platform.v1.page_pb2 import Pagination
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.errors.base import InvalidArgumentError

LIMIT = 20
# The latest time that a column of records can hold.
LAST = 2**63 - 1


def page_request(request: Any) -> PageRequest:
    """Return which page a request with page, limit and, on some lists, cursor asks for.

    Raises:
        InvalidArgumentError: The cursor is none of ours.
    """
    after = _place(request.cursor) if _goes_by_cursor(request) and request.cursor else None
    number = 1 if _goes_by_cursor(request) else request.page or 1
    return PageRequest(number, request.limit or LIMIT, after)


def pagination(request: Any, page: Page[Any], place: Callable[[Any], tuple[int, str]] | None = None) -> Pagination:
    """Return the description of a page.

    Args:
        request: The request.
        page: The page.
        place: Returns creation time and id of an item, for lists that go by cursors.
    """
    size = page.request.size
    described = Pagination(total=page.total, page=page.request.number, limit=size, pages=-(-page.total // size))
    if place is not None and _goes_by_cursor(request) and len(page.items) == size:
        described.next_cursor = _cursor(*place(page.items[-1]))
    return described


def _goes_by_cursor(request: Any) -> bool:
    return "cursor" in request.DESCRIPTOR.fields_by_name and request.HasField("cursor")


def _cursor(time: int, identifier: str) -> str:
    return base64.urlsafe_b64encode(f"{time}:{identifier}".encode()).decode()


def _place(cursor: str) -> tuple[int, str]:
    try:
        time, _, identifier = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition(":")
        place = int(time), identifier
    except (binascii.Error, UnicodeDecodeError, ValueError):
        place = -1, ""
    if not 0 <= place[0] <= LAST:
        raise InvalidArgumentError("`cursor` must be a `next_cursor` of this list.", field="cursor")
    return place
