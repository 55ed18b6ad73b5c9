"""A supervised worker that works on several requests at once, and goes when nobody has asked it for a while."""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import WorkerClosedError, WorkerDiedError, WorkerError, WorkerFailedError
from knowflow_server.workers.frames import Frame
from knowflow_server.workers.process import WorkerProcess

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Stream:
    process: WorkerProcess
    frames: asyncio.Queue[Frame | WorkerError] = field(default_factory=asyncio.Queue)


class SharedChild:
    """A worker main of `knowflow_server.workers` whose frames carry the "id" of their request.

    The process starts with the first request. When it dies, all requests in hand fail, and the next one starts a new
    process, with the back-off of `ChildProcess`.

    Args:
        child: The process; nobody else may use it.
        idle_s: Seconds without requests after which the process is ended.
        stall_s: Seconds that a process may be silent while requests wait; then it is killed.
    """

    def __init__(self, child: ChildProcess, *, idle_s: float, stall_s: float) -> None:
        self._child = child
        self._idle_s = idle_s
        self._stall_s = stall_s
        self._numbers = itertools.count(1)
        self._streams: dict[int, _Stream] = {}
        # Held while a request finds its process, and while an idle one is ended: none is given to a dying process.
        self._lock = asyncio.Lock()
        self._dispatched: WorkerProcess | None = None
        self._heard_at = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle_timer: asyncio.TimerHandle | None = None

    @property
    def process(self) -> WorkerProcess | None:
        """The running process, or None; for figures and tests."""
        return self._child.process

    async def stream(self, body: Mapping[str, object]) -> AsyncGenerator[Frame, None]:
        """Send a request and yield its frames as they come; the last one is of the kind "end".

        Closing the generator early tells the worker to end this request's work, and no other's.

        Args:
            body: The request; must not hold the key "id".

        Raises:
            WorkerFailedError: The worker failed this request.
            WorkerDiedError: Its process ended, or gave no sign for too long.
            WorkerClosedError: `close` was called.
        """
        number = next(self._numbers)
        stream = await self._begin(number, body)
        is_over = False
        try:
            while not is_over:
                frame = await self._next(stream)
                is_over = frame.kind in {"end", "error"}
                if frame.kind == "error":
                    kind, sentence = str(frame.body.get("kind")), str(frame.body.get("sentence"))
                    raise WorkerFailedError(self._child.name, kind, sentence=sentence)
                yield frame
        finally:
            del self._streams[number]
            if not self._streams:
                self._wait_idle()
            if not is_over:
                await stream.process.send(Frame("cancel", {"id": number}))

    async def close(self) -> None:
        """End the process for good; requests in hand fail."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        await self._child.close()
        # They end with the process, after telling its requests.
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _begin(self, number: int, body: Mapping[str, object]) -> _Stream:
        async with self._lock:
            if self._idle_timer is not None:
                self._idle_timer.cancel()
            process = await self._child.start()
            if process is not self._dispatched:
                self._dispatched = process
                self._background(self._dispatch(process))
            stream = self._streams[number] = _Stream(process)
        try:
            await process.send(Frame("request", {**body, "id": number}))
        except BaseException:
            del self._streams[number]
            raise
        return stream

    async def _next(self, stream: _Stream) -> Frame:
        began = asyncio.get_running_loop().time()
        while True:
            # A request that waits for its turn behind others is patient while these are served.
            due = max(began, self._heard_at) + self._stall_s
            try:
                async with asyncio.timeout_at(due):
                    frame = await stream.frames.get()
                break
            except TimeoutError:
                if self._heard_at + self._stall_s > due:
                    continue
            await stream.process.end("deadline")
            raise stream.process.death(limit_s=self._stall_s)
        if isinstance(frame, WorkerError):
            raise frame
        return frame

    async def _dispatch(self, process: WorkerProcess) -> None:
        """Hand a process' frames to their requests until it ends."""
        while (frame := await process.receive()) is not None:
            self._child.note_success()
            self._heard_at = asyncio.get_running_loop().time()
            # A frame of a request that has been given up is dropped.
            if stream := self._streams.get(frame.body.get("id", 0)):
                stream.frames.put_nowait(frame)
        death: WorkerDiedError | WorkerClosedError = process.death(limit_s=self._stall_s)
        if process.cause == "stopped":
            death = WorkerClosedError(self._child.name)
        for stream in self._streams.values():
            if stream.process is process:
                stream.frames.put_nowait(death)

    def _wait_idle(self) -> None:
        loop = asyncio.get_running_loop()
        self._idle_timer = loop.call_later(self._idle_s, lambda: self._background(self._stop_idle()))

    async def _stop_idle(self) -> None:
        async with self._lock:
            if not self._streams and self.process is not None:
                logger.info("The %s worker is ended, because nobody needs it.", self._child.name)
                with suppress(WorkerError):
                    await self._child.stop()

    def _background(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
