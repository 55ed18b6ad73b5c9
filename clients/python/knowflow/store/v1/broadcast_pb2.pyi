from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BroadcastState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BROADCAST_STATE_UNSPECIFIED: _ClassVar[BroadcastState]
    BROADCAST_STATE_WAITING: _ClassVar[BroadcastState]
    BROADCAST_STATE_SENDING: _ClassVar[BroadcastState]
    BROADCAST_STATE_COMPLETED: _ClassVar[BroadcastState]
    BROADCAST_STATE_CANCELLED: _ClassVar[BroadcastState]
BROADCAST_STATE_UNSPECIFIED: BroadcastState
BROADCAST_STATE_WAITING: BroadcastState
BROADCAST_STATE_SENDING: BroadcastState
BROADCAST_STATE_COMPLETED: BroadcastState
BROADCAST_STATE_CANCELLED: BroadcastState

class BroadcastValue(_message.Message):
    __slots__ = ("field", "value")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    field: int
    value: str
    def __init__(self, field: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...

class Broadcast(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "state", "type", "subscribers", "tags", "exclude_tags", "segments", "sub_flow", "template", "user_fields", "bot_fields", "max_per_minute", "scheduled_at", "next_at", "total", "sent", "failed", "last_error", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_TAGS_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    USER_FIELDS_FIELD_NUMBER: _ClassVar[int]
    BOT_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_AT_FIELD_NUMBER: _ClassVar[int]
    NEXT_AT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    SENT_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    LAST_ERROR_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    state: BroadcastState
    type: str
    subscribers: _containers.RepeatedScalarFieldContainer[int]
    tags: _containers.RepeatedScalarFieldContainer[int]
    exclude_tags: _containers.RepeatedScalarFieldContainer[int]
    segments: _containers.RepeatedScalarFieldContainer[int]
    sub_flow: int
    template: str
    user_fields: _containers.RepeatedCompositeFieldContainer[BroadcastValue]
    bot_fields: _containers.RepeatedCompositeFieldContainer[BroadcastValue]
    max_per_minute: int
    scheduled_at: int
    next_at: int
    total: int
    sent: int
    failed: int
    last_error: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., state: _Optional[_Union[BroadcastState, str]] = ..., type: _Optional[str] = ..., subscribers: _Optional[_Iterable[int]] = ..., tags: _Optional[_Iterable[int]] = ..., exclude_tags: _Optional[_Iterable[int]] = ..., segments: _Optional[_Iterable[int]] = ..., sub_flow: _Optional[int] = ..., template: _Optional[str] = ..., user_fields: _Optional[_Iterable[_Union[BroadcastValue, _Mapping]]] = ..., bot_fields: _Optional[_Iterable[_Union[BroadcastValue, _Mapping]]] = ..., max_per_minute: _Optional[int] = ..., scheduled_at: _Optional[int] = ..., next_at: _Optional[int] = ..., total: _Optional[int] = ..., sent: _Optional[int] = ..., failed: _Optional[int] = ..., last_error: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class BroadcastPart(_message.Message):
    __slots__ = ("id", "organization_id", "broadcast_id", "subscribers", "done", "sending", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    BROADCAST_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    SENDING_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    broadcast_id: str
    subscribers: _containers.RepeatedScalarFieldContainer[int]
    done: int
    sending: int
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., broadcast_id: _Optional[str] = ..., subscribers: _Optional[_Iterable[int]] = ..., done: _Optional[int] = ..., sending: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...
