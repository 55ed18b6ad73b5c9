from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Dataset(_message.Message):
    __slots__ = ("id", "name", "description", "avatar", "embedding_model", "embedding_model_served", "permission", "chunk_method", "parser_id", "parser_config", "pagerank", "document_count", "chunk_count", "token_num", "language", "similarity_threshold", "vector_similarity_weight", "status", "tenant_id", "created_by", "created_at", "updated_at", "create_time", "update_time", "create_date", "update_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_MODEL_SERVED_FIELD_NUMBER: _ClassVar[int]
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    CHUNK_METHOD_FIELD_NUMBER: _ClassVar[int]
    PARSER_ID_FIELD_NUMBER: _ClassVar[int]
    PARSER_CONFIG_FIELD_NUMBER: _ClassVar[int]
    PAGERANK_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_NUM_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    VECTOR_SIMILARITY_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_DATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    avatar: str
    embedding_model: str
    embedding_model_served: str
    permission: str
    chunk_method: str
    parser_id: str
    parser_config: _struct_pb2.Struct
    pagerank: int
    document_count: int
    chunk_count: int
    token_num: int
    language: str
    similarity_threshold: float
    vector_similarity_weight: float
    status: str
    tenant_id: str
    created_by: str
    created_at: str
    updated_at: str
    create_time: float
    update_time: float
    create_date: str
    update_date: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., avatar: _Optional[str] = ..., embedding_model: _Optional[str] = ..., embedding_model_served: _Optional[str] = ..., permission: _Optional[str] = ..., chunk_method: _Optional[str] = ..., parser_id: _Optional[str] = ..., parser_config: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., pagerank: _Optional[int] = ..., document_count: _Optional[int] = ..., chunk_count: _Optional[int] = ..., token_num: _Optional[int] = ..., language: _Optional[str] = ..., similarity_threshold: _Optional[float] = ..., vector_similarity_weight: _Optional[float] = ..., status: _Optional[str] = ..., tenant_id: _Optional[str] = ..., created_by: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., create_time: _Optional[float] = ..., update_time: _Optional[float] = ..., create_date: _Optional[str] = ..., update_date: _Optional[str] = ...) -> None: ...
