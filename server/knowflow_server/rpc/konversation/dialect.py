"""Errors in the words of the Konversation chatbot API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from knowflow_server.errors.base import KnowFlowError
from knowflow_server.rpc.sentence import sentence_of

UNAUTHENTICATED = "Unauthenticated."


def body(error: KnowFlowError, status: int) -> dict[str, Any]:
    """Return the JSON body of a call that failed."""
    # The words which clients of this API look for; gRPC callers are told more.
    return {"message": UNAUTHENTICATED if status == HTTPStatus.UNAUTHORIZED else sentence_of(error)}
