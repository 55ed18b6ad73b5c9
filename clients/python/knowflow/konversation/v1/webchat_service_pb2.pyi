from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from knowflow.konversation.v1 import chat_message_pb2 as _chat_message_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateVisitorRequest(_message.Message):
    __slots__ = ("flow_ns", "user_ns", "name", "first_name", "last_name", "email", "phone", "language")
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    user_ns: str
    name: str
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str
    def __init__(self, flow_ns: _Optional[str] = ..., user_ns: _Optional[str] = ..., name: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., email: _Optional[str] = ..., phone: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class CreateVisitorResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: Visitor
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[Visitor, _Mapping]] = ...) -> None: ...

class Visitor(_message.Message):
    __slots__ = ("user_ns", "user_id", "token")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    user_id: str
    token: str
    def __init__(self, user_ns: _Optional[str] = ..., user_id: _Optional[str] = ..., token: _Optional[str] = ...) -> None: ...

class SendVisitorMessageRequest(_message.Message):
    __slots__ = ("type", "text", "url", "target")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    type: str
    text: str
    url: str
    target: str
    def __init__(self, type: _Optional[str] = ..., text: _Optional[str] = ..., url: _Optional[str] = ..., target: _Optional[str] = ...) -> None: ...

class SendVisitorMessageResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _chat_message_pb2.ChatMsg
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_chat_message_pb2.ChatMsg, _Mapping]] = ...) -> None: ...

class ListVisitorMessagesRequest(_message.Message):
    __slots__ = ("after", "limit")
    AFTER_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    after: float
    limit: int
    def __init__(self, after: _Optional[float] = ..., limit: _Optional[int] = ...) -> None: ...

class ListVisitorMessagesResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_chat_message_pb2.ChatMsg]
    def __init__(self, data: _Optional[_Iterable[_Union[_chat_message_pb2.ChatMsg, _Mapping]]] = ...) -> None: ...

class StreamVisitorMessagesRequest(_message.Message):
    __slots__ = ("after",)
    AFTER_FIELD_NUMBER: _ClassVar[int]
    after: float
    def __init__(self, after: _Optional[float] = ...) -> None: ...

class WatchVisitorMessagesRequest(_message.Message):
    __slots__ = ("after",)
    AFTER_FIELD_NUMBER: _ClassVar[int]
    after: float
    def __init__(self, after: _Optional[float] = ...) -> None: ...

class WatchVisitorMessagesResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: _chat_message_pb2.ChatMsg
    def __init__(self, message: _Optional[_Union[_chat_message_pb2.ChatMsg, _Mapping]] = ...) -> None: ...
