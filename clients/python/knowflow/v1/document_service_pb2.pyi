from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import document_pb2 as _document_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UploadDocumentsRequest(_message.Message):
    __slots__ = ("dataset_id", "body")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    body: _httpbody_pb2.HttpBody
    def __init__(self, dataset_id: _Optional[str] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class UploadDocumentsResponse(_message.Message):
    __slots__ = ("code", "message", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    message: str
    data: _containers.RepeatedCompositeFieldContainer[_document_pb2.Document]
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_document_pb2.Document, _Mapping]]] = ...) -> None: ...

class UploadFilesRequest(_message.Message):
    __slots__ = ("dataset_id", "file", "data")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    file: FileHeader
    data: bytes
    def __init__(self, dataset_id: _Optional[str] = ..., file: _Optional[_Union[FileHeader, _Mapping]] = ..., data: _Optional[bytes] = ...) -> None: ...

class FileHeader(_message.Message):
    __slots__ = ("name", "content_type", "parser_id", "parser_config", "size")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    PARSER_ID_FIELD_NUMBER: _ClassVar[int]
    PARSER_CONFIG_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    name: str
    content_type: str
    parser_id: str
    parser_config: _struct_pb2.Struct
    size: float
    def __init__(self, name: _Optional[str] = ..., content_type: _Optional[str] = ..., parser_id: _Optional[str] = ..., parser_config: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., size: _Optional[float] = ...) -> None: ...

class UploadFilesResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_document_pb2.Document]
    def __init__(self, data: _Optional[_Iterable[_Union[_document_pb2.Document, _Mapping]]] = ...) -> None: ...

class ListDocumentsRequest(_message.Message):
    __slots__ = ("dataset_id", "page", "page_size", "orderby", "desc", "keywords", "id", "name", "create_time_from", "create_time_to", "run")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ORDERBY_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FROM_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_TO_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    page: int
    page_size: int
    orderby: str
    desc: bool
    keywords: str
    id: str
    name: str
    create_time_from: float
    create_time_to: float
    run: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dataset_id: _Optional[str] = ..., page: _Optional[int] = ..., page_size: _Optional[int] = ..., orderby: _Optional[str] = ..., desc: _Optional[bool] = ..., keywords: _Optional[str] = ..., id: _Optional[str] = ..., name: _Optional[str] = ..., create_time_from: _Optional[float] = ..., create_time_to: _Optional[float] = ..., run: _Optional[_Iterable[str]] = ...) -> None: ...

class ListDocumentsResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: DocumentPage
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[DocumentPage, _Mapping]] = ...) -> None: ...

class DocumentPage(_message.Message):
    __slots__ = ("documents", "docs", "total", "page", "page_size")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    DOCS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[_document_pb2.Document]
    docs: _containers.RepeatedCompositeFieldContainer[_document_pb2.Document]
    total: int
    page: int
    page_size: int
    def __init__(self, documents: _Optional[_Iterable[_Union[_document_pb2.Document, _Mapping]]] = ..., docs: _Optional[_Iterable[_Union[_document_pb2.Document, _Mapping]]] = ..., total: _Optional[int] = ..., page: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...

class DownloadDocumentRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ...) -> None: ...

class UpdateDocumentRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id", "name", "parser_id", "chunk_method", "parser_config", "meta_fields", "chunk_count", "token_count", "progress")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARSER_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_METHOD_FIELD_NUMBER: _ClassVar[int]
    PARSER_CONFIG_FIELD_NUMBER: _ClassVar[int]
    META_FIELDS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    name: str
    parser_id: str
    chunk_method: str
    parser_config: _struct_pb2.Struct
    meta_fields: _struct_pb2.Value
    chunk_count: int
    token_count: int
    progress: float
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., name: _Optional[str] = ..., parser_id: _Optional[str] = ..., chunk_method: _Optional[str] = ..., parser_config: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., meta_fields: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., chunk_count: _Optional[int] = ..., token_count: _Optional[int] = ..., progress: _Optional[float] = ...) -> None: ...

class UpdateDocumentResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _document_pb2.Document
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_document_pb2.Document, _Mapping]] = ...) -> None: ...

class DeleteDocumentsRequest(_message.Message):
    __slots__ = ("dataset_id", "ids")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    ids: _struct_pb2.Value
    def __init__(self, dataset_id: _Optional[str] = ..., ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class DeleteDocumentsResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: BulkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[BulkResult, _Mapping]] = ...) -> None: ...

class BulkResult(_message.Message):
    __slots__ = ("success_count", "errors")
    SUCCESS_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    success_count: int
    errors: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, success_count: _Optional[int] = ..., errors: _Optional[_Iterable[str]] = ...) -> None: ...

class WatchDocumentRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ...) -> None: ...

class WatchDocumentResponse(_message.Message):
    __slots__ = ("document",)
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.Document
    def __init__(self, document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ...) -> None: ...
