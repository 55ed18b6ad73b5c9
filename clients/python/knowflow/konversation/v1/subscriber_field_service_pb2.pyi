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

class SetUserFieldRequest(_message.Message):
    __slots__ = ("user_ns", "var_ns", "value", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    var_ns: str
    value: _struct_pb2.Value
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., var_ns: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetUserFieldByNameRequest(_message.Message):
    __slots__ = ("user_ns", "field_name", "value", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FIELD_NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    field_name: str
    value: _struct_pb2.Value
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., field_name: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetUserFieldsRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.FieldValue]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.FieldValue, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SetUserFieldsByNameRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.NamedValue]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.NamedValue, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ClearUserFieldRequest(_message.Message):
    __slots__ = ("user_ns", "var_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    var_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., var_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ClearUserFieldByNameRequest(_message.Message):
    __slots__ = ("user_ns", "field_name", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FIELD_NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    field_name: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., field_name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ClearUserFieldsRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.FieldRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.FieldRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ClearUserFieldsByNameRequest(_message.Message):
    __slots__ = ("user_ns", "data", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.FieldNameRef]
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_subscriber_pb2.FieldNameRef, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...
