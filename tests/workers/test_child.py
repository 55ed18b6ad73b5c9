"""Supervision: start, back-off, one request at a time, closing."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import WorkerClosedError, WorkerDiedError, WorkerFailedError, WorkerTimeoutError
from knowflow_server.workers.process import ChildLimits

_LIMITS = ChildLimits(memory_mb=500)


@pytest.fixture(autouse=True)
def _fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest_asyncio.fixture
async def child() -> AsyncIterator[ChildProcess]:
    child = ChildProcess("parse", ["--pipeline", "fake_pipeline"], limits=_LIMITS)
    yield child
    await child.close()


def _request(method: str, **config: object) -> dict[str, object]:
    return {"path": "/nowhere", "name": "a", "method": method, "config": config}


async def _run(child: ChildProcess, method: str, **config: object) -> int:
    """Return the number of items of the answer."""
    async with aclosing(child.stream(_request(method, **config), deadline_s=30.0, window=4)) as items:
        return len([item async for item in items])


async def test_stream_while_another_is_open_is_refused(child: ChildProcess) -> None:
    async with aclosing(child.stream(_request("spin"), deadline_s=30.0, window=4)) as items:
        await anext(items)
        with pytest.raises(RuntimeError, match="one request at a time"):
            await _run(child, "spin")


async def test_start_called_by_many_starts_one_process(child: ChildProcess) -> None:
    processes = await asyncio.gather(*(child.start() for _ in range(20)))
    assert len({process.pid for process in processes}) == 1


async def test_stream_worker_killed_from_outside_raises_with_signal(child: ChildProcess) -> None:
    async with aclosing(child.stream(_request("spin"), deadline_s=30.0, window=4)) as items:
        await anext(items)
        assert child.process is not None
        os.kill(child.process.pid, signal.SIGKILL)
        with pytest.raises(WorkerDiedError) as caught:
            await anext(items)
    assert (caught.value.signal, caught.value.exit_code) == (signal.SIGKILL, None)


async def test_stream_deadline_counts_the_worker_and_not_the_caller(child: ChildProcess) -> None:
    await child.start()
    async with aclosing(child.stream(_request("large", length=1, drafts=1), deadline_s=2.0, window=1)) as items:
        assert (await anext(items)).kind == "item"
        # The caller's own time, longer than the deadline.
        await asyncio.sleep(2.1)
        assert (await anext(items)).kind == "item"
    async with aclosing(child.stream(_request("spin"), deadline_s=2.0, window=1)) as items:
        await anext(items)
        with pytest.raises(WorkerTimeoutError) as caught:
            await anext(items)
    assert caught.value.limit_s == 2.0


async def test_call_answer_of_several_items_is_a_failure(child: ChildProcess) -> None:
    with pytest.raises(WorkerFailedError, match="3 answers"):
        await child.call(_request("large", length=10, drafts=100), deadline_s=30.0)


async def test_start_keeps_dying_waits_twice_as_long_each_time(caplog: pytest.LogCaptureFixture) -> None:
    child = ChildProcess("parse", ["--pipeline", "no_such_module"], limits=_LIMITS)
    for _ in range(3):
        with pytest.raises(WorkerDiedError) as caught:
            await child.start()
        assert caught.value.exit_code == 1
    pauses = [message.rsplit("in ", 1)[1] for message in caplog.messages if "next start in" in message]
    assert pauses == ["0.1 s.", "0.2 s."]
    assert any("no_such_module" in message for message in caplog.messages)
    await child.close()


async def test_stream_success_ends_back_off(child: ChildProcess, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with pytest.raises(WorkerDiedError):
            await _run(child, "leave")
        assert await _run(child, "large", length=1, drafts=1) == 2
    pauses = [message.rsplit("in ", 1)[1] for message in caplog.messages if "next start in" in message]
    assert pauses == ["0.1 s.", "0.1 s."]


async def test_close_during_back_off_ends_the_wait() -> None:
    child = ChildProcess("parse", ["--pipeline", "no_such_module"], limits=_LIMITS)
    for _ in range(2):
        with pytest.raises(WorkerDiedError):
            await child.start()
    starting = asyncio.create_task(child.start())
    await child.close()
    with pytest.raises(WorkerClosedError):
        await starting


async def test_start_cancelled_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    monkeypatch.setenv("SLOW_PIPELINE_FIFO", str(fifo))
    child = ChildProcess("parse", ["--pipeline", "slow_pipeline"], limits=_LIMITS)
    starting = asyncio.create_task(child.start())
    pid = int(await asyncio.to_thread(fifo.read_text, encoding="ascii"))
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not psutil.pid_exists(pid)
    await child.close()


async def test_close_during_start_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    monkeypatch.setenv("SLOW_PIPELINE_FIFO", str(fifo))
    child = ChildProcess("parse", ["--pipeline", "slow_pipeline"], limits=_LIMITS)
    starting = asyncio.create_task(child.start())
    pid = int(await asyncio.to_thread(fifo.read_text, encoding="ascii"))
    await child.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(WorkerClosedError):
        await starting


async def test_start_slow_worker_is_killed_by_start_timeout() -> None:
    child = ChildProcess("parse", limits=ChildLimits(memory_mb=500, start_timeout_s=0.01))
    with pytest.raises(WorkerTimeoutError):
        await child.start()
    assert child.process is None
    await child.close()


async def test_stop_idle_worker_leaves_by_itself(child: ChildProcess, caplog: pytest.LogCaptureFixture) -> None:
    process = await child.start()
    with caplog.at_level(logging.WARNING):
        await child.stop()
    assert process.exited.is_set()
    assert process.death(limit_s=0.0).exit_code == 0
    assert caplog.messages == []
    assert await _run(child, "large", length=1, drafts=1) == 2
