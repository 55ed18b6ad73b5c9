from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "conditions", "any", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    ANY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    conditions: _containers.RepeatedCompositeFieldContainer[SegmentCondition]
    any: bool
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., conditions: _Optional[_Iterable[_Union[SegmentCondition, _Mapping]]] = ..., any: _Optional[bool] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class CustomEvent(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "description", "text_label", "price_label", "number_label", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_LABEL_FIELD_NUMBER: _ClassVar[int]
    PRICE_LABEL_FIELD_NUMBER: _ClassVar[int]
    NUMBER_LABEL_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    description: str
    text_label: str
    price_label: str
    number_label: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., text_label: _Optional[str] = ..., price_label: _Optional[str] = ..., number_label: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class CustomEventEntry(_message.Message):
    __slots__ = ("id", "organization_id", "event_id", "number", "user_ns", "text_value", "number_value", "price_value", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TEXT_VALUE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_VALUE_FIELD_NUMBER: _ClassVar[int]
    PRICE_VALUE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    event_id: str
    number: int
    user_ns: str
    text_value: str
    number_value: str
    price_value: str
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., event_id: _Optional[str] = ..., number: _Optional[int] = ..., user_ns: _Optional[str] = ..., text_value: _Optional[str] = ..., number_value: _Optional[str] = ..., price_value: _Optional[str] = ..., created_at: _Optional[int] = ...) -> None: ...
