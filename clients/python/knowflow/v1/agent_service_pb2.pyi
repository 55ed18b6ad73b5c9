from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.v1 import agent_pb2 as _agent_pb2
from knowflow.v1 import document_service_pb2 as _document_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateAgentRequest(_message.Message):
    __slots__ = ("title", "description", "dsl", "avatar", "canvas_type")
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    CANVAS_TYPE_FIELD_NUMBER: _ClassVar[int]
    title: str
    description: str
    dsl: _struct_pb2.Struct
    avatar: str
    canvas_type: str
    def __init__(self, title: _Optional[str] = ..., description: _Optional[str] = ..., dsl: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., avatar: _Optional[str] = ..., canvas_type: _Optional[str] = ...) -> None: ...

class CreateAgentResponse(_message.Message):
    __slots__ = ("code", "data", "message", "id")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: bool
    message: str
    id: str
    def __init__(self, code: _Optional[int] = ..., data: _Optional[bool] = ..., message: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class ListAgentsRequest(_message.Message):
    __slots__ = ("page", "page_size", "orderby", "desc", "id", "title", "name")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ORDERBY_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    page: int
    page_size: int
    orderby: str
    desc: bool
    id: str
    title: str
    name: str
    def __init__(self, page: _Optional[int] = ..., page_size: _Optional[int] = ..., orderby: _Optional[str] = ..., desc: _Optional[bool] = ..., id: _Optional[str] = ..., title: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class ListAgentsResponse(_message.Message):
    __slots__ = ("code", "data", "total")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _containers.RepeatedCompositeFieldContainer[_agent_pb2.Agent]
    total: int
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Iterable[_Union[_agent_pb2.Agent, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class UpdateAgentRequest(_message.Message):
    __slots__ = ("agent_id", "title", "description", "dsl", "avatar", "canvas_type")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    AVATAR_FIELD_NUMBER: _ClassVar[int]
    CANVAS_TYPE_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    title: str
    description: str
    dsl: _struct_pb2.Struct
    avatar: str
    canvas_type: str
    def __init__(self, agent_id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., dsl: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., avatar: _Optional[str] = ..., canvas_type: _Optional[str] = ...) -> None: ...

class UpdateAgentResponse(_message.Message):
    __slots__ = ("code", "data", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: bool
    message: str
    def __init__(self, code: _Optional[int] = ..., data: _Optional[bool] = ..., message: _Optional[str] = ...) -> None: ...

class DeleteAgentRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class DeleteAgentResponse(_message.Message):
    __slots__ = ("code", "data", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: bool
    message: str
    def __init__(self, code: _Optional[int] = ..., data: _Optional[bool] = ..., message: _Optional[str] = ...) -> None: ...

class CreateAgentSessionRequest(_message.Message):
    __slots__ = ("agent_id", "user_id", "inputs")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    user_id: str
    inputs: _struct_pb2.Struct
    def __init__(self, agent_id: _Optional[str] = ..., user_id: _Optional[str] = ..., inputs: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class CreateAgentSessionResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _agent_pb2.AgentSession
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_agent_pb2.AgentSession, _Mapping]] = ...) -> None: ...

class ListAgentSessionsRequest(_message.Message):
    __slots__ = ("page", "page_size", "orderby", "desc", "id", "user_id", "dsl", "agent_id")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ORDERBY_FIELD_NUMBER: _ClassVar[int]
    DESC_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    page: int
    page_size: int
    orderby: str
    desc: bool
    id: str
    user_id: str
    dsl: str
    agent_id: str
    def __init__(self, page: _Optional[int] = ..., page_size: _Optional[int] = ..., orderby: _Optional[str] = ..., desc: _Optional[bool] = ..., id: _Optional[str] = ..., user_id: _Optional[str] = ..., dsl: _Optional[str] = ..., agent_id: _Optional[str] = ...) -> None: ...

class ListAgentSessionsResponse(_message.Message):
    __slots__ = ("code", "data", "total")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _containers.RepeatedCompositeFieldContainer[_agent_pb2.AgentSession]
    total: int
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Iterable[_Union[_agent_pb2.AgentSession, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class DeleteAgentSessionsRequest(_message.Message):
    __slots__ = ("agent_id", "ids")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    ids: _struct_pb2.Value
    def __init__(self, agent_id: _Optional[str] = ..., ids: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class DeleteAgentSessionsResponse(_message.Message):
    __slots__ = ("code", "data")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _document_service_pb2.BulkResult
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Union[_document_service_pb2.BulkResult, _Mapping]] = ...) -> None: ...

class ListAgentRunsRequest(_message.Message):
    __slots__ = ("page", "page_size", "agent_id", "session_id", "id")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    page: int
    page_size: int
    agent_id: str
    session_id: str
    id: str
    def __init__(self, page: _Optional[int] = ..., page_size: _Optional[int] = ..., agent_id: _Optional[str] = ..., session_id: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class ListAgentRunsResponse(_message.Message):
    __slots__ = ("code", "data", "total")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    data: _containers.RepeatedCompositeFieldContainer[_agent_pb2.AgentRun]
    total: int
    def __init__(self, code: _Optional[int] = ..., data: _Optional[_Iterable[_Union[_agent_pb2.AgentRun, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...
