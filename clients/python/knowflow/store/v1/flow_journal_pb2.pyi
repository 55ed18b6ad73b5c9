from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ConversationStart(_message.Message):
    __slots__ = ("id", "organization_id", "subscriber_id", "number", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    subscriber_id: str
    number: int
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., subscriber_id: _Optional[str] = ..., number: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...

class AgentAction(_message.Message):
    __slots__ = ("id", "organization_id", "subscriber_id", "number", "action", "agent", "api_key_id", "assignee", "status", "minutes", "messages", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNEE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    subscriber_id: str
    number: int
    action: str
    agent: int
    api_key_id: str
    assignee: int
    status: str
    minutes: int
    messages: int
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., subscriber_id: _Optional[str] = ..., number: _Optional[int] = ..., action: _Optional[str] = ..., agent: _Optional[int] = ..., api_key_id: _Optional[str] = ..., assignee: _Optional[int] = ..., status: _Optional[str] = ..., minutes: _Optional[int] = ..., messages: _Optional[int] = ..., created_at: _Optional[int] = ...) -> None: ...

class FlowErrorEntry(_message.Message):
    __slots__ = ("id", "organization_id", "subscriber_id", "number", "type", "sub_flow", "component", "reason", "sentence", "broadcast_id", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBER_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    BROADCAST_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    subscriber_id: str
    number: int
    type: str
    sub_flow: str
    component: str
    reason: str
    sentence: str
    broadcast_id: str
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., subscriber_id: _Optional[str] = ..., number: _Optional[int] = ..., type: _Optional[str] = ..., sub_flow: _Optional[str] = ..., component: _Optional[str] = ..., reason: _Optional[str] = ..., sentence: _Optional[str] = ..., broadcast_id: _Optional[str] = ..., created_at: _Optional[int] = ...) -> None: ...
