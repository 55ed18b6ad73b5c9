"""One log line per finished call: never payloads, questions or keys."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer

logger = logging.getLogger("knowflow.access")

# Probes come every few seconds and say nothing while all is well.
QUIET = ("/grpc.health.v1.Health/", "/knowflow.v1.SystemService/CheckHealth")


class AccessLog(Layer):
    """Logs calls."""

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Log the call when it has ended, however it did."""
        try:
            yield
        except asyncio.CancelledError:
            call.code = "CANCELLED"
            raise
        finally:
            level = logging.DEBUG if call.method.startswith(QUIET) and call.code == "OK" else logging.INFO
            extra = {
                "method": call.method,
                "code": call.code,
                "reason": call.reason,
                "duration_ms": round((time.perf_counter() - call.started) * 1000, 2),
                "request_id": call.request_id,
                "organization": call.principal.organization_id if call.principal else "",
            }
            logger.log(level, "call", extra=extra)
