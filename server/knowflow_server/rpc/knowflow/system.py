"""The system on the core surface."""

from __future__ import annotations

from typing import Any

from knowflow.v1 import system_service_pb2, system_service_pb2_grpc
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.health import Health
from knowflow_server.domain.ports import Clock
from knowflow_server.rpc.times import iso

API_VERSION = "v2.1.5"


class SystemService(system_service_pb2_grpc.SystemServiceServicer):
    """Answers for the system."""

    def __init__(self, health: Health, clock: Clock) -> None:
        self._health = health
        self._clock = clock

    async def CheckHealth(
        self, request: system_service_pb2.CheckHealthRequest, context: Any
    ) -> system_service_pb2.CheckHealthResponse:
        """Tell whether the store works."""
        await self._health.check()
        return system_service_pb2.CheckHealthResponse(
            status="healthy", version=API_VERSION, timestamp=iso(microseconds(self._clock))
        )
