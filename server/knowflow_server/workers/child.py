"""A supervised worker: started when first needed, restarted with back-off, killed when its request is given up."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress

from knowflow_server.workers.environment import worker_environment
from knowflow_server.workers.errors import WorkerClosedError, WorkerDiedError, WorkerFailedError
from knowflow_server.workers.frames import Frame
from knowflow_server.workers.process import ChildLimits, WorkerProcess

logger = logging.getLogger(__name__)

_FIRST_BACKOFF_S = 0.1
_LONGEST_BACKOFF_S = 10.0


class ChildProcess:
    """A worker main of `knowflow_server.workers`, kept available.

    It takes one request at a time; owners queue. A process that dies fails the request in hand and is replaced at the
    next one, after a pause that doubles from 0.1 s to 10 s while it keeps dying by itself and ends with a success.

    Args:
        main: Module name under `knowflow_server.workers`, for example "embed".
        arguments: Command-line arguments of that main.
        limits: What it may use.
    """

    def __init__(self, main: str, arguments: Sequence[str] = (), *, limits: ChildLimits) -> None:
        self.name = main
        self._limits = limits
        self._arguments = list(arguments)
        self._process: WorkerProcess | None = None
        self._start_lock = asyncio.Lock()
        self._is_busy = False
        self._closed = asyncio.Event()
        self._failures = 0

    @property
    def process(self) -> WorkerProcess | None:
        """The running process, or None; for figures and tests."""
        return None if self._process is None or self._process.exited.is_set() else self._process

    async def start(self) -> WorkerProcess:
        """Return the running process, starting one if there is none.

        Raises:
            WorkerDiedError: It ended before it was ready.
            WorkerClosedError: `close` was called.
        """
        async with self._start_lock:
            if self.process is not None:
                return self.process
            if self._process is not None and self._process.cause is None:
                self._failures += 1
            self._process = None
            await self._back_off()
            self._refuse_when_closed()
            self._process = process = await WorkerProcess.spawn(
                self._command(), name=self.name, limits=self._limits, environment=worker_environment()
            )
            try:
                self._refuse_when_closed()
                await process.until_ready()
            except WorkerDiedError as error:
                self._failures += 1
                self._process = None
                if self._closed.is_set():
                    raise WorkerClosedError(self.name) from error
                raise
            except WorkerClosedError:
                await process.end("stopped")
                raise
            return process

    async def call(self, body: Mapping[str, object], *, deadline_s: float) -> Frame:
        """Send a request that is answered by exactly one item, and return it; see `stream` for the errors."""
        async with aclosing(self.stream(body, deadline_s=deadline_s, window=1)) as items:
            answers = [item async for item in items]
        if len(answers) != 1:
            raise WorkerFailedError(self.name, "unexpected", sentence=f"{len(answers)} answers where 1 was due.")
        return answers[0]

    async def stream(
        self, body: Mapping[str, object], *, deadline_s: float, window: int
    ) -> AsyncGenerator[Frame, None]:
        """Send a request and yield the items of its answer as they come.

        Args:
            body: The request; must not hold the key "window".
            deadline_s: Longest time in seconds to wait for the worker, all items together. Time that the caller takes
                between items does not count.
            window: How many items the worker may send before the caller has asked for the next.

        Raises:
            WorkerFailedError: The worker failed this request.
            WorkerDiedError: Its process ended; by limit: WorkerTimeoutError, WorkerMemoryError.
            WorkerClosedError: `close` was called before the request began.

        Closing the generator early kills the process, because a busy worker cannot be asked to stop.
        """
        if self._is_busy:
            raise RuntimeError(f"The {self.name} worker takes one request at a time.")
        self._is_busy = True
        process: WorkerProcess | None = None
        is_over = False
        try:
            process = await self.start()
            left_s = deadline_s
            await process.send(Frame("request", {**body, "window": window}))
            while True:
                began = time.monotonic()
                frame = await _receive(process, left_s, deadline_s=deadline_s)
                left_s -= time.monotonic() - began
                if frame.kind == "item":
                    yield frame
                    await process.send(Frame("credit", {}))
                    continue
                is_over = True
                self._failures = 0
                if frame.kind == "end":
                    return
                raise WorkerFailedError(
                    self.name, str(frame.body.get("kind")), sentence=str(frame.body.get("sentence"))
                )
        finally:
            self._is_busy = False
            if process is not None and not is_over:
                await process.end("stopped")

    def note_success(self) -> None:
        """End the back-off; for owners that talk to the process themselves."""
        self._failures = 0

    async def stop(self) -> None:
        """End the process if there is one; the next request starts a new one. A request in hand dies with it."""
        if self.process is not None:
            await self.process.stop()

    async def close(self) -> None:
        """End the process for good; also one that is just starting."""
        self._closed.set()
        await self.stop()

    def _command(self) -> list[str]:
        limits = self._limits
        space = [] if limits.address_space_mb is None else ["--address-space-mb", str(limits.address_space_mb)]
        # -P keeps the working folder, where anyone may put files, out of the import path.
        python = [sys.executable, "-P", "-m", f"knowflow_server.workers.{self.name}"]
        return [*python, "--parent", str(os.getpid()), "--nice", str(limits.nice), *space, *self._arguments]

    async def _back_off(self) -> None:
        if not self._failures:
            return
        pause = min(_LONGEST_BACKOFF_S, _FIRST_BACKOFF_S * 2 ** (self._failures - 1))
        logger.warning("The %s worker died %d times; next start in %.1f s.", self.name, self._failures, pause)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._closed.wait()

    def _refuse_when_closed(self) -> None:
        if self._closed.is_set():
            raise WorkerClosedError(self.name)


async def _receive(process: WorkerProcess, left_s: float, *, deadline_s: float) -> Frame:
    try:
        async with asyncio.timeout(max(left_s, 0.0)):
            frame = await process.receive()
    except TimeoutError:
        await process.end("deadline")
        raise process.death(limit_s=deadline_s) from None
    if frame is None:
        raise process.death(limit_s=deadline_s)
    return frame
