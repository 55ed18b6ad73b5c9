from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import httpbody_pb2 as _httpbody_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PutWhatsAppConnectionRequest(_message.Message):
    __slots__ = ("agent_id", "phone_number_id", "waba_id", "access_token", "display_phone_number", "app_secret")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    WABA_ID_FIELD_NUMBER: _ClassVar[int]
    ACCESS_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    APP_SECRET_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    phone_number_id: str
    waba_id: str
    access_token: str
    display_phone_number: str
    app_secret: str
    def __init__(self, agent_id: _Optional[str] = ..., phone_number_id: _Optional[str] = ..., waba_id: _Optional[str] = ..., access_token: _Optional[str] = ..., display_phone_number: _Optional[str] = ..., app_secret: _Optional[str] = ...) -> None: ...

class PutWhatsAppConnectionResponse(_message.Message):
    __slots__ = ("agent_id", "phone_number_id", "waba_id", "display_phone_number", "status", "receives_messages", "webhook_path", "verify_token", "created_at", "updated_at")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    WABA_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RECEIVES_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    WEBHOOK_PATH_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    status: str
    receives_messages: bool
    webhook_path: str
    verify_token: str
    created_at: str
    updated_at: str
    def __init__(self, agent_id: _Optional[str] = ..., phone_number_id: _Optional[str] = ..., waba_id: _Optional[str] = ..., display_phone_number: _Optional[str] = ..., status: _Optional[str] = ..., receives_messages: _Optional[bool] = ..., webhook_path: _Optional[str] = ..., verify_token: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class GetWhatsAppConnectionRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class GetWhatsAppConnectionResponse(_message.Message):
    __slots__ = ("agent_id", "phone_number_id", "waba_id", "display_phone_number", "status", "receives_messages", "webhook_path", "verify_token", "created_at", "updated_at")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    WABA_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RECEIVES_MESSAGES_FIELD_NUMBER: _ClassVar[int]
    WEBHOOK_PATH_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    status: str
    receives_messages: bool
    webhook_path: str
    verify_token: str
    created_at: str
    updated_at: str
    def __init__(self, agent_id: _Optional[str] = ..., phone_number_id: _Optional[str] = ..., waba_id: _Optional[str] = ..., display_phone_number: _Optional[str] = ..., status: _Optional[str] = ..., receives_messages: _Optional[bool] = ..., webhook_path: _Optional[str] = ..., verify_token: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class DeleteWhatsAppConnectionRequest(_message.Message):
    __slots__ = ("agent_id",)
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    def __init__(self, agent_id: _Optional[str] = ...) -> None: ...

class DeleteWhatsAppConnectionResponse(_message.Message):
    __slots__ = ("message",)
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class SendWhatsAppTemplateRequest(_message.Message):
    __slots__ = ("agent_id", "recipient_phone_number", "template_name", "language", "customer_name", "parameters")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    recipient_phone_number: str
    template_name: str
    language: str
    customer_name: str
    parameters: _struct_pb2.ListValue
    def __init__(self, agent_id: _Optional[str] = ..., recipient_phone_number: _Optional[str] = ..., template_name: _Optional[str] = ..., language: _Optional[str] = ..., customer_name: _Optional[str] = ..., parameters: _Optional[_Union[_struct_pb2.ListValue, _Mapping]] = ...) -> None: ...

class SendWhatsAppTemplateResponse(_message.Message):
    __slots__ = ("messaging_product", "contacts", "messages")
    MESSAGING_PRODUCT_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    messaging_product: str
    contacts: _containers.RepeatedCompositeFieldContainer[WhatsAppRecipient]
    messages: _containers.RepeatedCompositeFieldContainer[WhatsAppAccepted]
    def __init__(self, messaging_product: _Optional[str] = ..., contacts: _Optional[_Iterable[_Union[WhatsAppRecipient, _Mapping]]] = ..., messages: _Optional[_Iterable[_Union[WhatsAppAccepted, _Mapping]]] = ...) -> None: ...

class WhatsAppRecipient(_message.Message):
    __slots__ = ("input", "wa_id")
    INPUT_FIELD_NUMBER: _ClassVar[int]
    WA_ID_FIELD_NUMBER: _ClassVar[int]
    input: str
    wa_id: str
    def __init__(self, input: _Optional[str] = ..., wa_id: _Optional[str] = ...) -> None: ...

class WhatsAppAccepted(_message.Message):
    __slots__ = ("id", "message_status")
    ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_STATUS_FIELD_NUMBER: _ClassVar[int]
    id: str
    message_status: str
    def __init__(self, id: _Optional[str] = ..., message_status: _Optional[str] = ...) -> None: ...

class ListWhatsAppMessagesRequest(_message.Message):
    __slots__ = ("agent_id", "page", "limit")
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    agent_id: str
    page: int
    limit: int
    def __init__(self, agent_id: _Optional[str] = ..., page: _Optional[int] = ..., limit: _Optional[int] = ...) -> None: ...

class WhatsAppSentMessage(_message.Message):
    __slots__ = ("id", "to", "type", "template_name", "status", "error_code", "error", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ERROR_CODE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    to: str
    type: str
    template_name: str
    status: str
    error_code: int
    error: str
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[str] = ..., to: _Optional[str] = ..., type: _Optional[str] = ..., template_name: _Optional[str] = ..., status: _Optional[str] = ..., error_code: _Optional[int] = ..., error: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class WhatsAppPagination(_message.Message):
    __slots__ = ("current_page", "limit", "total_count", "total_pages", "has_next_page", "has_previous_page")
    CURRENT_PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PAGES_FIELD_NUMBER: _ClassVar[int]
    HAS_NEXT_PAGE_FIELD_NUMBER: _ClassVar[int]
    HAS_PREVIOUS_PAGE_FIELD_NUMBER: _ClassVar[int]
    current_page: int
    limit: int
    total_count: int
    total_pages: int
    has_next_page: bool
    has_previous_page: bool
    def __init__(self, current_page: _Optional[int] = ..., limit: _Optional[int] = ..., total_count: _Optional[int] = ..., total_pages: _Optional[int] = ..., has_next_page: _Optional[bool] = ..., has_previous_page: _Optional[bool] = ...) -> None: ...

class ListWhatsAppMessagesResponse(_message.Message):
    __slots__ = ("messages", "pagination")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[WhatsAppSentMessage]
    pagination: WhatsAppPagination
    def __init__(self, messages: _Optional[_Iterable[_Union[WhatsAppSentMessage, _Mapping]]] = ..., pagination: _Optional[_Union[WhatsAppPagination, _Mapping]] = ...) -> None: ...

class VerifyWhatsAppWebhookRequest(_message.Message):
    __slots__ = ("connection_id", "hub")
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    HUB_FIELD_NUMBER: _ClassVar[int]
    connection_id: str
    hub: WhatsAppHub
    def __init__(self, connection_id: _Optional[str] = ..., hub: _Optional[_Union[WhatsAppHub, _Mapping]] = ...) -> None: ...

class WhatsAppHub(_message.Message):
    __slots__ = ("mode", "verify_token", "challenge")
    MODE_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CHALLENGE_FIELD_NUMBER: _ClassVar[int]
    mode: str
    verify_token: str
    challenge: str
    def __init__(self, mode: _Optional[str] = ..., verify_token: _Optional[str] = ..., challenge: _Optional[str] = ...) -> None: ...

class ReceiveWhatsAppEventsRequest(_message.Message):
    __slots__ = ("connection_id", "payload")
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    connection_id: str
    payload: _httpbody_pb2.HttpBody
    def __init__(self, connection_id: _Optional[str] = ..., payload: _Optional[_Union[_httpbody_pb2.HttpBody, _Mapping]] = ...) -> None: ...

class ReceiveWhatsAppEventsResponse(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...
