from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatWithIntegrationRequest(_message.Message):
    __slots__ = ("integration_id", "message", "session_id", "metadata")
    INTEGRATION_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    integration_id: str
    message: str
    session_id: str
    metadata: IntegrationMetadata
    def __init__(self, integration_id: _Optional[str] = ..., message: _Optional[str] = ..., session_id: _Optional[str] = ..., metadata: _Optional[_Union[IntegrationMetadata, _Mapping]] = ...) -> None: ...

class IntegrationMetadata(_message.Message):
    __slots__ = ("user_id", "source")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    source: str
    def __init__(self, user_id: _Optional[str] = ..., source: _Optional[str] = ...) -> None: ...

class ChatWithIntegrationResponse(_message.Message):
    __slots__ = ("response", "session_id", "confidence", "sources")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    response: str
    session_id: str
    confidence: float
    sources: _containers.RepeatedCompositeFieldContainer[IntegrationSource]
    def __init__(self, response: _Optional[str] = ..., session_id: _Optional[str] = ..., confidence: _Optional[float] = ..., sources: _Optional[_Iterable[_Union[IntegrationSource, _Mapping]]] = ...) -> None: ...

class IntegrationSource(_message.Message):
    __slots__ = ("title", "url")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    title: str
    url: str
    def __init__(self, title: _Optional[str] = ..., url: _Optional[str] = ...) -> None: ...

class GetIntegrationConversationRequest(_message.Message):
    __slots__ = ("integration_id", "session_id")
    INTEGRATION_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    integration_id: str
    session_id: str
    def __init__(self, integration_id: _Optional[str] = ..., session_id: _Optional[str] = ...) -> None: ...

class IntegrationMessage(_message.Message):
    __slots__ = ("role", "content", "confidence", "sources", "created_at")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    role: str
    content: str
    confidence: float
    sources: _containers.RepeatedCompositeFieldContainer[IntegrationSource]
    created_at: str
    def __init__(self, role: _Optional[str] = ..., content: _Optional[str] = ..., confidence: _Optional[float] = ..., sources: _Optional[_Iterable[_Union[IntegrationSource, _Mapping]]] = ..., created_at: _Optional[str] = ...) -> None: ...

class GetIntegrationConversationResponse(_message.Message):
    __slots__ = ("session_id", "messages")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    messages: _containers.RepeatedCompositeFieldContainer[IntegrationMessage]
    def __init__(self, session_id: _Optional[str] = ..., messages: _Optional[_Iterable[_Union[IntegrationMessage, _Mapping]]] = ...) -> None: ...
