"""Credits and usage on FlowGent."""

from __future__ import annotations

from typing import Any

from knowflow.flowgent.v1 import credit_service_pb2, credit_service_pb2_grpc
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.credits import Credits
from knowflow_server.domain.operator import Operators
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.domain.usage import FIRST_DAY, usage_range
from knowflow_server.rpc.call import caller, current
from knowflow_server.rpc.interceptors.auth import key_of
from knowflow_server.rpc.times import iso

NOTE = "Endpoint active from 28 May 2025 onwards"


class CreditService(credit_service_pb2_grpc.CreditServiceServicer):
    """Answers for credits.

    Args:
        ledger: The ledgers.
        agents: Agents.
        operators: Who may give credits.
        clock: The time.
    """

    def __init__(self, ledger: Credits, agents: SimpleAgents, operators: Operators, clock: Clock) -> None:
        self._ledger = ledger
        self._agents = agents
        self._operators = operators
        self._clock = clock

    async def GetUsage(
        self, request: credit_service_pb2.GetUsageRequest, context: Any
    ) -> credit_service_pb2.GetUsageResponse:
        """Return what an agent used."""
        agent = self._agents.get(caller(), request.agent_id)
        first, last = usage_range(request.start_date, request.end_date, today=self._clock.now().date())
        days = self._ledger.usage(agent.organization_id, agent.id, first, last)
        return credit_service_pb2.GetUsageResponse(
            agent_id=agent.id,
            time_range=credit_service_pb2.TimeRange(start=f"{first}T00:00:00.000Z", end=f"{last}T23:59:59.999Z"),
            usage=credit_service_pb2.Usage(
                total_credits_used=sum(spent for _, spent in days),
                daily_breakdown=[
                    credit_service_pb2.DailyUsage(date=str(day), credits_used=spent) for day, spent in reversed(days)
                ],
            ),
            note=NOTE if first < FIRST_DAY else None,
        )

    async def GetCredits(
        self, request: credit_service_pb2.GetCreditsRequest, context: Any
    ) -> credit_service_pb2.GetCreditsResponse:
        """Return what is left."""
        account = self._ledger.account(caller().organization_id)
        changed = account.updated_at or microseconds(self._clock)
        return credit_service_pb2.GetCreditsResponse(balance=account.balance, updated_at=iso(changed))

    async def TopUpCredits(
        self, request: credit_service_pb2.TopUpCreditsRequest, context: Any
    ) -> credit_service_pb2.TopUpCreditsResponse:
        """Give credits to an organization."""
        self._operators.check(key_of(current()))
        entry = await self._ledger.top_up(
            request.organization_id, request.amount, key=request.idempotency_key, reference=request.reference
        )
        return credit_service_pb2.TopUpCreditsResponse(
            balance=self._ledger.balance(request.organization_id),
            transaction=credit_service_pb2.CreditTransaction(
                id=entry.id, amount=entry.amount, created_at=iso(entry.created_at)
            ),
        )
