"""SQL texts: parted at semicolons, and refused when they change something."""

from __future__ import annotations

import pytest

from knowflow_server.domain.canvas.sql import BadSqlError, statements

KINDS = ("postgresql", "mysql", "mariadb", "sqlite")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;\n SELECT 2 ; ", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';' AS a; SELECT 2", ["SELECT ';' AS a", "SELECT 2"]),
        ("SELECT 1 /* ; */; SELECT 2", ["SELECT 1 /* ; */", "SELECT 2"]),
        ("```sql\nSELECT 1;\n```", ["SELECT 1"]),
        ("", []),
        (" ; ; ", []),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_text_is_parted_into_statements_as_they_are_written(text: str, expected: list[str], kind: str) -> None:
    assert expected == statements(text, kind, read_only=True)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a, count(*) FROM t JOIN u USING (id) WHERE b LIKE '%;drop%' GROUP BY a HAVING count(*) > 1 ORDER BY 2",
        "WITH x AS (SELECT 1 AS n) SELECT * FROM x UNION ALL SELECT 2",
        "(SELECT 1) UNION (SELECT 2)",
        "SELECT * FROM (SELECT 1 AS a) AS s LIMIT 5",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_statement_that_reads_is_allowed(text: str, kind: str) -> None:
    assert [text] == statements(text, kind, read_only=True)


def test_words_for_looking_at_a_database_are_allowed() -> None:
    assert 2 == len(statements("SHOW TABLES; DESCRIBE t", "mysql", read_only=True))


CHANGES = {
    "postgresql": [
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "SELECT * INTO t2 FROM t",
        "COPY t TO PROGRAM 'id'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT * FROM pg_ls_dir('/')",
        "SELECT PG_SLEEP(100)",
        "SELECT lo_import('/etc/passwd')",
        "SELECT * FROM dblink('host=x', 'select 1') AS t(a int)",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SET default_transaction_read_only = off",
        "SELECT * FROM t FOR UPDATE",
        "DO $$ BEGIN DELETE FROM t; END $$",
        "CALL p()",
        "EXPLAIN ANALYZE DELETE FROM t",
        "COMMIT",
        "VACUUM",
        "LISTEN x",
    ],
    "mysql": [
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
        "SELECT /*!50000 1 */",
        "SELECT LOAD_FILE('/etc/passwd')",
        "SELECT sleep(100)",
        "SELECT benchmark(1000000000, md5('x'))",
        "LOAD DATA INFILE 'x' INTO TABLE t",
        "SET SESSION TRANSACTION READ WRITE",
        "USE mysql",
        "KILL 1",
        "GRANT ALL ON *.* TO x",
    ],
    "mariadb": ["SELECT 1 /*M! INTO OUTFILE '/tmp/x' */", "SELECT get_lock('a', 100)"],
    "sqlite": ["PRAGMA writable_schema = 1", "ATTACH 'x' AS y", "SELECT load_extension('x')", "VACUUM INTO 'x'"],
}
EVERYWHERE = [
    "INSERT INTO t VALUES (1)",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "DROP TABLE t",
    "CREATE TABLE t (a INT)",
    "ALTER TABLE t ADD b INT",
    "TRUNCATE TABLE t",
    "SELECT 1; DROP TABLE t",
    "SELECT 1 -- ;\n; DROP TABLE t",
    "no sql at all",
    "SELECT 'open",
]


@pytest.mark.parametrize(
    ("kind", "text"),
    [(kind, text) for kind in KINDS for text in [*CHANGES[kind], *EVERYWHERE]],
)
def test_statement_that_changes_something_is_refused(kind: str, text: str) -> None:
    with pytest.raises(BadSqlError):
        statements(text, kind, read_only=True)


def test_statement_that_changes_something_is_allowed_where_the_owner_says_so() -> None:
    assert ["DELETE FROM t", "SELECT 1"] == statements("DELETE FROM t; SELECT 1", "mysql", read_only=False)


@pytest.mark.parametrize("text", ["SELECT 1;" * 51, "SELECT " + "1," * 60_000 + "1", "SELECT " + "(" * 20_000 + "1"])
def test_text_beyond_the_limits_is_refused(text: str) -> None:
    with pytest.raises(BadSqlError):
        statements(text, "postgresql", read_only=True)
