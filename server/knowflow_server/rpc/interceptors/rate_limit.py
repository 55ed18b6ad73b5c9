"""How many calls a caller may make, per surface and class of operation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from knowflow_server.domain.counting import Count
from knowflow_server.domain.rate_limit import LimitReachedError, RateLimits
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer
from knowflow_server.rpc.methods import Declared

PLATFORM = "platform"


class RateLimit(Layer):
    """Counts calls, and refuses those that are too many.

    Args:
        limits: The limits.
        methods: What the protos declare about each method, by full name.
    """

    def __init__(self, limits: RateLimits, methods: Mapping[str, Declared]) -> None:
        self._limits = limits
        self._methods = methods

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Count the call; what is left goes out with the answer."""
        declared, principal = self._methods.get(call.method), call.principal
        who = call.address
        if principal is not None:
            who = principal.api_key_id or principal.user_id or principal.website_app_id or principal.subscriber_id
        # Of calls without a key, those of the platform count: they make users, and look at passwords.
        try:
            if declared is not None and (principal is not None or declared.surface == PLATFORM):
                count = await self._limits.count(declared.surface, declared.rate_class, who)
                if count is not None:
                    call.headers.extend(_headers(count))
            # What only the handler can tell, as whose address is called, it counts itself.
            yield
        except LimitReachedError as reached:
            call.headers.extend(_headers(reached.count))
            raise reached.error from None


def _headers(count: Count) -> tuple[tuple[str, str], ...]:
    return (
        ("x-ratelimit-limit", str(count.limit)),
        ("x-ratelimit-remaining", str(count.remaining)),
        ("x-ratelimit-reset", str(count.reset)),
    )
