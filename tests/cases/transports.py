"""The two ways to call: REST through Envoy, and gRPC straight to the server with the generated stubs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx
from google.api.httpbody_pb2 import HttpBody
from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from tests.cases import api
from tests.cases.case import Step
from tests.cases.multipart import multipart
from tests.cases.sample_files import sample
from tests.documentation import described

TIMEOUT_S = 60
# Small enough that names, boundaries and characters are cut in their middle; larger bodies need fewer pieces.
PIECE = 37
LARGE_PIECE = 100_000
MANY = 50


@dataclass
class Answer:
    """What came back over either transport."""

    status: int = 0
    grpc: str = "OK"
    reason: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    body: Any = None
    messages: list[Any] = field(default_factory=list)
    content: bytes = b""
    events: list[Any] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    def read(self, content_type: str) -> None:
        """Read the content as far as it is JSON or server-sent events."""
        if content_type.startswith("application/json"):
            self.body = json.loads(self.content)
        elif content_type.startswith("text/event-stream"):
            self.events = _events(self.content.decode())


def _events(text: str) -> list[Any]:
    """Return the data of server-sent events: JSON, or the text where it is none."""
    frames = text.split("\n\n")
    assert frames.pop() == "", "an event without its end"
    assert all(frame.startswith("data:") and "\n" not in frame for frame in frames), text
    datas = [frame.removeprefix("data:") for frame in frames]
    return [json.loads(data) if data.startswith("{") else data for data in datas]


def _content(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else sample(value)


class Rest:
    """Calls by HTTP.

    Args:
        client: A client without credentials.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def call(self, step: Step, headers: Mapping[str, str]) -> Answer:
        """Make a call and return what came back."""
        if step.raw:
            response = await self._raw(step.raw, headers)
        else:
            response = await self._send(step, headers)
        answer = Answer(status=response.status_code, content=response.content, headers=response.headers)
        answer.read(response.headers.get("content-type", ""))
        if step.method and answer.body is not None:
            described.check(step.method, answer.status, answer.body)
        return answer

    async def _raw(self, raw: Mapping[str, Any], headers: Mapping[str, str]) -> httpx.Response:
        content = _content(raw["content"]) if "content" in raw else None
        merged = {**headers, **raw.get("headers", {})}
        request = httpx.Request(raw["verb"], self._client.base_url.join(raw["path"]), headers=merged, content=content)
        return await self._client.send(request)

    async def _send(self, step: Step, headers: Mapping[str, str]) -> httpx.Response:
        call = api.http_call(step.method, step.request)
        if step.form:
            content_type, content = multipart(step.form)
            headers = {**headers, "content-type": content_type}
            return await self._client.request(call.verb, call.path, content=content, headers=headers)
        body = call.body if step.body == "json" else None
        return await self._client.request(call.verb, call.path, json=body, headers=headers)


class Grpc:
    """Calls by gRPC.

    Args:
        channel: A channel without credentials.
    """

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._channel = channel

    async def call(self, step: Step, headers: Mapping[str, str]) -> Answer:
        """Make a call and return what came back."""
        descriptor = api.descriptor(step.method)
        metadata = tuple(headers.items())
        argument = _messages(step) if descriptor.client_streaming else _message(step.method, step.request)
        call = api.stub(self._channel, step.method)(argument, metadata=metadata, timeout=TIMEOUT_S)
        try:
            messages = [message async for message in call] if descriptor.server_streaming else [await call]
            initial = await call.initial_metadata()
        except grpc.aio.AioRpcError as error:
            return _error(error)
        return _success(messages, initial)


def _message(method: str, request: Mapping[str, Any]) -> Message:
    return json_format.ParseDict(dict(request), api.request_class(method)())


async def _messages(step: Step) -> AsyncIterator[Message]:
    for request in step.requests:
        yield _message(step.method, request)
    if step.form:
        content_type, content = multipart(step.form)
        size = PIECE if len(content) < MANY * PIECE else LARGE_PIECE
        for start in range(0, len(content), size):
            message = _message(step.method, step.request)
            piece = HttpBody(content_type="" if start else content_type, data=content[start : start + size])
            message.body.CopyFrom(piece)  # type: ignore[attr-defined]
            yield message


def _success(messages: list[Message], initial: Any) -> Answer:
    headers = dict(initial)
    if messages and isinstance(messages[0], HttpBody):
        content = b"".join(message.data for message in messages if isinstance(message, HttpBody))
        headers["content-type"] = messages[0].content_type
        answer = Answer(content=content, headers=headers)
        answer.read(messages[0].content_type)
        return answer
    plain = [json_format.MessageToDict(message, always_print_fields_with_no_presence=True) for message in messages]
    return Answer(body=plain[0] if plain else None, messages=plain, headers=headers)


def _error(error: grpc.aio.AioRpcError) -> Answer:
    trailers = error.trailing_metadata()
    answer = Answer(grpc=error.code().name, message=error.details() or "")
    details = trailers.get("grpc-status-details-bin") if trailers else None
    if isinstance(details, bytes):
        for detail in status_pb2.Status.FromString(details).details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                answer.reason, answer.metadata = info.reason, dict(info.metadata)
    return answer
