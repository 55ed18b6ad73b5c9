"""MySQL and MariaDB databases of users."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pymysql
from pymysql.cursors import SSCursor

from knowflow_server.domain.outgoing import DatabasePlace, OutgoingError, Table
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.sql_values import Rows

CONNECT_S = 10.0
THREADS = 8
# Errors of the client itself (CR_*): no answer, connection lost.
CLIENT_ERRORS = range(2000, 3000)
ACCESS_DENIED = frozenset({1044, 1045, 1698})


class MySql:
    """Runs statements on MySQL and MariaDB servers, each query in a thread: the driver is a blocking one.

    Args:
        addresses: Says which servers may be connected to.
    """

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._threads = ThreadPoolExecutor(THREADS, "mysql")

    async def query(
        self, place: DatabasePlace, statements: Sequence[str], *, max_rows: int, read_only: bool, timeout_s: float
    ) -> list[Table]:
        """Run statements in one transaction, and return what each gave.

        Raises:
            OutgoingError: The server is not allowed or cannot be reached, or a statement fails.
        """
        opened = await self._addresses.connect(place.host, place.port, ports=None, timeout_s=CONNECT_S)
        opened.setblocking(True)
        connection = _connection(place, timeout_s)
        mode = "READ ONLY" if read_only else "READ WRITE"
        begin = (
            f"SET SESSION sql_select_limit = {max_rows + 1}",
            # The session's mode, too: MariaDB ends a transaction for a DROP, and would run it.
            f"SET SESSION TRANSACTION {mode}",
            f"START TRANSACTION {mode}",
        )

        def work() -> list[Table]:
            connection.connect(opened)
            for statement in begin:
                connection.query(statement)
            made = [_table(connection, statement, max_rows) for statement in statements]
            connection.commit()
            return made

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except pymysql.err.Error as error:
            raise OutgoingError(_sentence(error, place)) from None
        except (OSError, ValueError, AttributeError, LookupError, struct.error):
            # What the driver makes of an answer that is none, or of a connection that is closed below.
            raise OutgoingError(f"The connection to the database on {place.host} failed.") from None
        finally:
            _end(connection, opened)


def _connection(place: DatabasePlace, timeout_s: float) -> Any:
    """Return a connection which is not made yet."""
    return pymysql.connect(
        host=place.host,
        user=place.user,
        password=place.password,
        database=place.database or None,
        charset="utf8mb4",
        cursorclass=SSCursor,
        local_infile=False,
        read_timeout=timeout_s,
        write_timeout=timeout_s,
        program_name="knowflow",
        defer_connect=True,
    )


def _end(connection: Any, opened: socket.socket) -> None:
    """Close a connection, which also ends a thread that still reads from it: closing alone would not."""
    # With TLS the driver has another socket than the one it was given.
    for place in (connection._sock, opened):  # noqa: SLF001 - there is no other way to it
        if place is not None:
            with suppress(OSError):
                place.shutdown(socket.SHUT_RDWR)
            place.close()


def _table(connection: Any, statement: str, max_rows: int) -> Table:
    cursor = connection.cursor()
    cursor.execute(statement)
    rows = Rows([name for name, *_ in cursor.description or ()], max_rows)
    while cursor.description and (row := cursor.fetchone()) is not None and rows.take(row):
        pass
    # Rows which are left stand before the next statement's result; closing reads over them.
    cursor.close()
    return rows.table()


def _sentence(error: pymysql.err.Error, place: DatabasePlace) -> str:
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if code in ACCESS_DENIED:
        return f"The database on {place.host} does not accept the user or the password."
    if code == 0 or code in CLIENT_ERRORS:
        return f"The database on {place.host} could not be reached, or did not answer."
    return f"The database refuses the statement: {error.args[1] if len(error.args) > 1 else code}"
