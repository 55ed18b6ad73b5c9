"""Typed errors: one class is one situation.

A class fixes the gRPC code, the reason of `error_reason.proto` and the sentence; an instance fills in what varies,
which also
becomes the metadata of the error. A test checks that classes and reasons match one to one.

KnowFlowError
├── InternalError, StoreUnavailableError, OverloadedError, ModelUnavailableError, ModelOverloadedError
├── InvalidArgumentError
├── ApiKeyMissingError, ApiKeyInvalidError
├── DatasetNotFoundError, DatasetNameExistsError, DatasetNotModifiedError
├── EmbeddingModelUnsupportedError, EmbeddingModelLockedError, EmbeddingModelsDifferError
├── DocumentNotFoundError, DocumentsNotFoundError, DocumentNotParsableError, DocumentNotParsingError
├── DocumentNameExistsError, DocumentExtensionChangedError, DocumentFieldReadOnlyError
├── FileMissingError, FileNameInvalidError, FileTypeUnsupportedError, FileTooLargeError, UploadMalformedError
├── ChunkNotFoundError, ChunksNotFoundError, ChunkUpdateFailedError
├── ChatNotFoundError, ChatNameExistsError, DatasetNotParsedError, ChatDatasetsGoneError
├── ChatModelUnsupportedError, RerankModelUnsupportedError, PromptVariableMissingError, ContextTooLongError
├── AgentNotFoundError, AgentNotOwnedError, AgentTitleExistsError, AgentDslInvalidError, AgentRunFailedError
├── WebhookNotFoundError, WebhookDeliveryNotFoundError, WebhookUrlRefusedError, WebhookLimitReachedError
├── WebhookDisabledError, SessionNotFoundError
├── RateLimitedError, PermissionDeniedError
├── LoginFailedError, EmailTakenError, RegistrationClosedError, NotAUserError
├── OrganizationNotFoundError, OrganizationLimitError, MemberNotFoundError, MemberExistsError, LastOwnerError
└── InvitationNotFoundError, InvitationInvalidError, ApiKeyNotFoundError
"""

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


class DatasetNotFoundError(KnowFlowError):
    """The dataset does not exist for this organization."""

    code, reason, template = "NOT_FOUND", "DATASET_NOT_FOUND", "You don't own the dataset {dataset_id}."


class DatasetNameExistsError(KnowFlowError):
    """Another dataset of the organization has this name."""

    code, reason, template = "ALREADY_EXISTS", "DATASET_NAME_EXISTS", "Dataset name '{name}' already exists"


class DatasetNotModifiedError(KnowFlowError):
    """An update names nothing to change."""

    code, reason, template = "INVALID_ARGUMENT", "DATASET_NOT_MODIFIED", "No properties were modified"


class EmbeddingModelUnsupportedError(KnowFlowError):
    """No provider serves this embedding model."""

    code, reason, template = "INVALID_ARGUMENT", "EMBEDDING_MODEL_UNSUPPORTED", "Unsupported model: <{model}>"


class EmbeddingModelLockedError(KnowFlowError):
    """The embedding model cannot change while the dataset holds chunks."""

    code, reason = "FAILED_PRECONDITION", "EMBEDDING_MODEL_LOCKED"
    template = "When chunk_num ({chunk_count}) > 0, embedding_model must remain {model}"


class EmbeddingModelsDifferError(KnowFlowError):
    """Datasets of one retrieval use different embedding models."""

    code, reason, template = "INVALID_ARGUMENT", "EMBEDDING_MODELS_DIFFER", "Datasets use different embedding models."


class DocumentNotFoundError(KnowFlowError):
    """The document does not exist in the dataset."""

    code, reason, template = "NOT_FOUND", "DOCUMENT_NOT_FOUND", "You don't own the document {document_id}."


class DocumentsNotFoundError(KnowFlowError):
    """Some documents of a list do not exist, the others were dealt with; the sentence lists them."""

    code, reason = "INVALID_ARGUMENT", "DOCUMENTS_NOT_FOUND"


class DocumentNotParsableError(KnowFlowError):
    """Some documents of a list do not exist, or are being parsed already; the others were started."""

    code, reason, template = "FAILED_PRECONDITION", "DOCUMENT_NOT_PARSABLE", "Document not found or already parsing"


class DocumentNotParsingError(KnowFlowError):
    """Parsing cannot be stopped because it is not running."""

    code, reason = "FAILED_PRECONDITION", "DOCUMENT_NOT_PARSING"
    template = "Can't stop parsing document {document_id}: it is not being parsed"


class DocumentNameExistsError(KnowFlowError):
    """Another document of the dataset has this name."""

    code, reason, template = "ALREADY_EXISTS", "DOCUMENT_NAME_EXISTS", "Duplicated document name in the same dataset."


class DocumentExtensionChangedError(KnowFlowError):
    """A new name must keep the extension."""

    code, reason, template = "INVALID_ARGUMENT", "DOCUMENT_EXTENSION_CHANGED", "The extension of file can't be changed"


