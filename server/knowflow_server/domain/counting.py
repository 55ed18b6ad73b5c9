"""Counting in windows of time: in a storage that several servers share, or in the memory of this one."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError

logger = logging.getLogger(__name__)

# A shared storage which has just failed is left alone for so long.
PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Count:
    """What is left of a limit.

    Args:
        is_allowed: Whether there was room for one more.
        limit: What the limit allows in its window.
        remaining: What is left.
        reset: When the window ends, in seconds since 1970.
    """

    is_allowed: bool
    limit: int
    remaining: int
    reset: int

    @property
    def retry_after_s(self) -> int:
        """Seconds until the window ends, at least one."""
        return max(1, math.ceil(self.reset - time.time()))


class Counter:
    """Counts in fixed windows. While a shared storage fails, the memory of this server counts in its stead.

    Args:
        storage: Where counts are kept; it must wrap its exceptions.
    """

    def __init__(self, storage: Storage) -> None:
        self._shared = FixedWindowRateLimiter(storage)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._paused_until = 0.0

    async def hit(self, item: RateLimitItem, *names: str) -> Count:
        """Count one more, if there is room, and return what is left."""
        if time.monotonic() >= self._paused_until:
            try:
                return await _hit(self._shared, item, names)
            except StorageError as error:
                self._pause(error)
        return await _hit(self._own, item, names)

    async def clear(self, item: RateLimitItem, *names: str) -> None:
        """Begin to count anew."""
        await self._own.clear(item, *names)
        if time.monotonic() >= self._paused_until:
            try:
                await self._shared.clear(item, *names)
            except StorageError as error:
                self._pause(error)

    def _pause(self, error: StorageError) -> None:
        logger.warning("Rate limits: the shared storage fails (%s); this server counts by itself.", error)
        self._paused_until = time.monotonic() + PAUSE_S


async def _hit(limiter: FixedWindowRateLimiter, item: RateLimitItem, names: tuple[str, ...]) -> Count:
    is_allowed = await limiter.hit(item, *names)
    window = await limiter.get_window_stats(item, *names)
    return Count(is_allowed, item.amount, window.remaining if is_allowed else 0, math.ceil(window.reset_time))
