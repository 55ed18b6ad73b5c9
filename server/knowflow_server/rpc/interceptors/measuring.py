"""How long calls take, and how they end, as figures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from knowflow_server.metrics import Metrics
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer


class Measuring(Layer):
    """Measures calls."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Count the call, and its time when it has ended, however it did."""
        self._metrics.under_way.inc()
        try:
            yield
        except asyncio.CancelledError:
            call.code = "CANCELLED"
            raise
        finally:
            self._metrics.under_way.dec()
            seconds = time.perf_counter() - call.started
            self._metrics.calls.labels(call.method, call.code).observe(seconds)
