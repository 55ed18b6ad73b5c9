from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Organization(_message.Message):
    __slots__ = ("id", "name", "description", "icon", "role", "created_at", "updated_at", "default_chat_model")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ICON_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_CHAT_MODEL_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    icon: str
    role: str
    created_at: str
    updated_at: str
    default_chat_model: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., icon: _Optional[str] = ..., role: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ..., default_chat_model: _Optional[str] = ...) -> None: ...
