from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Organization(_message.Message):
    __slots__ = ("id", "name", "created_at", "updated_at", "description", "icon", "deleting", "default_chat_model")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ICON_FIELD_NUMBER: _ClassVar[int]
    DELETING_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_CHAT_MODEL_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    created_at: int
    updated_at: int
    description: str
    icon: str
    deleting: bool
    default_chat_model: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., description: _Optional[str] = ..., icon: _Optional[str] = ..., deleting: _Optional[bool] = ..., default_chat_model: _Optional[str] = ...) -> None: ...
