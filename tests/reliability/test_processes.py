"""Processes: one server per folder, an orderly end, and children that come back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import httpx
import psutil
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from knowflow.store.v1.job_pb2 import Job
from tests.reliability.files import long_pdf
from tests.reliability.store import entities_of, eventually
from tests.rpc.calls import (
    begun,
    chunks_of,
    data_of,
    ended,
    new_dataset,
    parsed,
    reached,
    start_parsing,
    upload,
    watch,
)
from tests.serving import Server, start_server


def child(server: Server, word: str) -> psutil.Process | None:
    """Return the child of a server with a word in its command line."""
    for process in psutil.Process(server.process.pid).children(recursive=True):
        try:
            if word in " ".join(process.cmdline()):
                return process
        except psutil.NoSuchProcess:
            continue
    return None


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose children are killed."""
    with start_server(tmp_path_factory.mktemp("mortal")) as running:
        yield running


def test_second_server_on_a_folder_is_refused_with_a_sentence(server: Server) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")}
    folder = str(server.folder / "data")
    command = [sys.executable, "-m", "knowflow_server", "serve", "--data", folder, "--port", "0", "--grpc-port", "0"]
    result = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert f"Another server works on {folder}/db; stop it, or choose another folder." in result.stderr
    assert "Traceback" not in result.stderr
    assert httpx.get(f"{server.url}/v1/system/healthz", trust_env=False).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
async def test_signal_ends_the_server_in_order_and_hands_back_its_work(
    own_server: Callable[..., Server], number: signal.Signals
) -> None:
    server = own_server(settings={"DRAIN_TIMEOUT_S": "2"})
    children = psutil.Process(server.process.pid).children(recursive=True)
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest)
        document = await upload(rest, dataset, "long.pdf", long_pdf(400))
        await start_parsing(rest, dataset, document)
        assert (await reached(channel, dataset, document, 0)).status == "0"
        children = psutil.Process(server.process.pid).children(recursive=True)
        # A call that would never end by itself, and one that is in the middle of its answer.
        watching = watch(channel, dataset, document)
        await watching.read()
        server.process.send_signal(number)
        code = await asyncio.to_thread(server.process.wait, 40)
        with pytest.raises(grpc.aio.AioRpcError):
            while await watching.read() is not grpc.aio.EOF:
                pass
    assert code == 0, server.log[-2000:]
    assert len(children) >= 3
    assert psutil.wait_procs(children, timeout=30)[1] == []
    assert not (server.folder / "ready.json").exists()
    assert "Traceback" not in server.log
    async with entities_of(server.folder) as entities:
        [job] = entities.all(Job)
        assert (job.document_id, job.lease_owner, job.lease_until, job.attempts) == (document, "", 0, 0)
    if number == signal.SIGINT:
        return
    server = own_server()
    async with server.channel() as channel:
        assert (await ended(channel, dataset, document)).status == "1"
    assert server.stop() == 0


async def test_idle_server_stops_at_once(own_server: Callable[..., Server]) -> None:
    server = own_server()
    children = psutil.Process(server.process.pid).children(recursive=True)
    server.process.terminate()
    assert await asyncio.to_thread(server.process.wait, 15) == 0
    assert psutil.wait_procs(children, timeout=30)[1] == []


@pytest.mark.slow
async def test_streams_over_rest_and_grpc_share_the_time_of_a_stop(own_server: Callable[..., Server]) -> None:
    server = own_server(settings={"DRAIN_TIMEOUT_S": "4"})
    gateway = server.url.removeprefix("http://")
    async with grpc.aio.insecure_channel(gateway) as outside, server.channel() as inside:
        # Both would never end by themselves.
        watches = [health_pb2_grpc.HealthStub(one).Watch(health_pb2.HealthCheckRequest()) for one in (outside, inside)]
        for watching in watches:
            await watching.read()
        began = time.monotonic()
        server.process.terminate()
        assert await asyncio.to_thread(server.process.wait, 30) == 0
    # One after the other they would take eight.
    assert time.monotonic() - began < 7.5


