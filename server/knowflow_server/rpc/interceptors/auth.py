"""Who calls: a key or a session token in any of the three styles, on every method that does not say otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager

from knowflow_server.domain.access import Access
from knowflow_server.errors.base import ApiKeyMissingError
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer


def key_of(call: Call) -> str:
    """Return the API key of a call: `Authorization: Bearer K`, `Authorization: K` or `X-API-Key: K`.

    Raises:
        ApiKeyMissingError: There is none.
    """
    words = call.header("authorization").split()
    key = words[-1] if words else call.header("x-api-key").strip()
    if not key or (len(words) == 1 and key.lower() == "bearer"):
        raise ApiKeyMissingError
    return key


class Auth(Layer):
    """Authenticates callers.

    Args:
        access: Knows keys and sessions.
        open_methods: Full names of the methods which take calls without a key.
    """

    def __init__(self, access: Access, open_methods: AbstractSet[str]) -> None:
        self._access = access
        self._open = open_methods

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Learn who calls, or refuse."""
        if call.method not in self._open:
            call.principal = self._access.authenticate(key_of(call))
        yield
