"""Rate limits: how many calls of a class a key may make on a surface."""

from __future__ import annotations

from collections.abc import Mapping

from limits import RateLimitItem, parse_many

from knowflow_server.domain.counting import Count, Counter
from knowflow_server.errors.base import RateLimitedError

# What the plans of the platform allow, per key.
PLANS = {
    "free": "60/minute;1000/day",
    "pro": "300/minute;10000/day",
    "enterprise": "1000/minute;100000/day",
    "unlimited": "",
}
# What the other surfaces allow where the settings say nothing: those of 002 are documented; 003 documents none, and
# gets more than one server can answer, so that its answers carry the headers all the same.
DEFAULTS = {
    "knowflow": "600000/minute",
    "flowgent": "600000/minute",
    "konversation": "600000/minute",
    # Of each address by itself: who calls it shows no key.
    "konversation.webhook": "600/minute",
    "knowledgebase.read": "100/hour",
    "knowledgebase.write": "100/hour",
    "knowledgebase.search": "10000/hour",
}


class RateLimits:
    """Counts calls.

    Args:
        counter: Counts them.
        limits: Limits by surface, or by `surface.class`, which then takes the place of the surface's own. Example:
            `{"platform": "60/minute;1000/day", "knowledgebase.search": "10000/hour"}`.

    Raises:
        ValueError: A limit cannot be read.
    """

    def __init__(self, counter: Counter, limits: Mapping[str, str]) -> None:
        self._counter = counter
        self._items: dict[str, list[RateLimitItem]] = {
            name: parse_many(text) if text.strip() else [] for name, text in limits.items()
        }

    async def count(self, surface: str, kind: str, caller: str) -> Count | None:
        """Count a call and return what is left; None where nothing is limited.

        Args:
            surface: The surface, for example `platform`.
            kind: The class: `read`, `write`, `search`, `chat` or `webhook`.
            caller: Who calls, or what is called where nobody says who calls.

        Raises:
            LimitReachedError: A limit is used up.
        """
        name = f"{surface}.{kind}"
        items = self._items.get(name)
        if items is None:
            items = self._items.get(surface, [])
        tightest: Count | None = None
        for item in items:
            # A class which has no limit of its own counts by itself all the same: searches do not use up writes.
            count = await self._counter.hit(item, name, caller)
            if not count.is_allowed:
                raise LimitReachedError(count)
            if tightest is None or count.remaining < tightest.remaining:
                tightest = count
        return tightest


class LimitReachedError(Exception):
    """A limit is used up; the caller's error is `error`.

    Args:
        count: The limit.
    """

    def __init__(self, count: Count) -> None:
        super().__init__("A rate limit is used up.")
        self.count = count

    @property
    def error(self) -> RateLimitedError:
        """What the caller is told."""
        return RateLimitedError(retry_after_s=self.count.retry_after_s)
