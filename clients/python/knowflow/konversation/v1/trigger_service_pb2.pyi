from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AppTriggerRequest(_message.Message):
    __slots__ = ("user_ns", "trigger_name", "context", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    TRIGGER_NAME_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    trigger_name: str
    context: _struct_pb2.Struct
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., trigger_name: _Optional[str] = ..., context: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CallInboundWebhookRequest(_message.Message):
    __slots__ = ("hook_uid", "body")
    HOOK_UID_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    hook_uid: str
    body: _struct_pb2.Struct
    def __init__(self, hook_uid: _Optional[str] = ..., body: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...