class DocumentFieldReadOnlyError(KnowFlowError):
    """An update names a value that only the server changes."""

    code, reason, template = "INVALID_ARGUMENT", "DOCUMENT_FIELD_READ_ONLY", "Can't change `{field}`."


class FileMissingError(KnowFlowError):
    """An upload has no file, or a file without a name; the sentence says which."""

    code, reason, template = "INVALID_ARGUMENT", "FILE_MISSING", "No file part!"


class FileNameInvalidError(KnowFlowError):
    """The name of a file is too long or not usable; the sentence says which."""

    code, reason, template = "INVALID_ARGUMENT", "FILE_NAME_INVALID", "File name must be 255 bytes or less."


class FileTypeUnsupportedError(KnowFlowError):
    """Files of this type are not supported; the sentence has a line per file."""

    code, reason = "INVALID_ARGUMENT", "FILE_TYPE_UNSUPPORTED"


class FileTooLargeError(KnowFlowError):
    """A file is larger than the server accepts."""

    code, reason, template = (
        "INVALID_ARGUMENT",
        "FILE_TOO_LARGE",
        "The file is larger than {limit_bytes} bytes, the most this server accepts.",
    )


class UploadMalformedError(KnowFlowError):
    """The body of an upload is not multipart form data, or is cut; the sentence says which."""

    code, reason = "INVALID_ARGUMENT", "UPLOAD_MALFORMED"


class ChunkNotFoundError(KnowFlowError):
    """The chunk does not exist in the document."""

    code, reason, template = "NOT_FOUND", "CHUNK_NOT_FOUND", "Can't find this chunk {chunk_id}"


class ChunksNotFoundError(KnowFlowError):
    """Some chunks of a list do not exist; the others were deleted."""

    code, reason, template = (
        "INVALID_ARGUMENT",
        "CHUNKS_NOT_FOUND",
        "rm_chunk deleted chunks {deleted}, expect {expected}",
    )


class ChunkUpdateFailedError(KnowFlowError):
    """The chunk changed or disappeared while it was being updated."""

    code, reason, template = (
        "ABORTED",
        "CHUNK_UPDATE_FAILED",
        "Chunk {chunk_id} changed while it was being updated; read it and try again.",
    )


class ChatNotFoundError(KnowFlowError):
    """The chat assistant does not exist for this organization; the sentence differs from call to call."""

    code, reason, template = "NOT_FOUND", "CHAT_NOT_FOUND", "You don't own the chat {chat_id}"


class ChatNameExistsError(KnowFlowError):
    """Another chat assistant of the organization has this name."""

    code, reason, template = "ALREADY_EXISTS", "CHAT_NAME_EXISTS", "Duplicated chat name in creating dataset."


class DatasetNotParsedError(KnowFlowError):
    """A dataset of a chat assistant holds no chunks."""

    code, reason, template = (
        "FAILED_PRECONDITION",
        "DATASET_NOT_PARSED",
        "The dataset {dataset_id} doesn't own parsed file",
    )


class ChatModelUnsupportedError(KnowFlowError):
    """Nobody serves the chat model."""

    code, reason, template = "INVALID_ARGUMENT", "CHAT_MODEL_UNSUPPORTED", "`model_name` {model} doesn't exist"


class RerankModelUnsupportedError(KnowFlowError):
    """Nobody serves the rerank model."""

    code, reason, template = "INVALID_ARGUMENT", "RERANK_MODEL_UNSUPPORTED", "`rerank_model` {model} doesn't exist"


class ChatDatasetsGoneError(KnowFlowError):
    """All datasets of a chat assistant were deleted."""

    code, reason, template = (
        "FAILED_PRECONDITION",
        "CHAT_DATASETS_GONE",
        "All datasets of the chat {chat_id} were deleted; give it others, or none.",
    )


class PromptVariableMissingError(KnowFlowError):
    """A question leaves out a variable of the prompt that is not optional."""

    code, reason, template = "INVALID_ARGUMENT", "PROMPT_VARIABLE_MISSING", "Miss parameter: {variable}"


class SessionNotFoundError(KnowFlowError):
    """The session does not exist in the chat assistant; the sentence differs from call to call."""

    code, reason, template = "NOT_FOUND", "SESSION_NOT_FOUND", "You don't own the session {session_id}"


class ContextTooLongError(KnowFlowError):
    """Question and prompt are longer than the model reads."""

    code, reason, template = (
        "INVALID_ARGUMENT",
        "CONTEXT_OVERFLOW",
        "The question and the prompt are longer than the model {model} reads; shorten them, or choose another model.",
    )


class AgentNotFoundError(KnowFlowError):
    """The agent does not exist for this organization; the sentence differs from call to call."""

    code, reason, template = "NOT_FOUND", "AGENT_NOT_FOUND", "You don't own the agent {agent_id}."


class AgentNotOwnedError(KnowFlowError):
    """Only the owner of an agent changes or deletes it."""

    code, reason, template = (
        "PERMISSION_DENIED",
        "AGENT_NOT_OWNED",
        "Only owner of canvas authorized for this operation.",
    )


