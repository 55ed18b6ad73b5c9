from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.konversation.v1 import subscriber_pb2 as _subscriber_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListBotFieldsRequest(_message.Message):
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

class CreateBotFieldRequest(_message.Message):
    __slots__ = ("name", "var_type", "value", "description", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VAR_TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    var_type: str
    value: _struct_pb2.Value
    description: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., var_type: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., description: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetBotFieldRequest(_message.Message):
    __slots__ = ("var_ns", "value", "flow_ns")
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    value: _struct_pb2.Value
    flow_ns: str
    def __init__(self, var_ns: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetBotFieldByNameRequest(_message.Message):
    __slots__ = ("name", "value", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: _struct_pb2.Value
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetBotFieldsRequest(_message.Message):
    __slots__ = ("data", "flow_ns")
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.FieldValue]
    flow_ns: str
    def __init__(self, data: _Optional[_Iterable[_Union[_subscriber_pb2.FieldValue, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetBotFieldsByNameRequest(_message.Message):
    __slots__ = ("data", "flow_ns")
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.NamedValue]
    flow_ns: str
    def __init__(self, data: _Optional[_Iterable[_Union[_subscriber_pb2.NamedValue, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteBotFieldRequest(_message.Message):
    __slots__ = ("var_ns", "flow_ns")
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    flow_ns: str
    def __init__(self, var_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteBotFieldByNameRequest(_message.Message):
    __slots__ = ("name", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class BotField(_message.Message):
    __slots__ = ("var_ns", "name", "var_type", "description", "value", "is_template_field")
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VAR_TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    IS_TEMPLATE_FIELD_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    name: str
    var_type: str
    description: str
    value: str
    is_template_field: bool
    def __init__(self, var_ns: _Optional[str] = ..., name: _Optional[str] = ..., var_type: _Optional[str] = ..., description: _Optional[str] = ..., value: _Optional[str] = ..., is_template_field: _Optional[bool] = ...) -> None: ...

class BotFieldResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: BotField
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[BotField, _Mapping]] = ...) -> None: ...

class ListBotFieldsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[BotField]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[BotField, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
