"""Closed loops of callers: each sends its next call when the last was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

SECONDS = 3.0
CALLERS = 32


async def calls_per_second(make: Callable[[], Awaitable[Callable[[], Awaitable[object]]]]) -> float:
    """Return how many calls per second `CALLERS` callers get answered; `make` gives each its own call."""
    calls = [await make() for _ in range(CALLERS)]
    await asyncio.gather(*(call() for call in calls))
    deadline = time.perf_counter() + SECONDS
    started = time.perf_counter()

    async def loop(call: Callable[[], Awaitable[object]]) -> int:
        count = 0
        while time.perf_counter() < deadline:
            await call()
            count += 1
        return count

    total = sum(await asyncio.gather(*(loop(call) for call in calls)))
    return total / (time.perf_counter() - started)


async def http_call(url: str, path: str, key: str) -> Callable[[], Awaitable[bytes]]:
    """Return a GET over a kept connection: as little client as can be, so that the servers are what is measured."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n".encode()

    async def call() -> bytes:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return await reader.readexactly(int(length.split(b":")[1]))

    return call
