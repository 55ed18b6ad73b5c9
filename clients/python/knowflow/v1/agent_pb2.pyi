from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.v1 import session_pb2 as _session_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Agent(_message.Message):
    __slots__ = ("id", "title", "description", "avatar", "canvas_type", "dsl", "create_time", "update_time", "create_date", "update_date", "user_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    CANVAS_TYPE_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_DATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_DATE_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    description: str
    avatar: _struct_pb2.Value
    canvas_type: _struct_pb2.Value
    dsl: _struct_pb2.Struct
    create_time: str
    update_time: str
    create_date: str
    update_date: str
    user_id: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., avatar: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., canvas_type: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., dsl: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., create_time: _Optional[str] = ..., update_time: _Optional[str] = ..., create_date: _Optional[str] = ..., update_date: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class AgentSession(_message.Message):
    __slots__ = ("id", "agent_id", "user_id", "message_count", "messages", "message", "source", "dsl", "create_time", "update_time", "create_date", "update_date")
    ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_COUNT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATE_DATE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_DATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    agent_id: str
    user_id: str
    message_count: int
    messages: _containers.RepeatedCompositeFieldContainer[_session_pb2.ChatMessage]
    message: _containers.RepeatedCompositeFieldContainer[_session_pb2.ChatMessage]
    source: str
    dsl: _struct_pb2.Struct
    create_time: str
    update_time: str
    create_date: str
    update_date: str
    def __init__(self, id: _Optional[str] = ..., agent_id: _Optional[str] = ..., user_id: _Optional[str] = ..., message_count: _Optional[int] = ..., messages: _Optional[_Iterable[_Union[_session_pb2.ChatMessage, _Mapping]]] = ..., message: _Optional[_Iterable[_Union[_session_pb2.ChatMessage, _Mapping]]] = ..., source: _Optional[str] = ..., dsl: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., create_time: _Optional[str] = ..., update_time: _Optional[str] = ..., create_date: _Optional[str] = ..., update_date: _Optional[str] = ...) -> None: ...

class RunStep(_message.Message):
    __slots__ = ("component_id", "component_name", "component_type", "inputs", "outputs", "error", "started_after", "elapsed_time", "prompt_tokens", "completion_tokens")
    COMPONENT_ID_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_NAME_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STARTED_AFTER_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_TIME_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    component_id: str
    component_name: str
    component_type: str
    inputs: _struct_pb2.Struct
    outputs: _struct_pb2.Struct
    error: str
    started_after: float
    elapsed_time: float
    prompt_tokens: int
    completion_tokens: int
    def __init__(self, component_id: _Optional[str] = ..., component_name: _Optional[str] = ..., component_type: _Optional[str] = ..., inputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., outputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., error: _Optional[str] = ..., started_after: _Optional[float] = ..., elapsed_time: _Optional[float] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ...) -> None: ...

class AgentRun(_message.Message):
    __slots__ = ("id", "agent_id", "session_id", "question", "answer", "state", "error", "steps", "elapsed_time", "prompt_tokens", "completion_tokens", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_TIME_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    agent_id: str
    session_id: str
    question: str
    answer: str
    state: str
    error: str
    steps: _containers.RepeatedCompositeFieldContainer[RunStep]
    elapsed_time: float
    prompt_tokens: int
    completion_tokens: int
    created_at: str
    def __init__(self, id: _Optional[str] = ..., agent_id: _Optional[str] = ..., session_id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ..., state: _Optional[str] = ..., error: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[RunStep, _Mapping]]] = ..., elapsed_time: _Optional[float] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., created_at: _Optional[str] = ...) -> None: ...