async def test_envoy_that_is_killed_comes_back_on_its_port(mortal: Server) -> None:
    for _ in range(2):
        envoy = child(mortal, "envoy.yaml")
        assert envoy is not None
        envoy.kill()
        psutil.wait_procs([envoy], timeout=10)

        def answers() -> bool:
            try:
                return httpx.get(f"{mortal.url}/v1/system/healthz", trust_env=False, timeout=5).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(answers, seconds=30)
    async with mortal.rest() as rest:
        await new_dataset(rest)


async def test_embedding_process_that_is_killed_is_there_for_the_next_question(mortal: Server) -> None:
    async with mortal.rest() as rest, mortal.channel() as channel:
        dataset = await new_dataset(rest)
        document = await upload(rest, dataset, "a.txt", "The moon pulls the sea.")
        assert (await parsed(rest, channel, dataset, document)).status == "1"
        for question in ("What pulls the sea?", "What does the moon do?"):
            embedder = child(mortal, "knowflow_server.workers.embed")
            assert embedder is not None
            embedder.kill()
            psutil.wait_procs([embedder], timeout=10)
            body = {"question": question, "dataset_ids": [dataset]}
            [found] = data_of(await rest.post("/api/v1/retrieval", json=body))["chunks"]
            assert found["document_id"] == document
            assert found["vector_similarity"] > 0.3


async def test_embedding_process_that_is_killed_in_a_parse_loses_no_chunk(mortal: Server) -> None:
    async with mortal.rest() as rest, mortal.channel() as channel:
        dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
        document = await upload(rest, dataset, "a.pdf", long_pdf(20))
        await start_parsing(rest, dataset, document)
        await begun(channel, dataset, document)
        embedder = child(mortal, "knowflow_server.workers.embed")
        assert embedder is not None
        embedder.kill()
        last = await ended(channel, dataset, document)
        assert last.status == "1", last.progress_msg
        chunks = await chunks_of(rest, dataset, document)
        assert len(chunks) == last.chunk_count > 100
        assert len({chunk["id"] for chunk in chunks}) == len(chunks)


async def test_parse_process_that_is_killed_fails_its_document_and_no_other(mortal: Server) -> None:
    async with mortal.rest() as rest, mortal.channel() as channel:
        dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
        document = await upload(rest, dataset, "a.pdf", long_pdf(40))
        await start_parsing(rest, dataset, document)
        assert (await reached(channel, dataset, document, 20)).status == "0"
        worker = child(mortal, "knowflow_server.workers.parse")
        assert worker is not None
        worker.kill()
        last = await ended(channel, dataset, document)
        assert last.status == "2"
        assert last.progress_msg.splitlines()[-1] == "The parser crashed (signal 9)."
        assert await chunks_of(rest, dataset, document) == []
        good = await upload(rest, dataset, "good.txt", "The moon pulls the sea.")
        assert (await parsed(rest, channel, dataset, good)).status == "1"
        assert (await parsed(rest, channel, dataset, document)).status == "1"


def test_server_on_a_port_that_is_taken_is_refused_with_a_sentence(server: Server, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")}
    for option, address in (("--port", server.url), ("--grpc-port", server.grpc_address)):
        taken = address.rsplit(":", 1)[1]
        ports = {"--port": "0", "--grpc-port": "0"} | {option: taken}
        arguments = [part for pair in ports.items() for part in pair]
        command = [sys.executable, "-m", "knowflow_server", "serve", "--data", str(tmp_path / "data"), *arguments]
        result = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=60)
        assert result.returncode == 1, result.stderr
        last = result.stderr.splitlines()[-1]
        assert last.startswith("Error: ")
        assert taken in last
        assert "choose another" in last


@pytest.mark.parametrize(
    ("settings", "data", "sentence"),
    [
        ({"KNOWFLOW_HOST": "192.0.2.1"}, "data", "This machine has no address 192.0.2.1; set KNOWFLOW_HOST to"),
        ({}, "file/data", "cannot be used: Not a directory"),
        ({}, "/proc/data", "The data folder /proc/data cannot be used: "),
    ],
)
def test_server_that_cannot_start_says_why_and_what_helps(
    settings: dict[str, str], data: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")} | settings
    arguments = ["serve", "--data", str(tmp_path / data), "--port", "0", "--grpc-port", "0"]
    command = [sys.executable, "-m", "knowflow_server", *arguments]
    result = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1, result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert sentence in last
