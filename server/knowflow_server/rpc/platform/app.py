"""Apps and deployments on the platform surface."""

from __future__ import annotations

from typing import Any

from knowflow.options.v1 import options_pb2
from knowflow.platform.v1 import app_service_pb2 as pb
from knowflow.platform.v1 import app_service_pb2_grpc, deployment_pb2
from knowflow.store.v1.app_pb2 import APP_KIND_AGENT, App, Deployment
from knowflow_server.domain.app.apps import Apps
from knowflow_server.domain.app.deployment import STATUSES, Deployments
from knowflow_server.domain.app.instructions import instructions_of
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"


def snapshot_view(record: Deployment) -> deployment_pb2.DeploymentSnapshot:
    """Return what a deployment froze as this surface shows it."""
    if record.agent_dsl:
        return deployment_pb2.DeploymentSnapshot(name=record.agent_title)
    frozen = record.assistant
    return deployment_pb2.DeploymentSnapshot(
        name=frozen.name,
        knowledge_base_ids=frozen.dataset_ids,
        instructions=instructions_of(frozen),
        model=frozen.llm.model_name,
    )


def _place(record: App | Deployment) -> tuple[int, str]:
    return record.created_at, record.id


class AppService(app_service_pb2_grpc.AppServiceServicer):
    """Answers for apps and deployments."""

    def __init__(self, apps: Apps, deployments: Deployments) -> None:
        self._apps = apps
        self._deployments = deployments

    async def CreateApp(self, request: pb.CreateAppRequest, context: Any) -> pb.CreateAppResponse:
        """Create an app."""
        made = await self._apps.create(
            caller(),
            name=request.name,
            description=request.description,
            knowledge_base_ids=request.knowledge_base_ids,
            instructions=request.instructions,
            model=request.model,
            assistant_id=request.assistant_id,
            agent_id=request.agent_id,
        )
        return pb.CreateAppResponse(status=SUCCESS, data=self._view(made))

    async def ListApps(self, request: pb.ListAppsRequest, context: Any) -> pb.ListAppsResponse:
        """List apps."""
        page = self._apps.list(caller(), page_request(request))
        described = pagination(request, page, _place)
        return pb.ListAppsResponse(status=SUCCESS, data=map(self._view, page.items), pagination=described)

    async def GetApp(self, request: pb.GetAppRequest, context: Any) -> pb.GetAppResponse:
        """Return an app."""
        return pb.GetAppResponse(status=SUCCESS, data=self._view(self._apps.get(caller(), request.app_id)))

    async def UpdateApp(self, request: pb.UpdateAppRequest, context: Any) -> pb.UpdateAppResponse:
        """Change an app."""
        fields = ("name", "description", "instructions", "model")
        changes: dict[str, Any] = {field: getattr(request, field) for field in fields if request.HasField(field)}
        changed = await self._apps.update(
            caller(), request.app_id, knowledge_base_ids=request.knowledge_base_ids, **changes
        )
        return pb.UpdateAppResponse(status=SUCCESS, data=self._view(changed))

    async def DeleteApp(self, request: pb.DeleteAppRequest, context: Any) -> pb.DeleteAppResponse:
        """Delete an app."""
        await self._apps.delete(caller(), request.app_id)
        return pb.DeleteAppResponse(status=SUCCESS)

    async def CreateDeployment(self, request: pb.CreateDeploymentRequest, context: Any) -> pb.CreateDeploymentResponse:
        """Create a deployment."""
        made = await self._deployments.create(
            caller(),
            request.app_id,
            channel=request.channel,
            allowed_origins=request.config.allowed_origins,
            connection_id=request.config.connection_id,
            activate=request.activate,
        )
        return pb.CreateDeploymentResponse(status=SUCCESS, data=self._deployment(made))

    async def ListDeployments(self, request: pb.ListDeploymentsRequest, context: Any) -> pb.ListDeploymentsResponse:
        """List deployments."""
        page = self._deployments.list(caller(), request.app_id, page_request(request))
        described = pagination(request, page, _place)
        return pb.ListDeploymentsResponse(status=SUCCESS, data=map(self._deployment, page.items), pagination=described)

    async def GetDeployment(self, request: pb.GetDeploymentRequest, context: Any) -> pb.GetDeploymentResponse:
        """Return a deployment."""
        record = self._deployments.get(caller(), request.app_id, request.deployment_id)
        return pb.GetDeploymentResponse(status=SUCCESS, data=self._deployment(record))

    async def UpdateDeployment(self, request: pb.UpdateDeploymentRequest, context: Any) -> pb.UpdateDeploymentResponse:
        """Change a deployment."""
        changed = await self._deployments.update(
            caller(),
            request.app_id,
            request.deployment_id,
            allowed_origins=request.config.allowed_origins if request.HasField("config") else None,
            connection_id=request.config.connection_id,
            stops=request.HasField("status"),
        )
        return pb.UpdateDeploymentResponse(status=SUCCESS, data=self._deployment(changed))

    async def DeleteDeployment(self, request: pb.DeleteDeploymentRequest, context: Any) -> pb.DeleteDeploymentResponse:
        """Delete a deployment."""
        await self._deployments.delete(caller(), request.app_id, request.deployment_id)
        return pb.DeleteDeploymentResponse(status=SUCCESS)

    async def ActivateDeployment(
        self, request: pb.ActivateDeploymentRequest, context: Any
    ) -> pb.ActivateDeploymentResponse:
        """Activate a deployment."""
        record = await self._deployments.activate(caller(), request.app_id, request.deployment_id)
        return pb.ActivateDeploymentResponse(status=SUCCESS, data=self._deployment(record))

    async def RollBackDeployment(
        self, request: pb.RollBackDeploymentRequest, context: Any
    ) -> pb.RollBackDeploymentResponse:
        """Roll back a deployment."""
        record = await self._deployments.roll_back(caller(), request.app_id, request.deployment_id)
        return pb.RollBackDeploymentResponse(status=SUCCESS, data=self._deployment(record))

    def _view(self, record: App) -> pb.App:
        is_agent = record.kind == APP_KIND_AGENT
        assistant = self._apps.assistant(record)
        active = self._deployments.active(record)
        return pb.App(
            id=record.id,
            name=record.name,
            description=record.description,
            kind="agent" if is_agent else "assistant",
            assistant_id=None if is_agent else record.source_id,
            agent_id=record.source_id if is_agent else None,
            knowledge_base_ids=assistant.dataset_ids if assistant is not None else (),
            instructions=instructions_of(assistant) if assistant is not None else None,
            model=assistant.llm.model_name if assistant is not None else None,
            active_deployments=[
                pb.ActiveDeployment(channel=name, deployment_id=one.id) for name, one in active.items()
            ],
            created_at=iso(record.created_at),
            updated_at=iso(record.updated_at),
        )

    def _deployment(self, record: Deployment) -> deployment_pb2.Deployment:
        changes = options_pb2.PERMISSION_APPS_WRITE in caller().permissions
        config = deployment_pb2.DeploymentConfig(
            allowed_origins=record.allowed_origins, connection_id=record.connection_id
        )
        return deployment_pb2.Deployment(
            id=record.id,
            app_id=record.app_id,
            number=record.number,
            channel=record.channel,
            status=STATUSES[record.state],
            error=record.error or None,
            config=config,
            token=(self._deployments.token(record) or None) if changes else None,
            snapshot=snapshot_view(record),
            activated_at=iso(record.activated_at) if record.activated_at else None,
            created_at=iso(record.created_at),
            updated_at=iso(record.updated_at),
        )
