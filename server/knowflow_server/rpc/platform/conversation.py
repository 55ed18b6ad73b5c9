"""Conversations on the platform surface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from google.api import httpbody_pb2
from google.protobuf.struct_pb2 import Struct

from knowflow.platform.v1 import conversation_service_pb2 as pb
from knowflow.platform.v1 import conversation_service_pb2_grpc
from knowflow.store.v1.chat_pb2 import Message, Session
from knowflow_server.domain import parser_config
from knowflow_server.domain.app.conversation import Broken, Conversations, Piece, Said, whole
from knowflow_server.domain.app.evidence import Evidence
from knowflow_server.rpc import sse
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.dialect import rest_body
from knowflow_server.rpc.platform.page import page_request, pagination
from knowflow_server.rpc.times import iso

SUCCESS = "success"
ASSISTANT = "assistant"


def view(app_id: str, record: Session) -> pb.Conversation:
    """Return a conversation as this surface shows it."""
    return pb.Conversation(
        id=record.id,
        app_id=app_id,
        name=record.name,
        user_id=record.user_id,
        metadata=record.metadata if record.HasField("metadata") else Struct(),
        greeting=record.opener,
        message_count=record.message_count,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


def _sources(evidence: Evidence) -> list[pb.MessageSource]:
    return [
        pb.MessageSource(title=one.title, url=one.url, document_id=one.document_id, knowledge_base_id=one.dataset_id)
        for one in evidence.sources
    ]


class ConversationService(conversation_service_pb2_grpc.ConversationServiceServicer):
    """Answers for conversations."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    async def CreateConversation(
        self, request: pb.CreateConversationRequest, context: Any
    ) -> pb.CreateConversationResponse:
        """Begin a conversation."""
        session = await self._conversations.create(
            caller(),
            request.app_id,
            name=request.name,
            user_id=request.user_id,
            metadata=parser_config.plain(request.metadata),
        )
        return pb.CreateConversationResponse(status=SUCCESS, data=view(request.app_id, session))

    async def ListConversations(
        self, request: pb.ListConversationsRequest, context: Any
    ) -> pb.ListConversationsResponse:
        """List conversations."""
        page = self._conversations.list(caller(), page_request(request), app_id=request.app_id)
        described = pagination(request, page, lambda item: (item[1].created_at, item[1].id))
        return pb.ListConversationsResponse(
            status=SUCCESS, data=[view(app.id, one) for app, one in page.items], pagination=described
        )

    async def GetConversation(self, request: pb.GetConversationRequest, context: Any) -> pb.GetConversationResponse:
        """Return a conversation."""
        app, session = self._conversations.get(caller(), request.conversation_id)
        return pb.GetConversationResponse(status=SUCCESS, data=view(app.id, session))

    async def DeleteConversation(
        self, request: pb.DeleteConversationRequest, context: Any
    ) -> pb.DeleteConversationResponse:
        """Delete a conversation."""
        await self._conversations.delete(caller(), request.conversation_id)
        return pb.DeleteConversationResponse(status=SUCCESS)

    async def ListMessages(self, request: pb.ListMessagesRequest, context: Any) -> pb.ListMessagesResponse:
        """List messages."""
        page = await self._conversations.messages(caller(), request.conversation_id, page_request(request))
        described = pagination(request, page, lambda one: (one.created_at, one.id))
        return pb.ListMessagesResponse(status=SUCCESS, data=map(self._message, page.items), pagination=described)

    async def CreateMessage(self, request: pb.CreateMessageRequest, context: Any) -> pb.CreateMessageResponse:
        """Answer when the answer is whole."""
        said = await whole(self._conversations.say(caller(), request.conversation_id, request.content))
        return pb.CreateMessageResponse(status=SUCCESS, data=self._said(request.conversation_id, said))

    async def StreamMessageEvents(
        self, request: pb.StreamMessageEventsRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Answer with server-sent events."""
        parts = self._conversations.say(caller(), request.conversation_id, request.content)
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Piece):
                    yield sse.event({"delta": part.text})
                elif isinstance(part, Broken):
                    yield sse.event(rest_body("platform", part.error))
                else:
                    yield sse.event({"message": sse.plain(self._said(request.conversation_id, part))})
        yield sse.done()

    async def StreamMessage(
        self, request: pb.StreamMessageRequest, context: Any
    ) -> AsyncIterator[pb.StreamMessageResponse]:
        """Answer piece by piece."""
        parts = self._conversations.say(caller(), request.conversation_id, request.content)
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Piece):
                    yield pb.StreamMessageResponse(delta=part.text)
                elif isinstance(part, Broken):
                    failed = pb.MessageFailed(reason=part.error.reason, message=part.error.sentence)
                    yield pb.StreamMessageResponse(failed=failed)
                else:
                    yield pb.StreamMessageResponse(message=self._said(request.conversation_id, part))

    def _message(self, record: Message) -> pb.ConversationMessage:
        answers = record.role == ASSISTANT
        evidence = self._conversations.evidence(record.content, record.chunks)
        return pb.ConversationMessage(
            id=record.id,
            conversation_id=record.session_id,
            role=record.role,
            content=record.content,
            confidence=evidence.confidence if answers else None,
            sources=_sources(evidence),
            finish_reason=record.finish_reason if answers else None,
            created_at=iso(record.created_at),
        )

    def _said(self, conversation_id: str, said: Said) -> pb.ConversationMessage:
        evidence = self._conversations.evidence(said.text, said.chunks)
        return pb.ConversationMessage(
            id=said.id,
            conversation_id=conversation_id,
            role=ASSISTANT,
            content=said.text,
            confidence=evidence.confidence,
            sources=_sources(evidence),
            finish_reason=said.finish_reason,
            created_at=iso(said.created_at),
        )
