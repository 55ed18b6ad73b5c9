from knowflow.options.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ApiKey(_message.Message):
    __slots__ = ("id", "organization_id", "name", "sha256", "prefix", "created_at", "updated_at", "permissions", "last4", "expires_at", "last_used_at", "created_by", "workspace_id", "chatbot_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    PERMISSIONS_FIELD_NUMBER: _ClassVar[int]
    LAST4_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    LAST_USED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    CHATBOT_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    name: str
    sha256: str
    prefix: str
    created_at: int
    updated_at: int
    permissions: _containers.RepeatedScalarFieldContainer[_options_pb2.Permission]
    last4: str
    expires_at: int
    last_used_at: int
    created_by: str
    workspace_id: str
    chatbot_id: str
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., name: _Optional[str] = ..., sha256: _Optional[str] = ..., prefix: _Optional[str] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ..., permissions: _Optional[_Iterable[_Union[_options_pb2.Permission, str]]] = ..., last4: _Optional[str] = ..., expires_at: _Optional[int] = ..., last_used_at: _Optional[int] = ..., created_by: _Optional[str] = ..., workspace_id: _Optional[str] = ..., chatbot_id: _Optional[str] = ...) -> None: ...
