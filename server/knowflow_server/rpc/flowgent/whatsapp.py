"""WhatsApp on FlowGent: connections of agents, templates, and what WhatsApp posts."""

from __future__ import annotations

from typing import Any

from google.api import httpbody_pb2

from knowflow.flowgent.v1 import whatsapp_service_pb2 as pb
from knowflow.flowgent.v1 import whatsapp_service_pb2_grpc
from knowflow.store.v1 import whatsapp_pb2 as store
from knowflow_server.domain import free_json
from knowflow_server.domain.whatsapp.agent import AgentWhatsApp
from knowflow_server.domain.whatsapp.connection import ConnectionDraft
from knowflow_server.domain.whatsapp.inbound import Inbound
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller, current
from knowflow_server.rpc.flowgent.page import page_request, pagination
from knowflow_server.rpc.times import iso

SIGNATURE = "x-hub-signature-256"
REQUIRED = ("phone_number_id", "waba_id", "access_token")


def view(record: store.WhatsAppConnection) -> dict[str, Any]:
    """Return a connection as this surface shows it."""
    return {
        "agent_id": record.owner_id,
        "phone_number_id": record.phone_number_id,
        "waba_id": record.waba_id,
        "display_phone_number": record.display_phone_number,
        "status": "token_refused" if record.token_refused else "connected",
        "receives_messages": bool(record.sealed_app_secret),
        "webhook_path": f"/api/public/whatsapp/{record.id}/webhook",
        "verify_token": record.verify_token,
        "created_at": iso(record.created_at),
        "updated_at": iso(record.updated_at),
    }


def message_view(record: store.WhatsAppOutbound) -> pb.WhatsAppSentMessage:
    """Return a sent message as this surface shows it."""
    failed = record.status == "failed"
    return pb.WhatsAppSentMessage(
        id=record.wamid,
        to=record.wa_id,
        type=record.type,
        template_name=record.template_name or None,
        status=record.status,
        error_code=record.error_code if failed else None,
        error=record.error if failed else None,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


class WhatsAppService(whatsapp_service_pb2_grpc.WhatsAppServiceServicer):
    """Answers calls about WhatsApp.

    Args:
        whatsapp: What callers do with the connections of their agents.
        inbound: Takes in what WhatsApp posts.
    """

    def __init__(self, whatsapp: AgentWhatsApp, inbound: Inbound) -> None:
        self._whatsapp = whatsapp
        self._inbound = inbound

    async def PutWhatsAppConnection(
        self, request: pb.PutWhatsAppConnectionRequest, context: Any
    ) -> pb.PutWhatsAppConnectionResponse:
        """Connect an agent."""
        missing = [field for field in REQUIRED if not getattr(request, field)]
        if missing:
            raise InvalidArgumentError(f"{', '.join(missing)} must be given.", field=missing[0])
        draft = ConnectionDraft(
            request.phone_number_id,
            request.waba_id,
            request.access_token,
            app_secret=request.app_secret,
            display_phone_number=request.display_phone_number,
        )
        record = await self._whatsapp.connect(caller(), request.agent_id, draft)
        return pb.PutWhatsAppConnectionResponse(**view(record))

    async def GetWhatsAppConnection(
        self, request: pb.GetWhatsAppConnectionRequest, context: Any
    ) -> pb.GetWhatsAppConnectionResponse:
        """Return a connection."""
        return pb.GetWhatsAppConnectionResponse(**view(self._whatsapp.connection(caller(), request.agent_id)))

    async def DeleteWhatsAppConnection(
        self, request: pb.DeleteWhatsAppConnectionRequest, context: Any
    ) -> pb.DeleteWhatsAppConnectionResponse:
        """Remove a connection."""
        await self._whatsapp.disconnect(caller(), request.agent_id)
        return pb.DeleteWhatsAppConnectionResponse(message="WhatsApp connection removed successfully")

    async def SendWhatsAppTemplate(
        self, request: pb.SendWhatsAppTemplateRequest, context: Any
    ) -> pb.SendWhatsAppTemplateResponse:
        """Send a template message."""
        answer = await self._whatsapp.send_template(
            caller(),
            request.agent_id,
            to=request.recipient_phone_number,
            name=request.template_name,
            language=request.language,
            components=free_json.whole(free_json.values(request.parameters, "parameters")),
            customer_name=request.customer_name,
        )
        return pb.SendWhatsAppTemplateResponse(
            messaging_product=str(answer.get("messaging_product") or ""),
            contacts=[
                pb.WhatsAppRecipient(input=str(one.get("input") or ""), wa_id=str(one.get("wa_id") or ""))
                for one in answer.get("contacts") or []
            ],
            messages=[
                pb.WhatsAppAccepted(id=str(one.get("id") or ""), message_status=one.get("message_status"))
                for one in answer["messages"]
            ],
        )

    async def ListWhatsAppMessages(
        self, request: pb.ListWhatsAppMessagesRequest, context: Any
    ) -> pb.ListWhatsAppMessagesResponse:
        """List what was sent."""
        page = self._whatsapp.sent(caller(), request.agent_id, page_request(request))
        return pb.ListWhatsAppMessagesResponse(
            messages=map(message_view, page.items), pagination=pb.WhatsAppPagination(**pagination(page))
        )

    async def VerifyWhatsAppWebhook(
        self, request: pb.VerifyWhatsAppWebhookRequest, context: Any
    ) -> httpbody_pb2.HttpBody:
        """Return the challenge."""
        hub = request.hub
        challenge = self._inbound.verify(
            request.connection_id, mode=hub.mode, token=hub.verify_token, challenge=hub.challenge
        )
        return httpbody_pb2.HttpBody(content_type="text/plain; charset=utf-8", data=challenge.encode())

    async def ReceiveWhatsAppEvents(
        self, request: pb.ReceiveWhatsAppEventsRequest, context: Any
    ) -> pb.ReceiveWhatsAppEventsResponse:
        """Take in events."""
        await self._inbound.receive(request.connection_id, request.payload.data, signature=current().header(SIGNATURE))
        return pb.ReceiveWhatsAppEventsResponse(status="received")
