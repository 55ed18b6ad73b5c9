"""The shortest way from a file to an answer, over REST and gRPC."""

from __future__ import annotations

import grpc
import httpx

from knowflow.v1 import document_service_pb2, document_service_pb2_grpc, system_service_pb2, system_service_pb2_grpc

TEXT = "# Tides\n\nThe moon pulls the sea.\n\n# Bread\n\nYeast makes dough rise.\n"


async def test_upload_parse_retrieve_gives_the_right_section(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = (await rest.post("/api/v1/datasets", json={"name": "smoke", "chunk_method": "smart"})).json()["data"][
        "id"
    ]
    upload = await rest.post(f"/api/v1/datasets/{dataset}/documents", files={"file": ("a.md", TEXT)})
    document = upload.json()["data"][0]["id"]
    await rest.post(f"/api/v1/datasets/{dataset}/chunks", json={"document_ids": [document]})
    stub = document_service_pb2_grpc.DocumentServiceStub(channel)
    request = document_service_pb2.WatchDocumentRequest(dataset_id=dataset, document_id=document)
    last = [message async for message in stub.WatchDocument(request)][-1].document
    assert (last.status, last.progress) == ("1", 100.0)
    assert last.progress_msg.endswith("Task done")
    answer = await rest.post("/api/v1/retrieval", json={"question": "What makes dough rise?", "dataset_ids": [dataset]})
    assert "Yeast" in answer.json()["data"]["chunks"][0]["content"]


async def test_health_over_grpc_needs_no_key(server) -> None:
    async with grpc.aio.insecure_channel(server.grpc_address) as channel:
        answer = await system_service_pb2_grpc.SystemServiceStub(channel).CheckHealth(
            system_service_pb2.CheckHealthRequest()
        )
    assert answer.status == "healthy"
