"""One life of a worker process, seen from the parent: its pipes, its log lines, its memory, its end."""

import asyncio
import logging
import os
import re
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Self

import psutil

from knowflow_server.workers.errors import WorkerDiedError, WorkerMemoryError, WorkerTimeoutError
from knowflow_server.workers.frames import Frame, FrameError, encode, read_frame

KillCause = Literal["deadline", "memory", "protocol", "stopped"]

_MEMORY_CHECK_S = 0.2
_EXIT_GRACE_S = 2.0
_MAX_LOG_LINE = 2_000
_MAX_FRAMES_WAITING = 1_024
# What Python prints by itself when it ends by an exception or a signal.
_LAST_WORDS = ("Traceback (most recent call last)", "Fatal Python error")
_LEVEL = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) ")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a worker may use.

    Attributes:
        memory_mb: Resident memory in MiB above which the parent kills the worker; checked five times a second.
        address_space_mb: Virtual memory in MiB above which allocations fail inside the worker, or None. It catches
            what grows between two checks; libraries that map much without using it need a generous value.
        nice: Increase of the niceness, 0 to 19.
        start_timeout_s: Longest time from start to readiness.
    """

    memory_mb: int
    address_space_mb: int | None = None
    nice: int = 0
    start_timeout_s: float = 60.0


class WorkerProcess:
    """A started worker. It is used by one request at a time and is never restarted: see `ChildProcess`."""

    def __init__(self, process: asyncio.subprocess.Process, *, name: str, limits: ChildLimits) -> None:
        self.name = name
        self.ready: Mapping[str, object] | None = None
        """What the worker said when it was ready; None before."""
        self.exited = asyncio.Event()
        self.exited_at = 0.0
        """`time.monotonic()` of the end; 0 before."""
        self.cause: KillCause | None = None
        """Why the parent killed it; None while it lives and when it ended by itself."""
        self._process = process
        self._limits = limits
        self._frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._side_tasks = [asyncio.create_task(self._forward_log()), asyncio.create_task(self._watch_memory())]
        self._pump_task = asyncio.create_task(self._pump())

    @classmethod
    async def spawn(
        cls, command: Sequence[str], *, name: str, limits: ChildLimits, environment: Mapping[str, str]
    ) -> Self:
        """Start the command; await `until_ready` before the first request."""
        pipe = asyncio.subprocess.PIPE
        # A session of its own: Ctrl-C in a terminal reaches only the parent, and a kill reaches grandchildren too.
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True, limit=2**20
        )
        return cls(process, name=name, limits=limits)

    async def until_ready(self) -> None:
        """Wait until the worker says that it is ready.

        Raises:
            WorkerDiedError: It ended, or was killed by a limit, before that. When the waiting is cancelled, it is
                killed as well.
        """
        limit_s = self._limits.start_timeout_s
        try:
            async with asyncio.timeout(limit_s):
                frame = await self.receive()
        except TimeoutError:
            await self.end("deadline")
            raise self.death(limit_s=limit_s) from None
        except asyncio.CancelledError:
            await self.end("stopped")
            raise
        if frame is None:
            raise self.death(limit_s=limit_s)
        self.ready = frame.body

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def memory_mb(self) -> float:
        """Return the resident memory in MiB, 0.0 once the process has ended."""
        try:
            return float(psutil.Process(self.pid).memory_info().rss) / 2**20
        except psutil.Error:
            return 0.0

    async def send(self, frame: Frame) -> None:
        """Write a frame. To a dead process this does nothing: the death shows in `receive`."""
        stdin = self._process.stdin
        assert stdin is not None
        with suppress(ConnectionError, RuntimeError):
            stdin.writelines(encode(frame))
            await stdin.drain()

    async def receive(self) -> Frame | None:
        """Return the next frame, or None once the process has ended and has been waited for."""
        frame = await self._frames.get()
        if frame is None:
            self._frames.put_nowait(None)
        return frame

    def kill(self, cause: KillCause) -> None:
        """Send SIGKILL to the process and whatever it started; the first cause given is kept."""
        if self.exited.is_set() or self._process.returncode is not None:
            return
        self.cause = self.cause or cause
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    async def end(self, cause: KillCause) -> None:
        """Kill the process and wait until it has gone."""
        self.kill(cause)
        await self.exited.wait()

    async def stop(self, *, grace_s: float = _EXIT_GRACE_S) -> None:
        """Close the pipe, which a worker answers by leaving, and kill it when it is still there after `grace_s`.

        A worker that is not ready yet does not listen and is killed at once.
        """
        if self.ready is not None and not self.exited.is_set():
            self.cause = self.cause or "stopped"
            stdin = self._process.stdin
            assert stdin is not None
            stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(grace_s):
                    await self.exited.wait()
        await self.end("stopped")

    def death(self, *, limit_s: float) -> WorkerDiedError:
        """Return the error that tells how the process ended; `limit_s` is the deadline that was in force."""
        code = self._process.returncode
        code = -signal.SIGKILL if code is None else code
        if self.cause == "memory":
            return WorkerMemoryError(self.name, return_code=code, limit_mb=self._limits.memory_mb)
        if self.cause == "deadline":
            return WorkerTimeoutError(self.name, return_code=code, limit_s=limit_s)
        return WorkerDiedError(self.name, return_code=code)

    async def _pump(self) -> None:
        """Move frames from the pipe to the queue until the process ends, then clean up and tell everybody."""
        stdout = self._process.stdout
        assert stdout is not None
        try:
            # A worker that sends without being asked would fill this process' memory.
            while (frame := await read_frame(stdout)) is not None and self._frames.qsize() < _MAX_FRAMES_WAITING:
                self._frames.put_nowait(frame)
            is_orderly = frame is None
        except FrameError:
            is_orderly = False
        if not is_orderly:
            logger.error("The %s worker broke the protocol and is killed.", self.name)
            self.kill("protocol")
        # Its output is closed, so it is ending. SIGKILL before it has would hide the signal that it dies of.
        with suppress(TimeoutError):
            async with asyncio.timeout(_EXIT_GRACE_S):
                await self._reap(stdout)
        self.kill("protocol")
        await self._reap(stdout)
        self.exited_at = time.monotonic()
        self.exited.set()
        self._frames.put_nowait(None)

    async def _reap(self, stdout: asyncio.StreamReader) -> None:
        # The transport frees its descriptors only after its pipes have been read to their ends.
        while await stdout.read(2**16):
            pass
        await self._process.wait()
        log_task, memory_task = self._side_tasks
        memory_task.cancel()
        await asyncio.wait([log_task], timeout=_EXIT_GRACE_S)
        log_task.cancel()

    async def _watch_memory(self) -> None:
        try:
            process = psutil.Process(self.pid)
            while True:
                rss = process.memory_info().rss
                if rss > self._limits.memory_mb * 2**20:
                    logger.warning("The %s worker uses %d MB and is killed.", self.name, rss // 2**20)
                    self.kill("memory")
                    return
                await asyncio.sleep(_MEMORY_CHECK_S)
        except psutil.Error:
            return

    async def _forward_log(self) -> None:
        """Pass the worker's standard error on to this process' log, line by line, with the level it was given."""
        stderr = self._process.stderr
        assert stderr is not None
        target = logging.getLogger(f"knowflow_server.workers.{self.name}")
        level, rest = logging.WARNING, b""
        while piece := await stderr.read(2**14):
            *lines, rest = (rest + piece).split(b"\n")
            rest = rest[-_MAX_LOG_LINE:]
            for line in lines:
                level = _log_line(target, line, level)
        if rest:
            _log_line(target, rest, level)


def _log_line(target: logging.Logger, line: bytes, level: int) -> int:
    """Log one line and return its level, which the lines without one that follow it take over."""
    text = line[:_MAX_LOG_LINE].decode("utf-8", "replace").rstrip()
    if found := _LEVEL.match(text):
        level = logging.getLevelNamesMapping()[found[1]]
        text = text[found.end() :]
    elif text.startswith(_LAST_WORDS):
        level = logging.ERROR
    if text:
        target.log(level, "%s", text)
    return level
