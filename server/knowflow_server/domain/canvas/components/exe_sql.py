"""ExeSQL: SQL statements on a database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator

from knowflow_server.domain.canvas.component import ComponentError, Params, Result, Tool
from knowflow_server.domain.canvas.scope import Scope
from knowflow_server.domain.canvas.sql import BadSqlError, statements
from knowflow_server.domain.canvas.tooling import NO_SECRET, Secret, Text, ToolComponent, argument, revealed
from knowflow_server.domain.outgoing import DatabasePlace, Databases, OutgoingError, Table

QUERY_S = 60.0
PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}
NAMES = {"postgres": "postgresql", "sqlite3": "sqlite", "sqlserver": "mssql"}
KNOWN = (*PORTS, "sqlite", "mssql")
MAX_CELL = 1_000
# Beyond it a text is no help to a model; `json` has everything.
MAX_TEXT = 100_000


class ExeSqlParams(Params):
    """Parameters; texts may hold references.

    Attributes:
        sql: Statements with semicolons between them.
        db_type: `postgresql`, `mysql`, `mariadb` or `sqlite`; `mssql` loads, and fails.
        host: The server.
        port: Its port; None means the usual one.
        database: The database; for sqlite the file, relative to the folder that the server's operator set.
        username: The account.
        password: Its password.
        max_records: Most rows of each statement.
        read_only: Whether nothing can be changed: other statements are refused, and so by the database itself.
    """

    sql: Text = "{sys.query}"
    db_type: str = "mysql"
    host: Text = ""
    port: int | None = Field(default=None, ge=1, le=65535)
    database: Text = ""
    username: Text = ""
    password: Secret = NO_SECRET
    max_records: int = Field(default=1024, ge=1, le=10_000)
    read_only: bool = True

    @field_validator("db_type", mode="before")
    @classmethod
    def _kind(cls, value: Any) -> Any:
        kind = value.lower() if isinstance(value, str) else value
        return NAMES.get(kind, kind) or "mysql"

    @field_validator("db_type")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in KNOWN:
            raise ValueError(f"it should be one of {', '.join(KNOWN)}")
        return value


class ExeSql(ToolComponent):
    """The component."""

    name = "ExeSQL"
    params = ExeSqlParams
    limit_s = QUERY_S + 20
    results = ("formalized_content", "json")
    error_output = "formalized_content"
    tool = Tool(
        "execute_sql",
        "Runs SQL statements on a database and returns their results as tables.",
        {"sql": "SQL statements, with semicolons between them."},
    )

    @classmethod
    async def call(cls, scope: Scope, params: ExeSqlParams, arguments: Mapping[str, Any]) -> Result:
        """Run statements.

        Raises:
            ComponentError: The database is not configured or cannot be reached, or a statement is refused.
        """
        if params.db_type == "mssql":
            raise ComponentError("This server has no driver for databases of the kind mssql.")
        text = argument(arguments, "sql")
        scope.inputs["sql"] = text
        try:
            # In a thread: reading a long text takes a while.
            asked = await asyncio.to_thread(statements, text, params.db_type, read_only=params.read_only)
        except BadSqlError as error:
            raise ComponentError(str(error)) from None
        if not asked:
            raise ComponentError("ExeSQL has no statement: `sql` is empty.")
        place = await _place(scope, params)
        databases: Databases = scope.tool("sql")
        try:
            tables = await databases.query(
                place, asked, max_rows=params.max_records, read_only=params.read_only, timeout_s=QUERY_S
            )
        except OutgoingError as error:
            sentence = error.sentence.replace(place.password, "***") if place.password else error.sentence
            raise ComponentError(sentence) from None
        return Result({"formalized_content": _shown(tables), "json": _plain(tables)})


async def _place(scope: Scope, params: ExeSqlParams) -> DatabasePlace:
    host = (await scope.text(params.host)).strip()
    database = (await scope.text(params.database)).strip()
    if not database or (params.db_type != "sqlite" and not host):
        raise ComponentError("ExeSQL is not configured: it needs `host` and `database`, for sqlite only the latter.")
    return DatabasePlace(
        params.db_type,
        host,
        params.port or PORTS.get(params.db_type, 0),
        database,
        (await scope.text(params.username)).strip(),
        await revealed(scope, params.password),
    )


def _shown(tables: Sequence[Table]) -> str:
    """Return tables in Markdown, as many as a model can read."""
    parts = []
    for table in tables:
        if not table.columns:
            parts.append("The statement was run.")
            continue
        lines = [_line(table.columns), _line(["---"] * len(table.columns)), *map(_line, table.rows)]
        if table.is_cut:
            lines.append(f"\nOnly the first {len(table.rows)} rows are shown.")
        parts.append("\n".join(lines) if table.rows else "\n".join([*lines, "\nNo rows."]))
    text = "\n\n".join(parts)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " …"


def _line(values: Sequence[Any]) -> str:
    return "| " + " | ".join(map(_cell, values)) + " |"


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return " ".join(text[:MAX_CELL].replace("\\", "\\\\").replace("|", "\\|").split())


def _plain(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Return the rows as objects: all rows of one table; of several, a list for each."""
    made = [[dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in tables]
    return made[0] if len(made) == 1 else [{"rows": rows} for rows in made]
