from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChunkKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHUNK_KIND_UNSPECIFIED: _ClassVar[ChunkKind]
    CHUNK_KIND_QA: _ClassVar[ChunkKind]
CHUNK_KIND_UNSPECIFIED: ChunkKind
CHUNK_KIND_QA: ChunkKind

class Position(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, values: _Optional[_Iterable[float]] = ...) -> None: ...

class Chunk(_message.Message):
    __slots__ = ("id", "organization_id", "dataset_id", "document_id", "generation", "live", "available", "ordinal", "content", "tokens", "important_keywords", "questions", "positions", "page_number", "token_count", "created_at", "updated_at", "headings", "parent_id", "is_parent", "child_count", "tag_feas", "vector_recipe", "fields", "kind", "question")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    TOKENS_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    PAGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    HEADINGS_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    IS_PARENT_FIELD_NUMBER: _ClassVar[int]
    CHILD_COUNT_FIELD_NUMBER: _ClassVar[int]
    TAG_FEAS_FIELD_NUMBER: _ClassVar[int]
    VECTOR_RECIPE_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    dataset_id: str
    document_id: str
    generation: str
    live: bool
    available: bool
    ordinal: int
    content: str
    tokens: str
    important_keywords: _containers.RepeatedScalarFieldContainer[str]
    questions: _containers.RepeatedScalarFieldContainer[str]
    positions: _containers.RepeatedCompositeFieldContainer[Position]
    page_number: int
    token_count: int
    created_at: int
    updated_at: int
    headings: _containers.RepeatedScalarFieldContainer[str]
    parent_id: str
    is_parent: bool
    child_count: int
    tag_feas: str
    vector_recipe: str
    fields: _struct_pb2.Struct
    kind: ChunkKind
    question: str
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., generation: _Optional[str] = ..., live: _Optional[bool] = ..., available: _Optional[bool] = ..., ordinal: _Optional[int] = ..., content: _Optional[str] = ..., tokens: _Optional[str] = ..., important_keywords: _Optional[_Iterable[str]] = ..., questions: _Optional[_Iterable[str]] = ..., positions: _Optional[_Iterable[_Union[Position, _Mapping]]] = ..., page_number: _Optional[int] = ..., token_count: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., headings: _Optional[_Iterable[str]] = ..., parent_id: _Optional[str] = ..., is_parent: _Optional[bool] = ..., child_count: _Optional[int] = ..., tag_feas: _Optional[str] = ..., vector_recipe: _Optional[str] = ..., fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., kind: _Optional[_Union[ChunkKind, str]] = ..., question: _Optional[str] = ...) -> None: ...
