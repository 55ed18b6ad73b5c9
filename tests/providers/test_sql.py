"""SQL databases: SQLite files, and real servers where the machine has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowflow_server.domain.outgoing import DatabasePlace, OutgoingError, Table
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.sql import SqlDatabases
from tests.standins.databases import PASSWORD, USER, mariadb, mariadb_program, postgresql, postgresql_programs

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(scope="module")
def postgresql_port() -> Iterator[int]:
    programs = postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgresql(programs) as port:
        yield port


@pytest.fixture(scope="module")
def mariadb_port() -> Iterator[int]:
    program = mariadb_program()
    if program is None:
        pytest.skip("MariaDB is not installed")
    with mariadb(program) as port:
        yield port


@pytest.fixture(params=["postgresql", "mariadb", "mysql"])
def place(request: pytest.FixtureRequest) -> DatabasePlace:
    """A database on a real server."""
    kind = request.param
    if kind == "postgresql":
        return DatabasePlace(kind, "127.0.0.1", request.getfixturevalue("postgresql_port"), "postgres", USER, PASSWORD)
    return DatabasePlace(kind, "127.0.0.1", request.getfixturevalue("mariadb_port"), "test", USER, PASSWORD)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a SQLite file, beside one which is not in it."""
    (tmp_path / "files").mkdir()
    for path in (tmp_path / "files" / "shop.db", tmp_path / "outside.db"):
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE item (name TEXT, price REAL, raw BLOB)")
            connection.executemany("INSERT INTO item VALUES (?, ?, ?)", [("pen", 1.5, b"\x01"), ("ink", None, None)])
        connection.close()
    (tmp_path / "files" / "link.db").symlink_to(tmp_path / "outside.db")
    return tmp_path / "files"


async def query(databases: SqlDatabases, place: DatabasePlace, *statements: str, **options: Any) -> list[Table]:
    return await databases.query(place, statements, **({"max_rows": 100, "read_only": True, "timeout_s": 20} | options))


def file(name: str) -> DatabasePlace:
    return DatabasePlace("sqlite", "", 0, name)


def reaching(place: DatabasePlace) -> SqlDatabases:
    return SqlDatabases(Addresses([f"127.0.0.1:{place.port}"]))


async def test_sqlite_file_is_read(folder: Path) -> None:
    databases = SqlDatabases(Addresses(), sqlite_dir=folder)

    found = await query(databases, file("shop.db"), "SELECT * FROM item", "SELECT count(*) AS n FROM item")

    assert Table(["name", "price", "raw"], [["pen", 1.5, "01"], ["ink", None, None]]) == found[0]
    assert Table(["n"], [[2]]) == found[1]


async def test_rows_beyond_the_limit_are_left_out(folder: Path) -> None:
    databases = SqlDatabases(Addresses(), sqlite_dir=folder)

    found = await query(databases, file("shop.db"), "SELECT name FROM item", max_rows=1)

    assert [Table(["name"], [["pen"]], is_cut=True)] == found


@pytest.mark.parametrize("name", ["../outside.db", "link.db", "missing.db", "", ".", "a\0b", "{outside}"])
async def test_sqlite_file_outside_of_the_folder_is_not_there(folder: Path, name: str) -> None:
    databases = SqlDatabases(Addresses(), sqlite_dir=folder)

    with pytest.raises(OutgoingError, match="There is no SQLite file"):
        await query(databases, file(name.format(outside=folder.parent / "outside.db")), "SELECT 1")


async def test_sqlite_needs_a_folder_of_the_operator() -> None:
    with pytest.raises(OutgoingError, match="KNOWFLOW_SQLITE_DIR"):
        await query(SqlDatabases(Addresses()), file("shop.db"), "SELECT 1")


@pytest.mark.parametrize(
    "statement",
    [
        *(
            "DELETE FROM item",
            "INSERT INTO item VALUES ('x', 1, NULL)",
            "DROP TABLE item",
            "PRAGMA writable_schema = 1",
        ),
        *("ATTACH '{outside}' AS o", "CREATE TEMP TABLE t (a)", "VACUUM INTO '{outside}.copy'", "BEGIN IMMEDIATE"),
        "SELECT load_extension('x')",
    ],
)
async def test_sqlite_file_cannot_be_changed(folder: Path, statement: str) -> None:
    databases = SqlDatabases(Addresses(), sqlite_dir=folder)
    before = (folder / "shop.db").read_bytes()

    with pytest.raises(OutgoingError, match="refuses the statement"):
        await query(databases, file("shop.db"), statement.format(outside=folder.parent / "outside.db"))
    with pytest.raises(OutgoingError, match="can only be read"):
        await query(databases, file("shop.db"), "DELETE FROM item", read_only=False)
    assert before == (folder / "shop.db").read_bytes()


