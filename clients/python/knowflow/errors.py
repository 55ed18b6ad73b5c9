"""Errors by what happened: one class for each reason of `error_reason.proto`."""

from __future__ import annotations

from typing import ClassVar

from knowflow.api_error import ApiError


class InternalError(ApiError):
    """Something unexpected happened on the server; its log has the details under the request id."""

    REASON: ClassVar[str] = "INTERNAL"


class InvalidArgumentError(ApiError):
    """A field of the request has a wrong shape: too long, out of range, missing."""

    REASON: ClassVar[str] = "INVALID_ARGUMENT"


class ApiKeyMissingError(ApiError):
    """The call carries no API key."""

    REASON: ClassVar[str] = "API_KEY_MISSING"


class ApiKeyInvalidError(ApiError):
    """The API key is unknown, expired or revoked."""

    REASON: ClassVar[str] = "API_KEY_INVALID"


class DatasetNotFoundError(ApiError):
    """The dataset does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "DATASET_NOT_FOUND"


class DatasetNameExistsError(ApiError):
    """Another dataset of the organization has this name; upper and lower case count as equal."""

    REASON: ClassVar[str] = "DATASET_NAME_EXISTS"


class DatasetNotModifiedError(ApiError):
    """An update of a dataset names nothing to change."""

    REASON: ClassVar[str] = "DATASET_NOT_MODIFIED"


class EmbeddingModelUnsupportedError(ApiError):
    """No provider serves this embedding model."""

    REASON: ClassVar[str] = "EMBEDDING_MODEL_UNSUPPORTED"


class EmbeddingModelLockedError(ApiError):
    """The embedding model of a dataset cannot change while it holds chunks."""

    REASON: ClassVar[str] = "EMBEDDING_MODEL_LOCKED"


class EmbeddingModelsDifferError(ApiError):
    """The datasets of one retrieval use different embedding models."""

    REASON: ClassVar[str] = "EMBEDDING_MODELS_DIFFER"


class ModelUnavailableError(ApiError):
    """A model provider did not answer, or answered with an error."""

    REASON: ClassVar[str] = "MODEL_UNAVAILABLE"


class DocumentNotFoundError(ApiError):
    """The document does not exist in the dataset."""

    REASON: ClassVar[str] = "DOCUMENT_NOT_FOUND"


class DocumentsNotFoundError(ApiError):
    """Some of the documents named in a list do not exist in the dataset; the others were dealt with."""

    REASON: ClassVar[str] = "DOCUMENTS_NOT_FOUND"


class DocumentNotParsableError(ApiError):
    """A document cannot be parsed now: it does not exist in the dataset, or is being parsed already."""

    REASON: ClassVar[str] = "DOCUMENT_NOT_PARSABLE"


class DocumentNotParsingError(ApiError):
    """Parsing of a document cannot be stopped, because it is not running."""

    REASON: ClassVar[str] = "DOCUMENT_NOT_PARSING"


class DocumentNameExistsError(ApiError):
    """Another document of the dataset has this name."""

    REASON: ClassVar[str] = "DOCUMENT_NAME_EXISTS"


class DocumentExtensionChangedError(ApiError):
    """A new name of a document must keep the extension of the file."""

    REASON: ClassVar[str] = "DOCUMENT_EXTENSION_CHANGED"


class DocumentFieldReadOnlyError(ApiError):
    """An update of a document names a value that only the server changes."""

    REASON: ClassVar[str] = "DOCUMENT_FIELD_READ_ONLY"


class FileMissingError(ApiError):
    """An upload has no file, or a file without a name."""

    REASON: ClassVar[str] = "FILE_MISSING"


class FileNameInvalidError(ApiError):
    """The name of an uploaded file is too long or not usable."""

    REASON: ClassVar[str] = "FILE_NAME_INVALID"


class FileTypeUnsupportedError(ApiError):
    """Files of this type are not supported; the other files of the upload were kept."""

    REASON: ClassVar[str] = "FILE_TYPE_UNSUPPORTED"


class FileTooLargeError(ApiError):
    """An uploaded file is larger than the server accepts."""

    REASON: ClassVar[str] = "FILE_TOO_LARGE"


class UploadMalformedError(ApiError):
    """The body of an upload is not multipart form data, or ended in the middle of a file.

    Files of it that were complete were not kept either.
    """

    REASON: ClassVar[str] = "UPLOAD_MALFORMED"


class ChunkNotFoundError(ApiError):
    """The chunk does not exist in the document."""

    REASON: ClassVar[str] = "CHUNK_NOT_FOUND"


class ChunksNotFoundError(ApiError):
    """Some of the chunks named in a list do not exist; the others were deleted."""

    REASON: ClassVar[str] = "CHUNKS_NOT_FOUND"


class StoreUnavailableError(ApiError):
    """The store does not answer."""

    REASON: ClassVar[str] = "STORE_UNAVAILABLE"


class OverloadedError(ApiError):
    """More writes are waiting than the server queues; try again later."""

    REASON: ClassVar[str] = "OVERLOADED"


class ChunkUpdateFailedError(ApiError):
    """The chunk changed or disappeared while it was being updated."""

    REASON: ClassVar[str] = "CHUNK_UPDATE_FAILED"


class DocumentationNotFoundError(ApiError):
    """There is no such page, file or document of the documentation."""

    REASON: ClassVar[str] = "DOCUMENTATION_NOT_FOUND"


class ChatNotFoundError(ApiError):
    """The chat assistant does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "CHAT_NOT_FOUND"


