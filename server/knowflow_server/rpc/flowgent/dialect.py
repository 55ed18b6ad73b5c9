"""Errors in the words of FlowGent."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from knowflow_server.errors.base import ApiKeyInvalidError, ApiKeyMissingError, KnowFlowError
from knowflow_server.errors.core import (
    AgentNotFoundError,
    AgentTitleExistsError,
    ChatModelUnsupportedError,
    SessionNotFoundError,
)
from knowflow_server.errors.credits import AgentGraphEditedError, AgentPausedError, CreditKeyReusedError
from knowflow_server.errors.knowledge_item import (
    KnowledgeContentTooLongError,
    KnowledgeItemNotFoundError,
    KnowledgeLimitReachedError,
    PaginationInvalidError,
)
from knowflow_server.errors.platform import OrganizationNotFoundError, WebhookUrlRefusedError
from knowflow_server.errors.whatsapp import (
    WhatsAppConnectionNotFoundError,
    WhatsAppFieldsMissingError,
    WhatsAppForbiddenError,
    WhatsAppLimitReachedError,
    WhatsAppMessageRefusedError,
    WhatsAppNumberTakenError,
    WhatsAppTemplateNotFoundError,
    WhatsAppTokenRefusedError,
    WhatsAppUnavailableError,
)
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


class Words(NamedTuple):
    """How FlowGent speaks of an error.

    Args:
        title: What `error` says.
        message: What `message` says; None means the error's own sentence.
    """

    title: str
    message: str | None = None


WORDS = {
    ApiKeyMissingError.reason: Words("API key is required", "Please provide an API key in the Authorization header"),
    ApiKeyInvalidError.reason: Words("Invalid API key", "The provided API key is not valid"),
    AgentNotFoundError.reason: Words("Access denied", "This agent does not belong to your organisation"),
    AgentTitleExistsError.reason: Words("Agent name is taken"),
    AgentPausedError.reason: Words("Agent is paused"),
    AgentGraphEditedError.reason: Words("Agent was edited as a graph"),
    ChatModelUnsupportedError.reason: Words("Unknown model"),
    SessionNotFoundError.reason: Words("Thread not found"),
    CreditKeyReusedError.reason: Words("Idempotency key is taken"),
    OrganizationNotFoundError.reason: Words("Organisation not found"),
    WebhookUrlRefusedError.reason: Words("Invalid callback URL"),
    WhatsAppConnectionNotFoundError.reason: Words("WhatsApp connection not found"),
    WhatsAppFieldsMissingError.reason: Words("Missing required fields"),
    WhatsAppNumberTakenError.reason: Words("Phone number is taken"),
    WhatsAppMessageRefusedError.reason: Words("WhatsApp refused the message"),
    WhatsAppForbiddenError.reason: Words("WhatsApp does not allow the message"),
    WhatsAppTemplateNotFoundError.reason: Words("WhatsApp template not found"),
    WhatsAppLimitReachedError.reason: Words("WhatsApp limit reached"),
    WhatsAppUnavailableError.reason: Words("WhatsApp unavailable"),
    WhatsAppTokenRefusedError.reason: Words("WhatsApp connection refused"),
    KnowledgeContentTooLongError.reason: Words("Content exceeds character limit"),
    KnowledgeLimitReachedError.reason: Words("Usage limit reached"),
    PaginationInvalidError.reason: Words("Invalid pagination parameters"),
}
# So reads what the document says of anything that is missing; as for an unknown knowledge item, there is nothing more.
MISSING = re.compile(r"\w+ is required and must be a non-empty string(?: or array)?")
# Where the document gives another status than gRPC's code stands for.
STATUSES = {AgentNotFoundError.reason: 403, AgentTitleExistsError.reason: 409}


def body(error: KnowFlowError, status: int) -> dict[str, Any]:
    """Return the JSON body of a call that failed."""
    sentence = sentence_of(error)
    if error.reason == KnowledgeItemNotFoundError.reason or MISSING.fullmatch(sentence):
        return {"error": sentence}
    if status == 500:
        return {"error": "Internal server error"}
    # Some errors are several situations to the document, each with a title.
    title = error.metadata.get("title") or TITLES.get(status, "Internal server error")
    words = WORDS.get(error.reason) or Words(title)
    found = {"error": words.title, "message": words.message or sentence}
    if error.reason == KnowledgeLimitReachedError.reason:
        found["minimalPlan"] = error.metadata["minimal_plan"]
    return found