async def test_sqlite_statement_without_end_is_given_up(folder: Path) -> None:
    databases = SqlDatabases(Addresses(), sqlite_dir=folder)

    with pytest.raises(OutgoingError, match=r"within 0\.2 seconds"):
        await query(databases, file("shop.db"), ENDLESS, timeout_s=0.2)


async def test_kind_without_driver_is_refused() -> None:
    with pytest.raises(OutgoingError, match="no driver"):
        await query(SqlDatabases(Addresses()), DatabasePlace("mssql", "127.0.0.1", 1, "x"), "SELECT 1")


async def test_server_runs_statements_and_keeps_changes_only_where_it_may(place: DatabasePlace) -> None:
    databases = reaching(place)

    await query(
        databases,
        place,
        "DROP TABLE IF EXISTS item",
        "CREATE TABLE item (name VARCHAR(20), price DECIMAL(8, 2), sold DATE)",
        "INSERT INTO item VALUES ('pen', 1.50, '2026-01-31'), ('ink', NULL, NULL)",
        read_only=False,
    )
    for change in ("DELETE FROM item", "INSERT INTO item VALUES ('x', 1, NULL)", "DROP TABLE item"):
        with pytest.raises(OutgoingError, match="refuses the statement"):
            await query(databases, place, change)
    found = await query(databases, place, "SELECT * FROM item ORDER BY name DESC", "SELECT 1 AS one")

    assert Table(["name", "price", "sold"], [["pen", 1.5, "2026-01-31"], ["ink", None, None]]) == found[0]
    assert Table(["one"], [[1]]) == found[1]


async def test_server_gives_no_more_rows_than_asked_for(place: DatabasePlace) -> None:
    ten = " UNION ALL ".join(["SELECT 7 AS n"] * 10)

    found = await query(reaching(place), place, ten, "SELECT 2 AS m", max_rows=3)

    assert [Table(["n"], [[7]] * 3, is_cut=True), Table(["m"], [[2]])] == found


async def test_wide_rows_are_cut_before_they_fill_the_memory(place: DatabasePlace) -> None:
    wide = "SELECT repeat('x', 5000000) AS w"

    [found] = await query(reaching(place), place, " UNION ALL ".join([wide] * 6))

    assert (3, True) == (len(found.rows), found.is_cut)


async def test_wide_rows_of_a_file_are_cut_too(folder: Path) -> None:
    databases = SqlDatabases(Addresses(), sqlite_dir=folder)

    [found] = await query(databases, file("shop.db"), " UNION ALL ".join(["SELECT zeroblob(5000000) AS w"] * 6))

    assert (3, True) == (len(found.rows), found.is_cut)


async def test_server_takes_one_statement_at_a_time(place: DatabasePlace) -> None:
    with pytest.raises(OutgoingError, match="refuses the statement"):
        await query(reaching(place), place, "SELECT 1; SELECT 2")


async def test_statement_without_end_is_given_up(place: DatabasePlace) -> None:
    endless = "SELECT pg_sleep(60)" if place.kind == "postgresql" else "SELECT sleep(60)"

    with pytest.raises(OutgoingError, match="within 1 seconds|refuses the statement"):
        await query(reaching(place), place, endless, timeout_s=1)


async def test_wrong_password_is_an_error_without_it(place: DatabasePlace) -> None:
    wrong = DatabasePlace(place.kind, place.host, place.port, place.database, USER, "wrong-one")

    with pytest.raises(OutgoingError) as caught:
        await query(reaching(place), wrong, "SELECT 1")
    assert "The database on 127.0.0.1 does not accept the user or the password." == caught.value.sentence


async def test_wrong_statement_is_explained(place: DatabasePlace) -> None:
    with pytest.raises(OutgoingError, match="missing_table"):
        await query(reaching(place), place, "SELECT * FROM missing_table")


@pytest.mark.parametrize("kind", ["postgresql", "mysql", "mariadb"])
async def test_server_that_is_not_allowed_or_not_there_is_refused(kind: str) -> None:
    place = DatabasePlace(kind, "127.0.0.1", 1, "x", USER, PASSWORD)

    with pytest.raises(OutgoingError, match="does not allow"):
        await query(SqlDatabases(Addresses()), place, "SELECT 1")
    with pytest.raises(OutgoingError, match="127.0.0.1"):
        await query(reaching(place), place, "SELECT 1")
