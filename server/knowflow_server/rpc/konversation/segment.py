"""Segments."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, segment_service_pb2_grpc
from knowflow.konversation.v1 import segment_service_pb2 as pb
from knowflow.store.v1 import flow_segment_pb2 as store
from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.konversation.audience import Audience
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.konversation.segment import Segments
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request

ANY = "any"
FIELDS = ("filter", "value", "user_field_ns", "is_not")


def view(record: store.Segment) -> pb.Segment:
    """Return a segment."""
    conditions = [pb.SegmentCondition(**{name: getattr(one, name) for name in FIELDS}) for one in record.conditions]
    return pb.Segment(
        name=record.name, segment_ns=name_of(record), conditions=conditions, match=ANY if record.any else "all"
    )


class SegmentService(segment_service_pb2_grpc.SegmentServiceServicer):
    """Answers for segments."""

    def __init__(self, flows: Flows, segments: Segments, audience: Audience) -> None:
        self._flows = flows
        self._segments = segments
        self._audience = audience

    async def ListSegments(self, request: pb.ListSegmentsRequest, context: Any) -> pb.ListSegmentsResponse:
        """List segments."""
        page = self._segments.list(chatbot(self._flows, request), page_request(request), name=request.name)
        items = [view(segment) for segment in page.items]
        return pb.ListSegmentsResponse(**listed(request, page, "/flow/segments", items))

    async def CreateSegment(self, request: pb.CreateSegmentRequest, context: Any) -> pb.SegmentResponse:
        """Create a segment."""
        flow = chatbot(self._flows, request)
        conditions = self._checked(flow, request)
        made = await self._segments.create(flow, name=request.name, conditions=conditions, any=request.match == ANY)
        return pb.SegmentResponse(status=OK, data=view(made))

    async def UpdateSegment(self, request: pb.UpdateSegmentRequest, context: Any) -> pb.SegmentResponse:
        """Change a segment."""
        flow = chatbot(self._flows, request)
        changes: dict[str, Any] = {"name": request.name} if request.HasField("name") else {}
        if request.HasField("match"):
            changes["any"] = request.match == ANY
        if request.conditions:
            changes["conditions"] = self._checked(flow, request)
        changed = await self._segments.update(flow, request.segment_ns, **changes)
        return pb.SegmentResponse(status=OK, data=view(changed))

    async def DeleteSegment(self, request: pb.DeleteSegmentRequest, context: Any) -> page_pb2.Done:
        """Delete a segment."""
        await self._segments.delete(chatbot(self._flows, request), ns=request.segment_ns)
        return done()

    def _checked(self, flow: Flow, request: Any) -> list[store.SegmentCondition]:
        conditions = [
            store.SegmentCondition(**{name: getattr(one, name) for name in FIELDS}) for one in request.conditions
        ]
        self._audience.check(flow, conditions)
        return conditions
