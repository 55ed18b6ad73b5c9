"""Locks by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class NamedLocks:
    """One lock per name, kept only while somebody holds it or waits for it.

    Args:
        places: How many may hold a lock at the same time.
    """

    def __init__(self, places: int = 1) -> None:
        self._places = places
        self._locks: dict[str, tuple[asyncio.Semaphore, int]] = {}

    def users(self, name: str) -> int:
        """Return how many hold the lock of a name or wait for it."""
        _, users = self._locks.get(name, (None, 0))
        return users

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Hold the lock of a name."""
        lock, users = self._locks.get(name, (asyncio.Semaphore(self._places), 0))
        self._locks[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[name]
            if users == 1:
                del self._locks[name]
            else:
                self._locks[name] = (lock, users - 1)
