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

class ShopLocation(_message.Message):
    __slots__ = ("id", "name", "address", "lat", "lng", "note")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LAT_FIELD_NUMBER: _ClassVar[int]
    LNG_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    id: int
    name: str
    address: str
    lat: float
    lng: float
    note: str
    def __init__(self, id: _Optional[int] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., lat: _Optional[float] = ..., lng: _Optional[float] = ..., note: _Optional[str] = ...) -> None: ...

class ListShopLocationsRequest(_message.Message):
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

class CreateShopLocationRequest(_message.Message):
    __slots__ = ("name", "address", "lat", "lng", "note", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LAT_FIELD_NUMBER: _ClassVar[int]
    LNG_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    address: str
    lat: float
    lng: float
    note: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., address: _Optional[str] = ..., lat: _Optional[float] = ..., lng: _Optional[float] = ..., note: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetShopLocationRequest(_message.Message):
    __slots__ = ("location_id", "flow_ns")
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    location_id: int
    flow_ns: str
    def __init__(self, location_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateShopLocationRequest(_message.Message):
    __slots__ = ("location_id", "name", "address", "lat", "lng", "note", "flow_ns")
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LAT_FIELD_NUMBER: _ClassVar[int]
    LNG_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    location_id: int
    name: str
    address: str
    lat: float
    lng: float
    note: str
    flow_ns: str
    def __init__(self, location_id: _Optional[int] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., lat: _Optional[float] = ..., lng: _Optional[float] = ..., note: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteShopLocationRequest(_message.Message):
    __slots__ = ("location_id", "flow_ns")
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    location_id: int
    flow_ns: str
    def __init__(self, location_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ShopLocationResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: ShopLocation
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[ShopLocation, _Mapping]] = ...) -> None: ...

class ListShopLocationsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[ShopLocation]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[ShopLocation, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
