"""SQL databases which users name; the address check of outgoing connections applies."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from knowflow_server.domain.outgoing import DatabasePlace, OutgoingError, Table
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.sql_mysql import MySql
from knowflow_server.providers.sql_postgresql import PostgreSql
from knowflow_server.providers.sql_sqlite import Sqlite


class _Kind(Protocol):
    async def query(
        self, place: DatabasePlace, statements: Sequence[str], *, max_rows: int, read_only: bool, timeout_s: float
    ) -> list[Table]: ...


class SqlDatabases:
    """The kinds of databases by name; implements `Databases`.

    Args:
        addresses: Says which servers may be connected to.
        sqlite_dir: Folder of the SQLite files that may be read; None means none.
    """

    def __init__(self, addresses: Addresses, *, sqlite_dir: Path | None = None) -> None:
        mysql = MySql(addresses)
        self._kinds: dict[str, _Kind] = {"postgresql": PostgreSql(addresses), "mysql": mysql, "mariadb": mysql}
        self._kinds["sqlite"] = Sqlite(sqlite_dir)

    async def query(
        self, place: DatabasePlace, statements: Sequence[str], *, max_rows: int, read_only: bool, timeout_s: float
    ) -> list[Table]:
        """Run statements one after the other in one transaction, and return what each gave.

        Raises:
            OutgoingError: The database is not allowed, cannot be reached, or refuses a statement.
        """
        kind = self._kinds.get(place.kind)
        if kind is None:
            raise OutgoingError(f"This server has no driver for databases of the kind {place.kind}.")
        try:
            async with asyncio.timeout(timeout_s):
                return await kind.query(place, statements, max_rows=max_rows, read_only=read_only, timeout_s=timeout_s)
        except TimeoutError:
            raise OutgoingError(f"The database did not answer within {timeout_s:g} seconds.") from None
