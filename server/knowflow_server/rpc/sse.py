"""Server-sent events, as the chat routes send them."""

from __future__ import annotations

import json
from typing import Any

from google.api import httpbody_pb2
from google.protobuf import json_format
from google.protobuf.message import Message

EVENTS = "text/event-stream"
JSON = "application/json"


def event(content: dict[str, Any]) -> httpbody_pb2.HttpBody:
    """Return one event with JSON data."""
    return _frame(json.dumps(content, ensure_ascii=False))


def done() -> httpbody_pb2.HttpBody:
    """Return the event that ends a stream."""
    return _frame("[DONE]")


def whole(content: dict[str, Any]) -> httpbody_pb2.HttpBody:
    """Return an answer that is not a stream."""
    return httpbody_pb2.HttpBody(content_type=JSON, data=json.dumps(content, ensure_ascii=False).encode())


def _frame(data: str) -> httpbody_pb2.HttpBody:
    return httpbody_pb2.HttpBody(content_type=EVENTS, data=f"data:{data}\n\n".encode())


def plain(message: Message) -> dict[str, Any]:
    """Return a message as the JSON object that the gateway would make of it."""
    return json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
