"""A pipeline with every kind of behaviour, chosen by the method; the parse worker runs it in place of the real one."""

import fcntl
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.pipeline import ChunkDraft, IngestError, Progress

Item = Progress | list[ChunkDraft]


def ingest(path: Path, *, name: str, method: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield Progress(0.0, f"pid {os.getpid()}")
    yield from globals()[f"_{method}"](path, name, config, count_tokens)


def _draft(text: str, tokens: int = 1) -> ChunkDraft:
    return ChunkDraft(text, ((1.0, 10.5, 20.0, 30.0, 40.25),), 1, tokens)


def _lines(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        # The real pipeline removes lone surrogates, which its counter refuses.
        yield [_draft(line, count_tokens([line.encode("utf-8", "ignore").decode()])[0])]
    yield Progress(1.0, f"{name} {config['suffix']}")


def _labels(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield [ChunkDraft("text", (), 0, 1, **{key: tuple(texts) for key, texts in config.items()}), _draft("next")]


def _count(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    with path.open("w", encoding="ascii") as fifo:
        for number in range(1, config["items"] + 1):
            print(number, file=fifo, flush=True)
            yield [_draft(str(number))]


def _large(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield [_draft("x" * config["length"]) for _ in range(config["drafts"])]


def _spin(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield from ()
    while True:
        pass


def _stuck(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    """Never end in native code that lets no other thread of the interpreter run."""
    yield from ()
    re.match(r"(a+)+$", "a" * 64 + "b")


def _grandchild(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    yield Progress(0.5, str(process.pid))
    time.sleep(3_600)


def _refuse(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield from ()
    raise IngestError("The file is empty.")


def _bug(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield from ()
    raise ValueError("a secret of the file")


def _crash(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield [_draft("before")]
    os.kill(os.getpid(), signal.SIGSEGV)


def _leave(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield from ()
    os._exit(3)


def _grow(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield from ()
    held = []
    while True:
        held.append(b"x" * 2**22)
        # Slowly enough for the parent to see it before the address space is used up.
        time.sleep(0.01)


def _allocate(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield from ()
    bytearray(2**40)


def _noise(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    print("printed", flush=True)
    os.write(1, b"written\n")
    subprocess.run(["/bin/echo", "from a program"], check=True)
    yield [_draft(repr(sys.stdin.read()))]


def _environment(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    yield [_draft(f"{key}={value}") for key, value in os.environ.items()]
    yield [_draft(f"nice={os.nice(0)}")]


def _junk(path: Path, name: str, config: Mapping[str, Any], count_tokens: Any) -> Iterator[Item]:
    """What a parser might do that a file has taken over: write to the pipe itself."""
    yield from ()
    for pipe in _writable_pipes():
        os.write(pipe, bytes.fromhex(config["bytes"]) * config["times"])
    time.sleep(3_600)


def _writable_pipes() -> list[int]:
    numbers = [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]
    return [number for number in numbers if number > 2 and _is_writable_pipe(number)]


def _is_writable_pipe(number: int) -> bool:
    try:
        is_writable = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY
        return is_writable and stat.S_ISFIFO(os.fstat(number).st_mode)
    except OSError:
        return False