class ChatNameExistsError(ApiError):
    """Another chat assistant of the organization has this name; upper and lower case count as equal."""

    REASON: ClassVar[str] = "CHAT_NAME_EXISTS"


class DatasetNotParsedError(ApiError):
    """A dataset of a chat assistant holds no chunks: none of its documents has been parsed."""

    REASON: ClassVar[str] = "DATASET_NOT_PARSED"


class ChatModelUnsupportedError(ApiError):
    """No provider serves this chat model."""

    REASON: ClassVar[str] = "CHAT_MODEL_UNSUPPORTED"


class RerankModelUnsupportedError(ApiError):
    """No provider serves this rerank model."""

    REASON: ClassVar[str] = "RERANK_MODEL_UNSUPPORTED"


class ChatDatasetsGoneError(ApiError):
    """All datasets of the chat assistant were deleted."""

    REASON: ClassVar[str] = "CHAT_DATASETS_GONE"


class PromptVariableMissingError(ApiError):
    """A question leaves out a variable of the assistant's prompt that is not optional."""

    REASON: ClassVar[str] = "PROMPT_VARIABLE_MISSING"


class SessionNotFoundError(ApiError):
    """The session does not exist in the chat assistant."""

    REASON: ClassVar[str] = "SESSION_NOT_FOUND"


class ContextOverflowError(ApiError):
    """The question and the prompt are longer than the model reads."""

    REASON: ClassVar[str] = "CONTEXT_OVERFLOW"


class ModelOverloadedError(ApiError):
    """A model provider takes no more calls for now, or its quota is used up; try again later."""

    REASON: ClassVar[str] = "MODEL_OVERLOADED"


