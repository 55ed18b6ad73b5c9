"""Organizations on the platform surface."""

from __future__ import annotations

from typing import Any

from knowflow.platform.v1 import organization_pb2, organization_service_pb2_grpc
from knowflow.platform.v1 import organization_service_pb2 as pb
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain.organization import Belonging, Organizations
from knowflow_server.domain.permission import ROLE_NAMES
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"
CHANGEABLE = ("name", "description", "icon", "default_chat_model")


def record_view(record: Organization, role: int) -> organization_pb2.Organization:
    """Return an organization as this surface shows it to one of its members."""
    return organization_pb2.Organization(
        id=record.id,
        name=record.name,
        description=record.description,
        icon=record.icon,
        default_chat_model=record.default_chat_model,
        role=ROLE_NAMES.get(role, ""),
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


def view(belonging: Belonging) -> organization_pb2.Organization:
    """Return an organization as this surface shows it."""
    return record_view(belonging.organization, belonging.role)


class OrganizationService(organization_service_pb2_grpc.OrganizationServiceServicer):
    """Answers for organizations."""

    def __init__(self, organizations: Organizations) -> None:
        self._organizations = organizations

    async def ListOrganizations(
        self, request: pb.ListOrganizationsRequest, context: Any
    ) -> pb.ListOrganizationsResponse:
        """List organizations."""
        page = self._organizations.list(caller(), page_request(request))
        return pb.ListOrganizationsResponse(
            status=SUCCESS, data=map(view, page.items), pagination=pagination(request, page)
        )

    async def CreateOrganization(
        self, request: pb.CreateOrganizationRequest, context: Any
    ) -> pb.CreateOrganizationResponse:
        """Create an organization."""
        made = await self._organizations.create(
            caller(), name=request.name, description=request.description, icon=request.icon
        )
        return pb.CreateOrganizationResponse(status=SUCCESS, data=view(made))

    async def GetOrganization(self, request: pb.GetOrganizationRequest, context: Any) -> pb.GetOrganizationResponse:
        """Return an organization."""
        return pb.GetOrganizationResponse(status=SUCCESS, data=view(self._organizations.get(caller())))

    async def UpdateOrganization(
        self, request: pb.UpdateOrganizationRequest, context: Any
    ) -> pb.UpdateOrganizationResponse:
        """Change an organization."""
        changes = {field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)}
        changed = await self._organizations.update(caller(), **changes)
        return pb.UpdateOrganizationResponse(status=SUCCESS, data=view(changed))

    async def DeleteOrganization(
        self, request: pb.DeleteOrganizationRequest, context: Any
    ) -> pb.DeleteOrganizationResponse:
        """Delete an organization."""
        await self._organizations.delete(caller())
        return pb.DeleteOrganizationResponse(status=SUCCESS)
