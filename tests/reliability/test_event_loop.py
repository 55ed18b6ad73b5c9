"""The event loop is never held up: whatever the server does, no single callback keeps the others waiting."""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reliability.files import long_pdf, long_text
from tests.rpc.calls import (
    chunks_of,
    data_of,
    delete_datasets,
    ended,
    new_dataset,
    start_parsing,
    stop_parsing,
    upload,
)
from tests.serving import Server

# The design's goal is 10 ms on a machine of its own; a shared one, as build machines are, inflates even the time of the
# processor. What this bound finds is work that grows with what a caller sends. It is for a machine on which `yardstick`
# takes as long as YARDSTICK_MS; slower ones have more time.
MOST_MS = 200
YARDSTICK_MS = 30


def yardstick() -> float:
    """Return the processor time in milliseconds of some fixed work, on this machine under its present load."""
    began = time.thread_time()
    sum(len(str(number)) for number in range(400_000))
    return (time.thread_time() - began) * 1e3


@pytest.mark.slow
async def test_no_callback_of_a_busy_server_is_long(
    own_server: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "callbacks.json"
    paths = [str(Path(__file__).parent / "watchdog"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.setenv("CALLBACKS", str(file))
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
        documents = [
            await upload(rest, dataset, "a.pdf", long_pdf(25)),
            await upload(rest, dataset, "b.txt", long_text(60_000)),
            await upload(rest, dataset, "c.md", long_text(60_000, seed=1)),
        ]
        await start_parsing(rest, dataset, *documents)
        # Everything at once: uploads, downloads, searches, lists, writes of chunks, while documents are parsed.
        noise = random.Random(0).randbytes(20 * 2**20)

        async def transfer() -> None:
            document = await upload(rest, dataset, "noise.pdf", noise)
            answer = await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}")
            assert answer.content == noise

        async def search(question: str) -> None:
            body = {"question": question, "dataset_ids": [dataset], "similarity_threshold": 0, "page_size": 100}
            data_of(await rest.post("/api/v1/retrieval", json=body | {"highlight": True}))

        async def fill() -> None:
            others = [await new_dataset(rest) for _ in range(10)]
            await asyncio.gather(*(upload(rest, others[0], f"{number}.txt", "x") for number in range(60)))
            data_of(await rest.get("/api/v1/datasets", params={"page_size": 1000}))
            data_of(await rest.get(f"/api/v1/datasets/{others[0]}/documents", params={"page_size": 1000}))
            await delete_datasets(rest, *others)

        measures = [yardstick()]
        await asyncio.gather(transfer(), fill(), *(search(f"moon sea {number}") for number in range(10)))
        ends = await asyncio.gather(*(ended(channel, dataset, document) for document in documents))
        assert [end.status for end in ends] == ["1", "1", "1"]
        measures.append(yardstick())
        await asyncio.gather(*(search(f"bread island {number}") for number in range(10)))
        for document in documents:
            assert await chunks_of(rest, dataset, document)
        # Parsing again begins by reading what is there.
        await start_parsing(rest, dataset, *documents)
        await ended(channel, dataset, documents[0])
        await start_parsing(rest, dataset, documents[0])
        await stop_parsing(rest, dataset, documents[0])
        await delete_datasets(rest, dataset)
    measures.append(yardstick())
    assert server.stop() == 0
    calls = json.loads(file.read_text())
    worst = "\n".join(
        f"{call['cpu_ms']:8} ms, {call['wall_ms']:8} ms on the wall: {call['place']}" for call in calls[:25]
    )
    slowness = max(1.0, statistics.median(measures) / YARDSTICK_MS)
    print(f"The machine is {slowness:.1f} times slower.\n{worst}")
    assert not [call for call in calls if call["cpu_ms"] > MOST_MS * slowness], worst