class AgentTitleExistsError(KnowFlowError):
    """Another agent of the organization has this title."""

    code, reason, template = "ALREADY_EXISTS", "AGENT_TITLE_EXISTS", "Agent with title '{title}' already exists."


class AgentDslInvalidError(KnowFlowError):
    """The graph of an agent is wrong; the sentence says how."""

    code, reason = "INVALID_ARGUMENT", "AGENT_DSL_INVALID"


class AgentRunFailedError(KnowFlowError):
    """A component failed and nothing says what to do then."""

    code, reason, template = "INTERNAL", "AGENT_RUN_FAILED", "The component {component} failed: {cause}"


class WebhookNotFoundError(KnowFlowError):
    """The webhook does not exist for this organization."""

    code, reason, template = "NOT_FOUND", "WEBHOOK_NOT_FOUND", "The webhook {webhook_id} does not exist."


class WebhookDeliveryNotFoundError(KnowFlowError):
    """The delivery does not exist in the webhook."""

    code, reason, template = "NOT_FOUND", "WEBHOOK_DELIVERY_NOT_FOUND", "The delivery {delivery_id} does not exist."


class WebhookUrlRefusedError(KnowFlowError):
    """Events cannot be sent to an address; the sentence says why."""

    code, reason = "INVALID_ARGUMENT", "WEBHOOK_URL_REFUSED"


class WebhookLimitReachedError(KnowFlowError):
    """The organization has as many webhooks as it may have."""

    code, reason, template = (
        "FAILED_PRECONDITION",
        "WEBHOOK_LIMIT_REACHED",
        "An organization has at most {limit} webhooks; delete one first.",
    )


class WebhookDisabledError(KnowFlowError):
    """Nothing is sent to a disabled webhook."""

    code, reason, template = (
        "FAILED_PRECONDITION",
        "WEBHOOK_DISABLED",
        "The webhook {webhook_id} is disabled; enable it before sending events again.",
    )


class RateLimitedError(KnowFlowError):
    """A caller makes too many calls of one kind."""

    code, reason = "RESOURCE_EXHAUSTED", "RATE_LIMITED"
    template = "Too many requests; try again in {retry_after_s} seconds."


class PermissionDeniedError(KnowFlowError):
    """Key or role do not allow the call."""

    code, reason = "PERMISSION_DENIED", "PERMISSION_DENIED"
    template = "This needs the permission {permission}."


class LoginFailedError(KnowFlowError):
    """E-mail address or password is wrong."""

    code, reason = "UNAUTHENTICATED", "LOGIN_FAILED"
    template = "E-mail address or password is wrong."


class EmailTakenError(KnowFlowError):
    """The e-mail address belongs to a user already."""

    code, reason = "ALREADY_EXISTS", "EMAIL_TAKEN"
    template = "A user with this e-mail address exists already."


class RegistrationClosedError(KnowFlowError):
    """Users register with an invitation only."""

    code, reason = "PERMISSION_DENIED", "REGISTRATION_CLOSED"
    template = "Registration needs an invitation on this server."


class NotAUserError(KnowFlowError):
    """The call is for users who are logged in."""

    code, reason = "PERMISSION_DENIED", "NOT_A_USER"
    template = "Log in for this call; an API key is not enough."


class OrganizationNotFoundError(KnowFlowError):
    """The organization does not exist for this caller."""

    code, reason = "NOT_FOUND", "ORGANIZATION_NOT_FOUND"
    template = "There is no organization {organization_id}."


class OrganizationLimitError(KnowFlowError):
    """The user has as many organizations as the server allows."""

    code, reason = "FAILED_PRECONDITION", "ORGANIZATION_LIMIT"
    template = "You are a member of {limit} organizations, the most this server allows."


class MemberNotFoundError(KnowFlowError):
    """The user is no member of the organization."""

    code, reason = "NOT_FOUND", "MEMBER_NOT_FOUND"
    template = "The user {user_id} is no member."


class MemberExistsError(KnowFlowError):
    """Somebody is a member already."""

    code, reason = "ALREADY_EXISTS", "MEMBER_EXISTS"
    template = "{email} is a member already."


class LastOwnerError(KnowFlowError):
    """An organization keeps an owner."""

    code, reason = "FAILED_PRECONDITION", "LAST_OWNER"
    template = "This is the last owner; make somebody else an owner first."


class InvitationNotFoundError(KnowFlowError):
    """The invitation does not exist in the organization."""

    code, reason = "NOT_FOUND", "INVITATION_NOT_FOUND"
    template = "There is no invitation {invitation_id}."


class InvitationInvalidError(KnowFlowError):
    """The token of an invitation does not count."""

    code, reason = "INVALID_ARGUMENT", "INVITATION_INVALID"
    template = "The invitation is not valid, has expired, or is for another e-mail address."


class ApiKeyNotFoundError(KnowFlowError):
    """The API key does not exist in the organization."""

    code, reason = "NOT_FOUND", "API_KEY_NOT_FOUND"
    template = "There is no API key {api_key_id}."
