"""What callers may do: each method declares what it needs, and a method which declares nothing needs everything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from google.protobuf.message import Message

from knowflow.options.v1 import options_pb2
from knowflow_server.domain.access import Access
from knowflow_server.domain.permission import NAMES
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import PermissionDeniedError
from knowflow_server.errors.talk import VisitorRequiredError
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer
from knowflow_server.rpc.methods import Declared

NOTHING_DECLARED = Declared("", options_pb2.PERMISSION_UNSPECIFIED, "write", names_organization=False)


class Permission(Layer):
    """Refuses callers who may not do what they ask for.

    Args:
        access: Knows for which organizations a caller may act.
        methods: What the protos declare about each method, by full name.
    """

    def __init__(self, access: Access, methods: Mapping[str, Declared]) -> None:
        self._access = access
        self._methods = methods

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Refuse the call, unless its request will say for which organization it is."""
        declared = self._methods.get(call.method, NOTHING_DECLARED)
        if call.principal is not None and not declared.names_organization:
            _require(call.principal, declared)
        yield

    def check(self, call: Call, request: Message) -> None:
        """Have the caller act for the organization which the request names, and refuse what it may not do there.

        Raises:
            OrganizationNotFoundError: The caller has nothing to do with the organization.
            PermissionDeniedError, VisitorRequiredError: The caller may not do it.
        """
        declared = self._methods.get(call.method, NOTHING_DECLARED)
        if call.principal is None or not declared.names_organization:
            return
        given: Any = request
        if given.organization_id:
            call.principal = self._access.acting_for(call.principal, given.organization_id)
        _require(call.principal, declared)


def _require(principal: Principal, declared: Declared) -> None:
    if principal.website_app_id and not declared.takes_websites:
        raise PermissionDeniedError(
            "The token of a website may only chat with its app.", permission=NAMES.get(declared.permission, "any")
        )
    permission = declared.permission
    if permission == options_pb2.PERMISSION_WEBCHAT and permission not in principal.permissions:
        raise VisitorRequiredError
    if permission not in principal.permissions:
        raise PermissionDeniedError(permission=NAMES.get(permission, "of an owner"))
