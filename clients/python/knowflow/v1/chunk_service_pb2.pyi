from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import chunk_pb2 as _chunk_pb2
from knowflow.v1 import document_pb2 as _document_pb2
from knowflow.v1 import document_service_pb2 as _document_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ParseOrCreateChunkRequest(_message.Message):
    __slots__ = ("dataset_id", "document_ids", "document_id", "content", "important_keywords", "questions")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_ids: _containers.RepeatedScalarFieldContainer[str]
    document_id: str
    content: str
    important_keywords: _containers.RepeatedScalarFieldContainer[str]
    questions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dataset_id: _Optional[str] = ..., document_ids: _Optional[_Iterable[str]] = ..., document_id: _Optional[str] = ..., content: _Optional[str] = ..., important_keywords: _Optional[_Iterable[str]] = ..., questions: _Optional[_Iterable[str]] = ...) -> None: ...

class ParseOrCreateChunkResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: ParseOrCreateChunkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[ParseOrCreateChunkResult, _Mapping]] = ...) -> None: ...

class ParseOrCreateChunkResult(_message.Message):
    __slots__ = ("message", "success_count", "errors", "chunk_id", "chunk")
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SUCCESS_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    message: str
    success_count: int
    errors: _struct_pb2.ListValue
    chunk_id: str
    chunk: _chunk_pb2.Chunk
    def __init__(self, message: _Optional[str] = ..., success_count: _Optional[int] = ..., errors: _Optional[_Union[_struct_pb2.ListValue, _Mapping]] = ..., chunk_id: _Optional[str] = ..., chunk: _Optional[_Union[_chunk_pb2.Chunk, _Mapping]] = ...) -> None: ...

class StopOrDeleteChunksRequest(_message.Message):
    __slots__ = ("dataset_id", "chunk_ids", "document_ids")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_IDS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    chunk_ids: _struct_pb2.Value
    document_ids: _struct_pb2.Value
    def __init__(self, dataset_id: _Optional[str] = ..., chunk_ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., document_ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class StopOrDeleteChunksResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _document_service_pb2.BulkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_document_service_pb2.BulkResult, _Mapping]] = ...) -> None: ...

class CreateChunkRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id", "content", "important_keywords", "questions")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    content: str
    important_keywords: _containers.RepeatedScalarFieldContainer[str]
    questions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., content: _Optional[str] = ..., important_keywords: _Optional[_Iterable[str]] = ..., questions: _Optional[_Iterable[str]] = ...) -> None: ...

class CreateChunkResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: CreatedChunk
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[CreatedChunk, _Mapping]] = ...) -> None: ...

class CreatedChunk(_message.Message):
    __slots__ = ("chunk", "chunk_id")
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ID_FIELD_NUMBER: _ClassVar[int]
    chunk: _chunk_pb2.Chunk
    chunk_id: str
    def __init__(self, chunk: _Optional[_Union[_chunk_pb2.Chunk, _Mapping]] = ..., chunk_id: _Optional[str] = ...) -> None: ...

class ListChunksRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id", "keywords", "page", "page_size", "id", "parent_id")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    keywords: str
    page: int
    page_size: int
    id: str
    parent_id: str
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., keywords: _Optional[str] = ..., page: _Optional[int] = ..., page_size: _Optional[int] = ..., id: _Optional[str] = ..., parent_id: _Optional[str] = ...) -> None: ...

class ListChunksResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: ChunkPage
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[ChunkPage, _Mapping]] = ...) -> None: ...

class ChunkPage(_message.Message):
    __slots__ = ("chunks", "doc", "total", "page", "page_size")
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    DOC_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    chunks: _containers.RepeatedCompositeFieldContainer[_chunk_pb2.Chunk]
    doc: _document_pb2.Document
    total: int
    page: int
    page_size: int
    def __init__(self, chunks: _Optional[_Iterable[_Union[_chunk_pb2.Chunk, _Mapping]]] = ..., doc: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., total: _Optional[int] = ..., page: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...

class UpdateChunkRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id", "chunk_id", "content", "important_keywords", "questions", "available")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    IMPORTANT_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    QUESTIONS_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    chunk_id: str
    content: str
    important_keywords: _struct_pb2.Value
    questions: _struct_pb2.Value
    available: bool
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., chunk_id: _Optional[str] = ..., content: _Optional[str] = ..., important_keywords: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., questions: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., available: _Optional[bool] = ...) -> None: ...

class UpdateChunkResponse(_message.Message):
    __slots__ = ("code",)
    CODE_FIELD_NUMBER: _ClassVar[int]
    code: int
    def __init__(self, code: _Optional[int] = ...) -> None: ...

class DeleteChunksRequest(_message.Message):
    __slots__ = ("dataset_id", "document_id", "chunk_ids")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_IDS_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    document_id: str
    chunk_ids: _struct_pb2.Value
    def __init__(self, dataset_id: _Optional[str] = ..., document_id: _Optional[str] = ..., chunk_ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class DeleteChunksResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _document_service_pb2.BulkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_document_service_pb2.BulkResult, _Mapping]] = ...) -> None: ...
