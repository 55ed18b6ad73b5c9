"""What counting a call costs: `python -m tests.bench.limiter` prints microseconds, the bound being 50."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any, cast

from limits.aio.storage import MemoryStorage

from knowflow_server.domain.counting import Counter
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.rate_limit import RateLimits
from knowflow_server.rpc.interceptors.rate_limit import RateLimit
from knowflow_server.rpc.methods import declared_methods
from knowflow_server.rpc.registry import service_descriptors

CALLS = 5_000
CALLERS = 1_000
LIMITS = {"one window": "1000000000/minute", "two windows": "1000000000/minute;1000000000/day"}
METHOD = "/knowflow.platform.v1.OrganizationService/ListOrganizations"


async def measure(text: str) -> float:
    """Return the microseconds of the layer around one call, the best of five rounds."""
    methods = declared_methods(service_descriptors())
    layer = RateLimit(RateLimits(Counter(MemoryStorage()), {"platform": text}), methods)
    principals = [Principal("organization", f"key {number}") for number in range(CALLERS)]
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for number in range(CALLS):
            call = SimpleNamespace(method=METHOD, principal=principals[number % CALLERS], headers=[])
            async with layer.around(cast("Any", call)):
                pass
        best = min(best, (time.perf_counter() - started) / CALLS * 1e6)
    return best


async def main() -> None:
    """Print a line per kind of limit."""
    for name, text in LIMITS.items():
        print(f"{name}: {await measure(text):.1f} µs a call")


if __name__ == "__main__":
    asyncio.run(main())
