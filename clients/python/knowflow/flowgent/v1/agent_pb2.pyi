from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Agent(_message.Message):
    __slots__ = ("id", "name", "description", "model", "status", "created_at", "updated_at", "instructions", "temperature", "welcome_message", "is_graph", "linked_knowledge", "waba_connected")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    WELCOME_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    IS_GRAPH_FIELD_NUMBER: _ClassVar[int]
    LINKED_KNOWLEDGE_FIELD_NUMBER: _ClassVar[int]
    WABA_CONNECTED_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    model: str
    status: str
    created_at: str
    updated_at: str
    instructions: str
    temperature: float
    welcome_message: str
    is_graph: bool
    linked_knowledge: int
    waba_connected: bool
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., model: _Optional[str] = ..., status: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., instructions: _Optional[str] = ..., temperature: _Optional[float] = ..., welcome_message: _Optional[str] = ..., is_graph: _Optional[bool] = ..., linked_knowledge: _Optional[int] = ..., waba_connected: _Optional[bool] = ...) -> None: ...

class ActivityRun(_message.Message):
    __slots__ = ("id", "thread_id", "status_code", "model", "execution_time", "used_credits", "timestamp")
    ID_FIELD_NUMBER: _ClassVar[int]
    THREAD_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_CODE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    EXECUTION_TIME_FIELD_NUMBER: _ClassVar[int]
    USED_CREDITS_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    id: str
    thread_id: str
    status_code: int
    model: str
    execution_time: float
    used_credits: int
    timestamp: str
    def __init__(self, id: _Optional[str] = ..., thread_id: _Optional[str] = ..., status_code: _Optional[int] = ..., model: _Optional[str] = ..., execution_time: _Optional[float] = ..., used_credits: _Optional[int] = ..., timestamp: _Optional[str] = ...) -> None: ...

class Thread(_message.Message):
    __slots__ = ("thread_id", "message_count", "created_at", "updated_at")
    THREAD_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    thread_id: str
    message_count: int
    created_at: str
    updated_at: str
    def __init__(self, thread_id: _Optional[str] = ..., message_count: _Optional[int] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class HistoryMessage(_message.Message):
    __slots__ = ("role", "content")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    role: str
    content: str
    def __init__(self, role: _Optional[str] = ..., content: _Optional[str] = ...) -> None: ...
