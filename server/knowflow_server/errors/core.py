"""Errors of datasets, documents, chunks, assistants, sessions and agents."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


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

    http_status = 413
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


class DocumentationNotFoundError(KnowFlowError):
    """The documentation has no such part."""

    code, reason, template = "NOT_FOUND", "DOCUMENTATION_NOT_FOUND", "The documentation has no {name}."
