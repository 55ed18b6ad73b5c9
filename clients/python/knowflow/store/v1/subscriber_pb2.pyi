from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHAT_STATUS_UNSPECIFIED: _ClassVar[ChatStatus]
    CHAT_STATUS_OPEN: _ClassVar[ChatStatus]
    CHAT_STATUS_PENDING: _ClassVar[ChatStatus]
    CHAT_STATUS_SPAM: _ClassVar[ChatStatus]
    CHAT_STATUS_DONE: _ClassVar[ChatStatus]
CHAT_STATUS_UNSPECIFIED: ChatStatus
CHAT_STATUS_OPEN: ChatStatus
CHAT_STATUS_PENDING: ChatStatus
CHAT_STATUS_SPAM: ChatStatus
CHAT_STATUS_DONE: ChatStatus

class SubscriberField(_message.Message):
    __slots__ = ("field", "value")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    field: int
    value: str
    def __init__(self, field: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...

class Subscriber(_message.Message):
    __slots__ = ("id", "organization_id", "flow_id", "number", "name", "user_id", "first_name", "last_name", "email", "phone", "gender", "profile_pic", "locale", "language", "channel", "subscribed_at", "last_interaction", "last_bot_interaction", "last_seen", "last_message_at", "last_message_type", "opted_in_email", "opted_in_sms", "opted_in_through", "tags", "labels", "events", "fields", "paused_until", "agent", "agent_group", "status", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    PROFILE_PIC_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBED_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_INTERACTION_FIELD_NUMBER: _ClassVar[int]
    LAST_BOT_INTERACTION_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_TYPE_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_EMAIL_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_SMS_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_THROUGH_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    PAUSED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AGENT_GROUP_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    flow_id: str
    number: int
    name: str
    user_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    gender: str
    profile_pic: str
    locale: str
    language: str
    channel: str
    subscribed_at: int
    last_interaction: int
    last_bot_interaction: int
    last_seen: int
    last_message_at: int
    last_message_type: str
    opted_in_email: int
    opted_in_sms: int
    opted_in_through: str
    tags: _containers.RepeatedScalarFieldContainer[int]
    labels: _containers.RepeatedScalarFieldContainer[int]
    events: _containers.RepeatedScalarFieldContainer[int]
    fields: _containers.RepeatedCompositeFieldContainer[SubscriberField]
    paused_until: int
    agent: int
    agent_group: int
    status: ChatStatus
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., flow_id: _Optional[str] = ..., number: _Optional[int] = ..., name: _Optional[str] = ..., user_id: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., email: _Optional[str] = ..., phone: _Optional[str] = ..., gender: _Optional[str] = ..., profile_pic: _Optional[str] = ..., locale: _Optional[str] = ..., language: _Optional[str] = ..., channel: _Optional[str] = ..., subscribed_at: _Optional[int] = ..., last_interaction: _Optional[int] = ..., last_bot_interaction: _Optional[int] = ..., last_seen: _Optional[int] = ..., last_message_at: _Optional[int] = ..., last_message_type: _Optional[str] = ..., opted_in_email: _Optional[int] = ..., opted_in_sms: _Optional[int] = ..., opted_in_through: _Optional[str] = ..., tags: _Optional[_Iterable[int]] = ..., labels: _Optional[_Iterable[int]] = ..., events: _Optional[_Iterable[int]] = ..., fields: _Optional[_Iterable[_Union[SubscriberField, _Mapping]]] = ..., paused_until: _Optional[int] = ..., agent: _Optional[int] = ..., agent_group: _Optional[int] = ..., status: _Optional[_Union[ChatStatus, str]] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...
