"""The call being answered: who called what, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import grpc

from knowflow_server.domain.principal import Principal


@dataclass(slots=True)
class Call:
    """One call.

    Args:
        method: Full name, `/knowflow.v1.DatasetService/ListDatasets`.
        context: gRPC's own view of the call.
        metadata: Request metadata; of repeated keys the last value.
        headers: What goes out before the answer, or, when the call fails, with the error.
        answer: What a method which does not stream has answered.
        resources: The ids which the request named, by field; the audit log has them.
    """

    method: str
    context: grpc.aio.ServicerContext[Any, Any]
    metadata: Mapping[str, str | bytes]
    request_id: str = ""
    principal: Principal | None = None
    code: str = "OK"
    reason: str = ""
    started: float = field(default_factory=time.perf_counter)
    headers: list[tuple[str, str]] = field(default_factory=list)
    answer: Any = None
    resources: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """Return a text header, empty when it is absent."""
        value = self.metadata.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def surface(self) -> str:
        """The surface of a REST call as the gateway named it; empty for gRPC callers."""
        return self.header("x-knowflow-rest")

    @property
    def address(self) -> str:
        """The network address of the caller: as the gateway saw it, else of who connected."""
        return self.header("x-knowflow-client-ip") or str(self.context.peer()).rpartition(":")[0]

    async def send_headers(self) -> None:
        """Send what goes out before the answer."""
        if self.headers:
            headers, self.headers = tuple(self.headers), []
            await self.context.send_initial_metadata(headers)


_current: ContextVar[Call] = ContextVar("call")


def set_current(call: Call) -> None:
    """Make a call the current one of this task."""
    _current.set(call)


def current() -> Call:
    """Return the current call."""
    return _current.get()


def caller() -> Principal:
    """Return who makes the current call."""
    principal = _current.get().principal
    if principal is None:
        raise LookupError("This method takes calls without an API key, so it has no caller.")
    return principal
