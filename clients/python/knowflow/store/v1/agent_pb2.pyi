from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Agent(_message.Message):
    __slots__ = ("id", "organization_id", "title", "description", "avatar", "canvas_type", "dsl", "created_by", "created_at", "updated_at", "simple")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    CANVAS_TYPE_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    SIMPLE_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    title: str
    description: str
    avatar: str
    canvas_type: str
    dsl: str
    created_by: str
    created_at: int
    updated_at: int
    simple: SimpleAgent
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., avatar: _Optional[str] = ..., canvas_type: _Optional[str] = ..., dsl: _Optional[str] = ..., created_by: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., simple: _Optional[_Union[SimpleAgent, _Mapping]] = ...) -> None: ...

class SimpleAgent(_message.Message):
    __slots__ = ("instructions", "model", "temperature", "welcome_message", "paused", "dataset_id", "dsl_sha256")
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    WELCOME_MESSAGE_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DSL_SHA256_FIELD_NUMBER: _ClassVar[int]
    instructions: str
    model: str
    temperature: float
    welcome_message: str
    paused: bool
    dataset_id: str
    dsl_sha256: bytes
    def __init__(self, instructions: _Optional[str] = ..., model: _Optional[str] = ..., temperature: _Optional[float] = ..., welcome_message: _Optional[str] = ..., paused: _Optional[bool] = ..., dataset_id: _Optional[str] = ..., dsl_sha256: _Optional[bytes] = ...) -> None: ...

class CanvasState(_message.Message):
    __slots__ = ("id", "organization_id", "session_id", "dsl", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    session_id: str
    dsl: str
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., session_id: _Optional[str] = ..., dsl: _Optional[str] = ..., created_at: _Optional[int] = ...) -> None: ...

class RunTrace(_message.Message):
    __slots__ = ("id", "organization_id", "session_id", "agent_id", "question", "answer", "state", "error", "steps", "elapsed_s", "created_at", "message_id", "model")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_S_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    session_id: str
    agent_id: str
    question: str
    answer: str
    state: str
    error: str
    steps: _containers.RepeatedCompositeFieldContainer[TraceStep]
    elapsed_s: float
    created_at: int
    message_id: str
    model: str
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., session_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., question: _Optional[str] = ..., answer: _Optional[str] = ..., state: _Optional[str] = ..., error: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[TraceStep, _Mapping]]] = ..., elapsed_s: _Optional[float] = ..., created_at: _Optional[int] = ..., message_id: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class AgentActivity(_message.Message):
    __slots__ = ("id", "organization_id", "agent_id", "run_id", "session_id", "status_code", "model", "elapsed_s", "used_credits", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_CODE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_S_FIELD_NUMBER: _ClassVar[int]
    USED_CREDITS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    agent_id: str
    run_id: str
    session_id: str
    status_code: int
    model: str
    elapsed_s: float
    used_credits: int
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., run_id: _Optional[str] = ..., session_id: _Optional[str] = ..., status_code: _Optional[int] = ..., model: _Optional[str] = ..., elapsed_s: _Optional[float] = ..., used_credits: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...

class TraceStep(_message.Message):
    __slots__ = ("component_id", "component_name", "component_type", "inputs", "outputs", "error", "started_after_s", "elapsed_s", "prompt_tokens", "completion_tokens")
    COMPONENT_ID_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_NAME_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    STARTED_AFTER_S_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_S_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    component_id: str
    component_name: str
    component_type: str
    inputs: str
    outputs: str
    error: str
    started_after_s: float
    elapsed_s: float
    prompt_tokens: int
    completion_tokens: int
    def __init__(self, component_id: _Optional[str] = ..., component_name: _Optional[str] = ..., component_type: _Optional[str] = ..., inputs: _Optional[str] = ..., outputs: _Optional[str] = ..., error: _Optional[str] = ..., started_after_s: _Optional[float] = ..., elapsed_s: _Optional[float] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ...) -> None: ...
