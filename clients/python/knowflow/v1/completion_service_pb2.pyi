from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import session_pb2 as _session_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateChatCompletionRequest(_message.Message):
    __slots__ = ("chat_id", "body")
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    body: _struct_pb2.Struct
    def __init__(self, chat_id: _Optional[str] = ..., body: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class CompleteRequest(_message.Message):
    __slots__ = ("chat_id", "question", "session_id", "variables", "doc_ids")
    class VariablesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    DOC_IDS_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    question: str
    session_id: str
    variables: _containers.ScalarMap[str, str]
    doc_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, chat_id: _Optional[str] = ..., question: _Optional[str] = ..., session_id: _Optional[str] = ..., variables: _Optional[_Mapping[str, str]] = ..., doc_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class StreamCompleteRequest(_message.Message):
    __slots__ = ("chat_id", "question", "session_id", "variables", "doc_ids")
    class VariablesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    DOC_IDS_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    question: str
    session_id: str
    variables: _containers.ScalarMap[str, str]
    doc_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, chat_id: _Optional[str] = ..., question: _Optional[str] = ..., session_id: _Optional[str] = ..., variables: _Optional[_Mapping[str, str]] = ..., doc_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class CompletionUsage(_message.Message):
    __slots__ = ("prompt_tokens", "completion_tokens", "total_tokens")
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_TOKENS_FIELD_NUMBER: _ClassVar[int]
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    def __init__(self, prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., total_tokens: _Optional[int] = ...) -> None: ...

class CompleteResponse(_message.Message):
    __slots__ = ("answer", "reference", "id", "session_id", "search_question", "usage", "model_served", "finish_reason", "created_at")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SEARCH_QUESTION_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    MODEL_SERVED_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    answer: str
    reference: _session_pb2.Reference
    id: str
    session_id: str
    search_question: str
    usage: CompletionUsage
    model_served: str
    finish_reason: str
    created_at: str
    def __init__(self, answer: _Optional[str] = ..., reference: _Optional[_Union[_session_pb2.Reference, _Mapping]] = ..., id: _Optional[str] = ..., session_id: _Optional[str] = ..., search_question: _Optional[str] = ..., usage: _Optional[_Union[CompletionUsage, _Mapping]] = ..., model_served: _Optional[str] = ..., finish_reason: _Optional[str] = ..., created_at: _Optional[str] = ...) -> None: ...

class CompletionStarted(_message.Message):
    __slots__ = ("session_id", "reference", "search_question")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SEARCH_QUESTION_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    reference: _session_pb2.Reference
    search_question: str
    def __init__(self, session_id: _Optional[str] = ..., reference: _Optional[_Union[_session_pb2.Reference, _Mapping]] = ..., search_question: _Optional[str] = ...) -> None: ...

class CompletionFailed(_message.Message):
    __slots__ = ("reason", "message", "answer")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    answer: str
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., answer: _Optional[str] = ...) -> None: ...

class StreamCompleteResponse(_message.Message):
    __slots__ = ("started", "delta", "finished", "failed")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    started: CompletionStarted
    delta: str
    finished: CompleteResponse
    failed: CompletionFailed
    def __init__(self, started: _Optional[_Union[CompletionStarted, _Mapping]] = ..., delta: _Optional[str] = ..., finished: _Optional[_Union[CompleteResponse, _Mapping]] = ..., failed: _Optional[_Union[CompletionFailed, _Mapping]] = ...) -> None: ...

class OpenAIStreamOptions(_message.Message):
    __slots__ = ("include_usage",)
    INCLUDE_USAGE_FIELD_NUMBER: _ClassVar[int]
    include_usage: bool
    def __init__(self, include_usage: _Optional[bool] = ...) -> None: ...

class OpenAIMessage(_message.Message):
    __slots__ = ("role", "content")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    role: str
    content: _struct_pb2.Value
    def __init__(self, role: _Optional[str] = ..., content: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class OpenAIExtraBody(_message.Message):
    __slots__ = ("reference",)
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    reference: bool
    def __init__(self, reference: _Optional[bool] = ...) -> None: ...

class CreateOpenAIChatCompletionRequest(_message.Message):
    __slots__ = ("chat_id", "model", "messages", "stream", "stream_options", "temperature", "top_p", "presence_penalty", "frequency_penalty", "max_tokens", "max_completion_tokens", "stop", "reference", "extra_body")
    CHAT_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    STREAM_OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    TOP_P_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_PENALTY_FIELD_NUMBER: _ClassVar[int]
    FREQUENCY_PENALTY_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    MAX_COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    EXTRA_BODY_FIELD_NUMBER: _ClassVar[int]
    chat_id: str
    model: str
    messages: _containers.RepeatedCompositeFieldContainer[OpenAIMessage]
    stream: bool
    stream_options: OpenAIStreamOptions
    temperature: float
    top_p: float
    presence_penalty: float
    frequency_penalty: float
    max_tokens: int
    max_completion_tokens: int
    stop: _struct_pb2.Value
    reference: bool
    extra_body: OpenAIExtraBody
    def __init__(self, chat_id: _Optional[str] = ..., model: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[OpenAIMessage, _Mapping]]] = ..., stream: _Optional[bool] = ..., stream_options: _Optional[_Union[OpenAIStreamOptions, _Mapping]] = ..., temperature: _Optional[float] = ..., top_p: _Optional[float] = ..., presence_penalty: _Optional[float] = ..., frequency_penalty: _Optional[float] = ..., max_tokens: _Optional[int] = ..., max_completion_tokens: _Optional[int] = ..., stop: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., reference: _Optional[bool] = ..., extra_body: _Optional[_Union[OpenAIExtraBody, _Mapping]] = ...) -> None: ...
