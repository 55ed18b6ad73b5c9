from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ParseState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARSE_STATE_UNSPECIFIED: _ClassVar[ParseState]
    PARSE_STATE_UNSTARTED: _ClassVar[ParseState]
    PARSE_STATE_RUNNING: _ClassVar[ParseState]
    PARSE_STATE_CANCELLED: _ClassVar[ParseState]
    PARSE_STATE_SUCCEEDED: _ClassVar[ParseState]
    PARSE_STATE_FAILED: _ClassVar[ParseState]

class DocumentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_KIND_UNSPECIFIED: _ClassVar[DocumentKind]
    DOCUMENT_KIND_WEBPAGE: _ClassVar[DocumentKind]
    DOCUMENT_KIND_MANUAL: _ClassVar[DocumentKind]
PARSE_STATE_UNSPECIFIED: ParseState
PARSE_STATE_UNSTARTED: ParseState
PARSE_STATE_RUNNING: ParseState
PARSE_STATE_CANCELLED: ParseState
PARSE_STATE_SUCCEEDED: ParseState
PARSE_STATE_FAILED: ParseState
DOCUMENT_KIND_UNSPECIFIED: DocumentKind
DOCUMENT_KIND_WEBPAGE: DocumentKind
DOCUMENT_KIND_MANUAL: DocumentKind

class Document(_message.Message):
    __slots__ = ("id", "organization_id", "dataset_id", "name", "size", "content_type", "sha256", "blob_id", "chunk_method", "parser_config", "meta_fields", "state", "progress", "progress_message", "process_begin_at", "process_duration", "chunk_count", "token_count", "generation", "created_at", "updated_at", "search_surplus", "graph_generation", "kind", "title", "notes", "url", "scraped_at", "extracts_references", "canonical_url", "etag", "last_modified", "content_sha256", "refreshed_at", "last_error", "page_title")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    BLOB_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_METHOD_FIELD_NUMBER: _ClassVar[int]
    PARSER_CONFIG_FIELD_NUMBER: _ClassVar[int]
    META_FIELDS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PROCESS_BEGIN_AT_FIELD_NUMBER: _ClassVar[int]
    PROCESS_DURATION_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SEARCH_SURPLUS_FIELD_NUMBER: _ClassVar[int]
    GRAPH_GENERATION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    SCRAPED_AT_FIELD_NUMBER: _ClassVar[int]
    EXTRACTS_REFERENCES_FIELD_NUMBER: _ClassVar[int]
    CANONICAL_URL_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    LAST_MODIFIED_FIELD_NUMBER: _ClassVar[int]
    CONTENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    REFRESHED_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    PAGE_TITLE_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    dataset_id: str
    name: str
    size: int
    content_type: str
    sha256: str
    blob_id: str
    chunk_method: str
    parser_config: _struct_pb2.Struct
    meta_fields: _struct_pb2.Struct
    state: ParseState
    progress: float
    progress_message: str
    process_begin_at: int
    process_duration: float
    chunk_count: int
    token_count: int
    generation: str
    created_at: int
    updated_at: int
    search_surplus: int
    graph_generation: str
    kind: DocumentKind
    title: str
    notes: str
    url: str
    scraped_at: int
    extracts_references: bool
    canonical_url: str
    etag: str
    last_modified: str
    content_sha256: str
    refreshed_at: int
    last_error: str
    page_title: str
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., dataset_id: _Optional[str] = ..., name: _Optional[str] = ..., size: _Optional[int] = ..., content_type: _Optional[str] = ..., sha256: _Optional[str] = ..., blob_id: _Optional[str] = ..., chunk_method: _Optional[str] = ..., parser_config: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., meta_fields: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., state: _Optional[_Union[ParseState, str]] = ..., progress: _Optional[float] = ..., progress_message: _Optional[str] = ..., process_begin_at: _Optional[int] = ..., process_duration: _Optional[float] = ..., chunk_count: _Optional[int] = ..., token_count: _Optional[int] = ..., generation: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., search_surplus: _Optional[int] = ..., graph_generation: _Optional[str] = ..., kind: _Optional[_Union[DocumentKind, str]] = ..., title: _Optional[str] = ..., notes: _Optional[str] = ..., url: _Optional[str] = ..., scraped_at: _Optional[int] = ..., extracts_references: _Optional[bool] = ..., canonical_url: _Optional[str] = ..., etag: _Optional[str] = ..., last_modified: _Optional[str] = ..., content_sha256: _Optional[str] = ..., refreshed_at: _Optional[int] = ..., last_error: _Optional[str] = ..., page_title: _Optional[str] = ...) -> None: ...
