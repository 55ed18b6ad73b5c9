from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Chunk(_message.Message):
    __slots__ = ("id", "content", "important_keywords", "questions", "positions", "page_number", "available", "document_id", "doc_id", "document_name", "docnm_kwd", "dataset_id", "image_id", "token_count", "created_at", "create_time", "create_timestamp", "headings", "parent_id", "child_count", "tag_kwd", "tag_feas", "fields")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    PAGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOC_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_NAME_FIELD_NUMBER: _ClassVar[int]
    DOCNM_KWD_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    HEADINGS_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHILD_COUNT_FIELD_NUMBER: _ClassVar[int]
    TAG_KWD_FIELD_NUMBER: _ClassVar[int]
    TAG_FEAS_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    id: str
    content: str
    important_keywords: _containers.RepeatedScalarFieldContainer[str]
    questions: _containers.RepeatedScalarFieldContainer[str]
    positions: _containers.RepeatedCompositeFieldContainer[_struct_pb2.ListValue]
    page_number: int
    available: bool
    document_id: str
    doc_id: str
    document_name: str
    docnm_kwd: str
    dataset_id: str
    image_id: str
    token_count: int
    created_at: str
    create_time: str
    create_timestamp: float
    headings: _containers.RepeatedScalarFieldContainer[str]
    parent_id: str
    child_count: int
    tag_kwd: _containers.RepeatedScalarFieldContainer[str]
    tag_feas: _struct_pb2.Struct
    fields: _struct_pb2.Struct
    def __init__(self, id: _Optional[str] = ..., content: _Optional[str] = ..., important_keywords: _Optional[_Iterable[str]] = ..., questions: _Optional[_Iterable[str]] = ..., positions: _Optional[_Iterable[_Union[_struct_pb2.ListValue, _Mapping]]] = ..., page_number: _Optional[int] = ..., available: _Optional[bool] = ..., document_id: _Optional[str] = ..., doc_id: _Optional[str] = ..., document_name: _Optional[str] = ..., docnm_kwd: _Optional[str] = ..., dataset_id: _Optional[str] = ..., image_id: _Optional[str] = ..., token_count: _Optional[int] = ..., created_at: _Optional[str] = ..., create_time: _Optional[str] = ..., create_timestamp: _Optional[float] = ..., headings: _Optional[_Iterable[str]] = ..., parent_id: _Optional[str] = ..., child_count: _Optional[int] = ..., tag_kwd: _Optional[_Iterable[str]] = ..., tag_feas: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...
