"""Time and number of calls are limited; a server in trouble is reported as such."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from grpc_health.v1 import health_pb2

from tests.gateway.backend import Backend, Context
from tests.gateway.conftest import running, settings_for

DOWN = {"code": 500, "message": "The server cannot be reached. Try again later."}


async def hang(_: Any, __: Context) -> Any:
    await asyncio.Event().wait()


async def test_unary_call_beyond_its_time_is_a_504(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    backend.handlers["ListProbes"] = hang
    async with (
        running(settings_for(backend, unary_timeout_s=0.2), descriptor_set, tmp_path) as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        answer = await client.get("/api/public/probes")
    assert answer.status_code == 504
    assert answer.json() == {"error": "Service unavailable", "message": "The server did not answer in time."}


async def test_stream_outlives_that_time_and_is_cut_by_silence_only(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    async def complete(request: Any, _: Context) -> AsyncIterator[Any]:
        for _count in range(4):
            yield backend.message("google.api.HttpBody", content_type="text/event-stream", data=b"data: 1\n\n")
            # Time is what is measured here.
            await asyncio.sleep(0.2)
        if request.name == "silent":
            await asyncio.Event().wait()

    backend.handlers["Complete"] = complete
    settings = settings_for(backend, unary_timeout_s=0.2, stream_idle_timeout_s=2.0)
    async with (
        running(settings, descriptor_set, tmp_path) as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        answer = await client.post("/api/v1/probes/p1/completions", json={})
        assert answer.text.count("data: 1") == 4
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/api/v1/probes/p1/completions", json={"name": "silent"})


async def test_one_call_too_many_is_a_503(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    started, finish = asyncio.Event(), asyncio.Event()

    async def wait(_: Any, __: Context) -> Any:
        started.set()
        await finish.wait()
        return backend.message("Answer", code=0)

    backend.handlers["ListProbes"] = wait
    settings = settings_for(backend, max_concurrent_calls=1, worker_threads=1)
    async with (
        running(settings, descriptor_set, tmp_path) as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        first = asyncio.create_task(client.get("/api/v1/probes"))
        await asyncio.wait_for(started.wait(), 30)
        second = await client.get("/api/v1/probes")
        finish.set()
        assert (await first).status_code == 200
    assert (second.status_code, second.json()) == (503, DOWN)


@pytest.fixture
async def own_server(descriptor_set: bytes) -> AsyncIterator[Backend]:
    """A server which a test may spoil."""
    server = Backend(descriptor_set)
    await server.start()
    yield server
    await server.stop()


async def test_server_which_says_it_is_not_serving_gets_no_calls(
    own_server: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    await own_server.serving(health_pb2.HealthCheckResponse.NOT_SERVING)
    async with (
        running(settings_for(own_server), descriptor_set, tmp_path) as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        answer = await client.get("/api/v1/probes")
    assert (answer.status_code, answer.json()) == (503, DOWN)


async def test_server_which_dies_during_a_call_is_a_503(
    own_server: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    started = asyncio.Event()

    async def get(_: Any, __: Context) -> Any:
        started.set()
        await asyncio.Event().wait()

    own_server.handlers["GetProbe"] = get
    async with (
        running(settings_for(own_server), descriptor_set, tmp_path) as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        call = asyncio.create_task(client.get("/api/v1/probes/p1"))
        await asyncio.wait_for(started.wait(), 30)
        await own_server.stop()
        answer = await call
    assert (answer.status_code, answer.json()) == (503, DOWN)
