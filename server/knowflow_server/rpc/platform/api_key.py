"""API keys on the platform surface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from knowflow.platform.v1 import api_key_service_pb2 as pb
from knowflow.platform.v1 import api_key_service_pb2_grpc
from knowflow.store.v1.api_key_pb2 import ApiKey
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.permission import names_of, of_key
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"


def _microseconds(text: str) -> int:
    """Return a time of a request in microseconds since 1970; 0 for none.

    Raises:
        InvalidArgumentError: It is no time with a time zone.
    """
    if not text:
        return 0
    try:
        given = datetime.fromisoformat(text)
        # Beyond the year 9999 in UTC, it is no time that an answer could show.
        time = given.astimezone(UTC) if given.tzinfo is not None else None
    except (ValueError, OverflowError):
        time = None
    if time is None:
        raise InvalidArgumentError(
            "`expires_at` must be a time with a time zone, as 2030-01-15T10:30:00Z.", field="expires_at"
        )
    # 0 would mean that the key never expires.
    return max(1, int(time.timestamp() * 1_000_000))


class ApiKeyService(api_key_service_pb2_grpc.ApiKeyServiceServicer):
    """Answers for API keys."""

    def __init__(self, keys: ApiKeys) -> None:
        self._keys = keys

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Any) -> pb.CreateApiKeyResponse:
        """Create a key."""
        record, value = await self._keys.create(
            caller(),
            name=request.name,
            permissions=request.permissions,
            expires_at=_microseconds(request.expires_at),
            workspace_id=request.workspace_id,
            chatbot_id=request.chatbot_id,
        )
        return pb.CreateApiKeyResponse(status=SUCCESS, data=self._view(record, value))

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Any) -> pb.ListApiKeysResponse:
        """List keys."""
        page = self._keys.list(caller(), page_request(request))
        described = pagination(request, page, lambda record: (record.created_at, record.id))
        return pb.ListApiKeysResponse(status=SUCCESS, data=map(self._view, page.items), pagination=described)

    async def DeleteApiKey(self, request: pb.DeleteApiKeyRequest, context: Any) -> pb.DeleteApiKeyResponse:
        """Revoke a key."""
        await self._keys.revoke(caller(), request.api_key_id)
        return pb.DeleteApiKeyResponse(status=SUCCESS)

    def _view(self, record: ApiKey, value: str | None = None) -> pb.ApiKey:
        used = self._keys.last_used(record)
        return pb.ApiKey(
            id=record.id,
            name=record.name,
            token=value,
            prefix=record.prefix,
            last4=record.last4,
            permissions=names_of(of_key(record.permissions)),
            expires_at=iso(record.expires_at) if record.expires_at else None,
            last_used_at=iso(used) if used else None,
            created_at=iso(record.created_at),
            workspace_id=record.workspace_id,
            chatbot_id=record.chatbot_id,
        )
