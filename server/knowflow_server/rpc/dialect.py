"""Error bodies in the words of each surface."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.core import (
    ChatModelUnsupportedError,
    ChunkNotFoundError,
    ChunkUpdateFailedError,
    ContextTooLongError,
)
from knowflow_server.rpc.flowgent import dialect as flowgent
from knowflow_server.rpc.knowledgebase import dialect as knowledgebase
from knowflow_server.rpc.konversation import dialect as konversation
from knowflow_server.rpc.sentence import sentence_of

STATUSES = {
    "ABORTED": 409,
    "ALREADY_EXISTS": 400,
    "FAILED_PRECONDITION": 400,
    "INTERNAL": 500,
    "INVALID_ARGUMENT": 400,
    "NOT_FOUND": 404,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "UNAUTHENTICATED": 401,
    "UNAVAILABLE": 503,
}
# Codes of the core surface: 102 invalid, 103 permission, the others as HTTP.
KNOWFLOW_CODES = {400: 102, 401: 401, 403: 103, 404: 404, 409: 102, 429: 102, 500: 500, 503: 500}
KNOWFLOW_SPECIAL = {ChunkNotFoundError.reason: 1001, ChunkUpdateFailedError.reason: 1002}

# The six codes of the platform; what else a caller can do wrong is a `validation_error`.
PLATFORM_CODES = {
    401: "authentication_error",
    403: "permission_denied",
    404: "resource_not_found",
    429: "rate_limit_exceeded",
    500: "server_error",
    503: "server_error",
}

# Type and code of OpenAI's errors by status; the clients choose their exception by the status.
OPENAI_KINDS: dict[int, tuple[str, str | None]] = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "not_found"),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", None),
    503: ("server_error", "service_unavailable"),
}
OPENAI_CODES = {
    ContextTooLongError.reason: "context_length_exceeded",
    ChatModelUnsupportedError.reason: "model_not_found",
}


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """What a REST caller gets: HTTP status and JSON body, ASCII only."""

    status: int
    body: str


# Statuses which a surface gives to errors in its own way, by reason.
SURFACE_STATUSES: Mapping[str, Mapping[str, int]] = {"flowgent": flowgent.STATUSES}


def status_of(error: KnowFlowError, surface: str = "") -> int:
    """Return the HTTP status of an error on a surface."""
    own = SURFACE_STATUSES.get(surface, {}).get(error.reason)
    return own or error.http_status or STATUSES[error.code]


def _knowflow(error: KnowFlowError, status: int) -> dict[str, Any]:
    return {"code": KNOWFLOW_SPECIAL.get(error.reason, KNOWFLOW_CODES.get(status, 102)), "message": sentence_of(error)}


def _health(error: KnowFlowError, status: int) -> dict[str, Any]:  # noqa: ARG001 - all dialects look alike
    return {"status": "unhealthy", "error": sentence_of(error)}


def _openai(error: KnowFlowError, status: int) -> dict[str, Any]:
    kind, code = OPENAI_KINDS.get(status, ("invalid_request_error", None))
    code = OPENAI_CODES.get(error.reason, code)
    return {"error": {"message": sentence_of(error), "type": kind, "param": error.metadata.get("field"), "code": code}}


def _platform(error: KnowFlowError, status: int) -> dict[str, Any]:
    code = PLATFORM_CODES.get(status, "validation_error")
    return {"status": "error", "error": {"code": code, "message": sentence_of(error)}}


DIALECTS: dict[str, Callable[[KnowFlowError, int], dict[str, Any]]] = {
    "knowflow": _knowflow,
    "openai": _openai,
    "platform": _platform,
    "health": _health,
    "flowgent": flowgent.body,
    "knowledgebase": knowledgebase.body,
    "konversation": konversation.body,
}


def rest_body(surface: str, error: KnowFlowError) -> dict[str, Any]:
    """Return the JSON body of a REST call that failed; arguments as of `rest_answer`."""
    return DIALECTS.get(surface, _knowflow)(error, status_of(error, surface))


def rest_answer(surface: str, error: KnowFlowError) -> RestAnswer:
    """Return the answer to a REST call that failed.

    Args:
        surface: The surface the gateway named; an unknown one speaks like the core.
        error: What happened.
    """
    return RestAnswer(status_of(error, surface), json.dumps(rest_body(surface, error)))
