"""API keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from knowflow._sync.transport import Transport
from knowflow.platform.v1 import api_key_service_pb2 as api
from knowflow.platform.v1.api_key_service_pb2_grpc import ApiKeyServiceStub


class Keys:
    """API keys of the organization for which the client's key is."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stub = transport.stub(ApiKeyServiceStub)

    def create(self, name: str, *, permissions: Sequence[str] = (), expires_at: str = "") -> api.ApiKey:
        """Create a key, and return it with its value in `token`, this once.

        Args:
            name: Shown to people.
            permissions: What it may do. Default: everything that the client's key may.
            expires_at: ISO 8601 with a time zone. Default: never.
        """
        request = api.CreateApiKeyRequest(name=name, permissions=permissions, expires_at=expires_at)
        answer = self._transport.call(self._stub.CreateApiKey, request)
        created: api.ApiKey = answer.data
        return created

    def list(self) -> Iterator[api.ApiKey]:
        """Yield all keys, oldest first, without their values."""
        cursor = ""
        while True:
            answer = self._transport.call(self._stub.ListApiKeys, api.ListApiKeysRequest(limit=100, cursor=cursor))
            for key in answer.data:
                yield key
            cursor = answer.pagination.next_cursor
            if not cursor:
                return

    def revoke(self, api_key_id: str) -> None:
        """Revoke a key: the next call with it is refused."""
        self._transport.call(self._stub.DeleteApiKey, api.DeleteApiKeyRequest(api_key_id=api_key_id))
