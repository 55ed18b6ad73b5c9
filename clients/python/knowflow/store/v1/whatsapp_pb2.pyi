from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WhatsAppInboundState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WHATS_APP_INBOUND_STATE_UNSPECIFIED: _ClassVar[WhatsAppInboundState]
    WHATS_APP_INBOUND_STATE_RECEIVED: _ClassVar[WhatsAppInboundState]
    WHATS_APP_INBOUND_STATE_ANSWERING: _ClassVar[WhatsAppInboundState]
    WHATS_APP_INBOUND_STATE_REPLYING: _ClassVar[WhatsAppInboundState]
    WHATS_APP_INBOUND_STATE_DONE: _ClassVar[WhatsAppInboundState]
    WHATS_APP_INBOUND_STATE_FAILED: _ClassVar[WhatsAppInboundState]

class WhatsAppReplyState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WHATS_APP_REPLY_STATE_UNSPECIFIED: _ClassVar[WhatsAppReplyState]
    WHATS_APP_REPLY_STATE_PENDING: _ClassVar[WhatsAppReplyState]
    WHATS_APP_REPLY_STATE_SENDING: _ClassVar[WhatsAppReplyState]
    WHATS_APP_REPLY_STATE_SENT: _ClassVar[WhatsAppReplyState]
    WHATS_APP_REPLY_STATE_FAILED: _ClassVar[WhatsAppReplyState]
WHATS_APP_INBOUND_STATE_UNSPECIFIED: WhatsAppInboundState
WHATS_APP_INBOUND_STATE_RECEIVED: WhatsAppInboundState
WHATS_APP_INBOUND_STATE_ANSWERING: WhatsAppInboundState
WHATS_APP_INBOUND_STATE_REPLYING: WhatsAppInboundState
WHATS_APP_INBOUND_STATE_DONE: WhatsAppInboundState
WHATS_APP_INBOUND_STATE_FAILED: WhatsAppInboundState
WHATS_APP_REPLY_STATE_UNSPECIFIED: WhatsAppReplyState
WHATS_APP_REPLY_STATE_PENDING: WhatsAppReplyState
WHATS_APP_REPLY_STATE_SENDING: WhatsAppReplyState
WHATS_APP_REPLY_STATE_SENT: WhatsAppReplyState
WHATS_APP_REPLY_STATE_FAILED: WhatsAppReplyState

class WhatsAppConnection(_message.Message):
    __slots__ = ("id", "organization_id", "owner_id", "owner_kind", "phone_number_id", "waba_id", "display_phone_number", "sealed_access_token", "sealed_app_secret", "verify_token", "token_refused", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_KIND_FIELD_NUMBER: _ClassVar[int]
    PHONE_NUMBER_ID_FIELD_NUMBER: _ClassVar[int]
    WABA_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_PHONE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SEALED_ACCESS_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SEALED_APP_SECRET_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOKEN_REFUSED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    owner_id: str
    owner_kind: str
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    sealed_access_token: bytes
    sealed_app_secret: bytes
    verify_token: str
    token_refused: bool
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., owner_id: _Optional[str] = ..., owner_kind: _Optional[str] = ..., phone_number_id: _Optional[str] = ..., waba_id: _Optional[str] = ..., display_phone_number: _Optional[str] = ..., sealed_access_token: _Optional[bytes] = ..., sealed_app_secret: _Optional[bytes] = ..., verify_token: _Optional[str] = ..., token_refused: _Optional[bool] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class WhatsAppContact(_message.Message):
    __slots__ = ("id", "organization_id", "connection_id", "wa_id", "name", "session_id", "last_received_at", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    WA_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    connection_id: str
    wa_id: str
    name: str
    session_id: str
    last_received_at: int
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., connection_id: _Optional[str] = ..., wa_id: _Optional[str] = ..., name: _Optional[str] = ..., session_id: _Optional[str] = ..., last_received_at: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class WhatsAppReply(_message.Message):
    __slots__ = ("body", "state", "wamid", "error")
    BODY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WAMID_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    body: bytes
    state: WhatsAppReplyState
    wamid: str
    error: str
    def __init__(self, body: _Optional[bytes] = ..., state: _Optional[_Union[WhatsAppReplyState, str]] = ..., wamid: _Optional[str] = ..., error: _Optional[str] = ...) -> None: ...

class WhatsAppInbound(_message.Message):
    __slots__ = ("id", "organization_id", "connection_id", "contact_id", "wamid", "wa_id", "type", "text", "payload", "sent_at", "state", "attempts", "answering_since", "replies", "error", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ID_FIELD_NUMBER: _ClassVar[int]
    WAMID_FIELD_NUMBER: _ClassVar[int]
    WA_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SENT_AT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ANSWERING_SINCE_FIELD_NUMBER: _ClassVar[int]
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    connection_id: str
    contact_id: str
    wamid: str
    wa_id: str
    type: str
    text: str
    payload: bytes
    sent_at: int
    state: WhatsAppInboundState
    attempts: int
    answering_since: int
    replies: _containers.RepeatedCompositeFieldContainer[WhatsAppReply]
    error: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., connection_id: _Optional[str] = ..., contact_id: _Optional[str] = ..., wamid: _Optional[str] = ..., wa_id: _Optional[str] = ..., type: _Optional[str] = ..., text: _Optional[str] = ..., payload: _Optional[bytes] = ..., sent_at: _Optional[int] = ..., state: _Optional[_Union[WhatsAppInboundState, str]] = ..., attempts: _Optional[int] = ..., answering_since: _Optional[int] = ..., replies: _Optional[_Iterable[_Union[WhatsAppReply, _Mapping]]] = ..., error: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class WhatsAppOutbound(_message.Message):
    __slots__ = ("id", "organization_id", "connection_id", "wamid", "wa_id", "type", "template_name", "inbound_id", "status", "status_at", "error_code", "error", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    WAMID_FIELD_NUMBER: _ClassVar[int]
    WA_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_NAME_FIELD_NUMBER: _ClassVar[int]
    INBOUND_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_AT_FIELD_NUMBER: _ClassVar[int]
    ERROR_CODE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    connection_id: str
    wamid: str
    wa_id: str
    type: str
    template_name: str
    inbound_id: str
    status: str
    status_at: int
    error_code: int
    error: str
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., connection_id: _Optional[str] = ..., wamid: _Optional[str] = ..., wa_id: _Optional[str] = ..., type: _Optional[str] = ..., template_name: _Optional[str] = ..., inbound_id: _Optional[str] = ..., status: _Optional[str] = ..., status_at: _Optional[int] = ..., error_code: _Optional[int] = ..., error: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
