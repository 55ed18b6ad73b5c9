"""Keeping what was said, also when the caller leaves or the server stops meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

# How long the end of the answers that are under way is waited for when the server stops, in seconds.
CLOSE_S = 5.0

Kept = TypeVar("Kept")


class Keeping:
    """The answers under way of one kind, and the writes that keep them."""

    def __init__(self) -> None:
        self._writes: set[asyncio.Task[Any]] = set()
        self._answering: set[asyncio.Event] = set()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer as under way; `close` waits for the end of the block."""
        ended = asyncio.Event()
        self._answering.add(ended)
        try:
            yield
        finally:
            self._answering.discard(ended)
            ended.set()

    async def through(self, write: Coroutine[Any, Any, Kept]) -> Kept:
        """Return what a write returns; it goes on when its caller is cancelled meanwhile."""
        task = asyncio.create_task(write)
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait until every answer that was cut off is kept; calls end a moment after their server has stopped."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_S):
                await asyncio.gather(*(ended.wait() for ended in self._answering))
        await asyncio.gather(*self._writes, return_exceptions=True)
