from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import broadcast_pb2 as _broadcast_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateWhatsAppBroadcastByTagRequest(_message.Message):
    __slots__ = ("tags", "exclude_tags", "wa_template", "name", "user_fields", "max_per_minute", "scheduled_time", "flow_ns")
    TAGS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_TAGS_FIELD_NUMBER: _ClassVar[int]
    WA_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    USER_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    tags: _containers.RepeatedScalarFieldContainer[str]
    exclude_tags: _containers.RepeatedScalarFieldContainer[str]
    wa_template: _broadcast_pb2.BroadcastTemplate
    name: str
    user_fields: _containers.RepeatedCompositeFieldContainer[_broadcast_pb2.BroadcastField]
    max_per_minute: int
    scheduled_time: float
    flow_ns: str
    def __init__(self, tags: _Optional[_Iterable[str]] = ..., exclude_tags: _Optional[_Iterable[str]] = ..., wa_template: _Optional[_Union[_broadcast_pb2.BroadcastTemplate, _Mapping]] = ..., name: _Optional[str] = ..., user_fields: _Optional[_Iterable[_Union[_broadcast_pb2.BroadcastField, _Mapping]]] = ..., max_per_minute: _Optional[int] = ..., scheduled_time: _Optional[float] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateWhatsAppBroadcastByTagResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _broadcast_pb2.Broadcast
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_broadcast_pb2.Broadcast, _Mapping]] = ...) -> None: ...

class CreateWhatsAppBroadcastByUserIdRequest(_message.Message):
    __slots__ = ("user_id_list", "wa_template", "name", "max_per_minute", "scheduled_time", "flow_ns")
    USER_ID_LIST_FIELD_NUMBER: _ClassVar[int]
    WA_TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_id_list: str
    wa_template: _broadcast_pb2.BroadcastTemplate
    name: str
    max_per_minute: int
    scheduled_time: float
    flow_ns: str
    def __init__(self, user_id_list: _Optional[str] = ..., wa_template: _Optional[_Union[_broadcast_pb2.BroadcastTemplate, _Mapping]] = ..., name: _Optional[str] = ..., max_per_minute: _Optional[int] = ..., scheduled_time: _Optional[float] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateWhatsAppBroadcastByUserIdResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _broadcast_pb2.Broadcast
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_broadcast_pb2.Broadcast, _Mapping]] = ...) -> None: ...
