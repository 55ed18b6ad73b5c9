"""Errors in the words of FlowGent."""

from __future__ import annotations

from typing import Any

from knowflow_server.errors.base import KnowFlowError
from knowflow_server.rpc.sentence import sentence_of

# What FlowGent calls each kind of failure, where an error has no title of its own.
TITLES = {
    400: "Validation failed",
    401: "Invalid API key",
    402: "No credits available",
    403: "Access denied",
    404: "Not found",
    409: "Conflict",
    413: "Content too large",
    429: "Too many requests",
    503: "Service unavailable",
}


def body(error: KnowFlowError, status: int) -> dict[str, Any]:
    """Return the JSON body of a call that failed."""
    return {"error": TITLES.get(status, "Internal server error"), "message": sentence_of(error)}
