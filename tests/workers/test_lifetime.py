"""Workers end with their parents, whatever happens to these."""

import json
import signal
import struct
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from knowflow_server.workers.environment import worker_environment

_PARENT = """
import asyncio, sys
from pathlib import Path
from knowflow_server.workers.parse_pool import ParsePool

async def main():
    pool = ParsePool(pipeline="fake_pipeline")
    async for item in pool.parse(Path("/nowhere"), name="a", method=sys.argv[1], config={}):
        print(item.message, flush=True)

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def _fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def _assert_gone(process: psutil.Process) -> None:
    _, alive = psutil.wait_procs([process], timeout=10)
    # Where nobody collects orphans, a dead process stays in the table.
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.parametrize("method", ["spin", "stuck"])
def test_worker_busy_when_parent_is_killed_dies(method: str) -> None:
    command = [sys.executable, "-c", _PARENT, method]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=worker_environment()) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline().split()[1]))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _assert_gone(worker)


@pytest.mark.parametrize("request_body", [None, {"method": "spin"}], ids=["idle", "busy"])
def test_worker_without_death_signal_ends_with_the_pipe(request_body: dict[str, str] | None) -> None:
    # Without --parent nothing but the end of its input tells the worker, as on systems other than Linux.
    command = [sys.executable, "-P", "-m", "knowflow_server.workers.parse", "--pipeline", "fake_pipeline"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=worker_environment()) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        _read_frame(worker)
        if request_body is not None:
            body = {"path": "/nowhere", "name": "a", "config": {}, "window": 4, **request_body}
            head = json.dumps({"kind": "request", "body": body}).encode()
            worker.stdin.write(struct.pack("<II", len(head), 0) + head)
            worker.stdin.flush()
            _read_frame(worker)
        worker.stdin.close()
        assert worker.wait(timeout=10) == 0


def test_worker_with_wrong_parent_ends_at_once() -> None:
    command = [sys.executable, "-P", "-m", "knowflow_server.workers.parse", "--parent", "1"]
    finished = subprocess.run(command, input=b"", capture_output=True, env=worker_environment(), timeout=30, check=True)
    assert finished.stdout == b""


def _read_frame(worker: "subprocess.Popen[bytes]") -> bytes:
    assert worker.stdout is not None
    head, tail = struct.unpack("<II", worker.stdout.read(8))
    return worker.stdout.read(head + tail)
