"""Uploads that end in the middle leave nothing, and large ones take no memory."""

from __future__ import annotations

import asyncio
import hashlib
import random
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.reliability.store import blob_ids, eventually
from tests.rpc.calls import data_of, new_dataset, upload
from tests.serving import Server

MIB = 2**20
UPLOAD = "/knowflow.v1.DocumentService/UploadDocuments"
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n'


async def names_in(rest: httpx.AsyncClient, dataset: str) -> list[str]:
    return [one["name"] for one in data_of(await rest.get(f"/api/v1/datasets/{dataset}/documents"))["docs"]]


@pytest.mark.parametrize("body_bytes", [0, 200, 3 * MIB, 20 * MIB], ids=["headers", "200 bytes", "3 MiB", "20 MiB"])
@pytest.mark.parametrize("ending", ["closed", "reset"])
async def test_upload_whose_socket_ends_in_the_middle_leaves_nothing(
    server: Server, rest: httpx.AsyncClient, body_bytes: int, ending: str
) -> None:
    dataset = await new_dataset(rest)
    before, calls = blob_ids(server), server.log.count(UPLOAD)
    address = urlsplit(server.url)
    head = (
        f"POST /api/v1/datasets/{dataset}/documents HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {server.key}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {100 * MIB}\r\n\r\n"
    ).encode()
    # One file that is complete, and one that is not.
    body = HEAD % b"whole.txt" + b"whole\r\n" + HEAD % b"cut.txt" + bytes(body_bytes)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(head + body[: body_bytes or 0])
    await writer.drain()
    if ending == "reset":
        option = socket.SO_LINGER
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, option, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.close()
    await asyncio.gather(writer.wait_closed(), return_exceptions=True)
    del reader
    if body_bytes:
        # The server has noticed, and written it down.
        await eventually(lambda: server.log.count(UPLOAD) > calls)
    await eventually(lambda: blob_ids(server) <= before)
    assert await names_in(rest, dataset) == []
    # The names are free, and the server takes the next upload.
    await upload(rest, dataset, "cut.txt", "whole")
    assert await names_in(rest, dataset) == ["cut.txt"]


async def test_upload_of_200_mb_takes_no_memory_and_stops_nobody(server: Server, rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    block = random.Random(1).randbytes(MIB)
    process = psutil.Process(server.process.pid)
    envoy = next(child for child in process.children(recursive=True) if "envoy" in child.name())
    before, most = [0, 0], [0, 0]
    digest = hashlib.sha256()

    async def body() -> AsyncIterator[bytes]:
        nonlocal before
        before = [one.memory_info().rss for one in (process, envoy)]
        yield HEAD % b"large.pdf"
        for _ in range(200):
            digest.update(block)
            yield block
            for place, one in enumerate((process, envoy)):
                most[place] = max(most[place], one.memory_info().rss)
        yield b"\r\n--b--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=b"}
    uploading = asyncio.create_task(
        rest.post(f"/api/v1/datasets/{dataset}/documents", content=body(), headers=headers, timeout=120)
    )
    answered = 0
    while not uploading.done():
        await asyncio.wait([uploading, asyncio.create_task(_list(rest))], return_when=asyncio.FIRST_COMPLETED)
        answered += 1
    [document] = data_of(await uploading)
    assert (document["size"], document["sha256"]) == (200 * MIB, digest.hexdigest())
    growth = [(top - start) / MIB for top, start in zip(most, before, strict=True)]
    assert max(growth) < 150, growth
    assert answered > 10
    received, size = hashlib.sha256(), 0
    async with rest.stream("GET", f"/api/v1/datasets/{dataset}/documents/{document['id']}") as answer:
        async for piece in answer.aiter_bytes():
            received.update(piece)
            size += len(piece)
            for place, one in enumerate((process, envoy)):
                most[place] = max(most[place], one.memory_info().rss)
    assert (size, received.hexdigest()) == (200 * MIB, digest.hexdigest())
    growth = [(top - start) / MIB for top, start in zip(most, before, strict=True)]
    assert max(growth) < 150, growth


async def _list(rest: httpx.AsyncClient) -> None:
    data_of(await rest.get("/api/v1/datasets"))
