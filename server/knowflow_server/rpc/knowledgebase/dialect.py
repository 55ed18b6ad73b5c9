"""Errors in the words of the Knowledgebase API."""

from __future__ import annotations

import math
import time
from http import HTTPStatus
from typing import Any

from knowflow_server.domain.clock import iso_milliseconds
from knowflow_server.errors.base import ApiKeyInvalidError, ApiKeyMissingError, KnowFlowError, RateLimitedError
from knowflow_server.errors.core import AgentNotFoundError, ChunkUpdateFailedError, DatasetNotFoundError
from knowflow_server.errors.credits import NoCreditsError
from knowflow_server.errors.webpage import WebpageRefreshLimitedError
from knowflow_server.rpc.sentence import sentence_of

# What the document calls that which other surfaces have other words for.
TEXTS = {
    ApiKeyMissingError.reason: "Missing X-API-Key header",
    ApiKeyInvalidError.reason: "Invalid API key",
    AgentNotFoundError.reason: "Agent not found",
    ChunkUpdateFailedError.reason: "Reference changed while it was being updated; read it and try again",
    DatasetNotFoundError.reason: "Knowledgebase not found",
    NoCreditsError.reason: "Insufficient credits",
}


def body(error: KnowFlowError, status: int) -> dict[str, Any]:
    """Return the JSON body of a call that failed."""
    if error.reason == RateLimitedError.reason:
        after = int(error.metadata["retry_after_s"])
        reset = math.floor(time.time() + after)
        return {
            "error": "Rate limit exceeded",
            "retryAfter": after,
            "resetAt": iso_milliseconds(reset * 1_000_000),
        }
    field = error.metadata.get("field")
    if status == HTTPStatus.BAD_REQUEST and field:
        detail = {"field": _camel_case(field), "message": sentence_of(error)}
        return {"error": "Validation error", "details": [detail]}
    said = {"error": TEXTS.get(error.reason) or sentence_of(error)}
    if error.reason == WebpageRefreshLimitedError.reason:
        return {**said, "nextAvailableAt": error.metadata["next_available_at"]}
    return said


def _camel_case(field: str) -> str:
    """Return a path to a field with the names it has in JSON. Example: `knowledgebaseId`."""
    first, *others = field.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)
