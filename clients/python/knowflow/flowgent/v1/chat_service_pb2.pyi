from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatRequest(_message.Message):
    __slots__ = ("agent_id", "messages", "thread_id", "callback_url")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    THREAD_ID_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_URL_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    messages: _struct_pb2.Value
    thread_id: str
    callback_url: str
    def __init__(self, agent_id: _Optional[str] = ..., messages: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., thread_id: _Optional[str] = ..., callback_url: _Optional[str] = ...) -> None: ...

class ChatResponse(_message.Message):
    __slots__ = ("status_code", "body", "message", "status")
    STATUS_CODE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status_code: int
    body: ChatBody
    message: str
    status: str
    def __init__(self, status_code: _Optional[int] = ..., body: _Optional[_Union[ChatBody, _Mapping]] = ..., message: _Optional[str] = ..., status: _Optional[str] = ...) -> None: ...

class ChatBody(_message.Message):
    __slots__ = ("agent_id", "conversation_history", "metadata", "message", "error")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_HISTORY_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    conversation_history: _struct_pb2.ListValue
    metadata: ChatMetadata
    message: str
    error: str
    def __init__(self, agent_id: _Optional[str] = ..., conversation_history: _Optional[_Union[_struct_pb2.ListValue, _Mapping]] = ..., metadata: _Optional[_Union[ChatMetadata, _Mapping]] = ..., message: _Optional[str] = ..., error: _Optional[str] = ...) -> None: ...

class ChatMetadata(_message.Message):
    __slots__ = ("id", "model", "timestamp", "tool_calls", "execution_time", "used_credits", "thread_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    TOOL_CALLS_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_FIELD_NUMBER: _ClassVar[int]
    USED_CREDITS_FIELD_NUMBER: _ClassVar[int]
    THREAD_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    model: str
    timestamp: str
    tool_calls: _struct_pb2.Struct
    execution_time: float
    used_credits: int
    thread_id: str
    def __init__(self, id: _Optional[str] = ..., model: _Optional[str] = ..., timestamp: _Optional[str] = ..., tool_calls: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., execution_time: _Optional[float] = ..., used_credits: _Optional[int] = ..., thread_id: _Optional[str] = ...) -> None: ...

class GetCallbackSecretRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCallbackSecretResponse(_message.Message):
    __slots__ = ("secret",)
    SECRET_FIELD_NUMBER: _ClassVar[int]
    secret: str
    def __init__(self, secret: _Optional[str] = ...) -> None: ...

class RotateCallbackSecretRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RotateCallbackSecretResponse(_message.Message):
    __slots__ = ("secret",)
    SECRET_FIELD_NUMBER: _ClassVar[int]
    secret: str
    def __init__(self, secret: _Optional[str] = ...) -> None: ...
