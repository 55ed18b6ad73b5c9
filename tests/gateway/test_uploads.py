"""Uploads: in pieces, without buffering, with ends which the server can tell apart."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowflow_gateway.runner import EnvoyProcess
from tests.gateway.backend import Backend, Context, refuse
from tests.gateway.conftest import read_answer, running, settings_for

MIB = 1 << 20


def resident_bytes(pid: int) -> int:
    """Return the memory a process holds that is its own, without its program file."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024


def upload(port: int, size: int) -> bytes:
    """Send a body as fast as the gateway takes it, and return the raw answer."""
    piece = b"x" * MIB
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        raw.sendall(head(f"content-length: {size}"))
        for _ in range(size // MIB):
            raw.sendall(piece)
        return b"".join(iter(lambda: raw.recv(65536), b""))


def head(framing: str) -> bytes:
    lines = ("POST /api/v1/probes/p1/files HTTP/1.1", "host: x", "connection: close", framing)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def chunk(size: int) -> bytes:
    """Return a body's first chunk; without chunked framing, it is a piece of any body."""
    return b"%x\r\n%b\r\n" % (size, b"x" * size)


async def test_multipart_upload_arrives_in_pieces_with_path_query_and_content_type(
    client: httpx.AsyncClient, backend: Backend
) -> None:
    pieces: list[Any] = []
    surfaces = []

    async def take(requests: AsyncIterator[Any], context: Context) -> Any:
        pieces.extend([request async for request in requests])
        surfaces.append(dict(context.invocation_metadata())["x-knowflow-rest"])
        return backend.message("Count", count=len(pieces))

    backend.handlers["Upload"] = take
    answer = await client.post("/api/v1/probes/p1/files?name=n", files={"file": ("ä.txt", b"y" * 3 * MIB)})
    assert answer.status_code == 200
    first = pieces[0]
    assert (first.id, first.name) == ("p1", "n")
    assert first.body.content_type.startswith("multipart/form-data; boundary=")
    body = b"".join(piece.body.data for piece in pieces)
    assert body.count(b"y" * 3 * MIB) == 1
    assert max(len(piece.body.data) for piece in pieces) <= MIB
    assert (answer.json(), surfaces) == ({"count": len(pieces)}, ["knowflow"])


async def test_upload_of_100_mb_streams_with_flat_memory(gateway: EnvoyProcess, backend: Backend) -> None:
    size, taken, peak = 100 * MIB, 0, 0
    assert gateway.pid is not None
    before = resident_bytes(gateway.pid)

    async def take(requests: AsyncIterator[Any], _: Context) -> Any:
        nonlocal taken, peak
        async for request in requests:
            taken += len(request.body.data)
            assert gateway.pid is not None
            peak = max(peak, resident_bytes(gateway.pid))
        return backend.message("Count", count=0)

    backend.handlers["Upload"] = take
    answer = await asyncio.to_thread(upload, gateway.port, size)
    assert answer.startswith(b"HTTP/1.1 200")
    assert taken == size
    assert peak - before < 24 * MIB


async def test_upload_waits_for_a_server_which_does_not_read(gateway: EnvoyProcess, backend: Backend) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def take(requests: AsyncIterator[Any], context: Context) -> Any:
        started.set()
        await go_on.wait()
        return backend.message("Count", count=len([request async for request in requests]))

    backend.handlers["Upload"] = take
    size = 200 * MIB
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(head(f"content-length: {size}"))
    await started.wait()
    sent = 0
    try:
        while sent < size:
            writer.write(b"x" * MIB)
            sent += MIB
            # Time is what is measured here: a sender which waits this long was stopped.
            await asyncio.wait_for(writer.drain(), 1)
    except TimeoutError:
        pass
    assert sent < 64 * MIB
    go_on.set()
    writer.close()


@pytest.mark.parametrize("framing", [f"content-length: {9 * MIB}", "transfer-encoding: chunked"])
async def test_upload_which_is_cut_is_cancelled_and_says_how_long_it_should_be(
    gateway: EnvoyProcess, backend: Backend, framing: str
) -> None:
    started, cancelled = asyncio.Event(), asyncio.Event()
    announced = []

    async def take(requests: AsyncIterator[Any], context: Context) -> Any:
        announced.append(dict(context.invocation_metadata()).get("x-knowflow-content-length"))
        try:
            async for _ in requests:
                started.set()
            # grpc.aio may end the loop above as if the body were whole, a moment before it cancels.
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    backend.handlers["Upload"] = take
    _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(head(framing) + chunk(2 * MIB))
    await asyncio.wait_for(started.wait(), 30)
    writer.close()
    await asyncio.wait_for(cancelled.wait(), 30)
    assert announced == [str(9 * MIB) if "length" in framing else None]


async def test_server_can_refuse_an_upload_midway(gateway: EnvoyProcess, backend: Backend) -> None:
    async def take(requests: AsyncIterator[Any], context: Context) -> Any:
        async for _ in requests:
            await refuse(context, 413, '{"code": 102, "message": "Too large."}')

    backend.handlers["Upload"] = take
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(head("transfer-encoding: chunked") + chunk(2 * MIB))
    answer, body = await read_answer(reader)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413")
    assert body == b'{"code": 102, "message": "Too large."}'


async def test_chunked_upload_beyond_the_limit_is_a_413_and_ends_for_the_server(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    ended = asyncio.Event()

    async def take(requests: AsyncIterator[Any], _: Context) -> Any:
        try:
            async for _request in requests:
                pass
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.set()
            raise

    backend.handlers["Upload"] = take
    async with running(settings_for(backend, max_upload_bytes=2 * MIB), descriptor_set, tmp_path) as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(head("transfer-encoding: chunked") + chunk(2 * MIB) * 2)
        answer, body = await read_answer(reader)
        writer.close()
        await asyncio.wait_for(ended.wait(), 30)
    assert answer.startswith(b"HTTP/1.1 413")
    assert body == b'{"code":102,"message":"The request is larger than the limit of 3145728 bytes."}'


async def test_upload_without_a_body_reaches_the_server(client: httpx.AsyncClient, backend: Backend) -> None:
    async def take(requests: AsyncIterator[Any], context: Context) -> Any:
        received = [request async for request in requests]
        return backend.message("Count", count=sum(len(request.body.data) for request in received))

    backend.handlers["Upload"] = take
    answer = await client.post("/api/v1/probes/p1/files")
    assert (answer.status_code, answer.json()) == (200, {"count": 0})
