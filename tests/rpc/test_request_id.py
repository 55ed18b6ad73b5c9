"""A name for each call: kept when it is one, made when there is none, told to the caller."""

from __future__ import annotations

import re

import grpc
import httpx
import pytest

from knowflow.v1 import document_service_pb2, document_service_pb2_grpc
from tests.rpc.calls import new_dataset
from tests.serving import Server


@pytest.mark.parametrize("path", ["/api/v1/datasets", "/api/v1/datasets/nothing/documents"], ids=["good", "refused"])
async def test_request_id_is_echoed_over_rest(rest: httpx.AsyncClient, path: str) -> None:
    answer = await rest.get(path, headers={"x-request-id": "my-call-7"})
    assert answer.headers["x-request-id"] == "my-call-7"


@pytest.mark.parametrize("path", ["/api/v1/datasets", "/api/v1/datasets/nothing/documents", "/nowhere"])
async def test_request_id_is_made_over_rest(rest: httpx.AsyncClient, path: str) -> None:
    first, second = [(await rest.get(path)).headers["x-request-id"] for _ in range(2)]
    assert re.fullmatch(r"[A-Za-z0-9._:-]{8,128}", first)
    assert first != second


async def test_request_id_of_a_failed_call_is_in_its_trailers_and_in_the_log(
    server: Server, channel: grpc.aio.Channel, rest: httpx.AsyncClient
) -> None:
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.ListDocuments(
            document_service_pb2.ListDocumentsRequest(dataset_id="nothing"),
            metadata=(("x-request-id", "find-me-in-the-log"),),
            timeout=20,
        )
    assert dict(caught.value.trailing_metadata() or ())["x-request-id"] == "find-me-in-the-log"
    # The caller has its answer before the server writes the line, and the next answer after that.
    await stub.ListDocuments(document_service_pb2.ListDocumentsRequest(dataset_id=await new_dataset(rest)), timeout=20)
    [line] = [line for line in server.log.splitlines() if "find-me-in-the-log" in line]
    assert "DATASET_NOT_FOUND" in line
    assert "/knowflow.v1.DocumentService/ListDocuments" in line
