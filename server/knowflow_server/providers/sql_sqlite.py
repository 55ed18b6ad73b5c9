"""SQLite files below a folder of the operator; they are only read, because every organization sees them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from knowflow_server.domain.outgoing import DatabasePlace, OutgoingError, Table
from knowflow_server.providers.sql_values import Rows

# What a statement may do; ATTACH, PRAGMA and every change are not among it.
READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
THREADS = 4
MAX_VALUE = 10 * 1024 * 1024


class Sqlite:
    """Reads SQLite files.

    Args:
        folder: Where they lie; None means that none may be read.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        # Threads of its own: long queries hold up nothing else.
        self._threads = ThreadPoolExecutor(THREADS, "sqlite")

    async def query(
        self,
        place: DatabasePlace,
        statements: Sequence[str],
        *,
        max_rows: int,
        read_only: bool,
        timeout_s: float,  # noqa: ARG002 - the caller's limit interrupts
    ) -> list[Table]:
        """Run statements and return what each gave.

        Raises:
            OutgoingError: There is no such file, or a statement is wrong or changes something.
        """
        if not read_only:
            raise OutgoingError("SQLite files can only be read; `read_only` must be true.")
        stop = threading.Event()
        try:
            path = self._path(place.database)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, _read, path, statements, max_rows, stop)
        except sqlite3.Error as error:
            raise OutgoingError(f"The database refuses the statement: {error}") from None
        finally:
            # Ends the thread, when the caller has left.
            stop.set()

    def _path(self, name: str) -> Path:
        if self._folder is None:
            raise OutgoingError("This server reads no SQLite files: its operator has set no KNOWFLOW_SQLITE_DIR.")
        folder = self._folder.resolve()
        missing = OutgoingError(f"There is no SQLite file {name}.")
        try:
            # A link out of the folder is followed before the comparison.
            path = (folder / name).resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            raise missing from None
        if not path.is_relative_to(folder) or not path.is_file():
            raise missing
        return path


def _read(path: Path, statements: Sequence[str], max_rows: int, stop: threading.Event) -> list[Table]:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        connection.set_progress_handler(stop.is_set, 10_000)
        connection.set_authorizer(_allowed)
        made = []
        for statement in statements:
            cursor = connection.execute(statement)
            rows = Rows([name for name, *_ in cursor.description or ()], max_rows)
            for row in cursor:
                if not rows.take(row):
                    break
            cursor.close()
            made.append(rows.table())
        return made
    finally:
        connection.close()


def _allowed(action: int, first: str | None, second: str | None, *_: object) -> int:  # noqa: ARG001 - the signature is the library's
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in READS else sqlite3.SQLITE_DENY
