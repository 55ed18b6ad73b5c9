"""Starting and stopping real servers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import grpc
import httpx
import psutil

from tests.standins.whatsapp import WhatsAppStandIn

KEY = "test-key-of-the-first-organization"
OTHER_KEY = "test-key-of-another-organization"
OPERATOR_KEY = "test-key-of-the-operator"
READY_S = 60


class Server:
    """A server process: `knowflow serve` on free ports.

    Args:
        folder: Holds its data, its log and its ready file.
        process: The process.
        key: API key of its first organization.

    Attributes:
        receiver: Base address of a receiver of webhooks which it may tell; empty when there is none.
        whatsapp: The Cloud API of WhatsApp it sends to; None when there is none.
        mail: The mail server it sends to; None when there is none.
    """

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], key: str) -> None:
        self.folder = folder
        self.process = process
        self.key = key
        self.receiver = ""
        self.whatsapp: WhatsAppStandIn | None = None
        self.mail: Any = None
        ready = json.loads((folder / "ready.json").read_text())
        self.url: str = ready["rest_url"]
        self.grpc_address: str = ready["grpc_address"]

    def rest(self, key: str | None = None) -> httpx.AsyncClient:
        """Return a REST client that shows an API key."""
        headers = {"Authorization": f"Bearer {key or self.key}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def channel(self, key: str | None = None) -> grpc.aio.Channel:
        """Return a gRPC channel that shows an API key with each call."""
        return grpc.aio.insecure_channel(self.grpc_address, interceptors=key_interceptors(key or self.key))

    @property
    def log(self) -> str:
        """Everything the server wrote so far."""
        return (self.folder / "server.log").read_text()

    def stop(self) -> int:
        """End the server as Ctrl-C does, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def kill(self) -> None:
        """End the server as a power cut does; its children end by themselves."""
        if self.process.poll() is None:
            children = psutil.Process(self.process.pid).children(recursive=True)
            self.process.kill()
            self.process.wait()
            psutil.wait_procs(children, timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()


def start_server(
    folder: Path,
    *,
    key: str = KEY,
    organizations: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Server:
    """Start a server on the data of a folder and wait until it answers.

    Args:
        folder: Data, log and ready file; what is there is used.
        key: API key of the first organization.
        organizations: Further organizations and their keys.
        settings: Further `KNOWFLOW_*` settings, without the prefix.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")}
    environment |= {"KNOWFLOW_MODEL_FALLBACK": "embedded", "KNOWFLOW_BOOTSTRAP_API_KEY": key}
    # Tests register many users from one address, and call often with one key.
    environment |= {
        "KNOWFLOW_LOGIN_ATTEMPTS": "100000",
        "KNOWFLOW_RATE_LIMITS": json.dumps({"platform": "100000/minute"}),
    }
    environment |= {f"KNOWFLOW_{name}": value for name, value in (settings or {}).items()}
    command = [sys.executable, "-m", "knowflow_server"]
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    if organizations:
        # The first organization must be the one of the key, so it is made before the others.
        for name, value in {"Default": key, **organizations}.items():
            arguments = ["create-organization", name, "--data", str(folder / "data"), "--api-key", value]
            subprocess.run([*command, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    arguments = ["serve", "--data", str(folder / "data"), "--port", "0", "--grpc-port", "0", "--ready-file", str(ready)]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen([*command, *arguments], env=environment, stdout=log, stderr=log)
    deadline = time.monotonic() + READY_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise RuntimeError((folder / "server.log").read_text()[-4000:])
        time.sleep(0.05)
    return Server(folder, process, key)


class _UnaryKey(grpc.aio.UnaryUnaryClientInterceptor):
    def __init__(self, key: str) -> None:
        self._key = key

    async def intercept_unary_unary(self, continuation, details, request):
        return await continuation(_with_key(details, self._key), request)


class _UnaryStreamKey(grpc.aio.UnaryStreamClientInterceptor):
    def __init__(self, key: str) -> None:
        self._key = key

    async def intercept_unary_stream(self, continuation, details, request):
        return await continuation(_with_key(details, self._key), request)


class _StreamUnaryKey(grpc.aio.StreamUnaryClientInterceptor):
    def __init__(self, key: str) -> None:
        self._key = key

    async def intercept_stream_unary(self, continuation, details, requests):
        return await continuation(_with_key(details, self._key), requests)


def _with_key(details: grpc.aio.ClientCallDetails, key: str) -> grpc.aio.ClientCallDetails:
    metadata = grpc.aio.Metadata(*(details.metadata or ()), ("authorization", f"Bearer {key}"))
    return details._replace(metadata=metadata)


def key_interceptors(key: str) -> list[grpc.aio.ClientInterceptor]:
    """Return interceptors which show an API key with each call."""
    return [_UnaryKey(key), _UnaryStreamKey(key), _StreamUnaryKey(key)]
