from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Tag(_message.Message):
    __slots__ = ("name", "tag_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TAG_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    tag_ns: str
    def __init__(self, name: _Optional[str] = ..., tag_ns: _Optional[str] = ...) -> None: ...

class UserField(_message.Message):
    __slots__ = ("var_ns", "name", "var_type", "description", "value", "display_type")
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VAR_TYPE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_TYPE_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    name: str
    var_type: str
    description: str
    value: str
    display_type: str
    def __init__(self, var_ns: _Optional[str] = ..., name: _Optional[str] = ..., var_type: _Optional[str] = ..., description: _Optional[str] = ..., value: _Optional[str] = ..., display_type: _Optional[str] = ...) -> None: ...

class BotUser(_message.Message):
    __slots__ = ("user_ns", "user_id", "name", "first_name", "last_name", "email", "phone", "gender", "profile_pic", "locale", "language", "channel", "subscribed", "last_interaction", "last_seen", "last_message_at", "last_message_type", "opted_in_email", "opted_in_sms", "opted_in_through", "tags", "labels", "user_fields", "status", "agent_id", "agent_group_id", "bot_paused_until")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    PROFILE_PIC_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBED_FIELD_NUMBER: _ClassVar[int]
    LAST_INTERACTION_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_MESSAGE_TYPE_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_EMAIL_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_SMS_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_THROUGH_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    USER_FIELDS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    BOT_PAUSED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    user_id: str
    name: str
    first_name: str
    last_name: str
    email: str
    phone: str
    gender: str
    profile_pic: str
    locale: str
    language: str
    channel: str
    subscribed: str
    last_interaction: str
    last_seen: str
    last_message_at: str
    last_message_type: str
    opted_in_email: str
    opted_in_sms: str
    opted_in_through: str
    tags: _containers.RepeatedCompositeFieldContainer[Tag]
    labels: _containers.RepeatedCompositeFieldContainer[Label]
    user_fields: _containers.RepeatedCompositeFieldContainer[UserField]
    status: str
    agent_id: int
    agent_group_id: int
    bot_paused_until: str
    def __init__(self, user_ns: _Optional[str] = ..., user_id: _Optional[str] = ..., name: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., email: _Optional[str] = ..., phone: _Optional[str] = ..., gender: _Optional[str] = ..., profile_pic: _Optional[str] = ..., locale: _Optional[str] = ..., language: _Optional[str] = ..., channel: _Optional[str] = ..., subscribed: _Optional[str] = ..., last_interaction: _Optional[str] = ..., last_seen: _Optional[str] = ..., last_message_at: _Optional[str] = ..., last_message_type: _Optional[str] = ..., opted_in_email: _Optional[str] = ..., opted_in_sms: _Optional[str] = ..., opted_in_through: _Optional[str] = ..., tags: _Optional[_Iterable[_Union[Tag, _Mapping]]] = ..., labels: _Optional[_Iterable[_Union[Label, _Mapping]]] = ..., user_fields: _Optional[_Iterable[_Union[UserField, _Mapping]]] = ..., status: _Optional[str] = ..., agent_id: _Optional[int] = ..., agent_group_id: _Optional[int] = ..., bot_paused_until: _Optional[str] = ...) -> None: ...

class Label(_message.Message):
    __slots__ = ("id", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: int
    name: str
    def __init__(self, id: _Optional[int] = ..., name: _Optional[str] = ...) -> None: ...

class TagRef(_message.Message):
    __slots__ = ("tag_ns",)
    TAG_NS_FIELD_NUMBER: _ClassVar[int]
    tag_ns: str
    def __init__(self, tag_ns: _Optional[str] = ...) -> None: ...

class TagNameRef(_message.Message):
    __slots__ = ("tag_name",)
    TAG_NAME_FIELD_NUMBER: _ClassVar[int]
    tag_name: str
    def __init__(self, tag_name: _Optional[str] = ...) -> None: ...

class LabelNameRef(_message.Message):
    __slots__ = ("label_name",)
    LABEL_NAME_FIELD_NUMBER: _ClassVar[int]
    label_name: str
    def __init__(self, label_name: _Optional[str] = ...) -> None: ...

class FieldRef(_message.Message):
    __slots__ = ("var_ns",)
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    def __init__(self, var_ns: _Optional[str] = ...) -> None: ...

class FieldNameRef(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class FieldValue(_message.Message):
    __slots__ = ("var_ns", "value")
    VAR_NS_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    var_ns: str
    value: _struct_pb2.Value
    def __init__(self, var_ns: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class NamedValue(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: _struct_pb2.Value
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...
