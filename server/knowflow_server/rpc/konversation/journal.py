"""What happened in chatbots."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import journal_service_pb2 as pb
from knowflow.konversation.v1 import journal_service_pb2_grpc
from knowflow.store.v1.flow_journal_pb2 import AgentAction, FlowErrorEntry
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.journal_reading import AgentCounts, JournalReading, Span, Told
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK

LIMIT = 100


def _span(request: Any) -> Span:
    return Span(request.start_time, request.end_time, request.start_id, request.limit or LIMIT)


def _name(identifier: str) -> str:
    """Return the name in an identifier, as `f1u4`; empty for none."""
    return identifier.rpartition(".")[2]


def _conversation(told: Told) -> pb.ConversationData:
    return pb.ConversationData(
        id=told.start.number,
        user_ns=_name(told.start.subscriber_id),
        status=told.status,
        opened_at=time_text(told.start.created_at),
        closed_at=time_text(told.closed_at),
        agent_id=told.agent,
        messages_in=told.messages.get("in", 0),
        messages_out=told.messages.get("out", 0),
        messages_agent=told.messages.get("agent", 0),
        first_agent_message_at=time_text(told.first_agent_at),
        last_message_at=time_text(told.last_at),
    )


def _action(entry: AgentAction) -> pb.AgentActivityData:
    return pb.AgentActivityData(
        id=entry.number,
        user_ns=_name(entry.subscriber_id),
        action=entry.action,
        agent_id=entry.agent,
        api_key_id=entry.api_key_id,
        assigned_agent_id=entry.assignee if entry.action == "assigned" else 0,
        assigned_agent_group_id=entry.assignee if entry.action == "assigned_group" else 0,
        status=entry.status,
        minutes=entry.minutes,
        messages=entry.messages,
        created_at=time_text(entry.created_at),
    )


def _failure(entry: FlowErrorEntry) -> pb.ErrorData:
    return pb.ErrorData(
        id=entry.number,
        user_ns=_name(entry.subscriber_id),
        type=entry.type,
        sub_flow=entry.sub_flow,
        component=entry.component,
        reason=entry.reason,
        message=entry.sentence,
        broadcast_ns=_name(entry.broadcast_id),
        created_at=time_text(entry.created_at),
    )


def _agent(counts: AgentCounts) -> pb.AgentSummary:
    return pb.AgentSummary(
        agent_id=counts.agent,
        name=counts.name,
        assigned=counts.assigned,
        done=counts.done,
        messages=counts.messages,
        subscribers=len(counts.subscribers),
        actions=counts.actions,
    )


class JournalService(journal_service_pb2_grpc.JournalServiceServicer):
    """Answers for what happened."""

    def __init__(self, flows: Flows, reading: JournalReading) -> None:
        self._flows = flows
        self._reading = reading

    async def ListConversationData(
        self, request: pb.ListConversationDataRequest, context: Any
    ) -> pb.ListConversationDataResponse:
        """List conversations."""
        found = await self._reading.conversations(chatbot(self._flows, request), _span(request))
        return pb.ListConversationDataResponse(data=map(_conversation, found))

    async def ListAgentActivityData(
        self, request: pb.ListAgentActivityDataRequest, context: Any
    ) -> pb.ListAgentActivityDataResponse:
        """List what agents did."""
        found = await self._reading.entries(AgentAction, chatbot(self._flows, request), _span(request))
        return pb.ListAgentActivityDataResponse(data=map(_action, found))

    async def ListErrorData(self, request: pb.ListErrorDataRequest, context: Any) -> pb.ListErrorDataResponse:
        """List what failed."""
        found = await self._reading.entries(FlowErrorEntry, chatbot(self._flows, request), _span(request))
        return pb.ListErrorDataResponse(data=map(_failure, found))

    async def GetFlowSummary(self, request: pb.GetFlowSummaryRequest, context: Any) -> pb.GetFlowSummaryResponse:
        """Count what happened."""
        counts = await self._reading.counts(chatbot(self._flows, request), request.range)
        data = pb.FlowSummary(
            start_time=time_text(counts.since),
            end_time=time_text(counts.until),
            subscribers=counts.subscribers,
            new_subscribers=counts.new_subscribers,
            active_subscribers=len(counts.active),
            conversations=counts.conversations,
            messages_in=counts.messages["in"],
            messages_out=counts.messages["out"],
            messages_agent=counts.messages["agent"],
            broadcasts=counts.broadcasts,
            broadcast_recipients=counts.recipients,
            errors=counts.errors,
        )
        return pb.GetFlowSummaryResponse(status=OK, data=data)

    async def GetAgentSummary(self, request: pb.GetAgentSummaryRequest, context: Any) -> pb.GetAgentSummaryResponse:
        """Count what agents did."""
        found = await self._reading.agent_counts(chatbot(self._flows, request), request.range)
        return pb.GetAgentSummaryResponse(status=OK, data=map(_agent, found))
