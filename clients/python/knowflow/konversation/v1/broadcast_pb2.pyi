from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Broadcast(_message.Message):
    __slots__ = ("broadcast_ns", "name", "status", "type", "scheduled_time", "max_per_minute", "total", "sent", "failed", "error", "created_at")
    BROADCAST_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SENT_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    broadcast_ns: str
    name: str
    status: str
    type: str
    scheduled_time: str
    max_per_minute: int
    total: int
    sent: int
    failed: int
    error: str
    created_at: str
    def __init__(self, broadcast_ns: _Optional[str] = ..., name: _Optional[str] = ..., status: _Optional[str] = ..., type: _Optional[str] = ..., scheduled_time: _Optional[str] = ..., max_per_minute: _Optional[int] = ..., total: _Optional[int] = ..., sent: _Optional[int] = ..., failed: _Optional[int] = ..., error: _Optional[str] = ..., created_at: _Optional[str] = ...) -> None: ...

class BroadcastField(_message.Message):
    __slots__ = ("var_ns", "value")
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    value: _struct_pb2.Value
    def __init__(self, var_ns: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class BroadcastTemplate(_message.Message):
    __slots__ = ("namespace", "name", "lang", "params", "use_default_values")
    NAMESPACE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LANG_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    USE_DEFAULT_VALUES_FIELD_NUMBER: _ClassVar[int]
    namespace: str
    name: str
    lang: str
    params: _struct_pb2.Struct
    use_default_values: str
    def __init__(self, namespace: _Optional[str] = ..., name: _Optional[str] = ..., lang: _Optional[str] = ..., params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., use_default_values: _Optional[str] = ...) -> None: ...
