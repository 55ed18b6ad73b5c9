from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.store.v1 import chunk_pb2 as _chunk_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Assistant(_message.Message):
    __slots__ = ("id", "organization_id", "name", "avatar", "dataset_ids", "description", "llm", "prompt", "created_by", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    DATASET_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    LLM_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    name: str
    avatar: str
    dataset_ids: _containers.RepeatedScalarFieldContainer[str]
    description: str
    llm: AssistantModel
    prompt: AssistantPrompt
    created_by: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., name: _Optional[str] = ..., avatar: _Optional[str] = ..., dataset_ids: _Optional[_Iterable[str]] = ..., description: _Optional[str] = ..., llm: _Optional[_Union[AssistantModel, _Mapping]] = ..., prompt: _Optional[_Union[AssistantPrompt, _Mapping]] = ..., created_by: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class AssistantModel(_message.Message):
    __slots__ = ("model_name", "temperature", "top_p", "presence_penalty", "frequency_penalty", "max_tokens")
    MODEL_NAME_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    TOP_P_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_PENALTY_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_PENALTY_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    model_name: str
    temperature: float
    top_p: float
    presence_penalty: float
    frequency_penalty: float
    max_tokens: int
    def __init__(self, model_name: _Optional[str] = ..., temperature: _Optional[float] = ..., top_p: _Optional[float] = ..., presence_penalty: _Optional[float] = ..., frequency_penalty: _Optional[float] = ..., max_tokens: _Optional[int] = ...) -> None: ...

class Variable(_message.Message):
    __slots__ = ("key", "optional")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    key: str
    optional: bool
    def __init__(self, key: _Optional[str] = ..., optional: _Optional[bool] = ...) -> None: ...

class AssistantPrompt(_message.Message):
    __slots__ = ("similarity_threshold", "keywords_similarity_weight", "top_n", "variables", "rerank_model", "top_k", "empty_response", "opener", "show_quote", "prompt", "refine_multiturn", "cross_languages", "use_kg")
    SIMILARITY_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_SIMILARITY_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    TOP_N_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    RERANK_MODEL_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    EMPTY_RESPONSE_FIELD_NUMBER: _ClassVar[int]
    OPENER_FIELD_NUMBER: _ClassVar[int]
    SHOW_QUOTE_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    REFINE_MULTITURN_FIELD_NUMBER: _ClassVar[int]
    CROSS_LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    USE_KG_FIELD_NUMBER: _ClassVar[int]
    similarity_threshold: float
    keywords_similarity_weight: float
    top_n: int
    variables: _containers.RepeatedCompositeFieldContainer[Variable]
    rerank_model: str
    top_k: int
    empty_response: str
    opener: str
    show_quote: bool
    prompt: str
    refine_multiturn: bool
    cross_languages: _containers.RepeatedScalarFieldContainer[str]
    use_kg: bool
    def __init__(self, similarity_threshold: _Optional[float] = ..., keywords_similarity_weight: _Optional[float] = ..., top_n: _Optional[int] = ..., variables: _Optional[_Iterable[_Union[Variable, _Mapping]]] = ..., rerank_model: _Optional[str] = ..., top_k: _Optional[int] = ..., empty_response: _Optional[str] = ..., opener: _Optional[str] = ..., show_quote: _Optional[bool] = ..., prompt: _Optional[str] = ..., refine_multiturn: _Optional[bool] = ..., cross_languages: _Optional[_Iterable[str]] = ..., use_kg: _Optional[bool] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ("id", "organization_id", "assistant_id", "name", "opener", "user_id", "message_count", "created_at", "updated_at", "metadata", "deployment_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPENER_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    assistant_id: str
    name: str
    opener: str
    user_id: str
    message_count: int
    created_at: int
    updated_at: int
    metadata: _struct_pb2.Struct
    deployment_id: str
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., assistant_id: _Optional[str] = ..., name: _Optional[str] = ..., opener: _Optional[str] = ..., user_id: _Optional[str] = ..., message_count: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., metadata: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., deployment_id: _Optional[str] = ...) -> None: ...

class CitedChunk(_message.Message):
    __slots__ = ("id", "content", "document_id", "document_name", "dataset_id", "positions", "page_number", "similarity", "vector_similarity", "term_similarity")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    PAGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    VECTOR_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    TERM_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    id: str
    content: str
    document_id: str
    document_name: str
    dataset_id: str
    positions: _containers.RepeatedCompositeFieldContainer[_chunk_pb2.Position]
    page_number: int
    similarity: float
    vector_similarity: float
    term_similarity: float
    def __init__(self, id: _Optional[str] = ..., content: _Optional[str] = ..., document_id: _Optional[str] = ..., document_name: _Optional[str] = ..., dataset_id: _Optional[str] = ..., positions: _Optional[_Iterable[_Union[_chunk_pb2.Position, _Mapping]]] = ..., page_number: _Optional[int] = ..., similarity: _Optional[float] = ..., vector_similarity: _Optional[float] = ..., term_similarity: _Optional[float] = ...) -> None: ...

class Message(_message.Message):
    __slots__ = ("id", "organization_id", "session_id", "role", "content", "chunks", "model_served", "finish_reason", "prompt_tokens", "completion_tokens", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    MODEL_SERVED_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    session_id: str
    role: str
    content: str
    chunks: _containers.RepeatedCompositeFieldContainer[CitedChunk]
    model_served: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., session_id: _Optional[str] = ..., role: _Optional[str] = ..., content: _Optional[str] = ..., chunks: _Optional[_Iterable[_Union[CitedChunk, _Mapping]]] = ..., model_served: _Optional[str] = ..., finish_reason: _Optional[str] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...
