from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConnectWhatsAppRequest(_message.Message):
    __slots__ = ("phone_number_id", "waba_id", "access_token", "app_secret", "display_phone_number", "flow_ns")
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    WABA_ID_FIELD_NUMBER: _ClassVar[int]
    ACCESS_TOKEN_FIELD_NUMBER: _ClassVar[int]
    APP_SECRET_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    phone_number_id: str
    waba_id: str
    access_token: str
    app_secret: str
    display_phone_number: str
    flow_ns: str
    def __init__(self, phone_number_id: _Optional[str] = ..., waba_id: _Optional[str] = ..., access_token: _Optional[str] = ..., app_secret: _Optional[str] = ..., display_phone_number: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetWhatsAppChannelRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class DisconnectWhatsAppRequest(_message.Message):
    __slots__ = ("flow_ns",)
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    def __init__(self, flow_ns: _Optional[str] = ...) -> None: ...

class WhatsAppChannelResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: WhatsAppChannel
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[WhatsAppChannel, _Mapping]] = ...) -> None: ...

class WhatsAppChannel(_message.Message):
    __slots__ = ("flow_ns", "phone_number_id", "waba_id", "display_phone_number", "webhook_path", "verify_token", "can_receive", "token_refused")
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    WABA_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    WEBHOOK_PATH_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CAN_RECEIVE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_REFUSED_FIELD_NUMBER: _ClassVar[int]
    flow_ns: str
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    webhook_path: str
    verify_token: str
    can_receive: bool
    token_refused: bool
    def __init__(self, flow_ns: _Optional[str] = ..., phone_number_id: _Optional[str] = ..., waba_id: _Optional[str] = ..., display_phone_number: _Optional[str] = ..., webhook_path: _Optional[str] = ..., verify_token: _Optional[str] = ..., can_receive: _Optional[bool] = ..., token_refused: _Optional[bool] = ...) -> None: ...
