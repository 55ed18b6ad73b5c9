from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Done(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...

class Links(_message.Message):
    __slots__ = ("first", "last", "prev", "next")
    FIRST_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    PREV_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    first: str
    last: str
    prev: _struct_pb2.Value
    next: _struct_pb2.Value
    def __init__(self, first: _Optional[str] = ..., last: _Optional[str] = ..., prev: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., next: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class Meta(_message.Message):
    __slots__ = ("current_page", "last_page", "path", "per_page", "to", "total")
    CURRENT_PAGE_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    LAST_PAGE_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    PER_PAGE_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    current_page: int
    last_page: int
    path: str
    per_page: int
    to: int
    total: int
    def __init__(self, current_page: _Optional[int] = ..., last_page: _Optional[int] = ..., path: _Optional[str] = ..., per_page: _Optional[int] = ..., to: _Optional[int] = ..., total: _Optional[int] = ..., **kwargs) -> None: ...
