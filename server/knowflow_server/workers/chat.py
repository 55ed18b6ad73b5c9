"""Main of the chat worker: answers several conversations at once with the built-in language model.

`python -m knowflow_server.workers.chat --prepare [--cache DIR]` fetches the model ahead of the first start.
"""

import argparse
import logging
import os
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO, NoReturn

from knowflow_server.workers import minilm, smollm
from knowflow_server.workers.frames import Frame, FrameError, read_frame_blocking, write_frame_blocking
from knowflow_server.workers.generator import CONTEXT_TOKENS, Generator
from knowflow_server.workers.serve import PROTOCOL_EXIT_CODE, Pipes, RequestError, add_arguments, become_worker

logger = logging.getLogger(__name__)


def main() -> None:
    """Run the chat worker, or fetch its model with --prepare."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    add_arguments(parser)
    parser.add_argument("--cache", type=Path, help="folder of models; default: knowflow/models in the cache")
    parser.add_argument("--threads", type=int, help="threads of the inference; default: one per core")
    parser.add_argument("--prepare", action="store_true", help="fetch the model and end")
    options = parser.parse_args()
    cache_dir: Path = options.cache or minilm.default_cache_dir()
    if options.prepare:
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
        smollm.fetch(cache_dir)
        return
    pipes = become_worker(options)
    generator = Generator(smollm.find(cache_dir), threads=options.threads)
    try:
        serve(pipes, generator)
    except BrokenPipeError:
        os._exit(0)


def serve(pipes: Pipes, generator: Generator) -> NoReturn:
    """Answer requests until the parent closes the pipe; does not return.

    A request's body holds an "id", which the frames of its answer carry: items with a "text", then an end with
    "reason", "prompt_tokens" and "completion_tokens", or an error. A "cancel" with the "id" ends it without a word.
    """
    frames: SimpleQueue[Frame] = SimpleQueue()
    Thread(target=_read, args=(pipes.inbound, frames), name="inbox", daemon=True).start()
    write_frame_blocking(pipes.outbound, Frame("ready", {"model": smollm.MODEL, "context_tokens": CONTEXT_TOKENS}))
    while True:
        while not generator.is_busy or not frames.empty():
            _take(pipes, generator, frames.get())
        for frame in generator.step():
            write_frame_blocking(pipes.outbound, frame)


def _take(pipes: Pipes, generator: Generator, frame: Frame) -> None:
    number = frame.body["id"]
    if frame.kind == "cancel":
        generator.cancel(number)
        return
    try:
        generator.add(number, frame.body)
    except RequestError as error:
        body = {"id": number, "kind": error.kind, "sentence": error.sentence}
        write_frame_blocking(pipes.outbound, Frame("error", body))
    except Exception:
        logger.exception("A request failed unexpectedly.")
        body = {"id": number, "kind": "unexpected", "sentence": "Internal error."}
        write_frame_blocking(pipes.outbound, Frame("error", body))


def _read(stream: BinaryIO, frames: "SimpleQueue[Frame]") -> None:
    try:
        while (frame := read_frame_blocking(stream)) is not None:
            frames.put(frame)
    except FrameError:
        logger.exception("The parent sent bytes that are no frame.")
        os._exit(PROTOCOL_EXIT_CODE)
    # The parent has gone or wants the worker gone.
    os._exit(0)


if __name__ == "__main__":
    main()
