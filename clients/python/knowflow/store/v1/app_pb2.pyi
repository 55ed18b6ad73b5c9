from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.store.v1 import chat_pb2 as _chat_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AppKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    APP_KIND_UNSPECIFIED: _ClassVar[AppKind]
    APP_KIND_ASSISTANT: _ClassVar[AppKind]
    APP_KIND_AGENT: _ClassVar[AppKind]

class DeploymentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEPLOYMENT_STATE_UNSPECIFIED: _ClassVar[DeploymentState]
    DEPLOYMENT_STATE_PENDING: _ClassVar[DeploymentState]
    DEPLOYMENT_STATE_ACTIVE: _ClassVar[DeploymentState]
    DEPLOYMENT_STATE_STOPPED: _ClassVar[DeploymentState]
    DEPLOYMENT_STATE_FAILED: _ClassVar[DeploymentState]
APP_KIND_UNSPECIFIED: AppKind
APP_KIND_ASSISTANT: AppKind
APP_KIND_AGENT: AppKind
DEPLOYMENT_STATE_UNSPECIFIED: DeploymentState
DEPLOYMENT_STATE_PENDING: DeploymentState
DEPLOYMENT_STATE_ACTIVE: DeploymentState
DEPLOYMENT_STATE_STOPPED: DeploymentState
DEPLOYMENT_STATE_FAILED: DeploymentState

class App(_message.Message):
    __slots__ = ("id", "organization_id", "name", "description", "kind", "source_id", "made_source", "activations", "deployment_count", "website_sha256", "website_sealed", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    MADE_SOURCE_FIELD_NUMBER: _ClassVar[int]
    ACTIVATIONS_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    WEBSITE_SHA256_FIELD_NUMBER: _ClassVar[int]
    WEBSITE_SEALED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    name: str
    description: str
    kind: AppKind
    source_id: str
    made_source: bool
    activations: _containers.RepeatedCompositeFieldContainer[Activation]
    deployment_count: int
    website_sha256: str
    website_sealed: bytes
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., kind: _Optional[_Union[AppKind, str]] = ..., source_id: _Optional[str] = ..., made_source: _Optional[bool] = ..., activations: _Optional[_Iterable[_Union[Activation, _Mapping]]] = ..., deployment_count: _Optional[int] = ..., website_sha256: _Optional[str] = ..., website_sealed: _Optional[bytes] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class Activation(_message.Message):
    __slots__ = ("channel", "deployment_id")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    channel: str
    deployment_id: str
    def __init__(self, channel: _Optional[str] = ..., deployment_id: _Optional[str] = ...) -> None: ...

class Deployment(_message.Message):
    __slots__ = ("id", "organization_id", "app_id", "number", "channel", "state", "error", "allowed_origins", "connection_id", "assistant", "agent_title", "agent_dsl", "activated_at", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_ORIGINS_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_ID_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_FIELD_NUMBER: _ClassVar[int]
    AGENT_TITLE_FIELD_NUMBER: _ClassVar[int]
    AGENT_DSL_FIELD_NUMBER: _ClassVar[int]
    ACTIVATED_AT_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    app_id: str
    number: int
    channel: str
    state: DeploymentState
    error: str
    allowed_origins: _containers.RepeatedScalarFieldContainer[str]
    connection_id: str
    assistant: _chat_pb2.Assistant
    agent_title: str
    agent_dsl: str
    activated_at: int
    created_at: int
    updated_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., app_id: _Optional[str] = ..., number: _Optional[int] = ..., channel: _Optional[str] = ..., state: _Optional[_Union[DeploymentState, str]] = ..., error: _Optional[str] = ..., allowed_origins: _Optional[_Iterable[str]] = ..., connection_id: _Optional[str] = ..., assistant: _Optional[_Union[_chat_pb2.Assistant, _Mapping]] = ..., agent_title: _Optional[str] = ..., agent_dsl: _Optional[str] = ..., activated_at: _Optional[int] = ..., created_at: _Optional[int] = ..., updated_at: _Optional[int] = ...) -> None: ...

class IntegrationSession(_message.Message):
    __slots__ = ("id", "organization_id", "app_id", "name", "from_website", "created_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FROM_WEBSITE_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    organization_id: str
    app_id: str
    name: str
    from_website: bool
    created_at: int
    def __init__(self, id: _Optional[str] = ..., organization_id: _Optional[str] = ..., app_id: _Optional[str] = ..., name: _Optional[str] = ..., from_website: _Optional[bool] = ..., created_at: _Optional[int] = ...) -> None: ...
