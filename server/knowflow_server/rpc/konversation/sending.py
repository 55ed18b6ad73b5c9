"""Sending to one subscriber on the Konversation surface."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import page_pb2, sending_service_pb2, sending_service_pb2_grpc, whatsapp_template_pb2
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain import free_json
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.team import Team
from knowflow_server.domain.talk.content import content_of
from knowflow_server.domain.talk.sending import Sending
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.flag import flag
from knowflow_server.rpc.konversation.page import done

CONTACT = {"first_name": "first_name", "last_name": "last_name", "user_name": "name"}


def template_of(content: whatsapp_template_pb2.WhatsAppTemplateContent) -> dict[str, Any]:
    """Return a template of a request as JSON: name, lang, params."""
    return {"name": content.name, "lang": content.lang, "params": free_json.values(content.params)}


class SendingService(sending_service_pb2_grpc.SendingServiceServicer):
    """Answers for sending."""

    def __init__(self, flows: Flows, team: Team, sending: Sending) -> None:
        self._flows = flows
        self._team = team
        self._sending = sending

    def _whom(self, request: Any) -> tuple[Flow, Subscriber]:
        """Return the chatbot and the subscriber which a request names by `user_ns` or `user_id`."""
        flow = chatbot(self._flows, request)
        ns = getattr(request, "user_ns", "")
        return flow, self._sending.subscriber(flow, ns=ns, user_id="" if ns else request.user_id)

    async def SendSubFlow(self, request: sending_service_pb2.SendSubFlowRequest, context: Any) -> page_pb2.Done:
        """Run a sub flow."""
        flow, record = self._whom(request)
        await self._sending.sub_flow(flow, record, ns=request.sub_flow_ns)
        return done()

    async def SendSubFlowByFlowName(
        self, request: sending_service_pb2.SendSubFlowByFlowNameRequest, context: Any
    ) -> page_pb2.Done:
        """Run a sub flow, given by its name."""
        flow, record = self._whom(request)
        await self._sending.sub_flow(flow, record, name=request.flow_name)
        return done()

    async def SendSubFlowByUserId(
        self, request: sending_service_pb2.SendSubFlowByUserIdRequest, context: Any
    ) -> page_pb2.Done:
        """Run a sub flow for a subscriber given by the id in the channel."""
        flow, record = self._whom(request)
        await self._sending.sub_flow(flow, record, ns=request.sub_flow_ns)
        return done()

    async def SendMainFlow(self, request: sending_service_pb2.SendMainFlowRequest, context: Any) -> page_pb2.Done:
        """Run the sub flow with which conversations begin."""
        flow, record = self._whom(request)
        await self._sending.main_flow(flow, record)
        return done()

    async def SendNode(self, request: sending_service_pb2.SendNodeRequest, context: Any) -> page_pb2.Done:
        """Run a sub flow from a component on."""
        flow, record = self._whom(request)
        await self._sending.node(flow, record, request.node_ns)
        return done()

    async def SendText(self, request: sending_service_pb2.SendTextRequest, context: Any) -> page_pb2.Done:
        """Send a text."""
        flow, record = self._whom(request)
        await self._sending.text(flow, record, request.content)
        return done()

    async def SendSms(self, request: sending_service_pb2.SendSmsRequest, context: Any) -> page_pb2.Done:
        """Refuse to send a text message."""
        _, record = self._whom(request)
        await self._sending.sms(record)
        return done()

    async def SendEmail(self, request: sending_service_pb2.SendEmailRequest, context: Any) -> page_pb2.Done:
        """Send an e-mail."""
        flow, record = self._whom(request)
        await self._sending.email(record, subject=request.subject or flow.name, content=request.content)
        return done()

    async def SendContent(self, request: sending_service_pb2.SendContentRequest, context: Any) -> page_pb2.Done:
        """Say and do what the JSON of a caller describes."""
        flow, record = self._whom(request)
        content = content_of(free_json.values(request.data))
        agent = await self._team.doer(caller()) if flag(request, "send_as_agent") else None
        await self._sending.content(flow, record, content, agent=agent)
        return done()

    async def SendWhatsAppTemplate(
        self, request: sending_service_pb2.SendWhatsAppTemplateRequest, context: Any
    ) -> page_pb2.Done:
        """Send a template of WhatsApp."""
        flow, record = self._whom(request)
        await self._sending.template(flow, record, template_of(request.content))
        return done()

    async def SendWhatsAppTemplateByUserId(
        self, request: sending_service_pb2.SendWhatsAppTemplateByUserIdRequest, context: Any
    ) -> page_pb2.Done:
        """Send a template of WhatsApp to a number."""
        flow = chatbot(self._flows, request)
        record = await self._sending.of_number(
            flow,
            request.user_id,
            create=request.create_if_not_found == "yes",
            details={mine: getattr(request.contact, theirs) for theirs, mine in CONTACT.items()},
        )
        await self._sending.template(flow, record, template_of(request.content))
        return done()
