"""The deployment files, checked as far as a machine without containers can."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec import ComposeSpecification

from knowflow.client import KnowFlow
from knowflow_gateway.render import render
from knowflow_gateway.runner import find_envoy
from knowflow_gateway.settings import GatewaySettings
from knowflow_server.metrics import Metrics
from knowflow_server.settings import Settings
from tests.contract.sources import ROOT
from tests.serving import Server

DEPLOY = ROOT / "gateway" / "deploy"
MANIFESTS = [
    pytest.param(manifest, id=f"{path.stem}-{manifest['kind']}")
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text())
    if path.stem != "kustomization"
]
OLDEST_KUBERNETES = "1.28"


@pytest.mark.parametrize("manifest", MANIFESTS)
@pytest.mark.parametrize("version", [OLDEST_KUBERNETES, "1.34"])
def test_manifest_is_valid(manifest: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


def test_compose_file_is_valid() -> None:
    ComposeSpecification(**yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def test_dockerfile_is_clean() -> None:
    linter = shutil.which("hadolint", path=Path(sys.executable).parent)
    assert linter
    done = subprocess.run([linter, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="only systems with systemd can check its units")
def test_unit_is_valid(tmp_path: Path) -> None:
    # The command must exist where the unit is checked.
    text = (DEPLOY / "knowflow.service").read_text().replace("/opt/knowflow/bin/knowflow", sys.executable)
    unit = tmp_path / "knowflow.service"
    unit.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert "knowflow.service" not in done.stderr, done.stderr


def _services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


def _pod(name: str) -> dict[str, Any]:
    manifests = yaml.safe_load_all((DEPLOY / "kubernetes" / f"{name}.yaml").read_text())
    pod: dict[str, Any] = next(one["spec"]["template"]["spec"] for one in manifests if "template" in one["spec"])
    return pod


def _commands() -> list[str]:
    return [_services()["configuration"]["command"][-1], _pod("gateway")["initContainers"][0]["command"][-1]]


def test_pods_get_no_variables_that_read_like_settings() -> None:
    # Of a service `knowflow` they were KNOWFLOW_PORT=tcp://..., KNOWFLOW_SERVICE_HOST and others.
    assert [_pod(name)["enableServiceLinks"] for name in ("server", "gateway")] == [False, False]


def test_image_and_unit_know_where_the_models_are_prepared() -> None:
    for name in ("Dockerfile", "knowflow.service"):
        text = (DEPLOY / name).read_text()
        [folder] = re.findall(r"KNOWFLOW_MODEL_CACHE=(\S+)", text)
        assert set(re.findall(r"--prepare --cache (\S+)", text)) == {folder}, name


async def test_gateway_drains_before_it_is_told_to_end(tmp_path: Path) -> None:
    command = _services()["gateway"]["pre_stop"][0]["command"]
    assert command == _pod("gateway")["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
    port, admin_port = _free_port(), _free_port()
    descriptors = resources.files("knowflow").joinpath("descriptors.binpb")
    settings = GatewaySettings(
        listen_port=port, admin_port=admin_port, descriptor_path=Path(str(descriptors)), access_log=""
    )
    (tmp_path / "envoy.yaml").write_text(render(settings, descriptors.read_bytes()))
    arguments = ["-c", str(tmp_path / "envoy.yaml"), "--drain-time-s", "1", "--use-dynamic-base-id", "-l", "off"]
    envoy = await asyncio.create_subprocess_exec(find_envoy(), *arguments)
    try:
        await _until(port, listens=True)
        drain = command[-1].replace("9901", str(admin_port)).replace("sleep 30", "true")
        assert await (await asyncio.create_subprocess_exec(*command[:-1], drain)).wait() == 0
        # Envoy goes on for the streams under way, and takes no new callers.
        await _until(port, listens=False)
        assert envoy.returncode is None
    finally:
        envoy.terminate()
        await envoy.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _until(port: int, *, listens: bool) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                answers = False
            else:
                answers = True
                writer.close()
            if answers == listens:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("command", _commands())
def test_configuration_of_the_gateway_is_one_that_envoy_takes(command: str, tmp_path: Path) -> None:
    installed = str(resources.files("knowflow").joinpath("descriptors.binpb"))
    here = re.sub(r"\S*/descriptors\.binpb", installed, command).replace("/config", str(tmp_path))
    here = here.replace("python -m", f"{sys.executable} -m")
    subprocess.run(["sh", "-c", here], check=True)
    check = [find_envoy(), "--mode", "validate", "-c", str(tmp_path / "envoy.yaml"), "--log-level", "error"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_settings_in_the_files_exist() -> None:
    known = {f"KNOWFLOW_{name.upper()}" for name in Settings.model_fields}
    for path in DEPLOY.rglob("*"):
        if path.is_file() and path.suffix != ".json":
            assert set(re.findall(r"KNOWFLOW_[A-Z_]+[A-Z]", path.read_text())) <= known, path.name


def test_gateways_of_ones_own_have_the_defaults_of_the_server() -> None:
    server, gateway = Settings(), GatewaySettings()
    assert (gateway.listen_port, gateway.grpc_port, gateway.max_upload_bytes, gateway.cors_origins) == (
        server.port,
        server.grpc_port,
        server.max_file_bytes,
        server.cors_origins,
    )
    assert (gateway.unary_timeout_s, gateway.stream_idle_timeout_s, gateway.drain_s) == (
        server.request_timeout_s,
        server.stream_idle_timeout_s,
        server.drain_timeout_s,
    )


def test_dashboard_asks_for_figures_that_exist() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "knowflow.json").read_text())
    asked = {name for text in _expressions(dashboard) for name in re.findall(r"(?:knowflow|process)_\w+", text)}
    metrics = Metrics()
    metrics.watch("knowflow_jobs", "Jobs.", "kind", dict)
    metrics.watch("knowflow_store_bytes", "Bytes.", "part", dict)
    there = {family.name for family in metrics.registry.collect()}
    assert {re.sub(r"_(?:total|count|bucket)$", "", name) for name in asked} <= there


def _expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def test_server_without_a_gateway_answers_over_grpc(own_server: Callable[..., Server]) -> None:
    server = own_server(settings={"GATEWAY": "none"})
    assert server.url == ""
    with KnowFlow(server.grpc_address, server.key) as client:
        assert client.health().status == "healthy"
