from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WebpageSummary(_message.Message):
    __slots__ = ("id", "url", "name", "notes", "last_scraped_at", "is_updating")
    ID_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    LAST_SCRAPED_AT_FIELD_NUMBER: _ClassVar[int]
    IS_UPDATING_FIELD_NUMBER: _ClassVar[int]
    id: str
    url: str
    name: str
    notes: str
    last_scraped_at: _struct_pb2.Value
    is_updating: bool
    def __init__(self, id: _Optional[str] = ..., url: _Optional[str] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ..., last_scraped_at: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., is_updating: _Optional[bool] = ...) -> None: ...

class DocumentSummary(_message.Message):
    __slots__ = ("id", "file_name", "name", "notes", "is_updating")
    ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    IS_UPDATING_FIELD_NUMBER: _ClassVar[int]
    id: str
    file_name: str
    name: str
    notes: str
    is_updating: bool
    def __init__(self, id: _Optional[str] = ..., file_name: _Optional[str] = ..., name: _Optional[str] = ..., notes: _Optional[str] = ..., is_updating: _Optional[bool] = ...) -> None: ...

class Reference(_message.Message):
    __slots__ = ("id", "question", "answer", "type")
    ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    question: str
    answer: str
    type: str
    def __init__(self, id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ..., type: _Optional[str] = ...) -> None: ...

class ExtractedContent(_message.Message):
    __slots__ = ("id", "question", "answer")
    ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    id: str
    question: str
    answer: str
    def __init__(self, id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ...) -> None: ...

class Pagination(_message.Message):
    __slots__ = ("page", "limit", "total_count", "total_pages")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PAGES_FIELD_NUMBER: _ClassVar[int]
    page: int
    limit: int
    total_count: int
    total_pages: int
    def __init__(self, page: _Optional[int] = ..., limit: _Optional[int] = ..., total_count: _Optional[int] = ..., total_pages: _Optional[int] = ...) -> None: ...
