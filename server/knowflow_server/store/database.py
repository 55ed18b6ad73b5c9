"""The database: one folder, one connection, one set of caches; tables are opened or created here."""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import os
from pathlib import Path
from typing import Any, Self

import lancedb
import pyarrow as pa
from lancedb import Session

# Caches are bounded, because LanceDB's defaults grow with every commit (metadata of versions that are gone).
INDEX_CACHE_BYTES = 256 * 1024 * 1024
METADATA_CACHE_BYTES = 32 * 1024 * 1024


class DatabaseLockedError(Exception):
    """Another server works on the same folder."""


class Database:
    """An open database.

    Args:
        connection: The connection to LanceDB.
        folder: The folder which holds the tables.
        lock: File descriptor which holds the folder for this process.
        durable: Whether `sync` waits until the disk has the data.
    """

    def __init__(self, connection: Any, folder: Path, lock: int, *, durable: bool) -> None:
        self.connection = connection
        self.folder = folder
        self._lock = lock
        self._durable = durable
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._folder_fd = os.open(folder, os.O_RDONLY)

    @classmethod
    async def open(cls, folder: Path, *, durable: bool = True) -> Self:
        """Open the database in a folder, which is created when it is missing.

        Raises:
            DatabaseLockedError: Another process has the folder open.
        """
        folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - once, at the start
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise DatabaseLockedError(f"Another server works on {folder}; stop it, or choose another folder.") from None
        session = Session(index_cache_size_bytes=INDEX_CACHE_BYTES, metadata_cache_size_bytes=METADATA_CACHE_BYTES)
        connection = await lancedb.connect_async(str(folder), session=session)
        return cls(connection, folder, lock, durable=durable)

    async def table_names(self) -> list[str]:
        """Return the names of all tables."""
        page = await self.connection.list_tables(limit=1000)
        names = list(page.tables)
        while page.page_token:
            page = await self.connection.list_tables(page_token=page.page_token, limit=1000)
            names += page.tables
        return names

    async def table(self, name: str, schema: pa.Schema) -> Any:
        """Return a table, created when it is missing."""
        if name in await self.table_names():
            return await self.connection.open_table(name)
        return await self.connection.create_table(name, schema=schema)

    def uri(self, table: str) -> str:
        """Return where a table lies, for tools which open it beside LanceDB."""
        return str(self.folder / f"{table}.lance")

    async def sync(self) -> None:
        """Wait until everything written so far is on the disk; LanceDB itself never waits for that."""
        if not self._durable:
            return
        if hasattr(self._libc, "syncfs"):
            if await asyncio.to_thread(self._libc.syncfs, self._folder_fd) != 0:
                raise OSError(ctypes.get_errno(), "syncfs failed")
        else:
            await asyncio.to_thread(os.sync)

    def writable(self) -> None:
        """Check that the folder still takes writes.

        Raises:
            OSError: It does not.
        """
        probe = self.folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()

    def close(self) -> None:
        """Close the connection and give the folder free."""
        self.connection.close()
        os.close(self._folder_fd)
        os.close(self._lock)
