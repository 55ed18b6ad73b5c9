"""Errors in the words of FlowGent."""

from __future__ import annotations

import re
from typing import Any

from knowflow_server.errors.base import (
    ApiKeyInvalidError,
    ApiKeyMissingError,
    InternalError,
    KnowFlowError,
    RateLimitedError,
)
from knowflow_server.errors.core import (
    AgentNotFoundError,
    AgentTitleExistsError,
    ChatModelUnsupportedError,
    SessionNotFoundError,
)
from knowflow_server.errors.credits import AgentGraphEditedError, AgentPausedError, CreditKeyReusedError, NoCreditsError
from knowflow_server.errors.knowledge_item import (
    KnowledgeContentTooLongError,
    KnowledgeItemNotFoundError,
    KnowledgeLimitReachedError,
    PaginationInvalidError,
)
from knowflow_server.errors.platform import OrganizationNotFoundError, WebhookUrlRefusedError
from knowflow_server.errors.whatsapp import WhatsAppConnectionNotFoundError, WhatsAppFieldsMissingError
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
# What it calls single errors.
TITLE_OF = {
    AgentTitleExistsError.reason: "Agent name is taken",
    AgentPausedError.reason: "Agent is paused",
    AgentGraphEditedError.reason: "Agent was edited as a graph",
    ChatModelUnsupportedError.reason: "Unknown model",
    SessionNotFoundError.reason: "Thread not found",
    CreditKeyReusedError.reason: "Idempotency key is taken",
    NoCreditsError.reason: "No credits available",
    OrganizationNotFoundError.reason: "Organisation not found",
    WebhookUrlRefusedError.reason: "Invalid callback URL",
    RateLimitedError.reason: "Too many requests",
    PaginationInvalidError.reason: "Invalid pagination parameters",
    KnowledgeContentTooLongError.reason: "Content exceeds character limit",
    KnowledgeLimitReachedError.reason: "Usage limit reached",
    WhatsAppConnectionNotFoundError.reason: "WhatsApp connection not found",
    WhatsAppFieldsMissingError.reason: "Missing required fields",
}
# What it says to the letter, whatever the core says.
WORDS = {
    ApiKeyMissingError.reason: ("API key is required", "Please provide an API key in the Authorization header"),
    ApiKeyInvalidError.reason: ("Invalid API key", "The provided API key is not valid"),
    # An id which nobody has looks like one of another organization.
    AgentNotFoundError.reason: ("Access denied", "This agent does not belong to your organisation"),
}
STATUSES = {AgentNotFoundError.reason: 403, AgentTitleExistsError.reason: 409}
# Errors which have a title and nothing else.
BARE = frozenset({KnowledgeItemNotFoundError.reason})
REQUIRED = re.compile(r"\w+ is required and must be a non-empty string(?: or array)?")


def status(error: KnowFlowError, default: int) -> int:
    """Return the HTTP status of an error, which elsewhere is another one."""
    return STATUSES.get(error.reason, default)


def body(error: KnowFlowError, status: int) -> dict[str, Any]:
    """Return the JSON body of a call that failed."""
    if error.reason in WORDS:
        title, message = WORDS[error.reason]
        return {"error": title, "message": message}
    sentence = sentence_of(error)
    if isinstance(error, InternalError):
        return {"error": "Internal server error"}
    if error.reason in BARE or REQUIRED.fullmatch(sentence):
        return {"error": sentence}
    title = str(
        error.metadata.get("title") or TITLE_OF.get(error.reason) or TITLES.get(status, "Internal server error")
    )
    return {"error": title, "message": sentence}
