"""Parsing again: what was there stays until the new is, and stays for good when there is nothing new."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import httpx

from tests.reliability.files import long_pdf
from tests.reliability.store import chunk_rows, eventually
from tests.reliability.test_stop import busy_one_gone, parse_workers
from tests.rpc.calls import (
    chunks_of,
    data_of,
    document_of,
    ended,
    new_dataset,
    parsed,
    reached,
    start_parsing,
    stop_parsing,
    upload,
)
from tests.serving import Server


async def finished(rest: httpx.AsyncClient, channel: grpc.aio.Channel, pages: int) -> tuple[str, str, list[str]]:
    """Return a dataset, a parsed document of it, and the ids of its chunks; the next parse gives smaller ones."""
    dataset = await new_dataset(rest, parser_config={"chunk_token_num": 256})
    document = await upload(rest, dataset, "a.pdf", long_pdf(pages))
    assert (await parsed(rest, channel, dataset, document)).status == "1"
    path = f"/api/v1/datasets/{dataset}/documents/{document}"
    data_of(await rest.put(path, json={"parser_config": {"chunk_token_num": 64}}))
    return dataset, document, [chunk["id"] for chunk in await chunks_of(rest, dataset, document)]


async def test_reparse_shows_the_old_chunks_until_the_new_ones_are_there(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document, old = await finished(rest, channel, 12)
    await start_parsing(rest, dataset, document)
    seen: list[set[str]] = []

    async def look() -> None:
        while True:
            seen.append({chunk["id"] for chunk in await chunks_of(rest, dataset, document)})

    looking = asyncio.create_task(look())
    last = await ended(channel, dataset, document)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    new = [chunk["id"] for chunk in await chunks_of(rest, dataset, document)]
    assert last.status == "1"
    assert last.chunk_count == len(new) > len(old)
    assert not set(new) & set(old)
    assert len(seen) > 5
    # Old, or new, or for a moment both; never less than one of them.
    assert all(set(old) <= ids or set(new) <= ids for ids in seen)
    assert seen[0] == set(old)
    assert chunk_rows(server, document=document) == len(new)


async def lost_nothing(
    server: Server, rest: httpx.AsyncClient, dataset: str, document: str, old: list[str]
) -> dict[str, Any]:
    """Check that a document has its old chunks, and return its record."""
    assert [chunk["id"] for chunk in await chunks_of(rest, dataset, document)] == old
    await eventually(lambda: chunk_rows(server, document=document) == len(old))
    body = {"question": "moon sea", "dataset_ids": [dataset], "similarity_threshold": 0}
    found = {chunk["id"] for chunk in data_of(await rest.post("/api/v1/retrieval", json=body))["chunks"]}
    assert found
    assert found <= set(old)
    record = await document_of(rest, dataset, document)
    assert record["chunk_count"] == len(old)
    [kept] = data_of(await rest.get("/api/v1/datasets", params={"id": dataset}))["datasets"]
    assert kept["chunk_count"] == len(old)
    return record


async def test_reparse_that_fails_loses_nothing(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document, old = await finished(rest, channel, 30)
    await start_parsing(rest, dataset, document)
    assert (await reached(channel, dataset, document, 20)).status == "0"
    for worker in parse_workers(server):
        worker.kill()
    last = await ended(channel, dataset, document)
    assert last.status == "2"
    assert last.progress_msg.splitlines()[-1] == "The parser crashed (signal 9)."
    record = await lost_nothing(server, rest, dataset, document, old)
    assert record["run"] == "FAIL"
    assert (await parsed(rest, channel, dataset, document)).status == "1"


async def test_reparse_that_is_stopped_loses_nothing(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document, old = await finished(rest, channel, 30)
    await start_parsing(rest, dataset, document)
    assert (await reached(channel, dataset, document, 20)).status == "0"
    workers = parse_workers(server)
    await stop_parsing(rest, dataset, document)
    await busy_one_gone(workers)
    record = await lost_nothing(server, rest, dataset, document, old)
    assert record["run"] == "CANCEL"


async def test_reparse_keeps_chunks_made_by_hand_meanwhile(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document, _ = await finished(rest, channel, 12)
    await start_parsing(rest, dataset, document)
    body = {"content": "Added while the document was parsed."}
    made = data_of(await rest.post(f"/api/v1/datasets/{dataset}/documents/{document}/chunks", json=body))["chunk"]["id"]
    last = await ended(channel, dataset, document)
    assert last.status == "1"
    chunks = await chunks_of(rest, dataset, document)
    assert made in {chunk["id"] for chunk in chunks}
    record = await document_of(rest, dataset, document)
    assert record["chunk_count"] == len(chunks)
    assert record["token_count"] == sum(chunk["token_count"] for chunk in chunks)
