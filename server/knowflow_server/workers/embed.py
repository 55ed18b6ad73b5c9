"""Main of the embedding worker: answers lists of texts with vectors of the built-in model.

`python -m knowflow_server.workers.embed --prepare [--cache DIR]` converts the model ahead of the first start.
"""

import argparse
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from knowflow_server.workers import minilm
from knowflow_server.workers.engines import Engine, embed, load_openvino, load_torch
from knowflow_server.workers.environment import OFFLINE
from knowflow_server.workers.frames import Frame
from knowflow_server.workers.serve import RequestError, add_arguments, become_worker, die_with_parent, serve
from knowflow_server.workers.windows import WindowTokenizer

logger = logging.getLogger(__name__)


def main() -> None:
    """Run the embedding worker, or convert its model with --prepare."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    add_arguments(parser)
    parser.add_argument("--cache", type=Path, help="folder of converted models; default: knowflow/models in the cache")
    parser.add_argument("--threads", type=int, help="threads of the inference; default: one per core")
    parser.add_argument("--prepare", action="store_true", help="convert the model and end")
    options = parser.parse_args()
    cache_dir: Path = options.cache or minilm.default_cache_dir()
    if options.prepare:
        os.environ.update(OFFLINE)
        if options.parent is not None:
            die_with_parent(options.parent)
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
        prepare(cache_dir)
        return
    pipes = become_worker(options)
    engine, tokenizer = _load(cache_dir, threads=options.threads)
    ready = {"model": minilm.MODEL, "dimension": minilm.DIMENSION, "engine": engine.name}
    serve(pipes, lambda body: _answer(body, engine, tokenizer=tokenizer), ready=ready)


def prepare(cache_dir: Path) -> None:
    """Convert the model into a cache folder unless it is there; some 10 s and 1 GB of memory.

    Raises:
        ModelFileError: The weights are not the published ones.
        OSError: The cache folder cannot be written.
    """
    if not minilm.has_openvino():
        logger.warning("OpenVINO is not installed: nothing to convert, the model will run on torch.")
        return
    minilm.convert(cache_dir)


def _load(cache_dir: Path, *, threads: int | None) -> tuple[Engine, WindowTokenizer]:
    if not minilm.has_openvino():
        logger.warning("OpenVINO is not installed: the model runs on torch, slower and with more memory.")
        return load_torch(threads=threads)
    if not minilm.is_converted(cache_dir):
        logger.info("%s is converted for OpenVINO, once.", minilm.MODEL)
        _convert_apart(cache_dir)
    return load_openvino(minilm.converted_dir(cache_dir), threads=threads)


def _convert_apart(cache_dir: Path) -> None:
    """Convert in a process of its own, so that torch's memory is given back."""
    arguments = ["--prepare", "--cache", str(cache_dir), "--parent", str(os.getpid())]
    command = [sys.executable, "-P", "-m", "knowflow_server.workers.embed", *arguments]
    subprocess.run(command, check=True)  # noqa: S603 - our own command, without a shell


def _answer(body: Mapping[str, object], engine: Engine, *, tokenizer: WindowTokenizer) -> Iterator[Frame]:
    texts = body.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise RequestError("request", "A request holds a list of texts.")
    yield Frame("item", {}, embed(engine, tokenizer, texts))


if __name__ == "__main__":
    main()
