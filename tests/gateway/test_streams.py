"""Streams to REST callers: event streams, their failures and their ends; typed streams; downloads."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest

from tests.gateway.backend import Backend, Context

HTTP_BODY = "google.api.HttpBody"


async def test_each_token_reaches_the_caller_before_the_next_is_made(
    client: httpx.AsyncClient, backend: Backend
) -> None:
    received = asyncio.Event()

    async def complete(_: Any, __: Context) -> AsyncIterator[Any]:
        for token in (b'data: {"answer": "a"}\n\n', "data: ünïcode\n\n".encode(), b"data: [DONE]\n\n"):
            yield backend.message(HTTP_BODY, content_type="text/event-stream; charset=utf-8", data=token)
            await received.wait()
            received.clear()

    backend.handlers["Complete"] = complete
    chunks = []
    # A caller who takes gzip must not wait for a full block.
    headers = {"accept-encoding": "gzip"}
    async with client.stream("POST", "/api/v1/probes/p1/completions", json={}, headers=headers) as answer:
        async for chunk in answer.aiter_raw():
            chunks.append(chunk)
            received.set()
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "content-encoding" not in answer.headers
    assert chunks == [b'data: {"answer": "a"}\n\n', "data: ünïcode\n\n".encode(), b"data: [DONE]\n\n"]


async def test_stream_which_fails_midway_just_ends(client: httpx.AsyncClient, backend: Backend) -> None:
    async def complete(_: Any, context: Context) -> AsyncIterator[Any]:
        yield backend.message(HTTP_BODY, content_type="text/event-stream", data=b"data: 1\n\n")
        await context.abort(grpc.StatusCode.INTERNAL, "late", (("x-rest-status", "500"), ("x-rest-body", "{}")))

    backend.handlers["Complete"] = complete
    answer = await client.post("/api/v1/probes/p1/completions", json={})
    assert (answer.status_code, answer.content) == (200, b"data: 1\n\n")


async def test_headers_and_status_of_a_stream_are_the_servers(client: httpx.AsyncClient, backend: Backend) -> None:
    async def complete(_: Any, context: Context) -> AsyncIterator[Any]:
        await context.send_initial_metadata((("x-rest-status", "202"), ("cache-control", "no-cache")))
        yield backend.message(HTTP_BODY, content_type="text/plain", data=b"ok")

    backend.handlers["Complete"] = complete
    answer = await client.post("/api/v1/probes/p1/completions", json={})
    assert (answer.status_code, answer.headers["cache-control"], answer.text) == (202, "no-cache", "ok")


async def test_server_notices_that_the_caller_left(client: httpx.AsyncClient, backend: Backend) -> None:
    left = asyncio.Event()

    async def complete(_: Any, __: Context) -> AsyncIterator[Any]:
        try:
            yield backend.message(HTTP_BODY, content_type="text/event-stream", data=b"data: 1\n\n")
            await asyncio.Event().wait()
        finally:
            left.set()

    backend.handlers["Complete"] = complete
    async with client.stream("POST", "/api/v1/probes/p1/completions", json={}) as answer:
        async for _ in answer.aiter_raw():
            break
    await asyncio.wait_for(left.wait(), 30)


async def test_typed_stream_is_sent_as_events(client: httpx.AsyncClient, backend: Backend) -> None:
    async def watch(_: Any, __: Context) -> AsyncIterator[Any]:
        for count in range(2):
            yield backend.message("Count", count=count)

    backend.handlers["WatchProbe"] = watch
    answer = await client.get("/api/v1/probes/p1/watch")
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.text == 'data: {"count":0}\n\ndata: {"count":1}\n\n'


def download_of(backend: Backend, data: bytes, *, breaks: bool = False) -> Any:
    """Return a handler which sends a file as the server does."""

    async def download(request: Any, context: Context) -> AsyncIterator[Any]:
        disposition = "attachment; filename=\"a.bin\"; filename*=UTF-8''%C3%A4.bin"
        metadata = [("content-disposition", disposition), ("x-content-type-options", "nosniff")]
        asked = dict(context.invocation_metadata()).get("range")
        body = data
        if asked == "bytes=0-9":
            body = data[:10]
            metadata += [("x-rest-status", "206"), ("content-range", f"bytes 0-9/{len(data)}")]
        await context.send_initial_metadata((*metadata, ("x-rest-content-length", str(len(body)))))
        half = len(body) // 2
        yield backend.message(HTTP_BODY, content_type="application/octet-stream", data=body[:half])
        if breaks:
            await context.abort(grpc.StatusCode.INTERNAL, "disk")
        yield backend.message(HTTP_BODY, data=body[half:])

    return download


async def test_download_has_the_servers_headers_and_its_length(client: httpx.AsyncClient, backend: Backend) -> None:
    data = bytes(range(256)) * 5000
    backend.handlers["Download"] = download_of(backend, data)
    answer = await client.get("/api/v1/probes/p1/files", headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-length"] == str(len(data))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith('attachment; filename="a.bin"')
    assert "x-rest-content-length" not in answer.headers


async def test_range_of_a_download_reaches_the_server_and_its_206_the_caller(
    client: httpx.AsyncClient, backend: Backend
) -> None:
    backend.handlers["Download"] = download_of(backend, b"0123456789abcdef")
    answer = await client.get("/api/v1/probes/p1/files", headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (206, b"0123456789")
    assert answer.headers["content-range"] == "bytes 0-9/16"


async def test_download_which_breaks_midway_is_visible_to_the_caller(
    client: httpx.AsyncClient, backend: Backend
) -> None:
    backend.handlers["Download"] = download_of(backend, b"x" * 1000, breaks=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get("/api/v1/probes/p1/files")


async def test_head_of_a_download_tells_its_length_and_the_server_knows(
    client: httpx.AsyncClient, backend: Backend
) -> None:
    heads = []

    async def download(request: Any, context: Context) -> AsyncIterator[Any]:
        heads.append(dict(context.invocation_metadata()).get("x-knowflow-head"))
        async for message in download_of(backend, b"x" * 1000)(request, context):
            yield message

    backend.handlers["Download"] = download
    answer = await client.head("/api/v1/probes/p1/files")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "1000")
    assert heads == ["1"]


async def test_compressed_download_is_not_touched(client: httpx.AsyncClient, backend: Backend) -> None:
    data = gzip.compress(b"x" * 100_000)
    backend.handlers["Download"] = download_of(backend, data)
    assert (await client.get("/api/v1/probes/p1/files")).content == data
