from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Document(_message.Message):
    __slots__ = ("id", "name", "location", "size", "type", "dataset_id", "chunk_method", "parser_id", "parser_config", "meta_fields", "status", "run", "progress", "progress_msg", "process_begin_at", "process_duration", "chunk_count", "token_count", "source_type", "thumbnail", "created_by", "sha256", "created_at", "updated_at", "create_time", "update_time", "create_date", "update_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_METHOD_FIELD_NUMBER: _ClassVar[int]
    PARSER_ID_FIELD_NUMBER: _ClassVar[int]
    PARSER_CONFIG_FIELD_NUMBER: _ClassVar[int]
    META_FIELDS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_MSG_FIELD_NUMBER: _ClassVar[int]
    PROCESS_BEGIN_AT_FIELD_NUMBER: _ClassVar[int]
    PROCESS_DURATION_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_DATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    location: str
    size: float
    type: str
    dataset_id: str
    chunk_method: str
    parser_id: str
    parser_config: _struct_pb2.Struct
    meta_fields: _struct_pb2.Struct
    status: str
    run: str
    progress: float
    progress_msg: str
    process_begin_at: str
    process_duration: float
    chunk_count: int
    token_count: int
    source_type: str
    thumbnail: str
    created_by: str
    sha256: str
    created_at: str
    updated_at: str
    create_time: float
    update_time: float
    create_date: str
    update_date: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., location: _Optional[str] = ..., size: _Optional[float] = ..., type: _Optional[str] = ..., dataset_id: _Optional[str] = ..., chunk_method: _Optional[str] = ..., parser_id: _Optional[str] = ..., parser_config: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., meta_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., status: _Optional[str] = ..., run: _Optional[str] = ..., progress: _Optional[float] = ..., progress_msg: _Optional[str] = ..., process_begin_at: _Optional[str] = ..., process_duration: _Optional[float] = ..., chunk_count: _Optional[int] = ..., token_count: _Optional[int] = ..., source_type: _Optional[str] = ..., thumbnail: _Optional[str] = ..., created_by: _Optional[str] = ..., sha256: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., create_time: _Optional[float] = ..., update_time: _Optional[float] = ..., create_date: _Optional[str] = ..., update_date: _Optional[str] = ...) -> None: ...
