"""Start-up time and idle memory."""

from __future__ import annotations

import time
from pathlib import Path

import psutil

from tests.bench.table import Row
from tests.serving import Server, start_server

MEGABYTE = 1_000_000


def memory(server: Server) -> tuple[float, str]:
    """Return the resident memory of all processes of a server in MB, and what each takes."""
    root = psutil.Process(server.process.pid)
    parts = [(process, process.memory_info().rss / MEGABYTE) for process in (root, *root.children(recursive=True))]
    return sum(size for _, size in parts), ", ".join(f"{process.name()} {size:.0f}" for process, size in parts)


async def measure(folder: Path) -> list[Row]:
    """Return the figures."""
    start_server(folder).stop()
    started = time.perf_counter()
    server = start_server(folder)
    seconds = time.perf_counter() - started
    async with server.rest() as client:
        dataset = (await client.post("/api/v1/datasets", json={"name": "memory"})).json()["data"]["id"]
        # The first question waits until the model is loaded.
        document = (
            await client.post(f"/api/v1/datasets/{dataset}/documents", files={"file": ("a.txt", "Hello.")})
        ).json()["data"][0]["id"]
        await client.post(f"/api/v1/datasets/{dataset}/documents/{document}/chunks", json={"content": "Hello."})
    size, parts = memory(server)
    server.stop()
    return [
        Row("start-up, second start, until REST and gRPC answer", f"{seconds:.1f} s"),
        Row("idle memory with the model loaded, resident", f"{size:.0f} MB", parts),
    ]
