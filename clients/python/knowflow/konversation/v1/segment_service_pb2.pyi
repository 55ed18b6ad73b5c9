from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListSegmentsRequest(_message.Message):
    __slots__ = ("limit", "page", "name", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    name: str
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateSegmentRequest(_message.Message):
    __slots__ = ("name", "conditions", "match", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    conditions: _containers.RepeatedCompositeFieldContainer[SegmentCondition]
    match: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., conditions: _Optional[_Iterable[_Union[SegmentCondition, _Mapping]]] = ..., match: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateSegmentRequest(_message.Message):
    __slots__ = ("segment_ns", "name", "conditions", "match", "flow_ns")
    SEGMENT_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    segment_ns: str
    name: str
    conditions: _containers.RepeatedCompositeFieldContainer[SegmentCondition]
    match: str
    flow_ns: str
    def __init__(self, segment_ns: _Optional[str] = ..., name: _Optional[str] = ..., conditions: _Optional[_Iterable[_Union[SegmentCondition, _Mapping]]] = ..., match: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteSegmentRequest(_message.Message):
    __slots__ = ("segment_ns", "flow_ns")
    SEGMENT_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    segment_ns: str
    flow_ns: str
    def __init__(self, segment_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SegmentCondition(_message.Message):
    __slots__ = ("filter", "value", "user_field_ns", "is_not")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NS_FIELD_NUMBER: _ClassVar[int]
    IS_NOT_FIELD_NUMBER: _ClassVar[int]
    filter: str
    value: str
    user_field_ns: str
    is_not: bool
    def __init__(self, filter: _Optional[str] = ..., value: _Optional[str] = ..., user_field_ns: _Optional[str] = ..., is_not: _Optional[bool] = ...) -> None: ...

class Segment(_message.Message):
    __slots__ = ("name", "segment_ns", "conditions", "match")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_NS_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    name: str
    segment_ns: str
    conditions: _containers.RepeatedCompositeFieldContainer[SegmentCondition]
    match: str
    def __init__(self, name: _Optional[str] = ..., segment_ns: _Optional[str] = ..., conditions: _Optional[_Iterable[_Union[SegmentCondition, _Mapping]]] = ..., match: _Optional[str] = ...) -> None: ...

class SegmentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: Segment
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[Segment, _Mapping]] = ...) -> None: ...

class ListSegmentsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[Segment]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[Segment, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
