from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListSubFlowsRequest(_message.Message):
    __slots__ = ("limit", "page", "name", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    name: str
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateSubFlowRequest(_message.Message):
    __slots__ = ("name", "definition", "description", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    definition: _struct_pb2.Struct
    description: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., definition: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., description: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetSubFlowRequest(_message.Message):
    __slots__ = ("sub_flow_ns", "flow_ns")
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    sub_flow_ns: str
    flow_ns: str
    def __init__(self, sub_flow_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateSubFlowRequest(_message.Message):
    __slots__ = ("sub_flow_ns", "name", "definition", "description", "flow_ns")
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    sub_flow_ns: str
    name: str
    definition: _struct_pb2.Struct
    description: str
    flow_ns: str
    def __init__(self, sub_flow_ns: _Optional[str] = ..., name: _Optional[str] = ..., definition: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., description: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteSubFlowRequest(_message.Message):
    __slots__ = ("sub_flow_ns", "flow_ns")
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    sub_flow_ns: str
    flow_ns: str
    def __init__(self, sub_flow_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class ListInboundWebhooksRequest(_message.Message):
    __slots__ = ("limit", "page", "name", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    name: str
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateInboundWebhookRequest(_message.Message):
    __slots__ = ("name", "sub_flow_ns", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    sub_flow_ns: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteInboundWebhookRequest(_message.Message):
    __slots__ = ("hook_uid", "flow_ns")
    HOOK_UID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    hook_uid: str
    flow_ns: str
    def __init__(self, hook_uid: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SubFlow(_message.Message):
    __slots__ = ("name", "sub_flow_ns", "description", "definition", "created_at", "updated_at")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    name: str
    sub_flow_ns: str
    description: str
    definition: _struct_pb2.Struct
    created_at: str
    updated_at: str
    def __init__(self, name: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., description: _Optional[str] = ..., definition: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class SubFlowResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: SubFlow
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[SubFlow, _Mapping]] = ...) -> None: ...

class ListSubFlowsResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[SubFlow]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[SubFlow, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...

class InboundWebhook(_message.Message):
    __slots__ = ("hook_uid", "name", "status", "sub_flow_ns", "url")
    HOOK_UID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    hook_uid: str
    name: str
    status: str
    sub_flow_ns: str
    url: str
    def __init__(self, hook_uid: _Optional[str] = ..., name: _Optional[str] = ..., status: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., url: _Optional[str] = ...) -> None: ...

class InboundWebhookResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: InboundWebhook
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[InboundWebhook, _Mapping]] = ...) -> None: ...

class ListInboundWebhooksResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[InboundWebhook]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[InboundWebhook, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
