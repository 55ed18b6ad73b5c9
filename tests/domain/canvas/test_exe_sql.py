"""ExeSQL: tables for models, and nothing that changes data unless its owner says so."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.errors.core import AgentDslInvalidError
from tests.domain.canvas.outside import called, ran, services


@pytest.fixture
def used(tmp_path: Path) -> Services:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE item (name TEXT, price REAL)")
        connection.executemany("INSERT INTO item VALUES (?, ?)", [("pen|red", 1.5), ("ink\nblue", None), ("cap", 2)])
    connection.close()
    return services(sqlite_dir=tmp_path)


def params(**more: Any) -> dict[str, Any]:
    return {"db_type": "sqlite", "database": "shop.db", **more}


async def test_rows_are_a_table_and_objects(used: Services) -> None:
    done = await ran("ExeSQL", params(), used, "SELECT * FROM item")

    table = "| name | price |\n| --- | --- |\n| pen\\|red | 1.5 |\n| ink blue |  |\n| cap | 2.0 |"
    assert table == done.outputs["formalized_content"]
    assert {"name": "ink\nblue", "price": None} == done.outputs["json"][1]
    assert {"sql": "SELECT * FROM item"}.items() <= done.step.inputs.items()


async def test_several_statements_give_a_table_each(used: Services) -> None:
    sql = "```sql\nSELECT count(*) AS n FROM item; SELECT name FROM item WHERE price > 9;\n```"

    done = await ran("ExeSQL", params(sql="{begin@sql}"), used, sql=sql)

    assert "| n |\n| --- |\n| 3 |\n\n| name |\n| --- |\n\nNo rows." == done.outputs["formalized_content"]
    assert [{"rows": [{"n": 3}]}, {"rows": []}] == done.outputs["json"]


async def test_rows_beyond_max_records_are_left_out_and_that_is_said(used: Services) -> None:
    done = await ran("ExeSQL", params(max_records=2, sql="SELECT name FROM item"), used)

    assert 2 == len(done.outputs["json"])
    assert done.outputs["formalized_content"].endswith("Only the first 2 rows are shown.")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"sql": "DROP TABLE item"}, "Only statements that read"),
        ({"sql": "SELECT 1; DELETE FROM item"}, "Only statements that read"),
        ({"sql": "DELETE FROM item", "read_only": False}, "can only be read"),
        ({"sql": "SELECT * FROM missing"}, "no such table: missing"),
        ({"sql": ""}, "`sql` is empty"),
        ({"sql": "SELECT 1", "database": "../x.db"}, "There is no SQLite file"),
        ({"sql": "SELECT 1", "database": ""}, "not configured"),
        ({"sql": "SELECT 1", "db_type": "mysql", "host": ""}, "not configured"),
        ({"sql": "SELECT 1", "db_type": "postgres", "host": "10.0.0.1"}, "does not allow it"),
        ({"sql": "SELECT 1", "db_type": "mssql", "host": "x"}, "no driver for databases of the kind mssql"),
    ],
)
async def test_what_cannot_run_is_an_error(used: Services, more: dict[str, Any], sentence: str) -> None:
    done = await ran("ExeSQL", params(**more), used)

    assert sentence in done.error
    assert sentence in done.outputs["_ERROR"]


@pytest.mark.parametrize("wrong", [{"db_type": "oracle"}, {"port": 0}, {"max_records": 0}, {"sql": "{missing@x}"}])
async def test_wrong_parameter_is_refused_when_the_agent_is_kept(used: Services, wrong: dict[str, Any]) -> None:
    with pytest.raises(AgentDslInvalidError, match=r"\bit\b"):
        await ran("ExeSQL", params(**wrong), used)


async def test_password_stands_in_no_trace() -> None:
    place = {"db_type": "mysql", "host": "127.0.0.1", "port": 1, "database": "x", "password": "secret-of-sql"}

    done = await ran("ExeSQL", {**place, "sql": "SELECT 1"}, services(1))

    assert "127.0.0.1 does not answer" in done.error
    assert "secret" not in done.everything


async def test_model_asks_but_does_not_change(used: Services) -> None:
    outputs = await called("ExeSQL", params(), used, sql="SELECT max(price) AS m FROM item")
    with pytest.raises(ComponentError, match="Only statements that read"):
        await called("ExeSQL", params(), used, sql="DELETE FROM item")

    assert [{"m": 2.0}] == outputs["json"]
