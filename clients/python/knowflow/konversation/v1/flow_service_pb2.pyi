from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetFlowRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class ListFlowsRequest(_message.Message):
    __slots__ = ("limit", "page", "name", "type")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    name: str
    type: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., name: _Optional[str] = ..., type: _Optional[str] = ...) -> None: ...

class CreateFlowRequest(_message.Message):
    __slots__ = ("name", "type", "linked_label", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    LINKED_LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    linked_label: str
    description: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., linked_label: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class UpdateFlowRequest(_message.Message):
    __slots__ = ("name", "linked_label", "description", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LINKED_LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    linked_label: str
    description: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., linked_label: _Optional[str] = ..., description: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteFlowRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class SetDefaultStartFlowRequest(_message.Message):
    __slots__ = ("sub_flow_ns", "flow_ns")
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    sub_flow_ns: str
    flow_ns: str
    def __init__(self, sub_flow_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CountBotUsersRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class Flow(_message.Message):
    __slots__ = ("flow_ns", "name", "type", "linked_label", "description", "default_sub_flow_ns", "created_at")
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    LINKED_LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    name: str
    type: str
    linked_label: str
    description: str
    default_sub_flow_ns: str
    created_at: str
    def __init__(self, flow_ns: _Optional[str] = ..., name: _Optional[str] = ..., type: _Optional[str] = ..., linked_label: _Optional[str] = ..., description: _Optional[str] = ..., default_sub_flow_ns: _Optional[str] = ..., created_at: _Optional[str] = ...) -> None: ...

class FlowResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: Flow
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[Flow, _Mapping]] = ...) -> None: ...

class ListFlowsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[Flow]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[Flow, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...

class BotUsersCount(_message.Message):
    __slots__ = ("num", "status")
    NUM_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    num: int
    status: str
    def __init__(self, num: _Optional[int] = ..., status: _Optional[str] = ...) -> None: ...

class CountBotUsersResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _containers.RepeatedCompositeFieldContainer[BotUsersCount]
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Iterable[_Union[BotUsersCount, _Mapping]]] = ...) -> None: ...
