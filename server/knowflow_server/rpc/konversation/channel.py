"""Connections with WhatsApp on the Konversation surface."""

from __future__ import annotations

from functools import partial
from typing import Any

from knowflow.konversation.v1 import channel_service_pb2, channel_service_pb2_grpc, page_pb2
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection
from knowflow_server.domain.konversation.flow import Flows, owned_flow
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.talk.whatsapp import KIND
from knowflow_server.domain.whatsapp.connection import ConnectionDraft, Connections
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done

NONE = "No WhatsApp connection found for this chatbot."


def _answer(flow: Flow, record: WhatsAppConnection) -> channel_service_pb2.WhatsAppChannelResponse:
    channel = channel_service_pb2.WhatsAppChannel(
        flow_ns=name_of(flow),
        phone_number_id=record.phone_number_id,
        waba_id=record.waba_id,
        display_phone_number=record.display_phone_number,
        webhook_path=f"/api/public/whatsapp/{record.id}/webhook",
        verify_token=record.verify_token,
        can_receive=bool(record.sealed_app_secret),
        token_refused=record.token_refused,
    )
    return channel_service_pb2.WhatsAppChannelResponse(status=OK, data=channel)


class ChannelService(channel_service_pb2_grpc.ChannelServiceServicer):
    """Answers for connections."""

    def __init__(self, flows: Flows, connections: Connections) -> None:
        self._flows = flows
        self._connections = connections

    async def ConnectWhatsApp(
        self, request: channel_service_pb2.ConnectWhatsAppRequest, context: Any
    ) -> channel_service_pb2.WhatsAppChannelResponse:
        """Make or change a connection."""
        flow = chatbot(self._flows, request)
        draft = ConnectionDraft(
            request.phone_number_id,
            request.waba_id,
            request.access_token,
            request.app_secret,
            request.display_phone_number,
        )
        owned = partial(owned_flow, principal=caller(), ns=name_of(flow))
        return _answer(flow, await self._connections.put(caller(), flow.id, draft, kind=KIND, owned=owned))

    async def GetWhatsAppChannel(
        self, request: channel_service_pb2.GetWhatsAppChannelRequest, context: Any
    ) -> channel_service_pb2.WhatsAppChannelResponse:
        """Return a connection."""
        flow = chatbot(self._flows, request)
        return _answer(flow, self._connections.of(caller(), flow.id, NONE))

    async def DisconnectWhatsApp(
        self, request: channel_service_pb2.DisconnectWhatsAppRequest, context: Any
    ) -> page_pb2.Done:
        """Remove a connection."""
        await self._connections.remove(caller(), chatbot(self._flows, request).id, NONE)
        return done()
