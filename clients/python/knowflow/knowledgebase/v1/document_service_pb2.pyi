from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from knowflow.knowledgebase.v1 import item_pb2 as _item_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Document(_message.Message):
    __slots__ = ("id", "file_name", "name", "notes", "is_updating", "extracted_content", "last_error")
    ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    IS_UPDATING_FIELD_NUMBER: _ClassVar[int]
    EXTRACTED_CONTENT_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    file_name: str
    name: str
    notes: str
    is_updating: bool
    extracted_content: _containers.RepeatedCompositeFieldContainer[_item_pb2.ExtractedContent]
    last_error: str
    def __init__(self, id: _Optional[str] = ..., file_name: _Optional[str] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ..., is_updating: _Optional[bool] = ..., extracted_content: _Optional[_Iterable[_Union[_item_pb2.ExtractedContent, _Mapping]]] = ..., last_error: _Optional[str] = ...) -> None: ...

class ListDocumentsRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "page", "limit", "sort_by", "sort_order")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    SORT_BY_FIELD_NUMBER: _ClassVar[int]
    SORT_ORDER_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    page: int
    limit: int
    sort_by: str
    sort_order: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., page: _Optional[int] = ..., limit: _Optional[int] = ..., sort_by: _Optional[str] = ..., sort_order: _Optional[str] = ...) -> None: ...

class ListDocumentsResponse(_message.Message):
    __slots__ = ("data", "pagination")
    DATA_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_item_pb2.DocumentSummary]
    pagination: _item_pb2.Pagination
    def __init__(self, data: _Optional[_Iterable[_Union[_item_pb2.DocumentSummary, _Mapping]]] = ..., pagination: _Optional[_Union[_item_pb2.Pagination, _Mapping]] = ...) -> None: ...

class UploadDocumentRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "body")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    body: _httpbody_pb2.HttpBody
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., body: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class UploadDocumentResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.DocumentSummary
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.DocumentSummary, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class CreateDocumentRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "file_name", "content", "name", "notes")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    file_name: str
    content: bytes
    name: str
    notes: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., file_name: _Optional[str] = ..., content: _Optional[bytes] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ...) -> None: ...

class CreateDocumentResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.DocumentSummary
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.DocumentSummary, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class GetDocumentRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "document_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    document_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., document_id: _Optional[str] = ...) -> None: ...

class GetDocumentResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: Document
    def __init__(self, data: _Optional[_Union[Document, _Mapping]] = ...) -> None: ...

class UpdateDocumentRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "document_id", "name", "notes")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    document_id: str
    name: str
    notes: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., document_id: _Optional[str] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ...) -> None: ...

class UpdateDocumentResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.DocumentSummary
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.DocumentSummary, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class DeleteDocumentRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "document_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    document_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., document_id: _Optional[str] = ...) -> None: ...

class DeleteDocumentResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...
