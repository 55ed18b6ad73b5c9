"""Chatbots."""

from __future__ import annotations

from collections import Counter
from typing import Any

from knowflow.konversation.v1 import flow_service_pb2 as pb
from knowflow.konversation.v1 import flow_service_pb2_grpc, page_pb2
from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.naming import flow_ns, name_of
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber_index import SubscriberIndex
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.views import STATUSES

CHANGEABLE = ("name", "linked_label", "description")


class FlowService(flow_service_pb2_grpc.FlowServiceServicer):
    """Answers for chatbots."""

    def __init__(self, flows: Flows, sub_flows: SubFlows, index: SubscriberIndex) -> None:
        self._flows = flows
        self._sub_flows = sub_flows
        self._index = index

    async def GetFlow(self, request: pb.GetFlowRequest, context: Any) -> pb.FlowResponse:
        """Return the chatbot of the key."""
        return pb.FlowResponse(status=OK, data=self._view(chatbot(self._flows, request)))

    async def ListFlows(self, request: pb.ListFlowsRequest, context: Any) -> pb.ListFlowsResponse:
        """List chatbots."""
        page = self._flows.list(caller(), page_request(request), name=request.name, channel=request.type)
        return pb.ListFlowsResponse(**listed(request, page, "/team-flows", [self._view(flow) for flow in page.items]))

    async def CreateFlow(self, request: pb.CreateFlowRequest, context: Any) -> pb.FlowResponse:
        """Create a chatbot."""
        flow = await self._flows.create(
            caller(),
            name=request.name,
            channel=request.type or "web",
            linked_label=request.linked_label,
            description=request.description,
        )
        return pb.FlowResponse(status=OK, data=self._view(flow))

    async def UpdateFlow(self, request: pb.UpdateFlowRequest, context: Any) -> pb.FlowResponse:
        """Change a chatbot."""
        changes = {field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)}
        flow = await self._flows.update(caller(), chatbot(self._flows, request), **changes)
        return pb.FlowResponse(status=OK, data=self._view(flow))

    async def DeleteFlow(self, request: pb.DeleteFlowRequest, context: Any) -> page_pb2.Done:
        """Delete a chatbot."""
        await self._flows.delete(caller(), request.flow_ns)
        return done()

    async def SetDefaultStartFlow(self, request: pb.SetDefaultStartFlowRequest, context: Any) -> page_pb2.Done:
        """Have conversations begin with a sub flow."""
        await self._flows.set_start(caller(), chatbot(self._flows, request), request.sub_flow_ns)
        return done()

    async def CountBotUsers(self, request: pb.CountBotUsersRequest, context: Any) -> pb.CountBotUsersResponse:
        """Count subscribers by status."""
        crowd = self._index.of(chatbot(self._flows, request).id)
        counts: Counter[str] = Counter()
        for status, name in STATUSES.items():
            counts[name] += len(crowd.having(("status", str(int(status)))))
        data = [pb.BotUsersCount(num=count, status=name) for name, count in counts.items()]
        return pb.CountBotUsersResponse(status=OK, data=data)

    def _view(self, record: Flow) -> pb.Flow:
        start = self._sub_flows.start(record)
        return pb.Flow(
            flow_ns=flow_ns(record.number),
            name=record.name,
            type=record.type,
            linked_label=record.linked_label,
            description=record.description,
            default_sub_flow_ns="" if start is None else name_of(start),
            created_at=time_text(record.created_at),
        )
