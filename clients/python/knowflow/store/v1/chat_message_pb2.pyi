from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ChatMessage(_message.Message):
    __slots__ = ("id", "organization_id", "subscriber_id", "type", "msg_type", "content", "payload", "sender_id", "cause", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIBER_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MSG_TYPE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    SENDER_ID_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    subscriber_id: str
    type: str
    msg_type: str
    content: str
    payload: str
    sender_id: str
    cause: str
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., subscriber_id: _Optional[str] = ..., type: _Optional[str] = ..., msg_type: _Optional[str] = ..., content: _Optional[str] = ..., payload: _Optional[str] = ..., sender_id: _Optional[str] = ..., cause: _Optional[str] = ..., created_at: _Optional[int] = ...) -> None: ...
