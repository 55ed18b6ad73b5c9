"""API keys for chatbots."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import api_key_service_pb2 as pb
from knowflow.konversation.v1 import api_key_service_pb2_grpc, page_pb2
from knowflow.options.v1 import options_pb2 as options
from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.permission import NAMES, names_of, of_key
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.platform import OrganizationNotFoundError
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request

# What keys of this surface may carry.
PERMISSIONS = (options.PERMISSION_MANAGE_FLOW, options.PERMISSION_MANAGE_TEAM, options.PERMISSION_SEND_MESSAGE)


class ApiKeyService(api_key_service_pb2_grpc.ApiKeyServiceServicer):
    """Answers for API keys."""

    def __init__(self, keys: ApiKeys, flows: Flows) -> None:
        self._keys = keys
        self._flows = flows

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Any) -> pb.ApiKeyResponse:
        """Create a key."""
        principal = _in_workspace(request)
        record, value = await self._keys.create(
            principal,
            name=request.name,
            permissions=_granted(principal, request.permissions),
            workspace_id=principal.organization_id,
            chatbot_id=request.flow_ns,
        )
        return pb.ApiKeyResponse(status=OK, data=_view(record, value))

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Any) -> pb.ListApiKeysResponse:
        """List keys."""
        principal = _in_workspace(request)
        if request.flow_ns:
            self._flows.chosen(principal, request.flow_ns)
        page = self._keys.list(principal, page_request(request), chatbot_id=request.flow_ns)
        return pb.ListApiKeysResponse(**listed(request, page, "/admin/api-keys", [_view(key) for key in page.items]))

    async def DeleteApiKey(self, request: pb.DeleteApiKeyRequest, context: Any) -> page_pb2.Done:
        """Revoke a key."""
        await self._keys.revoke(caller(), request.api_key_id)
        return done()


def _in_workspace(request: Any) -> Principal:
    """Return the caller, who must act for the workspace which the request names.

    Raises:
        OrganizationNotFoundError: It is another one.
    """
    principal = caller()
    if request.workspace_id not in ("", principal.organization_id):
        raise OrganizationNotFoundError(organization_id=request.workspace_id)
    return principal


def _granted(principal: Principal, asked: Any) -> list[str]:
    """Return the names of the permissions of a new key.

    Raises:
        InvalidArgumentError: One is none of this surface, or there is none that the caller could grant.
    """
    possible = [NAMES[number] for number in PERMISSIONS]
    for name in asked:
        if name not in possible:
            raise InvalidArgumentError(
                f"There is no permission {name[:100]!r}. Possible are: {', '.join(possible)}.", field="permissions"
            )
    granted = list(asked) or [NAMES[number] for number in PERMISSIONS if number in principal.permissions]
    if not granted:
        raise InvalidArgumentError("You have none of the permissions that a key can have.", field="permissions")
    return granted


def _view(record: ApiKey, value: str | None = None) -> pb.ApiKey:
    return pb.ApiKey(
        id=record.id,
        name=record.name,
        token=value,
        prefix=record.prefix,
        last4=record.last4,
        workspace_id=record.workspace_id or record.organization_id,
        flow_ns=record.chatbot_id,
        permissions=names_of(of_key(record.permissions)),
        created_at=time_text(record.created_at),
    )
