"""The parent's side of the template workers: processes with little time and memory, there only while they are used."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from knowflow_server.domain.ports import TemplateFailedError
from knowflow_server.workers.child import ChildProcess
from knowflow_server.workers.errors import (
    WorkerDiedError,
    WorkerError,
    WorkerFailedError,
    WorkerMemoryError,
    WorkerTimeoutError,
)
from knowflow_server.workers.process import ChildLimits

# The address space catches what grows between two looks at the memory.
_LIMITS = ChildLimits(memory_mb=200, address_space_mb=600, nice=5)


class TemplateWorkers:
    """Implements `ports.Templates`.

    Args:
        size: Templates rendered at a time; further ones wait.
        limit_s: Longest time in seconds for one template; then its process is killed.
        idle_s: Seconds without work after which the processes end.
    """

    def __init__(self, *, size: int = 2, limit_s: float = 5.0, idle_s: float = 60.0) -> None:
        self._children = [ChildProcess("render", limits=_LIMITS) for _ in range(size)]
        self._free: asyncio.LifoQueue[ChildProcess] = asyncio.LifoQueue()
        for child in self._children:
            self._free.put_nowait(child)
        self._limit_s = limit_s
        self._idle_s = idle_s
        self._retirement: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def render(self, source: str, values: Mapping[str, Any]) -> str:
        """Return a rendered template; see `ports.Templates`."""
        child = await self._free.get()
        if self._retirement is not None:
            self._retirement.cancel()
        try:
            plain = json.loads(json.dumps(values, default=str))
            frame = await child.call({"source": source, "values": plain}, deadline_s=self._limit_s)
        except WorkerFailedError as error:
            sentence = "it needs too much memory" if error.kind == "memory" else error.sentence
            raise TemplateFailedError(sentence) from None
        except WorkerTimeoutError:
            raise TemplateFailedError(f"it takes longer than {self._limit_s:g} seconds") from None
        except WorkerMemoryError:
            raise TemplateFailedError("it needs too much memory") from None
        except WorkerDiedError:
            raise TemplateFailedError("its process ended; this may pass") from None
        finally:
            self._free.put_nowait(child)
            loop = asyncio.get_running_loop()
            self._retirement = loop.call_later(self._idle_s, self._retire)
        return str(frame.body["text"])

    async def close(self) -> None:
        """End the processes for good."""
        if self._retirement is not None:
            self._retirement.cancel()
        await asyncio.gather(*(child.close() for child in self._children), *self._tasks)

    def _retire(self) -> None:
        while not self._free.empty():
            task = asyncio.create_task(self._stop(self._free.get_nowait()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _stop(self, child: ChildProcess) -> None:
        with suppress(WorkerError):
            await child.stop()
        self._free.put_nowait(child)
