from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.konversation.v1 import page_pb2 as _page_pb2
from knowflow.konversation.v1 import subscriber_pb2 as _subscriber_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListSubscribersRequest(_message.Message):
    __slots__ = ("limit", "page", "name", "phone", "email", "user_id", "is_channel", "is_opt_in_email", "is_opt_in_sms", "is_interacted_in_last_24h", "is_bot_interacted_in_last_24h", "is_last_message_in_last_24h", "segment_ns", "tag_ns", "label_id", "event_ns", "user_field_ns", "user_field_value", "flow_ns")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    IS_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    IS_OPT_IN_EMAIL_FIELD_NUMBER: _ClassVar[int]
    IS_OPT_IN_SMS_FIELD_NUMBER: _ClassVar[int]
    IS_INTERACTED_IN_LAST_24H_FIELD_NUMBER: _ClassVar[int]
    IS_BOT_INTERACTED_IN_LAST_24H_FIELD_NUMBER: _ClassVar[int]
    IS_LAST_MESSAGE_IN_LAST_24H_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_NS_FIELD_NUMBER: _ClassVar[int]
    TAG_NS_FIELD_NUMBER: _ClassVar[int]
    LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_NS_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NS_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_VALUE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    limit: int
    page: int
    name: str
    phone: str
    email: str
    user_id: str
    is_channel: str
    is_opt_in_email: str
    is_opt_in_sms: str
    is_interacted_in_last_24h: str
    is_bot_interacted_in_last_24h: str
    is_last_message_in_last_24h: str
    segment_ns: str
    tag_ns: str
    label_id: int
    event_ns: str
    user_field_ns: str
    user_field_value: str
    flow_ns: str
    def __init__(self, limit: _Optional[int] = ..., page: _Optional[int] = ..., name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., user_id: _Optional[str] = ..., is_channel: _Optional[str] = ..., is_opt_in_email: _Optional[str] = ..., is_opt_in_sms: _Optional[str] = ..., is_interacted_in_last_24h: _Optional[str] = ..., is_bot_interacted_in_last_24h: _Optional[str] = ..., is_last_message_in_last_24h: _Optional[str] = ..., segment_ns: _Optional[str] = ..., tag_ns: _Optional[str] = ..., label_id: _Optional[int] = ..., event_ns: _Optional[str] = ..., user_field_ns: _Optional[str] = ..., user_field_value: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetSubscriberRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class GetSubscriberByUserIdRequest(_message.Message):
    __slots__ = ("user_id", "flow_ns")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    flow_ns: str
    def __init__(self, user_id: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateSubscriberRequest(_message.Message):
    __slots__ = ("name", "first_name", "last_name", "phone", "email", "gender", "image", "locale", "language", "channel", "user_id", "flow_ns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    name: str
    first_name: str
    last_name: str
    phone: str
    email: str
    gender: str
    image: str
    locale: str
    language: str
    channel: str
    user_id: str
    flow_ns: str
    def __init__(self, name: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., gender: _Optional[str] = ..., image: _Optional[str] = ..., locale: _Optional[str] = ..., language: _Optional[str] = ..., channel: _Optional[str] = ..., user_id: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class CreateSubscribersRequest(_message.Message):
    __slots__ = ("users", "flow_ns")
    USERS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    users: _containers.RepeatedCompositeFieldContainer[NewSubscriber]
    flow_ns: str
    def __init__(self, users: _Optional[_Iterable[_Union[NewSubscriber, _Mapping]]] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class UpdateSubscriberRequest(_message.Message):
    __slots__ = ("user_ns", "name", "first_name", "last_name", "phone", "email", "gender", "image", "locale", "language", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    name: str
    first_name: str
    last_name: str
    phone: str
    email: str
    gender: str
    image: str
    locale: str
    language: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., name: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., gender: _Optional[str] = ..., image: _Optional[str] = ..., locale: _Optional[str] = ..., language: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class DeleteSubscriberRequest(_message.Message):
    __slots__ = ("user_ns", "flow_ns")
    USER_NS_FIELD_NUMBER: _ClassVar[int]
    FLOW_NS_FIELD_NUMBER: _ClassVar[int]
    user_ns: str
    flow_ns: str
    def __init__(self, user_ns: _Optional[str] = ..., flow_ns: _Optional[str] = ...) -> None: ...

class NewSubscriber(_message.Message):
    __slots__ = ("name", "first_name", "last_name", "phone", "email", "gender", "image", "tags", "user_fields")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FIRST_NAME_FIELD_NUMBER: _ClassVar[int]
    LAST_NAME_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    GENDER_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    USER_FIELDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    first_name: str
    last_name: str
    phone: str
    email: str
    gender: str
    image: str
    tags: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.TagNameRef]
    user_fields: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.FieldValue]
    def __init__(self, name: _Optional[str] = ..., first_name: _Optional[str] = ..., last_name: _Optional[str] = ..., phone: _Optional[str] = ..., email: _Optional[str] = ..., gender: _Optional[str] = ..., image: _Optional[str] = ..., tags: _Optional[_Iterable[_Union[_subscriber_pb2.TagNameRef, _Mapping]]] = ..., user_fields: _Optional[_Iterable[_Union[_subscriber_pb2.FieldValue, _Mapping]]] = ...) -> None: ...

class SubscriberResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _subscriber_pb2.BotUser
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_subscriber_pb2.BotUser, _Mapping]] = ...) -> None: ...

class ListSubscribersResponse(_message.Message):
    __slots__ = ("data", "links", "meta")
    DATA_FIELD_NUMBER: _ClassVar[int]
    LINKS_FIELD_NUMBER: _ClassVar[int]
    META_FIELD_NUMBER: _ClassVar[int]
    data: _containers.RepeatedCompositeFieldContainer[_subscriber_pb2.BotUser]
    links: _page_pb2.Links
    meta: _page_pb2.Meta
    def __init__(self, data: _Optional[_Iterable[_Union[_subscriber_pb2.BotUser, _Mapping]]] = ..., links: _Optional[_Union[_page_pb2.Links, _Mapping]] = ..., meta: _Optional[_Union[_page_pb2.Meta, _Mapping]] = ...) -> None: ...
