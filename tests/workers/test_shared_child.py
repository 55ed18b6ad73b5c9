"""A worker with several requests: a silent one is killed, a forged frame harms nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import WorkerFailedError, WorkerTimeoutError
from knowflow_server.workers.process import ChildLimits
from knowflow_server.workers.shared_child import SharedChild

QUESTION: dict[str, object] = {"messages": [{"role": "user", "content": "Hello!"}], "max_tokens": 2}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def child() -> AsyncIterator[SharedChild]:
    limits = ChildLimits(memory_mb=1_500)
    child = SharedChild(ChildProcess("chat", limits=limits), idle_s=600.0, stall_s=60.0)
    yield child
    await child.close()


async def kinds(child: SharedChild, body: dict[str, object] = QUESTION) -> list[str]:
    return [frame.kind async for frame in child.stream(body)]


async def test_stream_of_many_starts_one_process_and_keeps_their_frames_apart(child: SharedChild) -> None:
    answers = await asyncio.gather(*(kinds(child) for _ in range(6)))
    assert ["end"] * 6 == [answer[-1] for answer in answers]
    assert child.process is not None


async def test_stream_request_that_makes_no_sense_fails_alone(child: SharedChild) -> None:
    good, bad = await asyncio.gather(kinds(child), kinds(child, {"messages": [{}]}), return_exceptions=True)
    assert isinstance(good, list)
    assert isinstance(bad, WorkerFailedError)
    assert "unexpected" == bad.kind


async def test_stream_silent_worker_is_killed_and_replaced(child: SharedChild, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = child.stream({**QUESTION, "max_tokens": 3_000})
    await anext(stream)
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGSTOP)
    with monkeypatch.context() as patch:
        patch.setattr(child, "_stall_s", 0.2)
        with pytest.raises(WorkerTimeoutError):
            async for _ in stream:
                pass
    assert "end" == (await kinds(child))[-1]
