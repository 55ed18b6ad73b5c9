from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PauseBotRequest(_message.Message):
    __slots__ = ("user_ns", "minutes", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    minutes: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., minutes: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ResumeBotRequest(_message.Message):
    __slots__ = ("user_ns", "minutes", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    minutes: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., minutes: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SubscribeToBotRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UnsubscribeFromBotRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class OptInEmailRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class OptInSmsRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class OptOutEmailRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class OptOutSmsRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AssignAgentRequest(_message.Message):
    __slots__ = ("user_ns", "agent_id", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    agent_id: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., agent_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class AssignAgentGroupRequest(_message.Message):
    __slots__ = ("user_ns", "agent_group_id", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    AGENT_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    agent_group_id: int
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., agent_group_id: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UnassignAgentRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class MoveChatToRequest(_message.Message):
    __slots__ = ("user_ns", "status", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    status: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., status: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class LogCustomEventRequest(_message.Message):
    __slots__ = ("user_ns", "event_name", "text_value", "number_value", "price_value", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    EVENT_NAME_FIELD_NUMBER: _ClassVar[int]
    TEXT_VALUE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_VALUE_FIELD_NUMBER: _ClassVar[int]
    PRICE_VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    event_name: str
    text_value: str
    number_value: _struct_pb2.Value
    price_value: _struct_pb2.Value
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., event_name: _Optional[str] = ..., text_value: _Optional[str] = ..., number_value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., price_value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...
