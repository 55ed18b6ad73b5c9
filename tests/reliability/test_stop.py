"""Stopping and deleting in the middle of a parse: the worker ends at once, and nothing of it remains."""

from __future__ import annotations

import asyncio

import grpc
import httpx
import psutil
import pytest

from tests.reliability.files import long_pdf
from tests.reliability.store import blob_ids, chunk_rows, eventually
from tests.rpc.calls import (
    begun,
    chunks_of,
    data_of,
    delete_datasets,
    delete_documents,
    document_of,
    ended,
    new_dataset,
    parsed,
    reached,
    start_parsing,
    stop_parsing,
    upload,
    watch,
)
from tests.serving import Server

CONTENT = long_pdf(60)


def parse_workers(server: Server) -> list[psutil.Process]:
    """Return the running parse workers of a server."""
    children = psutil.Process(server.process.pid).children()
    return [child for child in children if "knowflow_server.workers.parse" in child.cmdline()]


async def busy_one_gone(workers: list[psutil.Process]) -> None:
    """Wait until the busy one of these workers has ended; an idle one of an earlier test may live on."""
    assert workers
    await eventually(lambda: not all(psutil.pid_exists(worker.pid) for worker in workers), seconds=10)


async def in_the_middle(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> tuple[str, str]:
    """Return a dataset and a document of it that is half parsed."""
    dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
    document = await upload(rest, dataset, "long.pdf", CONTENT)
    await start_parsing(rest, dataset, document)
    assert (await reached(channel, dataset, document, 20)).status == "0"
    return dataset, document


async def test_stop_ends_the_worker_and_leaves_no_chunk(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await in_the_middle(rest, channel)
    workers = parse_workers(server)
    await stop_parsing(rest, dataset, document)
    record = await document_of(rest, dataset, document)
    assert (record["status"], record["run"], record["progress"]) == ("UNSTART", "CANCEL", 0)
    assert (record["progress_msg"], record["chunk_count"]) == ("Parsing was stopped.", 0)
    assert await chunks_of(rest, dataset, document) == []
    await busy_one_gone(workers)
    await eventually(lambda: chunk_rows(server, document=document) == 0)
    body = {"question": "moon sea", "dataset_ids": [dataset], "similarity_threshold": 0}
    assert data_of(await rest.post("/api/v1/retrieval", json=body))["chunks"] == []


async def test_stop_and_parse_again_at_once_gives_all_chunks(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
    content = long_pdf(12)
    document = await upload(rest, dataset, "a.pdf", content)
    for _ in range(3):
        await start_parsing(rest, dataset, document)
        await begun(channel, dataset, document)
        await stop_parsing(rest, dataset, document)
    last = await parsed(rest, channel, dataset, document)
    assert (last.status, last.progress) == ("1", 100.0)
    assert last.progress_msg.startswith("Parsing started.")
    chunks = await chunks_of(rest, dataset, document)
    twin = await upload(rest, dataset, "b.pdf", content)
    await parsed(rest, channel, dataset, twin)
    assert [chunk["content"] for chunk in chunks] == [
        chunk["content"] for chunk in await chunks_of(rest, dataset, twin)
    ]
    assert last.chunk_count == len(chunks) == chunk_rows(server, document=document)


async def test_stop_of_what_is_not_parsed_is_refused_and_stops_nothing(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await in_the_middle(rest, channel)
    idle = await upload(rest, dataset, "idle.txt", "moon")
    for ids, status in (([document, idle], 400), ([document, "nothing"], 404)):
        answer = await rest.request("DELETE", f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": ids})
        assert answer.status_code == status
        assert (await document_of(rest, dataset, document))["status"] == "0"
    await stop_parsing(rest, dataset, document)
    answer = await rest.request("DELETE", f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": [document]})
    assert (answer.status_code, answer.json()["code"]) == (400, 102)


@pytest.mark.parametrize("what", ["document", "dataset"])
async def test_delete_in_the_middle_of_a_parse_leaves_nothing(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel, what: str
) -> None:
    before = blob_ids(server)
    dataset, document = await in_the_middle(rest, channel)
    workers = parse_workers(server)
    if what == "document":
        await delete_documents(rest, dataset, document)
        record = data_of(await rest.get("/api/v1/datasets", params={"id": dataset}))["datasets"][0]
        assert [record[field] for field in ("document_count", "chunk_count", "token_num")] == [0, 0, 0]
    else:
        await delete_datasets(rest, dataset)
    answer = await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}/chunks")
    assert answer.status_code == 404
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ended(channel, dataset, document)
    assert caught.value.code() == grpc.StatusCode.NOT_FOUND
    await busy_one_gone(workers)
    await eventually(lambda: chunk_rows(server, document=document) == 0)
    await eventually(lambda: blob_ids(server) <= before)


async def test_chunk_method_changed_in_the_middle_of_a_parse_leaves_nothing(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await in_the_middle(rest, channel)
    data_of(await rest.put(f"/api/v1/datasets/{dataset}/documents/{document}", json={"chunk_method": "one"}))
    record = await document_of(rest, dataset, document)
    assert (record["status"], record["chunk_count"], record["progress_msg"]) == ("UNSTART", 0, "")
    await eventually(lambda: chunk_rows(server, document=document) == 0)
    assert (await parsed(rest, channel, dataset, document)).status == "1"
    assert len(await chunks_of(rest, dataset, document)) == 1


async def test_stop_in_the_last_moment_stops_or_is_refused(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
    outcomes = []
    for number in range(25):
        document = await upload(rest, dataset, f"{number}.pdf", long_pdf(1))
        await start_parsing(rest, dataset, document)
        call = watch(channel, dataset, document)
        async for message in call:
            # The chunks are about to be made visible.
            if "Made" in message.document.progress_msg or message.document.status != "0":
                call.cancel()
                break
        for _ in range(number):
            await asyncio.sleep(0)
        answer = await rest.request("DELETE", f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": [document]})
        outcomes.append(answer.status_code)
        if answer.status_code == 200:
            assert (await document_of(rest, dataset, document))["run"] == "CANCEL"
            await eventually(lambda document=document: chunk_rows(server, document=document) == 0)
        else:
            assert (await ended(channel, dataset, document)).status == "1"
        record = await document_of(rest, dataset, document)
        assert record["chunk_count"] == len(await chunks_of(rest, dataset, document)), outcomes
        assert (record["chunk_count"] == 0) == (answer.status_code == 200)
    assert set(outcomes) <= {200, 400}
