"""Many documents in one dataset: upload, lists, start of parsing, and what others notice of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from knowflow.v1 import document_service_pb2, document_service_pb2_grpc
from tests.bench.table import Row, percentile
from tests.serving import OTHER_KEY, Server, start_server

PER_UPLOAD = 500
CALLS = 30


def _file(number: int) -> tuple[str, tuple[str, bytes]]:
    return "file", (
        f"note-{number:05}.txt",
        f"Note {number}: the tide of day {number} was {number % 97} high.".encode(),
    )


async def _upload(client: httpx.AsyncClient, number: int) -> tuple[str, list[str]]:
    dataset = (await client.post("/api/v1/datasets", json={"name": f"{number} notes"})).json()["data"]["id"]
    documents: list[str] = []
    for start in range(0, number, PER_UPLOAD):
        files = [_file(place) for place in range(start, min(number, start + PER_UPLOAD))]
        answer = (await client.post(f"/api/v1/datasets/{dataset}/documents", files=files)).json()
        documents += [document["id"] for document in answer["data"]]
    return dataset, documents


async def _p50(call: Callable[[], Awaitable[httpx.Response]]) -> str:
    times = []
    for _ in range(CALLS):
        started = time.perf_counter()
        answer = await call()
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.text
    return f"{percentile(times, 0.5) * 1000:.0f} ms"


async def _parsed(server: Server, dataset: str, document: str) -> float:
    """Parse the other organization's document, and return how long that took in seconds."""
    async with server.rest(OTHER_KEY) as other, server.channel(OTHER_KEY) as channel:
        started = time.perf_counter()
        await other.post(f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": [document]})
        watch = document_service_pb2.WatchDocumentRequest(dataset_id=dataset, document_id=document)
        stub = document_service_pb2_grpc.DocumentServiceStub(channel)
        last = [message async for message in stub.WatchDocument(watch)][-1].document
        assert last.status == "1", last.progress_msg
        return time.perf_counter() - started


async def measure(folder: Path, number: int) -> list[Row]:
    """Return the figures for a number of documents."""
    rows: list[Row] = []
    named = f"{number:,} documents in a dataset"
    with start_server(folder, organizations={"Other": OTHER_KEY}, settings={"PARSE_WORKERS": "2"}) as server:
        async with server.rest() as client, server.rest(OTHER_KEY) as other:
            client.timeout = other.timeout = httpx.Timeout(300)
            single, (document,) = await _upload(other, 1)
            alone = await _parsed(server, single, document)
            started = time.perf_counter()
            dataset, documents = await _upload(client, number)
            seconds = time.perf_counter() - started
            rows.append(Row(f"{named}, upload", f"{number / seconds:.0f} documents/s"))
            path = f"/api/v1/datasets/{dataset}"
            lists = {
                "list the last 30": f"page={number // 30}",
                "list by part of the name": f"keywords=0{number // 20}",
            }
            for name, query in lists.items():
                rows.append(Row(f"{named}, {name}", await _p50(lambda q=query: client.get(f"{path}/documents?{q}"))))
            started = time.perf_counter()
            await client.post(f"{path}/chunks", json={"document_ids": documents})
            rows.append(Row(f"{named}, start the parsing of all", f"{time.perf_counter() - started:.1f} s"))
            began, before = time.perf_counter(), await _waiting(client, path)
            waited = await _parsed(server, single, document)
            shown = f"{alone:.1f} s with nothing else to parse"
            rows.append(Row("one document of another organization meanwhile", f"{waited:.1f} s", shown))
            body = {"question": "the tide of day 7", "dataset_ids": [dataset], "page_size": 10}
            rows.append(
                Row(f"{named}, list meanwhile", await _p50(lambda: client.get(f"{path}/documents?page_size=30")))
            )
            rows.append(
                Row(f"{named}, retrieval meanwhile", await _p50(lambda: client.post("/api/v1/retrieval", json=body)))
            )
            done = before - await _waiting(client, path)
            rate = done / (time.perf_counter() - began)
            rows.append(Row(f"{named}, parsing tiny files, 2 workers", f"{rate:.1f} documents/s"))
            started = time.perf_counter()
            await client.request("DELETE", "/api/v1/datasets", json={"ids": [dataset]})
            rows.append(Row(f"{named}, delete the dataset", f"{time.perf_counter() - started:.1f} s"))
    return rows


async def _waiting(client: httpx.AsyncClient, path: str) -> int:
    answer = await client.get(f"{path}/documents", params={"run": "RUNNING", "page_size": 1})
    return int(answer.json()["data"]["total"])
