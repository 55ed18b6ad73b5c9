from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.knowledgebase.v1 import item_pb2 as _item_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Webpage(_message.Message):
    __slots__ = ("id", "url", "name", "notes", "last_scraped_at", "is_updating", "extracted_content", "canonical_url", "last_error")
    ID_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    LAST_SCRAPED_AT_FIELD_NUMBER: _ClassVar[int]
    IS_UPDATING_FIELD_NUMBER: _ClassVar[int]
    EXTRACTED_CONTENT_FIELD_NUMBER: _ClassVar[int]
    CANONICAL_URL_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    url: str
    name: str
    notes: str
    last_scraped_at: _struct_pb2.Value
    is_updating: bool
    extracted_content: _containers.RepeatedCompositeFieldContainer[_item_pb2.ExtractedContent]
    canonical_url: str
    last_error: str
    def __init__(self, id: _Optional[str] = ..., url: _Optional[str] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ..., last_scraped_at: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., is_updating: _Optional[bool] = ..., extracted_content: _Optional[_Iterable[_Union[_item_pb2.ExtractedContent, _Mapping]]] = ..., canonical_url: _Optional[str] = ..., last_error: _Optional[str] = ...) -> None: ...

class ListWebpagesRequest(_message.Message):
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

class ListWebpagesResponse(_message.Message):
    __slots__ = ("data", "pagination")
    DATA_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_item_pb2.WebpageSummary]
    pagination: _item_pb2.Pagination
    def __init__(self, data: _Optional[_Iterable[_Union[_item_pb2.WebpageSummary, _Mapping]]] = ..., pagination: _Optional[_Union[_item_pb2.Pagination, _Mapping]] = ...) -> None: ...

class CreateWebpageRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "url", "name", "notes")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    url: str
    name: str
    notes: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., url: _Optional[str] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ...) -> None: ...

class CreateWebpageResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.WebpageSummary
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.WebpageSummary, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class GetWebpageRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "webpage_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WEBPAGE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    webpage_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., webpage_id: _Optional[str] = ...) -> None: ...

class GetWebpageResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: Webpage
    def __init__(self, data: _Optional[_Union[Webpage, _Mapping]] = ...) -> None: ...

class UpdateWebpageRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "webpage_id", "name", "url", "notes")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WEBPAGE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    webpage_id: str
    name: str
    url: str
    notes: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., webpage_id: _Optional[str] = ..., name: _Optional[str] = ..., url: _Optional[str] = ..., notes: _Optional[str] = ...) -> None: ...

class UpdateWebpageResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: _item_pb2.WebpageSummary
    message: str
    def __init__(self, data: _Optional[_Union[_item_pb2.WebpageSummary, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class DeleteWebpageRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "webpage_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WEBPAGE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    webpage_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., webpage_id: _Optional[str] = ...) -> None: ...

class DeleteWebpageResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class RefreshWebpageRequest(_message.Message):
    __slots__ = ("knowledgebase_id", "agent_id", "webpage_id")
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    WEBPAGE_ID_FIELD_NUMBER: _ClassVar[int]
    knowledgebase_id: str
    agent_id: str
    webpage_id: str
    def __init__(self, knowledgebase_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., webpage_id: _Optional[str] = ...) -> None: ...

class RefreshingWebpage(_message.Message):
    __slots__ = ("id", "url", "name", "status")
    ID_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    id: str
    url: str
    name: str
    status: str
    def __init__(self, id: _Optional[str] = ..., url: _Optional[str] = ..., name: _Optional[str] = ..., status: _Optional[str] = ...) -> None: ...

class RefreshWebpageResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: RefreshingWebpage
    message: str
    def __init__(self, data: _Optional[_Union[RefreshingWebpage, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...