class AgentNotFoundError(ApiError):
    """The agent does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "AGENT_NOT_FOUND"


class AgentNotOwnedError(ApiError):
    """Only the owner of an agent changes or deletes it; it does not exist, or belongs to somebody else."""

    REASON: ClassVar[str] = "AGENT_NOT_OWNED"


class AgentTitleExistsError(ApiError):
    """Another agent of the organization has this title; upper and lower case count as equal."""

    REASON: ClassVar[str] = "AGENT_TITLE_EXISTS"


class AgentDslInvalidError(ApiError):
    """The graph of an agent is wrong; the message names the component."""

    REASON: ClassVar[str] = "AGENT_DSL_INVALID"


class AgentRunFailedError(ApiError):
    """A component of an agent failed and nothing says what to do then."""

    REASON: ClassVar[str] = "AGENT_RUN_FAILED"


class RateLimitedError(ApiError):
    """Too many calls of one kind; the metadata says after how many seconds to try again."""

    REASON: ClassVar[str] = "RATE_LIMITED"


class PermissionDeniedError(ApiError):
    """The key or the role does not allow the call."""

    REASON: ClassVar[str] = "PERMISSION_DENIED"


class LoginFailedError(ApiError):
    """The e-mail address is unknown, or the password is wrong; nobody is told which."""

    REASON: ClassVar[str] = "LOGIN_FAILED"


class EmailTakenError(ApiError):
    """A user with this e-mail address exists; upper and lower case count as equal."""

    REASON: ClassVar[str] = "EMAIL_TAKEN"


class RegistrationClosedError(ApiError):
    """Users register with an invitation only."""

    REASON: ClassVar[str] = "REGISTRATION_CLOSED"


class NotAUserError(ApiError):
    """The call is for users who are logged in; an API key is nobody."""

    REASON: ClassVar[str] = "NOT_A_USER"


class OrganizationNotFoundError(ApiError):
    """The organization does not exist, or the caller has nothing to do with it."""

    REASON: ClassVar[str] = "ORGANIZATION_NOT_FOUND"


class OrganizationLimitError(ApiError):
    """The user is a member of as many organizations as the server allows."""

    REASON: ClassVar[str] = "ORGANIZATION_LIMIT"


class MemberNotFoundError(ApiError):
    """The user is no member of the organization."""

    REASON: ClassVar[str] = "MEMBER_NOT_FOUND"


class MemberExistsError(ApiError):
    """Somebody with this e-mail address is a member already."""

    REASON: ClassVar[str] = "MEMBER_EXISTS"


class LastOwnerError(ApiError):
    """The last owner of an organization can neither leave nor become anything else."""

    REASON: ClassVar[str] = "LAST_OWNER"


class InvitationNotFoundError(ApiError):
    """The invitation does not exist in the organization."""

    REASON: ClassVar[str] = "INVITATION_NOT_FOUND"


class InvitationInvalidError(ApiError):
    """The token of an invitation is wrong, expired, withdrawn, used, or for another e-mail address."""

    REASON: ClassVar[str] = "INVITATION_INVALID"


class ApiKeyNotFoundError(ApiError):
    """The API key does not exist in the organization."""

    REASON: ClassVar[str] = "API_KEY_NOT_FOUND"


class WebhookNotFoundError(ApiError):
    """The webhook does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "WEBHOOK_NOT_FOUND"


class WebhookDeliveryNotFoundError(ApiError):
    """The delivery does not exist in the webhook, or is so old that it was forgotten."""

    REASON: ClassVar[str] = "WEBHOOK_DELIVERY_NOT_FOUND"


class WebhookUrlRefusedError(ApiError):
    """Events cannot be sent to this address; the message says why."""

    REASON: ClassVar[str] = "WEBHOOK_URL_REFUSED"


class WebhookLimitReachedError(ApiError):
    """The organization has as many webhooks as it may have."""

    REASON: ClassVar[str] = "WEBHOOK_LIMIT_REACHED"


class WebhookDisabledError(ApiError):
    """A delivery of a disabled webhook cannot be sent again; enable the webhook first."""

    REASON: ClassVar[str] = "WEBHOOK_DISABLED"


