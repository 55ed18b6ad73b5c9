"""Integrations on the platform surface; their answers have no envelope."""

from __future__ import annotations

from typing import Any

from knowflow.platform.v1 import integration_service_pb2 as pb
from knowflow.platform.v1 import integration_service_pb2_grpc
from knowflow.store.v1.chat_pb2 import Message
from knowflow_server.domain.app.conversation import Conversations
from knowflow_server.domain.app.evidence import Evidence
from knowflow_server.domain.app.integration import Integrations
from knowflow_server.domain.chat.citation import without_marks
from knowflow_server.rpc.call import caller, current
from knowflow_server.rpc.times import iso

ASSISTANT = "assistant"


def _sources(evidence: Evidence) -> list[pb.IntegrationSource]:
    return [pb.IntegrationSource(title=one.title, url=one.url) for one in evidence.sources]


class IntegrationService(integration_service_pb2_grpc.IntegrationServiceServicer):
    """Answers for integrations."""

    def __init__(self, integrations: Integrations, conversations: Conversations) -> None:
        self._integrations = integrations
        self._conversations = conversations

    async def ChatWithIntegration(
        self, request: pb.ChatWithIntegrationRequest, context: Any
    ) -> pb.ChatWithIntegrationResponse:
        """Answer when the answer is whole."""
        chatted = await self._integrations.chat(
            caller(),
            request.integration_id,
            request.message,
            session_name=request.session_id,
            user_id=request.metadata.user_id,
            source=request.metadata.source,
            origin=current().header("origin"),
        )
        evidence = self._conversations.evidence(chatted.said.text, chatted.said.chunks)
        return pb.ChatWithIntegrationResponse(
            response=without_marks(chatted.said.text),
            session_id=chatted.session_name,
            confidence=evidence.confidence,
            sources=_sources(evidence),
        )

    async def GetIntegrationConversation(
        self, request: pb.GetIntegrationConversationRequest, context: Any
    ) -> pb.GetIntegrationConversationResponse:
        """Return what was said."""
        said = await self._integrations.history(caller(), request.integration_id, request.session_id)
        return pb.GetIntegrationConversationResponse(session_id=request.session_id, messages=map(self._message, said))

    def _message(self, record: Message) -> pb.IntegrationMessage:
        evidence = self._conversations.evidence(record.content, record.chunks)
        return pb.IntegrationMessage(
            role=record.role,
            content=without_marks(record.content),
            confidence=evidence.confidence if record.role == ASSISTANT else None,
            sources=_sources(evidence),
            created_at=iso(record.created_at),
        )
