from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListConversationDataRequest(_message.Message):
    __slots__ = ("start_time", "end_time", "start_id", "limit", "flow_ns")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    START_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    start_time: int
    end_time: int
    start_id: int
    limit: int
    flow_ns: str
    def __init__(self, start_time: _Optional[int] = ..., end_time: _Optional[int] = ..., start_id: _Optional[int] = ..., limit: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListAgentActivityDataRequest(_message.Message):
    __slots__ = ("start_time", "end_time", "start_id", "limit", "flow_ns")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    START_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    start_time: int
    end_time: int
    start_id: int
    limit: int
    flow_ns: str
    def __init__(self, start_time: _Optional[int] = ..., end_time: _Optional[int] = ..., start_id: _Optional[int] = ..., limit: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListErrorDataRequest(_message.Message):
    __slots__ = ("start_time", "end_time", "start_id", "limit", "flow_ns")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    START_ID_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    start_time: int
    end_time: int
    start_id: int
    limit: int
    flow_ns: str
    def __init__(self, start_time: _Optional[int] = ..., end_time: _Optional[int] = ..., start_id: _Optional[int] = ..., limit: _Optional[int] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetFlowSummaryRequest(_message.Message):
    __slots__ = ("range", "flow_ns")
    RANGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    range: str
    flow_ns: str
    def __init__(self, range: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetAgentSummaryRequest(_message.Message):
    __slots__ = ("range", "flow_ns")
    RANGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    range: str
    flow_ns: str
    def __init__(self, range: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ConversationData(_message.Message):
    __slots__ = ("id", "user_ns", "status", "opened_at", "closed_at", "agent_id", "messages_in", "messages_out", "messages_agent", "first_agent_message_at", "last_message_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AT_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_IN_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_OUT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_AGENT_FIELD_NUMBER: _ClassVar[int]
    FIRST_AGENT_MESSAGE_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    user_ns: str
    status: str
    opened_at: str
    closed_at: str
    agent_id: int
    messages_in: int
    messages_out: int
    messages_agent: int
    first_agent_message_at: str
    last_message_at: str
    def __init__(self, id: _Optional[int] = ..., user_ns: _Optional[str] = ..., status: _Optional[str] = ..., opened_at: _Optional[str] = ..., closed_at: _Optional[str] = ..., agent_id: _Optional[int] = ..., messages_in: _Optional[int] = ..., messages_out: _Optional[int] = ..., messages_agent: _Optional[int] = ..., first_agent_message_at: _Optional[str] = ..., last_message_at: _Optional[str] = ...) -> None: ...

class ListConversationDataResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[ConversationData]
    def __init__(self, data: _Optional[_Iterable[_Union[ConversationData, _Mapping]]] = ...) -> None: ...

class AgentActivityData(_message.Message):
    __slots__ = ("id", "user_ns", "action", "agent_id", "api_key_id", "assigned_agent_id", "assigned_agent_group_id", "status", "minutes", "messages", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    API_KEY_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_AGENT_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    user_ns: str
    action: str
    agent_id: int
    api_key_id: str
    assigned_agent_id: int
    assigned_agent_group_id: int
    status: str
    minutes: int
    messages: int
    created_at: str
    def __init__(self, id: _Optional[int] = ..., user_ns: _Optional[str] = ..., action: _Optional[str] = ..., agent_id: _Optional[int] = ..., api_key_id: _Optional[str] = ..., assigned_agent_id: _Optional[int] = ..., assigned_agent_group_id: _Optional[int] = ..., status: _Optional[str] = ..., minutes: _Optional[int] = ..., messages: _Optional[int] = ..., created_at: _Optional[str] = ...) -> None: ...

class ListAgentActivityDataResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[AgentActivityData]
    def __init__(self, data: _Optional[_Iterable[_Union[AgentActivityData, _Mapping]]] = ...) -> None: ...

class ErrorData(_message.Message):
    __slots__ = ("id", "user_ns", "type", "sub_flow", "component", "reason", "message", "broadcast_ns", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    BROADCAST_NS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: int
    user_ns: str
    type: str
    sub_flow: str
    component: str
    reason: str
    message: str
    broadcast_ns: str
    created_at: str
    def __init__(self, id: _Optional[int] = ..., user_ns: _Optional[str] = ..., type: _Optional[str] = ..., sub_flow: _Optional[str] = ..., component: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., broadcast_ns: _Optional[str] = ..., created_at: _Optional[str] = ...) -> None: ...

class ListErrorDataResponse(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[ErrorData]
    def __init__(self, data: _Optional[_Iterable[_Union[ErrorData, _Mapping]]] = ...) -> None: ...

class FlowSummary(_message.Message):
    __slots__ = ("start_time", "end_time", "subscribers", "new_subscribers", "active_subscribers", "conversations", "messages_in", "messages_out", "messages_agent", "broadcasts", "broadcast_recipients", "errors")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    NEW_SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_IN_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_OUT_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_AGENT_FIELD_NUMBER: _ClassVar[int]
    BROADCASTS_FIELD_NUMBER: _ClassVar[int]
    BROADCAST_RECIPIENTS_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    start_time: str
    end_time: str
    subscribers: int
    new_subscribers: int
    active_subscribers: int
    conversations: int
    messages_in: int
    messages_out: int
    messages_agent: int
    broadcasts: int
    broadcast_recipients: int
    errors: int
    def __init__(self, start_time: _Optional[str] = ..., end_time: _Optional[str] = ..., subscribers: _Optional[int] = ..., new_subscribers: _Optional[int] = ..., active_subscribers: _Optional[int] = ..., conversations: _Optional[int] = ..., messages_in: _Optional[int] = ..., messages_out: _Optional[int] = ..., messages_agent: _Optional[int] = ..., broadcasts: _Optional[int] = ..., broadcast_recipients: _Optional[int] = ..., errors: _Optional[int] = ...) -> None: ...

class GetFlowSummaryResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: FlowSummary
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[FlowSummary, _Mapping]] = ...) -> None: ...

class AgentSummary(_message.Message):
    __slots__ = ("agent_id", "name", "assigned", "done", "messages", "subscribers", "actions")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBERS_FIELD_NUMBER: _ClassVar[int]
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    agent_id: int
    name: str
    assigned: int
    done: int
    messages: int
    subscribers: int
    actions: int
    def __init__(self, agent_id: _Optional[int] = ..., name: _Optional[str] = ..., assigned: _Optional[int] = ..., done: _Optional[int] = ..., messages: _Optional[int] = ..., subscribers: _Optional[int] = ..., actions: _Optional[int] = ...) -> None: ...

class GetAgentSummaryResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _containers.RepeatedCompositeFieldContainer[AgentSummary]
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Iterable[_Union[AgentSummary, _Mapping]]] = ...) -> None: ...
