from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class FlowCounter(_message.Message):
    __slots__ = ("id", "organization_id", "last", "created_at")
    class LastEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    last: _containers.ScalarMap[str, int]
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., last: _Optional[_Mapping[str, int]] = ..., created_at: _Optional[int] = ...) -> None: ...

class Flow(_message.Message):
    __slots__ = ("id", "organization_id", "type", "number", "name", "linked_label", "description", "start_sub_flow", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    LINKED_LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    START_SUB_FLOW_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    type: str
    number: int
    name: str
    linked_label: str
    description: str
    start_sub_flow: int
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., type: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., linked_label: _Optional[str] = ..., description: _Optional[str] = ..., start_sub_flow: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class SubFlow(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "dsl", "description", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DSL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    dsl: str
    description: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., dsl: _Optional[str] = ..., description: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class InboundWebhook(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "hook_uid", "sub_flow", "disabled", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    HOOK_UID_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    hook_uid: str
    sub_flow: int
    disabled: bool
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., hook_uid: _Optional[str] = ..., sub_flow: _Optional[int] = ..., disabled: _Optional[bool] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
