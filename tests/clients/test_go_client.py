"""Our Go client against a real server, built with the toolchain and the libraries which Debian packages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.contract.sources import ROOT
from tests.serving import Server

SOURCES = "/usr/share/gocode"


def test_tour(server: Server, tmp_path: Path) -> None:
    assert shutil.which("go"), "This test needs Go, see clients/go/README.md"
    cats, dogs = tmp_path / "cats.txt", tmp_path / "dogs.txt"
    cats.write_text("Cats sleep sixteen hours a day.\n" * 50)
    dogs.write_text("Dogs bark at the postman.")
    modules = tmp_path / "go" / "src"
    modules.mkdir(parents=True)
    (modules / "knowflow").symlink_to(ROOT / "clients" / "go")
    names = {"GO111MODULE": "off", "GOPATH": f"{tmp_path / 'go'}:{SOURCES}", "GOFLAGS": ""}
    environment = os.environ | names | {"KNOWFLOW_ADDRESS": server.grpc_address, "KNOWFLOW_API_KEY": server.key}
    program = tmp_path / "tour"
    build = ["go", "build", "-o", str(program), "knowflow/tour"]
    built = subprocess.run(build, env=environment, cwd=modules, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    command = [str(program), str(cats), str(dogs)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert (seen["uploaded"], seen["bytes"]) == (["cats.txt", "dogs.txt"], 50 * 32 + 25)
    assert (seen["runs"], seen["best"]) == (["DONE", "DONE"], "Dogs bark at the postman.")
    # Uploads of a file that is not there.
    assert (seen["missing"], seen["open"]) == (20, False)
    assert seen["text"] == seen["answer"]
    assert seen["error"] == ["ERROR_REASON_DATASET_NAME_EXISTS", {"name": "of the Go client"}, True]
    assert (seen["stream_error"], seen["found"]) == ("ERROR_REASON_CHAT_NOT_FOUND", 1)
