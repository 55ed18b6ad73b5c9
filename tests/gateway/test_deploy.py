"""The deployment files, checked as far as a machine without containers can."""

from __future__ import annotations

import json
import re
import shutil
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
from knowflow_gateway.runner import find_envoy
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


def _commands() -> list[str]:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    manifests = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "gateway.yaml").read_text()))
    deployment = next(one for one in manifests if one["kind"] == "Deployment")
    container = deployment["spec"]["template"]["spec"]["initContainers"][0]
    return [compose["services"]["configuration"]["command"][-1], container["command"][-1]]


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
