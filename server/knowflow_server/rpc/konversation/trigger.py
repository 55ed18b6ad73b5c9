"""Triggers and inbound webhooks on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, trigger_service_pb2, trigger_service_pb2_grpc
from knowflow_server.domain import free_json
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.talk.trigger import Triggers
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import done


class TriggerService(trigger_service_pb2_grpc.TriggerServiceServicer):
    """Answers for what happens elsewhere."""

    def __init__(self, flows: Flows, triggers: Triggers) -> None:
        self._flows = flows
        self._triggers = triggers

    async def AppTrigger(self, request: trigger_service_pb2.AppTriggerRequest, context: Any) -> page_pb2.Done:
        """Run the sub flow of a trigger."""
        flow = chatbot(self._flows, request)
        values = free_json.values(request.context)
        await self._triggers.pulled(flow, request.user_ns, name=request.trigger_name, values=values)
        return done()

    async def CallInboundWebhook(
        self, request: trigger_service_pb2.CallInboundWebhookRequest, context: Any
    ) -> page_pb2.Done:
        """Run the sub flow of an inbound webhook."""
        await self._triggers.called(request.hook_uid, free_json.values(request.body))
        return done()