BY_REASON: dict[str, type[ApiError]] = {
    "INTERNAL": InternalError,
    "INVALID_ARGUMENT": InvalidArgumentError,
    "API_KEY_MISSING": ApiKeyMissingError,
    "API_KEY_INVALID": ApiKeyInvalidError,
    "DATASET_NOT_FOUND": DatasetNotFoundError,
    "DATASET_NAME_EXISTS": DatasetNameExistsError,
    "DATASET_NOT_MODIFIED": DatasetNotModifiedError,
    "EMBEDDING_MODEL_UNSUPPORTED": EmbeddingModelUnsupportedError,
    "EMBEDDING_MODEL_LOCKED": EmbeddingModelLockedError,
    "EMBEDDING_MODELS_DIFFER": EmbeddingModelsDifferError,
    "MODEL_UNAVAILABLE": ModelUnavailableError,
    "DOCUMENT_NOT_FOUND": DocumentNotFoundError,
    "DOCUMENTS_NOT_FOUND": DocumentsNotFoundError,
    "DOCUMENT_NOT_PARSABLE": DocumentNotParsableError,
    "DOCUMENT_NOT_PARSING": DocumentNotParsingError,
    "DOCUMENT_NAME_EXISTS": DocumentNameExistsError,
    "DOCUMENT_EXTENSION_CHANGED": DocumentExtensionChangedError,
    "DOCUMENT_FIELD_READ_ONLY": DocumentFieldReadOnlyError,
    "FILE_MISSING": FileMissingError,
    "FILE_NAME_INVALID": FileNameInvalidError,
    "FILE_TYPE_UNSUPPORTED": FileTypeUnsupportedError,
    "FILE_TOO_LARGE": FileTooLargeError,
    "UPLOAD_MALFORMED": UploadMalformedError,
    "CHUNK_NOT_FOUND": ChunkNotFoundError,
    "CHUNKS_NOT_FOUND": ChunksNotFoundError,
    "STORE_UNAVAILABLE": StoreUnavailableError,
    "OVERLOADED": OverloadedError,
    "CHUNK_UPDATE_FAILED": ChunkUpdateFailedError,
    "DOCUMENTATION_NOT_FOUND": DocumentationNotFoundError,
    "CHAT_NOT_FOUND": ChatNotFoundError,
    "CHAT_NAME_EXISTS": ChatNameExistsError,
    "DATASET_NOT_PARSED": DatasetNotParsedError,
    "CHAT_MODEL_UNSUPPORTED": ChatModelUnsupportedError,
    "RERANK_MODEL_UNSUPPORTED": RerankModelUnsupportedError,
    "CHAT_DATASETS_GONE": ChatDatasetsGoneError,
    "PROMPT_VARIABLE_MISSING": PromptVariableMissingError,
    "SESSION_NOT_FOUND": SessionNotFoundError,
    "CONTEXT_OVERFLOW": ContextOverflowError,
    "MODEL_OVERLOADED": ModelOverloadedError,
    "AGENT_NOT_FOUND": AgentNotFoundError,
    "AGENT_NOT_OWNED": AgentNotOwnedError,
    "AGENT_TITLE_EXISTS": AgentTitleExistsError,
    "AGENT_DSL_INVALID": AgentDslInvalidError,
    "AGENT_RUN_FAILED": AgentRunFailedError,
    "RATE_LIMITED": RateLimitedError,
    "PERMISSION_DENIED": PermissionDeniedError,
    "LOGIN_FAILED": LoginFailedError,
    "EMAIL_TAKEN": EmailTakenError,
    "REGISTRATION_CLOSED": RegistrationClosedError,
    "NOT_A_USER": NotAUserError,
    "ORGANIZATION_NOT_FOUND": OrganizationNotFoundError,
    "ORGANIZATION_LIMIT": OrganizationLimitError,
    "MEMBER_NOT_FOUND": MemberNotFoundError,
    "MEMBER_EXISTS": MemberExistsError,
    "LAST_OWNER": LastOwnerError,
    "INVITATION_NOT_FOUND": InvitationNotFoundError,
    "INVITATION_INVALID": InvitationInvalidError,
    "API_KEY_NOT_FOUND": ApiKeyNotFoundError,
    "WEBHOOK_NOT_FOUND": WebhookNotFoundError,
    "WEBHOOK_DELIVERY_NOT_FOUND": WebhookDeliveryNotFoundError,
    "WEBHOOK_URL_REFUSED": WebhookUrlRefusedError,
    "WEBHOOK_LIMIT_REACHED": WebhookLimitReachedError,
    "WEBHOOK_DISABLED": WebhookDisabledError,
}
