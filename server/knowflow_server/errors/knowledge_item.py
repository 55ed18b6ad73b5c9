"""Errors of knowledge items and of the pages of FlowGent's lists."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class KnowledgeItemNotFoundError(KnowFlowError):
    """The knowledge item does not exist for this organization."""

    code, reason = "NOT_FOUND", "KNOWLEDGE_ITEM_NOT_FOUND"
    template = "Knowledge item not found or access denied"


class KnowledgeContentMissingError(KnowFlowError):
    """A knowledge item needs content."""

    code, reason = "INVALID_ARGUMENT", "KNOWLEDGE_CONTENT_MISSING"
    template = "content is required and must be a non-empty string"


class KnowledgeAgentsMissingError(KnowFlowError):
    """A knowledge item needs agents."""

    code, reason = "INVALID_ARGUMENT", "KNOWLEDGE_AGENTS_MISSING"
    template = "agent_ids is required and must be a non-empty string or array"


class KnowledgeContentTooLongError(KnowFlowError):
    """The content of a knowledge item is too long."""

    code, reason = "INVALID_ARGUMENT", "KNOWLEDGE_CONTENT_TOO_LONG"
    template = "The content field must be 4000 characters or less."


class KnowledgeAgentForeignError(KnowFlowError):
    """An agent does not exist for this organization."""

    code, reason = "PERMISSION_DENIED", "KNOWLEDGE_AGENT_FOREIGN"
    template = "One or more agents do not belong to your organisation"


class KnowledgeLimitReachedError(KnowFlowError):
    """A knowledge base holds as many items as the plan allows."""

    code, reason, http_status = "FAILED_PRECONDITION", "KNOWLEDGE_LIMIT_REACHED", 402
    template = (
        "You have reached the maximum number of items in one of your knowledge bases. Please upgrade your plan to add "
        "more items."
    )


class PaginationInvalidError(KnowFlowError):
    """`page` or `limit` is out of range."""

    code, reason = "INVALID_ARGUMENT", "PAGINATION_INVALID"
    template = "Page must be a positive integer and limit must be between 1 and 100"
