"""FastAPI and uvicorn before SQLite: subscribers, tags and values in tables with indexes, written through to disk."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()
state: dict[str, Any] = {}
SCHEMA = """
create table subscribers (number integer primary key, name text, phone text, email text);
create table tags (tag integer, number integer, primary key (tag, number)) without rowid;
create table field_values (field integer, number integer, value text, primary key (field, number)) without rowid;
create index by_value on field_values (field, value, number);
"""
COLUMNS = "number, name, phone, email"


def fill(database: sqlite3.Connection, count: int) -> None:
    """Make subscribers of whom every tenth has the tag 1, with one of 97 values in the field 1."""
    people = ((n, f"Subscriber {n:06}", f"+1555{n:07}", f"s{n}@example.com") for n in range(1, count + 1))
    database.executemany("insert into subscribers values (?, ?, ?, ?)", people)
    database.executemany("insert into tags values (1, ?)", ((n,) for n in range(10, count + 1, 10)))
    database.executemany("insert into field_values values (1, ?, ?)", ((n, str(n % 97)) for n in range(1, count + 1)))
    database.commit()


@app.get("/subscribers")
def subscribers(tag: int = 0, value: str = "", name: str = "") -> dict[str, Any]:
    """List the newest subscribers of whom all filters are true."""
    database = sqlite3.connect(sys.argv[1])
    conditions, given = ["1 = 1"], []
    if tag:
        conditions.append("number in (select number from tags where tag = ?)")
        given.append(str(tag))
    if value:
        conditions.append("number in (select number from field_values where field = 1 and value = ?)")
        given.append(value)
    if name:
        conditions.append("name like ?")
        given.append(f"%{name}%")
    where = " and ".join(conditions)
    page = f"select {COLUMNS} from subscribers where {where} order by number desc limit 20"
    found = database.execute(page, given).fetchall()
    total = database.execute(f"select count(*) from subscribers where {where}", given).fetchone()[0]
    database.close()
    return {"data": [dict(zip(COLUMNS.split(", "), row, strict=True)) for row in found], "meta": {"total": total}}


@app.put("/set")
async def assign(request: Request) -> dict[str, str]:
    """Give a subscriber a value."""
    given = await request.json()
    database = state["database"]
    database.execute("insert or replace into field_values values (1, ?, ?)", (given["number"], given["value"]))
    database.commit()
    return {"status": "ok"}


async def main() -> None:
    """Serve until the input ends; the arguments are the database's file and the number of subscribers."""
    database = state["database"] = sqlite3.connect(sys.argv[1], check_same_thread=False)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    database.executescript(SCHEMA)
    fill(database, int(sys.argv[2]))
    # asyncio turns Nagle's algorithm off where the socket says that it is TCP; with it on, each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


asyncio.run(main())
