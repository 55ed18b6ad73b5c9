from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.konversation.v1 import whatsapp_template_pb2 as _whatsapp_template_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SendSubFlowRequest(_message.Message):
    __slots__ = ("user_ns", "sub_flow_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    sub_flow_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendSubFlowByFlowNameRequest(_message.Message):
    __slots__ = ("user_ns", "flow_name", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NAME_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_name: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_name: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendSubFlowByUserIdRequest(_message.Message):
    __slots__ = ("user_id", "sub_flow_ns", "flow_ns")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    SUB_FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    sub_flow_ns: str
    flow_ns: str
    def __init__(self, user_id: _Optional[str] = ..., sub_flow_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendMainFlowRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendNodeRequest(_message.Message):
    __slots__ = ("user_ns", "node_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    NODE_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    node_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., node_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendTextRequest(_message.Message):
    __slots__ = ("user_ns", "content", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    content: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., content: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendSmsRequest(_message.Message):
    __slots__ = ("user_ns", "content", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    content: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., content: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendEmailRequest(_message.Message):
    __slots__ = ("user_ns", "content", "subject", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    content: str
    subject: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., content: _Optional[str] = ..., subject: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendContentRequest(_message.Message):
    __slots__ = ("user_ns", "data", "send_as_agent", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    SEND_AS_AGENT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    data: _struct_pb2.Struct
    send_as_agent: _struct_pb2.Value
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., data: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., send_as_agent: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendWhatsAppTemplateRequest(_message.Message):
    __slots__ = ("user_ns", "content", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    content: _whatsapp_template_pb2.WhatsAppTemplateContent
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., content: _Optional[_Union[_whatsapp_template_pb2.WhatsAppTemplateContent, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class SendWhatsAppTemplateByUserIdRequest(_message.Message):
    __slots__ = ("user_id", "content", "create_if_not_found", "contact", "flow_ns")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CREATE_IF_NOT_FOUND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    content: _whatsapp_template_pb2.WhatsAppTemplateContent
    create_if_not_found: str
    contact: _whatsapp_template_pb2.WhatsAppContact
    flow_ns: str
    def __init__(self, user_id: _Optional[str] = ..., content: _Optional[_Union[_whatsapp_template_pb2.WhatsAppTemplateContent, _Mapping]] = ..., create_if_not_found: _Optional[str] = ..., contact: _Optional[_Union[_whatsapp_template_pb2.WhatsAppContact, _Mapping]] = ..., flow_ns: _Optional[str] = ...) -> None: ...
