"""Sub flows and inbound webhooks."""

from __future__ import annotations

import json
from typing import Any

from knowflow.konversation.v1 import page_pb2, sub_flow_service_pb2_grpc
from knowflow.konversation.v1 import sub_flow_service_pb2 as pb
from knowflow.store.v1.flow_pb2 import Flow, InboundWebhook, SubFlow
from knowflow_server.domain import free_json
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.inbound_webhook import InboundWebhooks
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.naming import name_of, numbered
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request

CHANGEABLE = ("name", "description")


def view(record: SubFlow, *, whole: bool = True) -> pb.SubFlow:
    """Return a sub flow, in lists without its definition."""
    return pb.SubFlow(
        name=record.name,
        sub_flow_ns=name_of(record),
        description=record.description,
        definition=free_json.struct(json.loads(record.dsl)) if whole else None,
        created_at=time_text(record.created_at),
        updated_at=time_text(record.updated_at),
    )


def _definition(request: Any) -> Any:
    return free_json.values(request.definition, "definition") if request.HasField("definition") else None


class SubFlowService(sub_flow_service_pb2_grpc.SubFlowServiceServicer):
    """Answers for sub flows and inbound webhooks."""

    def __init__(self, flows: Flows, sub_flows: SubFlows, hooks: InboundWebhooks) -> None:
        self._flows = flows
        self._sub_flows = sub_flows
        self._hooks = hooks

    async def ListSubFlows(self, request: pb.ListSubFlowsRequest, context: Any) -> pb.ListSubFlowsResponse:
        """List sub flows."""
        page = self._sub_flows.list(chatbot(self._flows, request), page_request(request), name=request.name)
        items = [view(record, whole=False) for record in page.items]
        return pb.ListSubFlowsResponse(**listed(request, page, "/flow/subflows", items))

    async def CreateSubFlow(self, request: pb.CreateSubFlowRequest, context: Any) -> pb.SubFlowResponse:
        """Create a sub flow."""
        flow = chatbot(self._flows, request)
        record = await self._sub_flows.define(
            flow, name=request.name, definition=_definition(request), description=request.description
        )
        return pb.SubFlowResponse(status=OK, data=view(record))

    async def GetSubFlow(self, request: pb.GetSubFlowRequest, context: Any) -> pb.SubFlowResponse:
        """Return a sub flow."""
        record = self._sub_flows.get(chatbot(self._flows, request), request.sub_flow_ns)
        return pb.SubFlowResponse(status=OK, data=view(record))

    async def UpdateSubFlow(self, request: pb.UpdateSubFlowRequest, context: Any) -> pb.SubFlowResponse:
        """Change a sub flow."""
        changes = {field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)}
        flow, definition = chatbot(self._flows, request), _definition(request)
        record = await self._sub_flows.redefine(flow, request.sub_flow_ns, definition=definition, **changes)
        return pb.SubFlowResponse(status=OK, data=view(record))

    async def DeleteSubFlow(self, request: pb.DeleteSubFlowRequest, context: Any) -> page_pb2.Done:
        """Delete a sub flow."""
        await self._sub_flows.delete(chatbot(self._flows, request), ns=request.sub_flow_ns)
        return done()

    async def ListInboundWebhooks(
        self, request: pb.ListInboundWebhooksRequest, context: Any
    ) -> pb.ListInboundWebhooksResponse:
        """List inbound webhooks."""
        flow = chatbot(self._flows, request)
        page = self._hooks.list(flow, page_request(request), name=request.name)
        items = [self._hook_view(flow, hook) for hook in page.items]
        return pb.ListInboundWebhooksResponse(**listed(request, page, "/flow/inbound-webhooks", items))

    async def CreateInboundWebhook(
        self, request: pb.CreateInboundWebhookRequest, context: Any
    ) -> pb.InboundWebhookResponse:
        """Create an inbound webhook."""
        flow = chatbot(self._flows, request)
        hook = await self._hooks.define(flow, name=request.name, sub_flow_ns=request.sub_flow_ns)
        return pb.InboundWebhookResponse(status=OK, data=self._hook_view(flow, hook))

    async def DeleteInboundWebhook(self, request: pb.DeleteInboundWebhookRequest, context: Any) -> page_pb2.Done:
        """Delete an inbound webhook."""
        await self._hooks.remove(chatbot(self._flows, request), request.hook_uid)
        return done()

    def _hook_view(self, flow: Flow, record: InboundWebhook) -> pb.InboundWebhook:
        start = self._sub_flows.start(flow)
        main = "" if start is None else name_of(start)
        return pb.InboundWebhook(
            hook_uid=record.hook_uid,
            name=record.name,
            status="inactive" if record.disabled else "active",
            sub_flow_ns=numbered(flow, SubFlow, record.sub_flow) if record.sub_flow else main,
            url=f"/api/iwh/{record.hook_uid}",
        )
