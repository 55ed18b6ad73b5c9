"""What every error is, and those which any call can meet."""

from __future__ import annotations

from typing import ClassVar, Literal

Code = Literal[
    "ABORTED",
    "ALREADY_EXISTS",
    "FAILED_PRECONDITION",
    "INTERNAL",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "UNAUTHENTICATED",
    "UNAVAILABLE",
]


class KnowFlowError(Exception):
    """Base of all errors that callers see.

    Args:
        sentence: What happened, when the class has no sentence of its own.
        metadata: What varies; fills the placeholders of the class's sentence.
    """

    code: ClassVar[Code]
    reason: ClassVar[str]
    template: ClassVar[str] = ""
    # Where gRPC has no code that says it: the status of a REST answer.
    http_status: ClassVar[int | None] = None

    def __init__(self, sentence: str = "", /, **metadata: object) -> None:
        self.metadata = {key: _sendable(str(value)) for key, value in metadata.items()}
        self.sentence = _sendable(sentence) or self.template.format(**self.metadata)
        super().__init__(self.sentence)


def _sendable(text: str) -> str:
    """Return a text without lone surrogates, which JSON can carry into Python and UTF-8 cannot carry out."""
    return text.encode(errors="replace").decode()


class InternalError(KnowFlowError):
    """Something unexpected; the log has the details."""

    code, reason, template = (
        "INTERNAL",
        "INTERNAL",
        "Internal error. The server's log has the details under request {request_id}.",
    )


class StoreUnavailableError(KnowFlowError):
    """The store does not answer."""

    code, reason, template = "UNAVAILABLE", "STORE_UNAVAILABLE", "Database connection failed"


class OverloadedError(KnowFlowError):
    """Too many writes are waiting."""

    code, reason, template = (
        "RESOURCE_EXHAUSTED",
        "OVERLOADED",
        "Too many writes are waiting; try again in a few seconds.",
    )


class ModelUnavailableError(KnowFlowError):
    """A model provider failed; the sentence says how."""

    code, reason, template = "UNAVAILABLE", "MODEL_UNAVAILABLE", "The model {model} is not available: {cause}"


class ModelOverloadedError(KnowFlowError):
    """A model provider takes no more calls for now; the sentence says how."""

    code, reason, template = "RESOURCE_EXHAUSTED", "MODEL_OVERLOADED", "The model {model} is overloaded: {cause}"


class InvalidArgumentError(KnowFlowError):
    """A field of the request has a wrong shape; the sentence says which and how."""

    code, reason = "INVALID_ARGUMENT", "INVALID_ARGUMENT"


class ApiKeyMissingError(KnowFlowError):
    """The call carries no API key."""

    code, reason, template = "UNAUTHENTICATED", "API_KEY_MISSING", "`Authorization` can't be empty"


class ApiKeyInvalidError(KnowFlowError):
    """The API key is unknown, expired or revoked."""

    code, reason, template = "UNAUTHENTICATED", "API_KEY_INVALID", "Authentication error: API key is invalid!"


class RateLimitedError(KnowFlowError):
    """A caller makes too many calls of one kind."""

    code, reason = "RESOURCE_EXHAUSTED", "RATE_LIMITED"
    template = "Too many requests; try again in {retry_after_s} seconds."


class PermissionDeniedError(KnowFlowError):
    """Key or role do not allow the call."""

    code, reason = "PERMISSION_DENIED", "PERMISSION_DENIED"
    template = "This needs the permission {permission}."
