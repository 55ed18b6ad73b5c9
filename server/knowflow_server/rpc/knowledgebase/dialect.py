"""Errors in the words of the Knowledgebase API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from knowflow_server.errors.base import KnowFlowError
from knowflow_server.rpc.sentence import sentence_of


def body(error: KnowFlowError, status: int) -> dict[str, Any]:
    """Return the JSON body of a call that failed."""
    field = error.metadata.get("field")
    if status == HTTPStatus.BAD_REQUEST and field:
        return {"error": "Validation error", "details": [{"field": field, "message": sentence_of(error)}]}
    return {"error": sentence_of(error)}
