"""Many subscribers of a chatbot: lists with filters, and changes of tags and values."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from tests.bench.calls import child
from tests.bench.table import Row, percentile
from tests.serving import Server, start_server

PER_CALL = 100
AT_ONCE = 8
CALLS = 30
WRITERS = 20
BASELINE = "FastAPI + SQLite"
# What is listed: ours, and the baseline's.
LISTS = {
    "the newest": ("", ""),
    "of a tag, a tenth": ("tag_ns={flow}t1", "tag=1"),
    "of a value, one in 97": ("user_field_ns={flow}v1&user_field_value=5", "value=5"),
    "of a tag and a value": ("tag_ns={flow}t1&user_field_ns={flow}v1&user_field_value=5", "tag=1&value=5"),
    "by part of the name, a hundred": ("name=0051", "name=0051"),
}


def _person(number: int, field: str) -> dict[str, Any]:
    tags = [{"tag_name": "tenth"}] if number % 10 == 0 else []
    return {
        "name": f"Subscriber {number:06}",
        "phone": f"+1555{number:07}",
        "email": f"s{number}@example.com",
        "tags": tags,
        "user_fields": [{"var_ns": field, "value": number % 97}],
    }


async def _fill(client: httpx.AsyncClient, count: int) -> str:
    flow: str = (await client.post("/flow/create", json={"name": "bench"})).json()["data"]["flow_ns"]
    await client.post("/flow/create-tag", json={"name": "tenth"})
    made = await client.post("/flow/create-user-field", json={"name": "rest", "var_type": "number"})
    field = made.json()["data"]["var_ns"]
    turns = asyncio.Semaphore(AT_ONCE)

    async def some(start: int) -> None:
        async with turns:
            users = [_person(number, field) for number in range(start, min(start + PER_CALL, count + 1))]
            answer = await client.post("/subscriber/create-many", json={"users": users})
            assert answer.status_code == 200, answer.text

    await asyncio.gather(*(some(start) for start in range(1, count + 1, PER_CALL)))
    return flow


async def _p50(call: Callable[[int], Awaitable[httpx.Response]]) -> float:
    times = []
    for number in range(CALLS):
        started = time.perf_counter()
        answer = await call(number)
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200, answer.text
    return percentile(times, 0.5)


async def _rate(call: Callable[[int], Awaitable[httpx.Response]]) -> float:
    """Return the changes per second which several callers get done."""
    started = time.perf_counter()

    async def writer(first: int) -> None:
        for place in range(CALLS):
            answer = await call(first * CALLS + place + 1)
            assert answer.status_code == 200, answer.text

    await asyncio.gather(*(writer(first) for first in range(WRITERS)))
    return WRITERS * CALLS / (time.perf_counter() - started)


def _ratio(what: str, ours: float, theirs: float) -> Row:
    return Row(what, f"{ours * 1000:.1f} ms", f"{theirs * 1000:.1f} ms, {BASELINE}", f"{ours / theirs:.2f} of the time")


async def _compare(server: Server, client: httpx.AsyncClient, flow: str, port: int, named: str) -> list[Row]:
    rows = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=300, trust_env=False) as baseline:
        for name, (ours, theirs) in LISTS.items():
            path = f"/subscribers?{ours.format(flow=flow)}"
            mine = await _p50(lambda _, path=path: client.get(path))  # type: ignore[misc]
            other = await _p50(lambda _, query=theirs: baseline.get(f"/subscribers?{query}"))  # type: ignore[misc]
            rows.append(_ratio(f"{named}, list {name}", mine, other))

        def value(number: int) -> dict[str, Any]:
            return {"user_ns": f"{flow}u{number}", "var_ns": f"{flow}v1", "value": number}

        mine = await _rate(lambda number: client.put("/subscriber/set-user-field", json=value(number)))
        other = await _rate(lambda number: baseline.put("/set", json={"number": number, "value": str(number)}))
        rows.append(
            Row(
                f"{named}, values set by {WRITERS} callers",
                f"{mine:.0f}/s",
                f"{other:.0f}/s, {BASELINE}",
                f"{mine / other:.2f}",
            )
        )
    return rows


async def measure(folder: Path, count: int) -> list[Row]:
    """Return the figures for a number of subscribers."""
    named = f"{count:,} subscribers"
    with start_server(folder) as server:
        async with server.rest() as client:
            client.timeout = httpx.Timeout(300)
            started = time.perf_counter()
            flow = await _fill(client, count)
            rows = [Row(f"{named}, created", f"{count / (time.perf_counter() - started):.0f}/s")]
            with child("baseline_sqlite", str(folder / "baseline.db"), str(count)) as port:
                rows += await _compare(server, client, flow, port, named)
    return rows
