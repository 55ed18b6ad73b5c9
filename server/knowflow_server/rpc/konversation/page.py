"""Lists as this surface asks for them and describes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from google.protobuf.struct_pb2 import NULL_VALUE, Value

from knowflow.konversation.v1 import page_pb2 as pb
from knowflow_server.domain.page import Page, PageRequest

OK = "ok"
LIMIT = 20


def done() -> pb.Done:
    """Return the answer to a call which has nothing to say."""
    return pb.Done(status=OK)


def page_request(request: Any) -> PageRequest:
    """Return which page a request with `limit` and `page` asks for."""
    return PageRequest(request.page or 1, request.limit or LIMIT)


def links(request: Any, page: Page[Any], path: str) -> pb.Links:
    """Return the addresses of the pages around one.

    Args:
        request: The request, whose other parameters stay.
        page: The page.
        path: Path of the list. Example: `/flow/tags`.
    """
    number, last = page.request.number, _last(page)
    return pb.Links(
        first=_address(request, path, 1),
        last=_address(request, path, last),
        prev=_value(_address(request, path, number - 1) if number > 1 else None),
        next=_value(_address(request, path, number + 1) if number < last else None),
    )


def meta(page: Page[Any], path: str) -> pb.Meta:
    """Return which page of how many it is."""
    asked, count = page.request, len(page.items)
    # `from` is a word of Python.
    span = {"from": asked.offset + 1, "to": asked.offset + count} if count else {}
    return pb.Meta(
        current_page=asked.number, last_page=_last(page), path=path, per_page=asked.size, total=page.total, **span
    )


def listed(request: Any, page: Page[Any], path: str, items: Sequence[Any]) -> dict[str, Any]:
    """Return the members of the answer with a list: `data`, `links` and `meta`; arguments as of `links`."""
    return {"data": items, "links": links(request, page, path), "meta": meta(page, path)}


def _value(text: str | None) -> Value:
    return Value(null_value=NULL_VALUE) if text is None else Value(string_value=text)


def _last(page: Page[Any]) -> int:
    return max(-(-page.total // page.request.size), 1)


def _address(request: Any, path: str, number: int) -> str:
    given = {field.json_name: value for field, value in request.ListFields() if field.name != "page"}
    return f"{path}?{urlencode({**given, 'page': number})}"
