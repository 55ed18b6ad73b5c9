from buf.validate import validate_pb2 as _validate_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Deployment(_message.Message):
    __slots__ = ("id", "app_id", "number", "channel", "status", "error", "config", "token", "snapshot", "activated_at", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    app_id: str
    number: int
    channel: str
    status: str
    error: str
    config: DeploymentConfig
    token: str
    snapshot: DeploymentSnapshot
    activated_at: str
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[str] = ..., app_id: _Optional[str] = ..., number: _Optional[int] = ..., channel: _Optional[str] = ..., status: _Optional[str] = ..., error: _Optional[str] = ..., config: _Optional[_Union[DeploymentConfig, _Mapping]] = ..., token: _Optional[str] = ..., snapshot: _Optional[_Union[DeploymentSnapshot, _Mapping]] = ..., activated_at: _Optional[str] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class DeploymentConfig(_message.Message):
    __slots__ = ("allowed_origins", "connection_id")
    ALLOWED_ORIGINS_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    allowed_origins: _containers.RepeatedScalarFieldContainer[str]
    connection_id: str
    def __init__(self, allowed_origins: _Optional[_Iterable[str]] = ..., connection_id: _Optional[str] = ...) -> None: ...

class DeploymentSnapshot(_message.Message):
    __slots__ = ("name", "knowledge_base_ids", "instructions", "model")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_BASE_IDS_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    name: str
    knowledge_base_ids: _containers.RepeatedScalarFieldContainer[str]
    instructions: str
    model: str
    def __init__(self, name: _Optional[str] = ..., knowledge_base_ids: _Optional[_Iterable[str]] = ..., instructions: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...
