"""A real gRPC server behind a real Envoy, both on free ports, shared by all tests of this folder."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from google.api import http_pb2
from grpc_tools import protoc  # type: ignore[import-untyped]

from knowflow_gateway.runner import EnvoyProcess
from knowflow_gateway.settings import GatewaySettings
from tests.gateway.backend import Backend

HERE = Path(__file__).parent
MAX_UPLOAD_BYTES = 400 << 20
MAX_JSON_BYTES = 2 << 20
MAX_ANSWER_BYTES = 4 << 20


@pytest.fixture(scope="session")
def descriptor_set(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("proto") / "probe.pb"
    packages = Path(http_pb2.__file__).parents[2]
    well_known = Path(protoc.__file__).parent / "_proto"
    arguments = [f"-I{HERE}", f"-I{packages}", f"-I{well_known}", "--include_imports", f"--descriptor_set_out={out}"]
    assert protoc.main(["protoc", *arguments, str(HERE / "probe.proto")]) == 0
    return out.read_bytes()


@pytest.fixture(scope="session")
async def server(descriptor_set: bytes) -> AsyncIterator[Backend]:
    backend = Backend(descriptor_set)
    await backend.start()
    yield backend
    await backend.stop()


@pytest.fixture
def backend(server: Backend) -> Iterator[Backend]:
    """The server, with no handlers of an earlier test."""
    server.handlers.clear()
    yield server
    server.handlers.clear()


def settings_for(backend: Backend, **changes: object) -> GatewaySettings:
    """Return settings for a gateway on a free port in front of a backend."""
    values: dict[str, object] = {
        "listen_host": "127.0.0.1",
        "listen_port": 0,
        "grpc_port": backend.port,
        "max_upload_bytes": MAX_UPLOAD_BYTES,
        "max_json_bytes": MAX_JSON_BYTES,
        "max_answer_bytes": MAX_ANSWER_BYTES,
        "access_log": "",
        "cors_origins": ("https://app.example.com",),
        "health_check_interval_s": 0.2,
    }
    return GatewaySettings(**{**values, **changes})  # type: ignore[arg-type]


class ScriptErrors(logging.Handler):
    """Collects what Envoy says about our Lua: it logs a script's error and goes on without it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if "script log" in record.getMessage():
            self.found.append(record.getMessage())


@asynccontextmanager
async def running(settings: GatewaySettings, descriptor_set: bytes, work_dir: Path) -> AsyncIterator[EnvoyProcess]:
    """Run a gateway of a test's own."""
    process, errors = EnvoyProcess(settings, descriptor_set, work_dir), ScriptErrors()
    logging.getLogger("knowflow_gateway.runner").addHandler(errors)
    await process.start()
    try:
        await process.wait_ready()
        yield process
    finally:
        await process.stop()
        logging.getLogger("knowflow_gateway.runner").removeHandler(errors)
    assert errors.found == []


@pytest.fixture(scope="session")
async def gateway(
    server: Backend, descriptor_set: bytes, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[EnvoyProcess]:
    async with running(settings_for(server), descriptor_set, tmp_path_factory.mktemp("envoy")) as process:
        yield process


@pytest.fixture
async def client(gateway: EnvoyProcess, backend: Backend) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the gateway."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{gateway.port}", timeout=20) as http:
        yield http


async def read_answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the head and the body of an HTTP/1.1 answer, without waiting for the connection's end."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    lengths = [line for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
    return head, await asyncio.wait_for(reader.readexactly(int(lengths[0].split()[1])), 30)
