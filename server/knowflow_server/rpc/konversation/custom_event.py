"""Custom events."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import custom_event_service_pb2 as pb
from knowflow.konversation.v1 import custom_event_service_pb2_grpc, page_pb2
from knowflow.store.v1.flow_segment_pb2 import CustomEvent, CustomEventEntry
from knowflow_server.domain.konversation.custom_event import CustomEvents, Summary
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request

LIMIT = 100
MICROSECONDS = 1_000_000


def view(record: CustomEvent) -> pb.CustomEvent:
    """Return a custom event."""
    return pb.CustomEvent(
        event_ns=name_of(record),
        name=record.name,
        description=record.description,
        text_label=record.text_label,
        price_label=record.price_label,
        number_label=record.number_label,
    )


def _entry_view(event_ns: str, entry: CustomEventEntry) -> pb.CustomEventData:
    return pb.CustomEventData(
        id=entry.number,
        event_ns=event_ns,
        user_ns=entry.user_ns,
        text_value=entry.text_value,
        number_value=float(entry.number_value) if entry.number_value else None,
        price_value=float(entry.price_value) if entry.price_value else None,
        created_at=time_text(entry.created_at),
    )


def _summary_view(summary: Summary) -> pb.CustomEventSummary:
    return pb.CustomEventSummary(
        event_ns=name_of(summary.event),
        name=summary.event.name,
        count=summary.count,
        subscribers=len(summary.subscribers),
        total_number=float(summary.number),
        total_price=float(summary.price),
    )


class CustomEventService(custom_event_service_pb2_grpc.CustomEventServiceServicer):
    """Answers for custom events."""

    def __init__(self, flows: Flows, events: CustomEvents) -> None:
        self._flows = flows
        self._events = events

    async def ListCustomEvents(self, request: pb.ListCustomEventsRequest, context: Any) -> pb.ListCustomEventsResponse:
        """List custom events."""
        page = self._events.list(chatbot(self._flows, request), page_request(request), name=request.name)
        items = [view(event) for event in page.items]
        return pb.ListCustomEventsResponse(**listed(request, page, "/flow/custom-events", items))

    async def CreateCustomEvent(self, request: pb.CreateCustomEventRequest, context: Any) -> pb.CustomEventResponse:
        """Create a custom event."""
        event = await self._events.create(
            chatbot(self._flows, request),
            name=request.name,
            description=request.description,
            text_label=request.text_label,
            price_label=request.price_label,
            number_label=request.number_label,
        )
        return pb.CustomEventResponse(status=OK, data=view(event))

    async def DeleteCustomEvent(self, request: pb.DeleteCustomEventRequest, context: Any) -> page_pb2.Done:
        """Delete a custom event."""
        await self._events.delete(chatbot(self._flows, request), ns=request.event_ns)
        return done()

    async def GetCustomEventSummary(
        self, request: pb.GetCustomEventSummaryRequest, context: Any
    ) -> pb.CustomEventSummaryResponse:
        """Sum up custom events."""
        found = await self._events.summaries(chatbot(self._flows, request), request.range, ns=request.event_ns)
        return pb.CustomEventSummaryResponse(status=OK, data=map(_summary_view, found))

    async def ListCustomEventData(
        self, request: pb.ListCustomEventDataRequest, context: Any
    ) -> pb.ListCustomEventDataResponse:
        """List what happened."""
        event = self._events.get(chatbot(self._flows, request), request.event_ns)
        found = await self._events.entries(
            event,
            since=request.start_time * MICROSECONDS,
            until=request.end_time * MICROSECONDS,
            after=request.start_id,
            size=request.limit or LIMIT,
        )
        return pb.ListCustomEventDataResponse(data=[_entry_view(request.event_ns, entry) for entry in found])
