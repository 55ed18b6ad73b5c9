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

class ListCustomEventsRequest(_message.Message):
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

class CreateCustomEventRequest(_message.Message):
    __slots__ = ("name", "description", "text_label", "price_label", "number_label", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_LABEL_FIELD_NUMBER: _ClassVar[int]
    PRICE_LABEL_FIELD_NUMBER: _ClassVar[int]
    NUMBER_LABEL_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    text_label: str
    price_label: str
    number_label: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., text_label: _Optional[str] = ..., price_label: _Optional[str] = ..., number_label: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteCustomEventRequest(_message.Message):
    __slots__ = ("event_ns", "flow_ns")
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    event_ns: str
    flow_ns: str
    def __init__(self, event_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetCustomEventSummaryRequest(_message.Message):
    __slots__ = ("range", "event_ns", "flow_ns")
    RANGE_FIELD_NUMBER: _ClassVar[int]
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    range: str
    event_ns: str
    flow_ns: str
    def __init__(self, range: _Optional[str] = ..., event_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListCustomEventDataRequest(_message.Message):
    __slots__ = ("event_ns", "start_time", "end_time", "start_id", "limit", "flow_ns")
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    START_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    event_ns: str
    start_time: int
    end_time: int
    start_id: int
    limit: int
    flow_ns: str
    def __init__(self, event_ns: _Optional[str] = ..., start_time: _Optional[int] = ..., end_time: _Optional[int] = ..., start_id: _Optional[int] = ..., limit: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CustomEvent(_message.Message):
    __slots__ = ("event_ns", "name", "description", "text_label", "price_label", "number_label")
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_LABEL_FIELD_NUMBER: _ClassVar[int]
    PRICE_LABEL_FIELD_NUMBER: _ClassVar[int]
    NUMBER_LABEL_FIELD_NUMBER: _ClassVar[int]
    event_ns: str
    name: str
    description: str
    text_label: str
    price_label: str
    number_label: str
    def __init__(self, event_ns: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., text_label: _Optional[str] = ..., price_label: _Optional[str] = ..., number_label: _Optional[str] = ...) -> None: ...

class CustomEventResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: CustomEvent
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[CustomEvent, _Mapping]] = ...) -> None: ...

class ListCustomEventsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[CustomEvent]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[CustomEvent, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...

class CustomEventSummary(_message.Message):
    __slots__ = ("event_ns", "name", "count", "subscribers", "total_number", "total_price")
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    event_ns: str
    name: str
    count: int
    subscribers: int
    total_number: float
    total_price: float
    def __init__(self, event_ns: _Optional[str] = ..., name: _Optional[str] = ..., count: _Optional[int] = ..., subscribers: _Optional[int] = ..., total_number: _Optional[float] = ..., total_price: _Optional[float] = ...) -> None: ...

class CustomEventSummaryResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _containers.RepeatedCompositeFieldContainer[CustomEventSummary]
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Iterable[_Union[CustomEventSummary, _Mapping]]] = ...) -> None: ...

class CustomEventData(_message.Message):
    __slots__ = ("id", "event_ns", "user_ns", "text_value", "number_value", "price_value", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_VALUE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_VALUE_FIELD_NUMBER: _ClassVar[int]
    PRICE_VALUE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    event_ns: str
    user_ns: str
    text_value: str
    number_value: float
    price_value: float
    created_at: str
    def __init__(self, id: _Optional[int] = ..., event_ns: _Optional[str] = ..., user_ns: _Optional[str] = ..., text_value: _Optional[str] = ..., number_value: _Optional[float] = ..., price_value: _Optional[float] = ..., created_at: _Optional[str] = ...) -> None: ...

class ListCustomEventDataResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[CustomEventData]
    def __init__(self, data: _Optional[_Iterable[_Union[CustomEventData, _Mapping]]] = ...) -> None: ...
