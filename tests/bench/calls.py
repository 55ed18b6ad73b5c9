"""Calls per second of list-datasets, over REST and gRPC."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import grpc

from knowflow.v1 import dataset_service_pb2, dataset_service_pb2_grpc
from tests.bench.load import calls_per_second, http_call
from tests.bench.table import Row
from tests.serving import Server

PATH = "/api/v1/datasets"
DATASETS = 10


@contextmanager
def child(module: str, *arguments: str) -> Iterator[int]:
    """Run a baseline server, and give its port."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)


async def grpc_rate(address: str, key: str) -> float:
    """Return the calls per second which a gRPC server answers."""
    async with grpc.aio.insecure_channel(address) as channel:
        stub = dataset_service_pb2_grpc.DatasetServiceStub(channel)
        request, metadata = dataset_service_pb2.ListDatasetsRequest(), [("authorization", f"Bearer {key}")]

        async def make() -> Callable[[], Awaitable[object]]:
            async def call() -> object:
                return await stub.ListDatasets(request, metadata=metadata)

            return call

        return await calls_per_second(make)


async def http_rate(url: str, key: str) -> float:
    """Return the calls per second which an HTTP server answers."""
    return await calls_per_second(lambda: http_call(url, PATH, key))


async def measure(server: Server) -> list[Row]:
    """Return the figures."""
    async with server.rest() as client:
        for number in range(DATASETS):
            answer = await client.post(PATH, json={"name": f"bench {number}"})
        organization = answer.json()["data"]["tenant_id"]
    async with server.channel() as channel:
        listed = await dataset_service_pb2_grpc.DatasetServiceStub(channel).ListDatasets(
            dataset_service_pb2.ListDatasetsRequest()
        )
    ours_grpc = await grpc_rate(server.grpc_address, server.key)
    with child("baseline_echo", listed.SerializeToString().hex()) as port:
        echo = await grpc_rate(f"127.0.0.1:{port}", server.key)
    ours_rest = await http_rate(server.url, server.key)
    with child("baseline_fastapi", str(server.folder / "data" / "db"), organization) as port:
        fastapi = await http_rate(f"http://127.0.0.1:{port}", server.key)
    return [
        Row(
            f"list {DATASETS} datasets, gRPC",
            f"{ours_grpc:.0f} calls/s",
            f"{echo:.0f} calls/s, bare grpc.aio echo",
            f"{ours_grpc / echo:.2f}",
        ),
        Row(
            f"list {DATASETS} datasets, REST through Envoy",
            f"{ours_rest:.0f} calls/s",
            f"{fastapi:.0f} calls/s, FastAPI + uvicorn on the same table",
            f"{ours_rest / fastapi:.2f}",
        ),
    ]
