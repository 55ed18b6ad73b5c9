"""Locks by name: one at a time, none left behind."""

from __future__ import annotations

import asyncio

import pytest

from knowflow_server.domain.locks import NamedLocks


async def test_hold_lets_one_in_at_a_time() -> None:
    locks, inside, most = NamedLocks(), 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with locks.hold("a"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert most == 1
    assert locks._locks == {}


async def test_hold_of_other_names_does_not_wait() -> None:
    locks = NamedLocks()
    async with locks.hold("a"), asyncio.timeout(5), locks.hold("b"):
        assert set(locks._locks) == {"a", "b"}
    assert locks._locks == {}


async def test_hold_is_free_again_after_an_error() -> None:
    locks = NamedLocks()
    with pytest.raises(ValueError, match="no"):
        async with locks.hold("a"):
            raise ValueError("no")
    async with asyncio.timeout(5), locks.hold("a"):
        pass
    assert locks._locks == {}


async def test_hold_that_is_given_up_while_waiting_leaves_nothing() -> None:
    locks = NamedLocks()

    async def wait() -> None:
        async with locks.hold("a"):
            raise AssertionError("unreachable")

    async with locks.hold("a"):
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert waiting.cancelled()
    assert locks._locks == {}
