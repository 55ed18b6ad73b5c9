"""Credits on the surface of knowledge bases."""

from __future__ import annotations

from typing import Any

from knowflow.knowledgebase.v1 import credit_service_pb2 as messages
from knowflow.knowledgebase.v1.credit_service_pb2_grpc import CreditServiceServicer
from knowflow_server.domain.clock import iso_milliseconds
from knowflow_server.domain.credits import Credits
from knowflow_server.rpc.call import caller


class CreditService(CreditServiceServicer):
    """Answers for credits."""

    def __init__(self, ledgers: Credits) -> None:
        self._credits = ledgers

    async def GetCredits(self, request: messages.GetCreditsRequest, context: Any) -> messages.GetCreditsResponse:
        """Return what is left."""
        organization_id = caller().organization_id
        changed_at = iso_milliseconds(self._credits.account(organization_id).updated_at)
        balance = messages.CreditBalance(balance=self._credits.free(organization_id), updated_at=changed_at)
        return messages.GetCreditsResponse(data=balance)
