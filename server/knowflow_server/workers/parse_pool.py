"""The parent's side of the parse workers: a small pool of processes that are there only while there is work."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from knowflow_server.domain.ingest.layout import DrawnPages, Layout
from knowflow_server.domain.ingest.pairs.pair import Extract
from knowflow_server.domain.ingest.pipeline import ChunkDraft, IngestError, Progress
from knowflow_server.domain.ports import WorkersClosedError
from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.drafts import read_item
from knowflow_server.workers.errors import (
    WorkerClosedError,
    WorkerDiedError,
    WorkerError,
    WorkerFailedError,
    WorkerMemoryError,
    WorkerTimeoutError,
)
from knowflow_server.workers.extracts import read_extract
from knowflow_server.workers.frames import Frame, FrameError
from knowflow_server.workers.layouts import layout_body, read_drawn
from knowflow_server.workers.parse import DEFAULT_PIPELINE
from knowflow_server.workers.process import ChildLimits, WorkerProcess

logger = logging.getLogger(__name__)

_Item = TypeVar("_Item")
_WINDOW = 4
_NICE = 5
# Longest time in seconds for the text of a webpage.
_PAGE_S = 120.0
# Native parsers leak; a fresh process now and then costs half a second.
_DOCUMENTS_PER_PROCESS = 100


@dataclass(eq=False, slots=True)
class _Slot:
    child: ChildProcess
    documents: int = 0
    retirement: asyncio.TimerHandle | None = None


class ParsePool:
    """Implements `ports.ParseWorkers`.

    A worker runs with niceness 5, so that requests go first, and sees none of this process' `KNOWFLOW_*` variables.

    Args:
        size: Files parsed at a time; further callers wait.
        memory_mb: Resident memory in MiB above which a worker is killed. Its address space is limited to twice that
            and 1 GiB, which stops what grows too fast to be seen.
        timeout_s: Longest time in seconds that a worker may work on one file; the time that the caller takes between
            two items does not count.
        idle_s: Seconds without work after which a worker ends.
        pipeline: Module whose function `ingest` does the work; for tests.
    """

    def __init__(
        self,
        *,
        size: int = 1,
        memory_mb: int = 2_048,
        timeout_s: float = 600.0,
        idle_s: float = 60.0,
        pipeline: str = DEFAULT_PIPELINE,
    ) -> None:
        self._memory_mb = memory_mb
        self._timeout_s = timeout_s
        self._idle_s = idle_s
        self._arguments = ["--pipeline", pipeline]
        self._limits = ChildLimits(memory_mb=memory_mb, address_space_mb=2 * memory_mb + 1_024, nice=_NICE)
        self._slots = asyncio.Semaphore(size)
        self._all: set[_Slot] = set()
        self._idle: list[_Slot] = []
        self._closings: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def workers(self) -> list[WorkerProcess]:
        """The running processes; for figures and tests."""
        return [slot.child.process for slot in self._all if slot.child.process is not None]

    async def parse(
        self, path: Path, *, name: str, method: str, config: Mapping[str, object], layout: Layout | None = None
    ) -> AsyncGenerator[Progress | list[ChunkDraft], None]:
        """Parse and chunk one file; see `ports.ParseWorkers.parse`. The worker runs at most 5 items ahead.

        Raises:
            IngestError: The pipeline's own, or the parser crashed, took too long or needed too much memory.
            WorkersClosedError: The pool was closed.
        """
        request: dict[str, object] = {"path": str(path), "name": name, "method": method, "config": dict(config)}
        if layout is not None:
            request["layout"] = layout_body(layout)
        async with aclosing(self._ask(request, read_item)) as items:
            async for item in items:
                yield item

    async def draw(
        self, path: Path, *, name: str, config: Mapping[str, object], folder: Path, first: int, count: int
    ) -> DrawnPages:
        """Draw pages; see `ports.ParseWorkers.draw`.

        Raises:
            IngestError, WorkersClosedError: As `parse` does.
        """
        which = {"folder": str(folder), "first": first, "count": count}
        request = {"path": str(path), "name": name, "config": dict(config), "draw": which}
        # To its end, because a worker whose answer is left early is killed.
        async with aclosing(self._ask(request, lambda frame: read_drawn(frame, folder))) as items:
            drawn = [item async for item in items]
        if len(drawn) != 1:
            raise IngestError("The parser failed on this file; the server's log says why.")
        return drawn[0]

    async def extract(
        self, path: Path, *, name: str, config: Mapping[str, object], url: str = "", charset: str = ""
    ) -> Extract:
        """Find questions and answers; implements `reading.ExtractWorkers`.

        Raises:
            IngestError, WorkersClosedError: As `parse` does.
        """
        given = {"url": url, "charset": charset}
        request = {"path": str(path), "name": name, "config": dict(config), "extract": given}
        # Anybody may have made a page; a file is its owner's.
        deadline_s = min(self._timeout_s, _PAGE_S) if url else self._timeout_s
        async with aclosing(self._ask(request, lambda frame: frame, deadline_s=deadline_s)) as items:
            frames = [frame async for frame in items]
        try:
            return read_extract(frames)
        except FrameError as error:
            logger.warning("A file could not be read: %s", error)
            raise IngestError("The parser failed on this file; the server's log says why.") from error

    async def _ask(
        self, request: Mapping[str, object], read: Callable[[Frame], _Item], *, deadline_s: float | None = None
    ) -> AsyncGenerator[_Item, None]:
        async with self._slots:
            slot = self._take()
            try:
                frames = slot.child.stream(request, deadline_s=deadline_s or self._timeout_s, window=_WINDOW)
                async with aclosing(frames):
                    async for frame in frames:
                        yield read(frame)
            except (WorkerError, FrameError) as error:
                if self._is_closed or isinstance(error, WorkerClosedError):
                    raise WorkersClosedError("The parse workers are closed.") from error
                logger.warning("A file could not be parsed: %s", error)
                if isinstance(error, WorkerFailedError) and error.kind != "ingest":
                    # It lives on after running out of memory or an unforeseen error, but in what state?
                    slot.documents = _DOCUMENTS_PER_PROCESS
                raise IngestError(self._sentence(error)) from error
            finally:
                self._put_back(slot)

    async def close(self) -> None:
        """End all workers; a file in hand fails with `WorkersClosedError`."""
        self._is_closed = True
        for slot in list(self._all):
            self._retire(slot)
        await asyncio.gather(*self._closings)

    def _take(self) -> _Slot:
        if self._is_closed:
            raise WorkersClosedError("The parse workers are closed.")
        if not self._idle:
            slot = _Slot(ChildProcess("parse", self._arguments, limits=self._limits))
            self._all.add(slot)
            return slot
        slot = self._idle.pop()
        if slot.retirement is not None:
            slot.retirement.cancel()
        return slot

    def _put_back(self, slot: _Slot) -> None:
        slot.documents += 1
        if self._is_closed or slot.documents >= _DOCUMENTS_PER_PROCESS:
            self._retire(slot)
            return
        self._idle.append(slot)
        slot.retirement = asyncio.get_running_loop().call_later(self._idle_s, self._retire, slot)

    def _retire(self, slot: _Slot) -> None:
        """End a worker for good, in the background."""
        if slot not in self._all:
            return
        self._all.discard(slot)
        if slot in self._idle:
            self._idle.remove(slot)
        if slot.retirement is not None:
            slot.retirement.cancel()
        task = asyncio.get_running_loop().create_task(slot.child.close())
        self._closings.add(task)
        task.add_done_callback(self._closings.discard)

    def _sentence(self, error: Exception) -> str:
        """Return what the document's owner reads."""
        memory = f"The parser was stopped: it needed more than {self._memory_mb} MB."
        match error:
            case WorkerFailedError(kind="ingest"):
                return error.sentence
            case WorkerMemoryError() | WorkerFailedError(kind="memory"):
                return memory
            case WorkerTimeoutError():
                return f"The parser was stopped: it took longer than {error.limit_s:g} s."
            case WorkerDiedError(signal=int() as signal):
                return f"The parser crashed (signal {signal})."
            case WorkerDiedError():
                return f"The parser crashed (exit code {error.exit_code})."
            case _:
                return "The parser failed on this file; the server's log says why."
