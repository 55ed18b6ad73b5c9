"""Who changed what: a line in the audit log for each call that changed something."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Value

from knowflow.options.v1 import options_pb2
from knowflow_server.domain import free_json
from knowflow_server.domain.audit import Audit as Log
from knowflow_server.rpc.call import Call
from knowflow_server.rpc.interceptors.chain import Layer
from knowflow_server.rpc.methods import Declared

# Conversations are no changes of what an organization owns, and would bury the others.
UNWRITTEN = {
    options_pb2.PERMISSION_CONVERSATIONS_WRITE,
    options_pb2.PERMISSION_SEND_MESSAGE,
    options_pb2.PERMISSION_WEBCHAT,
}
# What ends a broadcast takes the permission to send, and sends nothing. Every member may leave.
WRITTEN = {
    "/knowflow.konversation.v1.BroadcastService/CancelBroadcast",
    "/knowflow.konversation.v1.BroadcastService/DeleteBroadcast",
    "/knowflow.platform.v1.MemberService/RemoveMember",
}
MAX_VALUE = 1000


class Audit(Layer):
    """Writes the audit log.

    Args:
        log: Where entries go.
        methods: What the protos declare about each method, by full name.
    """

    def __init__(self, log: Log, methods: Mapping[str, Declared]) -> None:
        self._log = log
        self._written = {
            name
            for name, declared in methods.items()
            if declared.rate_class == "write"
            and declared.permission not in UNWRITTEN
            and declared.permission != options_pb2.PERMISSION_ANY
        }
        self._written |= WRITTEN
        # Of a deleted organization nothing is kept.
        self._written -= {"/knowflow.platform.v1.OrganizationService/DeleteOrganization"}

    @asynccontextmanager
    async def around(self, call: Call) -> AsyncIterator[None]:
        """Write the call down when it has succeeded."""
        yield
        principal = call.principal
        if principal is not None and principal.organization_id and call.method in self._written:
            if identifier := _made(call.answer):
                call.resources.setdefault("id", identifier)
            self._log.note(principal, call.method[1:], call.resources, request_id=call.request_id, address=call.address)

    def check(self, call: Call, request: Message) -> None:
        """Remember which resources the request names."""
        if call.method not in self._written:
            return
        for field, value in request.ListFields():
            if field.name == "id" or field.name.endswith(("_id", "ids", "_ns")):
                call.resources[field.name] = _shown(value)


def _shown(value: Any) -> str:
    """Return an id, or a list of ids, as text; of a Value, whatever it holds: only the handler judges it."""
    if isinstance(value, Value):
        content = free_json.values(value)
        value = "all" if content is None else content
    text = ", ".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)
    return text[:MAX_VALUE]


def _made(answer: Any) -> str:
    """Return the id of what a call has made; empty where its answer names none."""
    data = getattr(answer, "data", None)
    identifier = getattr(data, "id", "") if isinstance(data, Message) else ""
    return identifier if isinstance(identifier, str) else ""
