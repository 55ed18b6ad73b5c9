"""Errors of knowledge bases as the Knowledgebase API has them: references, instructions, agents without one."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class ReferenceNotFoundError(KnowFlowError):
    """The reference does not exist in the knowledge base."""

    code, reason, template = "NOT_FOUND", "REFERENCE_NOT_FOUND", "Reference not found"


class KnowledgebaseNotAssignedError(KnowFlowError):
    """The agent has no knowledge base."""

    code, reason = "NOT_FOUND", "KNOWLEDGEBASE_NOT_ASSIGNED"
    template = "Agent does not have a knowledgebase assigned"
