from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import completion_service_pb2 as _completion_service_pb2
from knowflow.v1 import session_pb2 as _session_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateAgentCompletionRequest(_message.Message):
    __slots__ = ("agent_id", "body")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    body: _struct_pb2.Struct
    def __init__(self, agent_id: _Optional[str] = ..., body: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class RunRequest(_message.Message):
    __slots__ = ("agent_id", "question", "session_id", "inputs", "user_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    question: str
    session_id: str
    inputs: _struct_pb2.Struct
    user_id: str
    def __init__(self, agent_id: _Optional[str] = ..., question: _Optional[str] = ..., session_id: _Optional[str] = ..., inputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., user_id: _Optional[str] = ...) -> None: ...

class StreamRunRequest(_message.Message):
    __slots__ = ("agent_id", "question", "session_id", "inputs", "user_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    question: str
    session_id: str
    inputs: _struct_pb2.Struct
    user_id: str
    def __init__(self, agent_id: _Optional[str] = ..., question: _Optional[str] = ..., session_id: _Optional[str] = ..., inputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., user_id: _Optional[str] = ...) -> None: ...

class AwaitedInput(_message.Message):
    __slots__ = ("component_id", "tips", "inputs")
    COMPONENT_ID_FIELD_NUMBER: _ClassVar[int]
    TIPS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    component_id: str
    tips: str
    inputs: _struct_pb2.Struct
    def __init__(self, component_id: _Optional[str] = ..., tips: _Optional[str] = ..., inputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class RunResponse(_message.Message):
    __slots__ = ("answer", "reference", "id", "session_id", "run_id", "outputs", "awaited", "usage", "elapsed_time", "created_at")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    AWAITED_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    answer: str
    reference: _session_pb2.Reference
    id: str
    session_id: str
    run_id: str
    outputs: _struct_pb2.Struct
    awaited: _containers.RepeatedCompositeFieldContainer[AwaitedInput]
    usage: _completion_service_pb2.CompletionUsage
    elapsed_time: float
    created_at: str
    def __init__(self, answer: _Optional[str] = ..., reference: _Optional[_Union[_session_pb2.Reference, _Mapping]] = ..., id: _Optional[str] = ..., session_id: _Optional[str] = ..., run_id: _Optional[str] = ..., outputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., awaited: _Optional[_Iterable[_Union[AwaitedInput, _Mapping]]] = ..., usage: _Optional[_Union[_completion_service_pb2.CompletionUsage, _Mapping]] = ..., elapsed_time: _Optional[float] = ..., created_at: _Optional[str] = ...) -> None: ...

class RunEvent(_message.Message):
    __slots__ = ("event", "data", "session_id", "run_id")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    event: str
    data: _struct_pb2.Struct
    session_id: str
    run_id: str
    def __init__(self, event: _Optional[str] = ..., data: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., session_id: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class RunFailed(_message.Message):
    __slots__ = ("reason", "message", "answer")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    answer: str
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., answer: _Optional[str] = ...) -> None: ...

class StreamRunResponse(_message.Message):
    __slots__ = ("happened", "delta", "finished", "failed")
    HAPPENED_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    happened: RunEvent
    delta: str
    finished: RunResponse
    failed: RunFailed
    def __init__(self, happened: _Optional[_Union[RunEvent, _Mapping]] = ..., delta: _Optional[str] = ..., finished: _Optional[_Union[RunResponse, _Mapping]] = ..., failed: _Optional[_Union[RunFailed, _Mapping]] = ...) -> None: ...

class CreateOpenAIAgentCompletionRequest(_message.Message):
    __slots__ = ("agent_id", "model", "messages", "stream", "stream_options", "session_id", "id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    STREAM_OPTIONS_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    model: str
    messages: _containers.RepeatedCompositeFieldContainer[_completion_service_pb2.OpenAIMessage]
    stream: bool
    stream_options: _completion_service_pb2.OpenAIStreamOptions
    session_id: str
    id: str
    def __init__(self, agent_id: _Optional[str] = ..., model: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[_completion_service_pb2.OpenAIMessage, _Mapping]]] = ..., stream: _Optional[bool] = ..., stream_options: _Optional[_Union[_completion_service_pb2.OpenAIStreamOptions, _Mapping]] = ..., session_id: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...
