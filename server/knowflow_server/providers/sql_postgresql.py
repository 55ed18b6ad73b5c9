"""PostgreSQL databases of users."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from knowflow_server.domain.outgoing import DatabasePlace, OutgoingError, Table
from knowflow_server.providers.addresses import Address, Addresses
from knowflow_server.providers.sql_values import Rows

CONNECT_S = 10.0
# Rows which are asked for at a time.
BATCH = 100


class PostgreSql:
    """Runs statements on PostgreSQL servers.

    Args:
        addresses: Says which servers may be connected to.
    """

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    async def query(
        self, place: DatabasePlace, statements: Sequence[str], *, max_rows: int, read_only: bool, timeout_s: float
    ) -> list[Table]:
        """Run statements in one transaction, and return what each gave.

        Raises:
            OutgoingError: The server is not allowed or cannot be reached, or a statement fails.
        """
        checked = await self._addresses.resolve(place.host, place.port, ports=None)
        connection = await _connected(place, checked[0], read_only=read_only, timeout_s=timeout_s)
        try:
            async with connection.transaction(readonly=read_only):
                return [await _table(connection, statement, max_rows) for statement in statements]
        except asyncpg.PostgresError as error:
            raise OutgoingError(f"The database refuses the statement: {error.message or error}") from None
        except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, ValueError):
            raise OutgoingError(f"The connection to the database on {place.host} failed.") from None
        finally:
            connection.terminate()


async def _connected(
    place: DatabasePlace, address: Address, *, read_only: bool, timeout_s: float
) -> asyncpg.Connection:
    try:
        # All is said, so that nothing comes from the server's own environment and files.
        return await asyncpg.connect(
            host=str(address),
            port=place.port,
            user=place.user or "postgres",
            password=place.password,
            database=place.database or place.user,
            ssl="prefer",
            timeout=CONNECT_S,
            statement_cache_size=0,
            server_settings={
                "application_name": "knowflow",
                "default_transaction_read_only": "on" if read_only else "off",
                "statement_timeout": str(int(timeout_s * 1000)),
                "idle_in_transaction_session_timeout": str(int(timeout_s * 1000)),
            },
        )
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        raise OutgoingError(f"The database on {place.host} does not accept the user or the password.") from None
    except asyncpg.InvalidCatalogNameError:
        raise OutgoingError(f"There is no database {place.database} on {place.host}.") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, ValueError):
        raise OutgoingError(f"The database on {place.host} could not be reached.") from None


async def _table(connection: asyncpg.Connection, statement: str, max_rows: int) -> Table:
    # A prepared statement is exactly one: the server refuses more.
    prepared = await connection.prepare(statement)
    columns = [attribute.name for attribute in prepared.get_attributes()]
    if not columns:
        await prepared.fetch()
        return Table([], [])
    cursor = await prepared.cursor()
    rows = Rows(columns, max_rows)
    while batch := await cursor.fetch(BATCH):
        if not all(rows.take(row) for row in batch):
            break
    return rows.table()
