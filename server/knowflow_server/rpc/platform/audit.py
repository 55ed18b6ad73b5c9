"""The audit log on the platform surface."""

from __future__ import annotations

from typing import Any

from knowflow.platform.v1 import audit_service_pb2 as pb
from knowflow.platform.v1 import audit_service_pb2_grpc
from knowflow.store.v1 import audit_pb2 as store
from knowflow_server.domain.audit import Audit
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"


def _view(record: store.AuditEntry) -> pb.AuditEntry:
    return pb.AuditEntry(
        id=record.id,
        user_id=record.user_id,
        api_key_id=record.api_key_id,
        action=record.action,
        resources=record.resources,
        request_id=record.request_id,
        address=record.address,
        created_at=iso(record.created_at),
    )


class AuditService(audit_service_pb2_grpc.AuditServiceServicer):
    """Answers for the audit log."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    async def ListAuditEntries(self, request: pb.ListAuditEntriesRequest, context: Any) -> pb.ListAuditEntriesResponse:
        """List entries."""
        page = await self._audit.list(caller(), page_request(request))
        described = pagination(request, page, lambda record: (record.created_at, record.id))
        return pb.ListAuditEntriesResponse(status=SUCCESS, data=map(_view, page.items), pagination=described)
