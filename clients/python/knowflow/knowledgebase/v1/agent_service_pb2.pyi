from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.knowledgebase.v1 import knowledgebase_pb2 as _knowledgebase_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetAgentKnowledgebaseRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class AgentSummary(_message.Message):
    __slots__ = ("id", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class AgentKnowledgebase(_message.Message):
    __slots__ = ("agent", "knowledgebase")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGEBASE_FIELD_NUMBER: _ClassVar[int]
    agent: AgentSummary
    knowledgebase: _knowledgebase_pb2.Knowledgebase
    def __init__(self, agent: _Optional[_Union[AgentSummary, _Mapping]] = ..., knowledgebase: _Optional[_Union[_knowledgebase_pb2.Knowledgebase, _Mapping]] = ...) -> None: ...

class GetAgentKnowledgebaseResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: AgentKnowledgebase
    def __init__(self, data: _Optional[_Union[AgentKnowledgebase, _Mapping]] = ...) -> None: ...

class AssignAgentKnowledgebaseRequest(_message.Message):
    __slots__ = ("agent_id", "knowledgebase_id")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGEBASE_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    knowledgebase_id: _struct_pb2.Value
    def __init__(self, agent_id: _Optional[str] = ..., knowledgebase_id: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class AgentAssignment(_message.Message):
    __slots__ = ("agent", "knowledgebase")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGEBASE_FIELD_NUMBER: _ClassVar[int]
    agent: AgentSummary
    knowledgebase: _struct_pb2.Value
    def __init__(self, agent: _Optional[_Union[AgentSummary, _Mapping]] = ..., knowledgebase: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class AssignAgentKnowledgebaseResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: AgentAssignment
    message: str
    def __init__(self, data: _Optional[_Union[AgentAssignment, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class AgentInstructions(_message.Message):
    __slots__ = ("id", "name", "instructions", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    instructions: str
    updated_at: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., instructions: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class GetAgentInstructionsRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class GetAgentInstructionsResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: AgentInstructions
    def __init__(self, data: _Optional[_Union[AgentInstructions, _Mapping]] = ...) -> None: ...

class UpdateAgentInstructionsRequest(_message.Message):
    __slots__ = ("agent_id", "instructions")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    instructions: str
    def __init__(self, agent_id: _Optional[str] = ..., instructions: _Optional[str] = ...) -> None: ...

class UpdateAgentInstructionsResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: AgentInstructions
    message: str
    def __init__(self, data: _Optional[_Union[AgentInstructions, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class ListAgentInstructionsVersionsRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class AgentInstructionsVersion(_message.Message):
    __slots__ = ("version", "instructions", "created_at")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    version: int
    instructions: str
    created_at: str
    def __init__(self, version: _Optional[int] = ..., instructions: _Optional[str] = ..., created_at: _Optional[str] = ...) -> None: ...

class ListAgentInstructionsVersionsResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[AgentInstructionsVersion]
    def __init__(self, data: _Optional[_Iterable[_Union[AgentInstructionsVersion, _Mapping]]] = ...) -> None: ...

class RestoreAgentInstructionsRequest(_message.Message):
    __slots__ = ("agent_id", "version")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    version: int
    def __init__(self, agent_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class RestoreAgentInstructionsResponse(_message.Message):
    __slots__ = ("data", "message")
    DATA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    data: AgentInstructions
    message: str
    def __init__(self, data: _Optional[_Union[AgentInstructions, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...
