"""The database: one folder belongs to one server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from knowflow_server.store.database import Database, DatabaseLockedError

SCHEMA = pa.schema([pa.field("id", pa.string())])
OPEN = """
import asyncio, sys
from pathlib import Path
from knowflow_server.store.database import Database, DatabaseLockedError
try:
    asyncio.run(Database.open(Path(sys.argv[1])))
except DatabaseLockedError as error:
    print(error)
else:
    print("opened")
"""


def opened_elsewhere(folder: Path) -> str:
    command = [sys.executable, "-c", OPEN, str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


async def test_open_folder_of_another_process_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "db"
    database = await Database.open(folder, durable=False)
    sentence = f"Another server works on {folder}; stop it, or choose another folder."
    assert opened_elsewhere(folder) == sentence
    with pytest.raises(DatabaseLockedError, match="stop it, or choose another folder"):
        await Database.open(folder, durable=False)
    database.close()
    assert opened_elsewhere(folder) == "opened"


async def test_table_names_lists_more_than_a_page(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"table_{number:03d}" for number in range(25)]
    for name in names:
        await database.table(name, SCHEMA)
    list_tables = database.connection.list_tables

    async def three_at_a_time(page_token: str | None = None, limit: int = 0):
        return await list_tables(page_token=page_token, limit=3)

    monkeypatch.setattr(database.connection, "list_tables", three_at_a_time)
    assert await database.table_names() == names


async def test_table_is_created_once(database: Database) -> None:
    table = await database.table("things", SCHEMA)
    await table.add(pa.table({"id": ["1"]}))
    assert await (await database.table("things", SCHEMA)).count_rows() == 1


async def test_sync_waits_for_the_disk(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "db", durable=True)
    await database.sync()
    database.close()


async def test_writable_leaves_nothing_and_tells_of_a_lost_folder(database: Database) -> None:
    database.writable()
    assert not (database.folder / ".probe").exists()
    database.folder.rename(database.folder.with_name("moved"))
    with pytest.raises(OSError, match="No such file"):
        database.writable()
