"""`knowflow credits top-up`: on data that no server has open, and through a running server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.serving import OPERATOR_KEY, Server


def knowflow(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")}
    environment |= {f"KNOWFLOW_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "knowflow_server", *arguments]
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=120)


def test_top_up_of_a_stopped_server_counts_once_for_a_key(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    assert knowflow("create-organization", "Acme", *data).returncode == 0
    arguments = ("credits", "top-up", "Acme", "500", "--key", "invoice-1", *data)
    for _ in range(2):
        done = knowflow(*arguments, CREDIT_GRANT="20")
        assert (done.returncode, done.stdout) == (0, "520\n"), done.stderr
    told = knowflow(*arguments, "--json", CREDIT_GRANT="20")
    assert (told.returncode, told.stdout) == (0, '{"balance": 520}\n'), told.stderr
    unknown = knowflow("credits", "top-up", "Nobody", "500", "--key", "invoice-1", *data)
    assert (unknown.returncode, unknown.stderr) == (1, "Error: There is no organization Nobody.\n")


async def test_top_up_of_a_running_server_goes_through_it(server: Server, rest: httpx.AsyncClient) -> None:
    organization = (await rest.get("/v1/organizations")).json()["data"][0]["id"]
    before = (await rest.get("/api/public/credits")).json()["balance"]
    command = ("credits", "top-up", organization, "7", "--key", "cli")
    locked = knowflow(*command, "--data", str(server.folder / "data"))
    assert (locked.returncode, "add --url" in locked.stderr) == (1, True)
    done = knowflow(*command, "--url", server.url, OPERATOR_KEY=OPERATOR_KEY)
    assert done.returncode == 0, done.stderr
    # Other tests spend credits of this organization, and this is no test of theirs.
    assert 0 < int(done.stdout) <= before + 7
    refused = knowflow(*command, "--url", server.url, OPERATOR_KEY="another-key-of-nobody")
    assert (refused.returncode, refused.stderr) == (1, "Error: This call needs the operator key of the server.\n")
    nobody = knowflow(*command, "--url", "http://127.0.0.1:1", OPERATOR_KEY=OPERATOR_KEY)
    assert (nobody.returncode, "No KnowFlow server answers" in nobody.stderr) == (3, True)
    unset = knowflow(*command, "--url", server.url)
    assert (unset.returncode, "KNOWFLOW_OPERATOR_KEY" in unset.stderr) == (1, True)
