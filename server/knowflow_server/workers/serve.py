"""The child's side of a worker: take over the pipes, die with the parent, answer requests one at a time."""

import argparse
import ctypes
import faulthandler
import logging
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, NoReturn

from knowflow_server.workers.frames import Frame, FrameError, read_frame_blocking, write_frame_blocking

logger = logging.getLogger(__name__)

PROTOCOL_EXIT_CODE = 70
"""Exit code after unreadable bytes from the parent (EX_SOFTWARE of sysexits.h)."""

_PR_SET_PDEATHSIG = 1
_OOM_SCORE = "500"


class RequestError(Exception):
    """Raised by a handler to fail one request with a kind and a sentence that the parent shows as they are."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Pipes:
    """The two pipes to the parent, moved away from the standard descriptors."""

    inbound: BinaryIO
    outbound: BinaryIO


@dataclass(slots=True)
class _Request:
    body: Mapping[str, object]
    credits: threading.Semaphore


class _Inbox:
    """Reads the parent's frames on a thread, so that credits and the end of the pipe are seen during work."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._requests: SimpleQueue[_Request] = SimpleQueue()
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next_request(self) -> _Request:
        return self._requests.get()

    def _read(self) -> None:
        current: _Request | None = None
        try:
            while (frame := read_frame_blocking(self._stream)) is not None:
                if frame.kind == "request":
                    window = frame.body["window"]
                    current = _Request(frame.body, threading.Semaphore(window if isinstance(window, int) else 1))
                    self._requests.put(current)
                elif frame.kind == "credit" and current is not None:
                    current.credits.release()
        except FrameError:
            logger.exception("The parent sent bytes that are no frame.")
            os._exit(PROTOCOL_EXIT_CODE)
        # The parent has gone or wants the worker gone. Waiting for the work in hand would outlive its reader.
        os._exit(0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that every worker main takes from `workers/child.py`."""
    parser.add_argument("--parent", type=int, help="process id of the parent; the worker ends with it")
    parser.add_argument("--nice", type=int, default=0, help="increase of the niceness, 0 to 19")
    parser.add_argument("--address-space-mb", type=int, help="limit of the virtual address space in MiB")


def become_worker(options: argparse.Namespace) -> Pipes:
    """Turn this process into a worker; call it before heavy imports, which may print or start threads.

    Standard input is emptied and standard output joins standard error, so that no library can disturb the frames.
    """
    pipes = Pipes(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    faulthandler.enable()
    # The parent reads the level back from the first word; see `workers/process.py`.
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    if options.parent is not None:
        die_with_parent(options.parent)
    _limit(nice=options.nice, address_space_mb=options.address_space_mb)
    return pipes


def die_with_parent(parent: int) -> None:
    """End this process when the process `parent` ends, even by SIGKILL.

    Linux does it by prctl(2), also in the middle of native code. Elsewhere only the end of the pipe is left.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have ended before prctl was called.
    if os.getppid() != parent:
        os._exit(0)


def _limit(*, nice: int, address_space_mb: int | None) -> None:
    if nice:
        os.nice(nice)
    # A dump of a worker would leave a customer's document on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if address_space_mb is not None:
        size = address_space_mb * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    # When the host runs out of memory, the kernel shall take a worker rather than the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")


def serve(
    pipes: Pipes, handle: Callable[[Mapping[str, object]], Iterator[Frame]], *, ready: Mapping[str, object]
) -> NoReturn:
    """Answer requests until the parent closes the pipe; does not return.

    Args:
        pipes: From `become_worker`.
        handle: Gives the "item" frames of the answer to a request's body. At most `window` + 1 of them are made
            before the parent has asked for the first.
        ready: Body of the frame that tells the parent that the worker has started.
    """
    inbox = _Inbox(pipes.inbound)
    try:
        write_frame_blocking(pipes.outbound, Frame("ready", ready))
        while True:
            request = inbox.next_request()
            write_frame_blocking(pipes.outbound, _answer(pipes, request, handle))
    except BrokenPipeError:
        os._exit(0)


def _answer(pipes: Pipes, request: _Request, handle: Callable[[Mapping[str, object]], Iterator[Frame]]) -> Frame:
    """Write the items of an answer and return its last frame."""
    try:
        for item in handle(request.body):
            request.credits.acquire()
            write_frame_blocking(pipes.outbound, item)
    except BrokenPipeError:
        raise
    except MemoryError:
        return Frame("error", {"kind": "memory", "sentence": "Out of memory."})
    except RequestError as error:
        return Frame("error", {"kind": error.kind, "sentence": error.sentence})
    except Exception:
        logger.exception("A request failed unexpectedly.")
        return Frame("error", {"kind": "unexpected", "sentence": "Internal error."})
    return Frame("end", {})
