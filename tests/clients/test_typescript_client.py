"""Our TypeScript client in Node against a real server: gRPC to the server, gRPC-web through the gateway."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.sources import ROOT
from tests.serving import Server

PACKAGE = ROOT / "clients" / "typescript"
TOUR = Path(__file__).with_name("typescript_tour.mjs")


@pytest.fixture(scope="module")
def package() -> Path:
    """The package, built."""
    if not (PACKAGE / "node_modules" / ".bin" / "tsc").exists():
        install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(install, cwd=PACKAGE, check=True)
    done = subprocess.run(["npm", "run", "--silent", "build"], cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return PACKAGE


def test_tour(package: Path, server: Server) -> None:
    names = {"KNOWFLOW_ADDRESS": server.grpc_address, "KNOWFLOW_API_KEY": server.key, "GATEWAY": server.url}
    command = ["node", str(TOUR), str(package)]
    done = subprocess.run(command, env=os.environ | names, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen["uploaded"] == [["cats.txt", "dogs.txt"], 50 * 32 + 25]
    assert seen["progress"] == [["DONE", 100], ["DONE", 100]]
    assert seen["best"] == "Dogs bark at the postman."
    assert seen["events"][0] == "started"
    assert seen["events"][-1] == "finished"
    assert seen["text"] == seen["answer"]
    assert seen["error"] == [True, {"name": "of the TypeScript client"}, True]
    assert seen["streamError"] == "CHAT_NOT_FOUND"
    assert seen["web"] == ["of the TypeScript client"]
    assert seen["webEvents"] == seen["events"]
    assert seen["webError"] == "DATASET_NOT_FOUND"
