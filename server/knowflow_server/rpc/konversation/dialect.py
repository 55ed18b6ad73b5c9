"""Errors in the words of the Konversation chatbot API."""

from __future__ import annotations

from typing import Any

from knowflow_server.errors.base import KnowFlowError
from knowflow_server.rpc.sentence import sentence_of


def body(error: KnowFlowError, status: int) -> dict[str, Any]:  # noqa: ARG001 - all dialects look alike
    """Return the JSON body of a call that failed."""
    return {"message": sentence_of(error)}
