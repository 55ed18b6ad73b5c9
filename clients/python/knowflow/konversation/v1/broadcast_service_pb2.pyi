from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import broadcast_pb2 as _broadcast_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateBroadcastRequest(_message.Message):
    __slots__ = ("user_ns_list", "sub_flow_ns", "type", "max_per_minute", "scheduled_time", "name", "flow_ns")
    USER_NS_LIST_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns_list: str
    sub_flow_ns: str
    type: str
    max_per_minute: int
    scheduled_time: float
    name: str
    flow_ns: str
    def __init__(self, user_ns_list: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., type: _Optional[str] = ..., max_per_minute: _Optional[int] = ..., scheduled_time: _Optional[float] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateBroadcastResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _broadcast_pb2.Broadcast
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_broadcast_pb2.Broadcast, _Mapping]] = ...) -> None: ...

class CreateBroadcastByUserIdRequest(_message.Message):
    __slots__ = ("user_id_list", "sub_flow_ns", "type", "max_per_minute", "scheduled_time", "name", "flow_ns")
    USER_ID_LIST_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_id_list: str
    sub_flow_ns: str
    type: str
    max_per_minute: int
    scheduled_time: float
    name: str
    flow_ns: str
    def __init__(self, user_id_list: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., type: _Optional[str] = ..., max_per_minute: _Optional[int] = ..., scheduled_time: _Optional[float] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateBroadcastByUserIdResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _broadcast_pb2.Broadcast
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_broadcast_pb2.Broadcast, _Mapping]] = ...) -> None: ...

class CreateBroadcastByTagRequest(_message.Message):
    __slots__ = ("tags", "exclude_tags", "sub_flow_ns", "name", "type", "message_tag", "user_fields", "max_per_minute", "scheduled_time", "flow_ns")
    TAGS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_TAGS_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_TAG_FIELD_NUMBER: _ClassVar[int]
    USER_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    tags: _containers.RepeatedScalarFieldContainer[str]
    exclude_tags: _containers.RepeatedScalarFieldContainer[str]
    sub_flow_ns: str
    name: str
    type: str
    message_tag: str
    user_fields: _containers.RepeatedCompositeFieldContainer[_broadcast_pb2.BroadcastField]
    max_per_minute: int
    scheduled_time: float
    flow_ns: str
    def __init__(self, tags: _Optional[_Iterable[str]] = ..., exclude_tags: _Optional[_Iterable[str]] = ..., sub_flow_ns: _Optional[str] = ..., name: _Optional[str] = ..., type: _Optional[str] = ..., message_tag: _Optional[str] = ..., user_fields: _Optional[_Iterable[_Union[_broadcast_pb2.BroadcastField, _Mapping]]] = ..., max_per_minute: _Optional[int] = ..., scheduled_time: _Optional[float] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateBroadcastByTagResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _broadcast_pb2.Broadcast
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_broadcast_pb2.Broadcast, _Mapping]] = ...) -> None: ...

class CreateBroadcastBySegmentRequest(_message.Message):
    __slots__ = ("segment_ns", "sub_flow_ns", "type", "message_tag", "bot_fields", "max_per_minute", "scheduled_time", "name", "flow_ns")
    SEGMENT_NS_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_TAG_FIELD_NUMBER: _ClassVar[int]
    BOT_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MAX_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    SCHEDULED_TIME_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    segment_ns: str
    sub_flow_ns: str
    type: str
    message_tag: str
    bot_fields: _containers.RepeatedCompositeFieldContainer[_broadcast_pb2.BroadcastField]
    max_per_minute: int
    scheduled_time: float
    name: str
    flow_ns: str
    def __init__(self, segment_ns: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., type: _Optional[str] = ..., message_tag: _Optional[str] = ..., bot_fields: _Optional[_Iterable[_Union[_broadcast_pb2.BroadcastField, _Mapping]]] = ..., max_per_minute: _Optional[int] = ..., scheduled_time: _Optional[float] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateBroadcastBySegmentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _broadcast_pb2.Broadcast
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_broadcast_pb2.Broadcast, _Mapping]] = ...) -> None: ...

class ListBroadcastsRequest(_message.Message):
    __slots__ = ("limit", "page", "status", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    status: str
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., status: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListBroadcastsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_broadcast_pb2.Broadcast]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[_broadcast_pb2.Broadcast, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...

class CancelBroadcastRequest(_message.Message):
    __slots__ = ("broadcast_ns", "flow_ns")
    BROADCAST_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    broadcast_ns: str
    flow_ns: str
    def __init__(self, broadcast_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteBroadcastRequest(_message.Message):
    __slots__ = ("broadcast_ns", "flow_ns")
    BROADCAST_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    broadcast_ns: str
    flow_ns: str
    def __init__(self, broadcast_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...
