"""Errors of simple agents and of credits."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class NoCreditsError(KnowFlowError):
    """The organization has no credits left for an operation."""

    code, reason, http_status = "FAILED_PRECONDITION", "NO_CREDITS", 402
    template = "No credits available"


class AgentPausedError(KnowFlowError):
    """The agent is paused."""

    code, reason, http_status = "FAILED_PRECONDITION", "AGENT_PAUSED", 409
    template = "The agent {agent_id} is paused; set its status to active first."


class AgentGraphEditedError(KnowFlowError):
    """The graph of an agent was made or edited by hand."""

    code, reason, http_status = "FAILED_PRECONDITION", "AGENT_GRAPH_EDITED", 409
    template = "The graph of the agent {agent_id} was made or edited by hand, so that {fields} can only change there."


class CreditKeyReusedError(KnowFlowError):
    """The key of a top-up stands for another one already."""

    code, reason, http_status = "ALREADY_EXISTS", "CREDIT_KEY_REUSED", 409
    template = "The idempotency key {key} was used for another top-up."


class NotAnOperatorError(KnowFlowError):
    """The call is for operators of the server; the sentence says what is missing."""

    code, reason = "PERMISSION_DENIED", "NOT_AN_OPERATOR"
    template = "This call needs the operator key of the server."
