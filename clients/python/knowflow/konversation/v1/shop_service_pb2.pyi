from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BusinessHours(_message.Message):
    __slots__ = ("id", "name", "option", "start", "end", "start_2", "end_2")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OPTION_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    START_2_FIELD_NUMBER: _ClassVar[int]
    END_2_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    option: str
    start: str
    end: str
    start_2: str
    end_2: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., option: _Optional[str] = ..., start: _Optional[str] = ..., end: _Optional[str] = ..., start_2: _Optional[str] = ..., end_2: _Optional[str] = ...) -> None: ...

class NewBusinessHours(_message.Message):
    __slots__ = ("id", "option", "start", "end", "start_2", "end_2", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    OPTION_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    START_2_FIELD_NUMBER: _ClassVar[int]
    END_2_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    option: str
    start: str
    end: str
    start_2: str
    end_2: str
    name: str
    def __init__(self, id: _Optional[str] = ..., option: _Optional[str] = ..., start: _Optional[str] = ..., end: _Optional[str] = ..., start_2: _Optional[str] = ..., end_2: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class GetBusinessHoursRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class UpdateBusinessHoursRequest(_message.Message):
    __slots__ = ("data", "flow_ns")
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[NewBusinessHours]
    flow_ns: str
    def __init__(self, data: _Optional[_Iterable[_Union[NewBusinessHours, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class BusinessHoursResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _containers.RepeatedCompositeFieldContainer[BusinessHours]
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Iterable[_Union[BusinessHours, _Mapping]]] = ...) -> None: ...

class ShopSettings(_message.Message):
    __slots__ = ("currency",)
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    currency: str
    def __init__(self, currency: _Optional[str] = ...) -> None: ...

class GetShopSettingsRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class UpdateShopSettingsRequest(_message.Message):
    __slots__ = ("currency", "flow_ns")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    currency: str
    flow_ns: str
    def __init__(self, currency: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ShopSettingsResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: ShopSettings
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[ShopSettings, _Mapping]] = ...) -> None: ...
