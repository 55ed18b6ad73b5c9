from buf.validate import validate_pb2 as _validate_pb2
from knowflow.v1 import dataset_pb2 as _dataset_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Chat(_message.Message):
    __slots__ = ("id", "name", "avatar", "dataset_ids", "description", "language", "llm", "prompt", "status", "tenant_id", "create_time", "update_time", "create_date", "update_date", "datasets")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    DATASET_IDS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    LLM_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_DATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_DATE_FIELD_NUMBER: _ClassVar[int]
    DATASETS_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    avatar: str
    dataset_ids: _containers.RepeatedScalarFieldContainer[str]
    description: str
    language: str
    llm: ChatLlm
    prompt: ChatPrompt
    status: str
    tenant_id: str
    create_time: str
    update_time: str
    create_date: str
    update_date: str
    datasets: _containers.RepeatedCompositeFieldContainer[_dataset_pb2.Dataset]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., avatar: _Optional[str] = ..., dataset_ids: _Optional[_Iterable[str]] = ..., description: _Optional[str] = ..., language: _Optional[str] = ..., llm: _Optional[_Union[ChatLlm, _Mapping]] = ..., prompt: _Optional[_Union[ChatPrompt, _Mapping]] = ..., status: _Optional[str] = ..., tenant_id: _Optional[str] = ..., create_time: _Optional[str] = ..., update_time: _Optional[str] = ..., create_date: _Optional[str] = ..., update_date: _Optional[str] = ..., datasets: _Optional[_Iterable[_Union[_dataset_pb2.Dataset, _Mapping]]] = ...) -> None: ...

class ChatLlm(_message.Message):
    __slots__ = ("model_name", "temperature", "top_p", "presence_penalty", "frequency_penalty", "max_tokens", "model_served")
    MODEL_NAME_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    TOP_P_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_PENALTY_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_PENALTY_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    MODEL_SERVED_FIELD_NUMBER: _ClassVar[int]
    model_name: str
    temperature: float
    top_p: float
    presence_penalty: float
    frequency_penalty: float
    max_tokens: int
    model_served: str
    def __init__(self, model_name: _Optional[str] = ..., temperature: _Optional[float] = ..., top_p: _Optional[float] = ..., presence_penalty: _Optional[float] = ..., frequency_penalty: _Optional[float] = ..., max_tokens: _Optional[int] = ..., model_served: _Optional[str] = ...) -> None: ...

class PromptVariable(_message.Message):
    __slots__ = ("key", "optional")
    KEY_FIELD_NUMBER: _ClassVar[int]
    OPTIONAL_FIELD_NUMBER: _ClassVar[int]
    key: str
    optional: bool
    def __init__(self, key: _Optional[str] = ..., optional: _Optional[bool] = ...) -> None: ...

class ChatPrompt(_message.Message):
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
    variables: _containers.RepeatedCompositeFieldContainer[PromptVariable]
    rerank_model: str
    top_k: int
    empty_response: str
    opener: str
    show_quote: bool
    prompt: str
    refine_multiturn: bool
    cross_languages: _containers.RepeatedScalarFieldContainer[str]
    use_kg: bool
    def __init__(self, similarity_threshold: _Optional[float] = ..., keywords_similarity_weight: _Optional[float] = ..., top_n: _Optional[int] = ..., variables: _Optional[_Iterable[_Union[PromptVariable, _Mapping]]] = ..., rerank_model: _Optional[str] = ..., top_k: _Optional[int] = ..., empty_response: _Optional[str] = ..., opener: _Optional[str] = ..., show_quote: _Optional[bool] = ..., prompt: _Optional[str] = ..., refine_multiturn: _Optional[bool] = ..., cross_languages: _Optional[_Iterable[str]] = ..., use_kg: _Optional[bool] = ...) -> None: ...
