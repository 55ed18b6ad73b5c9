"""Files of 30 MB: what comes back is what was sent, over REST and gRPC."""

from __future__ import annotations

import hashlib
import random

import grpc
import httpx
import pytest

from knowflow.v1 import document_service_pb2, document_service_pb2_grpc
from tests.rpc.calls import document_of, in_pieces, new_dataset, typed_upload, upload

SIZE = 30 * 2**20 + 7


@pytest.fixture(scope="module")
def content() -> bytes:
    return random.Random(0).randbytes(SIZE)


async def downloaded(channel: grpc.aio.Channel, dataset: str, document: str) -> tuple[bytes, dict[str, str]]:
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    request = document_service_pb2.DownloadDocumentRequest(dataset_id=dataset, document_id=document)
    call = stub.DownloadDocument(request, timeout=60)
    headers = dict(await call.initial_metadata())
    return b"".join([piece.data async for piece in call]), headers


async def test_file_of_30_mb_over_rest_comes_back_over_both(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, content: bytes
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "large ü.pdf", content)
    record = await document_of(rest, dataset, document)
    assert (record["size"], record["sha256"]) == (SIZE, hashlib.sha256(content).hexdigest())
    answer = await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}")
    assert answer.content == content
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''large%20%C3%BC.pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    received, headers = await downloaded(channel, dataset, document)
    assert received == content
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''large%20%C3%BC.pdf"


async def test_file_of_30_mb_over_grpc_comes_back_over_rest(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, content: bytes
) -> None:
    dataset = await new_dataset(rest)
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    answer = await stub.UploadFiles(in_pieces(typed_upload(dataset, ("large.txt", content))), timeout=60)
    download = await rest.get(f"/api/v1/datasets/{dataset}/documents/{answer.data[0].id}")
    assert download.content == content


@pytest.mark.parametrize("size", [0, 1])
async def test_smallest_files_come_back_over_both(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, size: int
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "small.txt", bytes(size))
    answer = await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}")
    assert (answer.status_code, answer.content) == (200, bytes(size))
    assert (await downloaded(channel, dataset, document))[0] == bytes(size)


async def test_download_of_an_unknown_document_is_a_404_in_json(rest: httpx.AsyncClient) -> None:
    dataset = await new_dataset(rest)
    answer = await rest.get(f"/api/v1/datasets/{dataset}/documents/nothing")
    assert (answer.status_code, answer.json()) == (404, {"code": 404, "message": "You don't own the document nothing."})


async def test_download_that_its_caller_leaves_harms_nobody(rest: httpx.AsyncClient, content: bytes) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "large.pdf", content)
    for _ in range(5):
        async with rest.stream("GET", f"/api/v1/datasets/{dataset}/documents/{document}") as answer:
            async for _piece in answer.aiter_bytes():
                break
    assert (await rest.get(f"/api/v1/datasets/{dataset}/documents/{document}")).content == content
