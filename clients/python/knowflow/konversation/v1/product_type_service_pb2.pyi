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

class ProductType(_message.Message):
    __slots__ = ("id", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: int
    name: str
    def __init__(self, id: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class ListProductTypesRequest(_message.Message):
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

class CreateProductTypeRequest(_message.Message):
    __slots__ = ("name", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetProductTypeRequest(_message.Message):
    __slots__ = ("type_id", "flow_ns")
    TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    type_id: int
    flow_ns: str
    def __init__(self, type_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateProductTypeRequest(_message.Message):
    __slots__ = ("type_id", "name", "flow_ns")
    TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    type_id: int
    name: str
    flow_ns: str
    def __init__(self, type_id: _Optional[int] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteProductTypeRequest(_message.Message):
    __slots__ = ("type_id", "flow_ns")
    TYPE_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    type_id: int
    flow_ns: str
    def __init__(self, type_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ProductTypeResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: ProductType
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[ProductType, _Mapping]] = ...) -> None: ...

class ListProductTypesResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[ProductType]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[ProductType, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
