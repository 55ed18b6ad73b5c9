"""Many documents of one organization do not keep another one waiting."""

from __future__ import annotations

from collections.abc import Callable

import grpc
import httpx
import pytest

from knowflow.v1 import document_service_pb2 as pb
from knowflow.v1 import document_service_pb2_grpc as services
from tests.serving import OTHER_KEY, Server

MANY = 300
A_FEW = 40


async def _upload(rest: httpx.AsyncClient, number: int) -> tuple[str, list[str]]:
    dataset = (await rest.post("/api/v1/datasets", json={"name": f"{number} files"})).json()["data"]["id"]
    files = [("file", (f"{place}.txt", f"Text number {place}.".encode())) for place in range(number)]
    answer = (await rest.post(f"/api/v1/datasets/{dataset}/documents", files=files)).json()
    return dataset, [document["id"] for document in answer["data"]]


async def _waiting(rest: httpx.AsyncClient, dataset: str) -> int:
    answer = await rest.get(f"/api/v1/datasets/{dataset}/documents", params={"run": "RUNNING", "page_size": 1})
    return int(answer.json()["data"]["total"])


async def _end(channel: grpc.aio.Channel, dataset: str, document: str) -> str:
    watch = pb.WatchDocumentRequest(dataset_id=dataset, document_id=document)
    return [one async for one in services.DocumentServiceStub(channel).WatchDocument(watch)][-1].document.status


@pytest.mark.parametrize("workers", [1, 2])
async def test_parse_of_one_document_does_not_wait_for_hundreds_of_another_organization(
    own_server: Callable[..., Server], workers: int
) -> None:
    server = own_server(organizations={"Other": OTHER_KEY}, settings={"PARSE_WORKERS": str(workers)})
    async with server.rest() as rest, server.rest(OTHER_KEY) as other, server.channel(OTHER_KEY) as channel:
        many, documents = await _upload(rest, MANY)
        single, (document,) = await _upload(other, 1)
        started = await rest.post(f"/api/v1/datasets/{many}/chunks", json={"document_ids": documents})
        assert started.json()["data"]["success_count"] == MANY
        before = await _waiting(rest, many)
        await other.post(f"/api/v1/datasets/{single}/chunks", json={"document_ids": [document]})
        assert await _end(channel, single, document) == "1"
        after = await _waiting(rest, many)
        # Those which ran before its turn came, and those which ran beside it; the rest still waits.
        assert before - after < A_FEW
        stopped = await rest.request(
            "DELETE", f"/api/v1/datasets/{many}/chunks", json={"document_ids": documents[-A_FEW:]}
        )
        assert stopped.json()["code"] == 0, stopped.text
        assert (await rest.delete(f"/api/v1/datasets/{many}/documents")).json()["code"] == 0
        assert await _waiting(rest, many) == 0
