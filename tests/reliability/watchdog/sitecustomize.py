"""Watches the event loop of a server that is started with this folder on PYTHONPATH.

Python imports a module of this name by itself. What runs on the loop for long is written down, with the place where it
was, in the file which the variable CALLBACKS names, when the server ends.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

# Callbacks shorter than this are not worth a line.
LEAST_S = 0.005
SAMPLE_S = 0.002


class Watchdog:
    """Measures each callback of the loop by the processor time of its thread, and samples where the long ones are.

    Processor time, because on a busy machine the time on the wall is mostly others'; it is kept beside it.
    """

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []
        self._places: dict[int, dict[str, int]] = {}
        self._number = 0
        self._began = 0.0
        self._thread = 0
        self._collecting_s = 0.0

    def install(self) -> None:
        """Measure all callbacks from now on."""
        run = asyncio.Handle._run

        def measured(handle: asyncio.Handle) -> None:
            self._thread = threading.get_ident()
            self._number += 1
            began, self._began, self._collecting_s = time.thread_time(), time.perf_counter(), 0.0
            run(handle)
            cpu, wall, self._began = time.thread_time() - began, time.perf_counter() - self._began, 0.0
            seen = self._places.pop(self._number, {})
            if cpu >= LEAST_S or wall >= 10 * LEAST_S:
                place = max(seen, key=lambda name: seen[name], default=described(handle))
                if self._collecting_s > cpu / 2:
                    place = f"garbage collection, {self._collecting_s * 1e3:.1f} ms"
                self._calls.append({"cpu_ms": round(cpu * 1e3, 1), "wall_ms": round(wall * 1e3, 1), "place": place})

        asyncio.Handle._run = measured  # type: ignore[method-assign]
        gc.callbacks.append(self._note_collection)
        threading.Thread(target=self._sample, daemon=True).start()

    def _note_collection(self, phase: str, _: dict[str, int]) -> None:
        self._collecting_s += time.perf_counter() if phase == "stop" else -time.perf_counter()

    def write(self, path: Path) -> None:
        """Write down what was found, the longest first."""
        self._calls.sort(key=lambda call: -call["cpu_ms"])
        path.write_text(json.dumps(self._calls))

    def _sample(self) -> None:
        while True:
            time.sleep(SAMPLE_S)
            number, began = self._number, self._began
            if not began or time.perf_counter() - began < LEAST_S:
                continue
            frame = sys._current_frames().get(self._thread)
            if frame is not None and number == self._number:
                places = self._places.setdefault(number, {})
                place = place_of(frame)
                places[place] = places.get(place, 0) + 1


def described(handle: asyncio.Handle) -> str:
    """Return what a callback was whose thread never let go of the interpreter, so that no sample could be taken."""
    task = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
    if not isinstance(task, asyncio.Task):
        return repr(handle)[:200]
    places, coroutine = [], task.get_coro()
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "ag_frame", None)
        line = f":{frame.f_lineno}" if frame is not None else ""
        places.append(f"{getattr(coroutine, '__qualname__', type(coroutine).__name__)}{line}")
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "ag_await", None)
    return f"{task.get_name()}, now at {' > '.join(places)}"[:400]


def place_of(frame: FrameType) -> str:
    """Return our own innermost function in a stack, and what it called in the end."""
    stack = [entry for entry in traceback.extract_stack(frame) if entry.filename != __file__]
    ours = [entry for entry in stack if "knowflow_server" in entry.filename]
    last = f"{Path(stack[-1].filename).name}:{stack[-1].lineno} {stack[-1].name}"
    mine = f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}" if ours else "nothing of ours"
    return mine if mine == last else f"{mine} > {last}"


if "serve" in sys.orig_argv and "CALLBACKS" in os.environ:
    watchdog = Watchdog()
    watchdog.install()
    atexit.register(watchdog.write, Path(os.environ["CALLBACKS"]))
