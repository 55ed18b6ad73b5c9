from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from knowflow.options.v1 import options_pb2 as _options_pb2
from knowflow.platform.v1 import deployment_pb2 as _deployment_pb2
from knowflow.platform.v1 import page_pb2 as _page_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class App(_message.Message):
    __slots__ = ("id", "name", "description", "kind", "assistant_id", "agent_id", "knowledge_base_ids", "instructions", "model", "active_deployments", "created_at", "updated_at")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_BASE_IDS_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_DEPLOYMENTS_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    description: str
    kind: str
    assistant_id: str
    agent_id: str
    knowledge_base_ids: _containers.RepeatedScalarFieldContainer[str]
    instructions: str
    model: str
    active_deployments: _containers.RepeatedCompositeFieldContainer[ActiveDeployment]
    created_at: str
    updated_at: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., kind: _Optional[str] = ..., assistant_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., knowledge_base_ids: _Optional[_Iterable[str]] = ..., instructions: _Optional[str] = ..., model: _Optional[str] = ..., active_deployments: _Optional[_Iterable[_Union[ActiveDeployment, _Mapping]]] = ..., created_at: _Optional[str] = ..., updated_at: _Optional[str] = ...) -> None: ...

class ActiveDeployment(_message.Message):
    __slots__ = ("channel", "deployment_id")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    channel: str
    deployment_id: str
    def __init__(self, channel: _Optional[str] = ..., deployment_id: _Optional[str] = ...) -> None: ...

class CreateAppRequest(_message.Message):
    __slots__ = ("name", "description", "knowledge_base_ids", "instructions", "model", "assistant_id", "agent_id", "organization_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_BASE_IDS_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    ASSISTANT_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    knowledge_base_ids: _containers.RepeatedScalarFieldContainer[str]
    instructions: str
    model: str
    assistant_id: str
    agent_id: str
    organization_id: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., knowledge_base_ids: _Optional[_Iterable[str]] = ..., instructions: _Optional[str] = ..., model: _Optional[str] = ..., assistant_id: _Optional[str] = ..., agent_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class CreateAppResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: App
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[App, _Mapping]] = ...) -> None: ...

class ListAppsRequest(_message.Message):
    __slots__ = ("page", "limit", "cursor", "organization_id")
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    page: int
    limit: int
    cursor: str
    organization_id: str
    def __init__(self, page: _Optional[int] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class ListAppsResponse(_message.Message):
    __slots__ = ("status", "data", "pagination")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _containers.RepeatedCompositeFieldContainer[App]
    pagination: _page_pb2.Pagination
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Iterable[_Union[App, _Mapping]]] = ..., pagination: _Optional[_Union[_page_pb2.Pagination, _Mapping]] = ...) -> None: ...

class GetAppRequest(_message.Message):
    __slots__ = ("app_id", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class GetAppResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: App
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[App, _Mapping]] = ...) -> None: ...

class UpdateAppRequest(_message.Message):
    __slots__ = ("app_id", "name", "description", "knowledge_base_ids", "instructions", "model", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    KNOWLEDGE_BASE_IDS_FIELD_NUMBER: _ClassVar[int]
    INSTRUCTIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    name: str
    description: str
    knowledge_base_ids: _containers.RepeatedScalarFieldContainer[str]
    instructions: str
    model: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., name: _Optional[str] = ..., description: _Optional[str] = ..., knowledge_base_ids: _Optional[_Iterable[str]] = ..., instructions: _Optional[str] = ..., model: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class UpdateAppResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: App
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[App, _Mapping]] = ...) -> None: ...

class DeleteAppRequest(_message.Message):
    __slots__ = ("app_id", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class DeleteAppResponse(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...

class CreateDeploymentRequest(_message.Message):
    __slots__ = ("app_id", "channel", "config", "activate", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    ACTIVATE_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    channel: str
    config: _deployment_pb2.DeploymentConfig
    activate: bool
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., channel: _Optional[str] = ..., config: _Optional[_Union[_deployment_pb2.DeploymentConfig, _Mapping]] = ..., activate: _Optional[bool] = ..., organization_id: _Optional[str] = ...) -> None: ...

class CreateDeploymentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _deployment_pb2.Deployment
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_deployment_pb2.Deployment, _Mapping]] = ...) -> None: ...

class ListDeploymentsRequest(_message.Message):
    __slots__ = ("app_id", "page", "limit", "cursor", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    page: int
    limit: int
    cursor: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., page: _Optional[int] = ..., limit: _Optional[int] = ..., cursor: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class ListDeploymentsResponse(_message.Message):
    __slots__ = ("status", "data", "pagination")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    PAGINATION_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _containers.RepeatedCompositeFieldContainer[_deployment_pb2.Deployment]
    pagination: _page_pb2.Pagination
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Iterable[_Union[_deployment_pb2.Deployment, _Mapping]]] = ..., pagination: _Optional[_Union[_page_pb2.Pagination, _Mapping]] = ...) -> None: ...

class GetDeploymentRequest(_message.Message):
    __slots__ = ("app_id", "deployment_id", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    deployment_id: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., deployment_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class GetDeploymentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _deployment_pb2.Deployment
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_deployment_pb2.Deployment, _Mapping]] = ...) -> None: ...

class UpdateDeploymentRequest(_message.Message):
    __slots__ = ("app_id", "deployment_id", "config", "status", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    deployment_id: str
    config: _deployment_pb2.DeploymentConfig
    status: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., deployment_id: _Optional[str] = ..., config: _Optional[_Union[_deployment_pb2.DeploymentConfig, _Mapping]] = ..., status: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class UpdateDeploymentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _deployment_pb2.Deployment
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_deployment_pb2.Deployment, _Mapping]] = ...) -> None: ...

class DeleteDeploymentRequest(_message.Message):
    __slots__ = ("app_id", "deployment_id", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    deployment_id: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., deployment_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class DeleteDeploymentResponse(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: str
    def __init__(self, status: _Optional[str] = ...) -> None: ...

class ActivateDeploymentRequest(_message.Message):
    __slots__ = ("app_id", "deployment_id", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    deployment_id: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., deployment_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class ActivateDeploymentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _deployment_pb2.Deployment
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_deployment_pb2.Deployment, _Mapping]] = ...) -> None: ...

class RollBackDeploymentRequest(_message.Message):
    __slots__ = ("app_id", "deployment_id", "organization_id")
    APP_ID_FIELD_NUMBER: _ClassVar[int]
    DEPLOYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANIZATION_ID_FIELD_NUMBER: _ClassVar[int]
    app_id: str
    deployment_id: str
    organization_id: str
    def __init__(self, app_id: _Optional[str] = ..., deployment_id: _Optional[str] = ..., organization_id: _Optional[str] = ...) -> None: ...

class RollBackDeploymentResponse(_message.Message):
    __slots__ = ("status", "data")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    status: str
    data: _deployment_pb2.Deployment
    def __init__(self, status: _Optional[str] = ..., data: _Optional[_Union[_deployment_pb2.Deployment, _Mapping]] = ...) -> None: ...
