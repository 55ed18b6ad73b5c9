from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ShopCount(_message.Message):
    __slots__ = ("last", "present")
    LAST_FIELD_NUMBER: _ClassVar[int]
    PRESENT_FIELD_NUMBER: _ClassVar[int]
    last: int
    present: int
    def __init__(self, last: _Optional[int] = ..., present: _Optional[int] = ...) -> None: ...

class BusinessDay(_message.Message):
    __slots__ = ("option", "start", "end", "start_2", "end_2")
    OPTION_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    START_2_FIELD_NUMBER: _ClassVar[int]
    END_2_FIELD_NUMBER: _ClassVar[int]
    option: str
    start: int
    end: int
    start_2: int
    end_2: int
    def __init__(self, option: _Optional[str] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., start_2: _Optional[int] = ..., end_2: _Optional[int] = ...) -> None: ...

class Shop(_message.Message):
    __slots__ = ("id", "organization_id", "currency", "days", "counts", "created_at", "updated_at")
    class CountsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: ShopCount
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[ShopCount, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    currency: str
    days: _containers.RepeatedCompositeFieldContainer[BusinessDay]
    counts: _containers.MessageMap[str, ShopCount]
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., currency: _Optional[str] = ..., days: _Optional[_Iterable[_Union[BusinessDay, _Mapping]]] = ..., counts: _Optional[_Mapping[str, ShopCount]] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class ShopName(_message.Message):
    __slots__ = ("id", "organization_id", "list_id", "number", "name", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    LIST_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    list_id: str
    number: int
    name: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., list_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class ShopLocation(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "address", "lat", "lng", "note", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LAT_FIELD_NUMBER: _ClassVar[int]
    LNG_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    address: str
    lat: float
    lng: float
    note: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., lat: _Optional[float] = ..., lng: _Optional[float] = ..., note: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
