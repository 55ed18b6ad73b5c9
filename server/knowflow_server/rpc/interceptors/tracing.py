"""A span for each call, as part of its caller's trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer

# What is the server's fault; all else is the caller's.
FAULTS = frozenset({"INTERNAL", "UNAVAILABLE", "UNKNOWN", "DEADLINE_EXCEEDED"})


class Tracing(Layer):
    """Traces calls. Payloads, questions and keys are in no span.

    Args:
        tracer: Makes the spans.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._propagator = TraceContextTextMapPropagator()

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Keep a span open around the call."""
        parent = self._propagator.extract({name: call.header(name) for name in ("traceparent", "tracestate")})
        service, _, method = call.method.removeprefix("/").partition("/")
        attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}
        span = self._tracer.start_span(f"{service}/{method}", parent, SpanKind.SERVER, attributes)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                yield
        finally:
            span.set_attribute("rpc.grpc.status_code", call.code)
            span.set_attribute("knowflow.request_id", call.request_id)
            if call.reason:
                span.set_attribute("knowflow.reason", call.reason)
            if call.code in FAULTS:
                span.set_status(Status(StatusCode.ERROR, call.reason))
            span.end()
