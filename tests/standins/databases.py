"""Real database servers on loopback, where the machine has their programs."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

USER, PASSWORD = "tester", "secret-of-the-database"
READY_S = 60


def postgresql_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


def mariadb_program() -> Path | None:
    """Return MariaDB's server, or None."""
    found = shutil.which("mariadbd")
    return Path(found) if found and shutil.which("mariadb-install-db") else None


@contextmanager
def postgresql(programs: Path) -> Iterator[int]:
    """Run a PostgreSQL server with one account, and yield its port."""
    with _folder() as folder:
        (folder / "password").write_text(PASSWORD)
        initdb = [programs / "initdb", "-D", folder / "data", "-U", USER, "-A", "scram-sha-256", "--no-sync"]
        _run([*initdb, "--pwfile", folder / "password", "-E", "UTF8", "--locale=C"])
        port = _free_port()
        server = [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-c", "fsync=off"]
        with _server([*server, "-c", "listen_addresses=127.0.0.1"], port):
            yield port


@contextmanager
def mariadb(program: Path) -> Iterator[int]:
    """Run a MariaDB server with one account and a database `test`, and yield its port."""
    with _folder() as folder:
        base = program.parent.parent
        install = [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            "--auth-root-authentication-method=normal",
        ]
        _run([*install, f"--basedir={base}", "--skip-test-db"])
        start = folder / "start.sql"
        start.write_text(
            f"CREATE DATABASE test;\nCREATE USER '{USER}'@'%' IDENTIFIED BY '{PASSWORD}';\n"
            f"GRANT ALL ON test.* TO '{USER}'@'%';"
        )
        port = _free_port()
        server = [program, "--no-defaults", f"--datadir={folder / 'data'}", f"--port={port}", f"--basedir={base}"]
        server += [
            "--bind-address=127.0.0.1",
            f"--socket={folder / 's'}",
            f"--init-file={start}",
            "--skip-name-resolve",
        ]
        with _server([*server, f"--pid-file={folder / 'pid'}"], port):
            yield port


@contextmanager
def _folder() -> Iterator[Path]:
    # Below pytest's folder only its own user may look; the servers refuse to be root.
    folder = Path(tempfile.mkdtemp(prefix="kf"))
    try:
        if user := _user():
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """Return the account for servers which refuse to be root; None when this process is not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True, user=_user(), cwd="/")


@contextmanager
def _server(command: Sequence[str | Path], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=_user(), cwd="/")
    try:
        _wait(process, port)
        yield
    finally:
        process.terminate()
        process.wait(READY_S)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
