"""SQL texts: parted into statements, and checked for changes before a database sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}
# A text of this length takes 0.2 s to read.
MAX_SQL = 20_000
MAX_STATEMENTS = 50
FENCE = re.compile(r"```[A-Za-z]*\n?")
READS = (exp.Select, exp.SetOperation, exp.Values, exp.Subquery, exp.Describe, exp.Show)
CHANGES = (
    exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.Into, exp.Lock, exp.Command,
    exp.Copy, exp.LoadData, exp.Set, exp.Use, exp.Transaction, exp.Commit, exp.Rollback, exp.TruncateTable, exp.Pragma,
    exp.Attach, exp.Detach, exp.Grant, exp.Kill,
)  # fmt: skip
# Functions which read or write files of the server, reach other servers, end connections, or only wait.
FUNCTIONS = re.compile(
    r"pg_read_\w+|pg_ls_\w+|pg_stat_file|lo_\w+|dblink\w*|pg_terminate_backend|pg_cancel_backend|pg_sleep\w*|set_config|"
    r"pg_reload_conf|pg_rotate_logfile|pg_(?:try_)?advisory_\w+|pg_switch_wal|pg_promote|pg_notify|pg_create_\w+|"
    r"pg_drop_\w+|pg_replication_\w+|query_to_xml\w*|database_to_xml\w*|load_file|sleep|benchmark|get_lock|"
    r"release_\w*locks?|sys_exec|sys_eval|load_extension|writefile|readfile|edit|fts3_tokenizer",
    re.IGNORECASE,
)


class BadSqlError(Exception):
    """A text is no SQL, or holds statements that are not allowed; the message is for the agent's owner."""


def statements(text: str, kind: str, *, read_only: bool) -> list[str]:
    """Return the statements of a text, as they are written.

    Args:
        text: Statements with semicolons between them; marks of code around them are left out.
        kind: The kind of database, one of `DIALECTS`.
        read_only: Whether statements that change something are refused. The database refuses them as well: the
            statements run in a transaction that only reads.

    Raises:
        BadSqlError: It is too long, no SQL, or changes something.
    """
    plain = FENCE.sub(" ", text).strip()
    if len(plain) > MAX_SQL:
        raise BadSqlError(f"The SQL has more than {MAX_SQL} characters.")
    try:
        found = list(_parted(plain, DIALECTS[kind]))
    except SqlglotError:
        raise BadSqlError("The SQL cannot be read.") from None
    if len(found) > MAX_STATEMENTS:
        raise BadSqlError(f"The SQL has more than {MAX_STATEMENTS} statements.")
    if read_only:
        for statement in found:
            _check(statement, DIALECTS[kind])
    return found


def _parted(text: str, dialect: str) -> Iterator[str]:
    """Yield the statements between semicolons, those of texts and comments left alone."""
    begin = 0
    for token in sqlglot.tokenize(text, read=dialect):
        if token.token_type == TokenType.SEMICOLON:
            if statement := text[begin : token.start].strip():
                yield statement
            begin = token.end + 1
    if statement := text[begin:].strip():
        yield statement


def _check(statement: str, dialect: str) -> None:
    if dialect == "mysql" and re.search(r"/\*M?!", statement):
        # MySQL runs what stands in such a comment, the parser does not see it.
        raise BadSqlError("Comments that MySQL runs (`/*! */`) are not allowed.")
    try:
        parsed = [tree for tree in sqlglot.parse(statement, read=dialect) if tree is not None]
    except (SqlglotError, RecursionError):
        raise BadSqlError(f"The SQL cannot be read: {statement[:200]}") from None
    if len(parsed) != 1:
        raise BadSqlError(f"The SQL cannot be read as one statement: {statement[:200]}")
    tree = parsed[0]
    if not isinstance(tree, READS):
        raise BadSqlError(f"Only statements that read are allowed, not: {statement[:200]}")
    for node in tree.walk():
        if isinstance(node, CHANGES):
            raise BadSqlError(f"Only statements that read are allowed, not: {statement[:200]}")
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name() if isinstance(node, exp.Func) else ""
        if name and FUNCTIONS.fullmatch(name):
            raise BadSqlError(f"The function {name} is not allowed.")
