from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import chat_message_pb2 as _chat_message_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListChatMessagesRequest(_message.Message):
    __slots__ = ("user_ns", "user_id", "include_bot", "include_note", "include_system", "msg_type", "start_time", "end_time", "limit", "page", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_BOT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_NOTE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    MSG_TYPE_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    user_id: str
    include_bot: int
    include_note: int
    include_system: int
    msg_type: str
    start_time: float
    end_time: float
    limit: int
    page: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., user_id: _Optional[str] = ..., include_bot: _Optional[int] = ..., include_note: _Optional[int] = ..., include_system: _Optional[int] = ..., msg_type: _Optional[str] = ..., start_time: _Optional[float] = ..., end_time: _Optional[float] = ..., limit: _Optional[int] = ..., page: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListChatMessagesResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_chat_message_pb2.ChatMsg]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[_chat_message_pb2.ChatMsg, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
