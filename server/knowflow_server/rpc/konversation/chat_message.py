"""Messages of talks on the Konversation surface."""

from __future__ import annotations

import json
from typing import Any

from knowflow.konversation.v1 import chat_message_pb2 as pb
from knowflow.konversation.v1 import chat_message_service_pb2, chat_message_service_pb2_grpc
from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow_server.domain import free_json
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.talk.reading import Asked, ChatMessages
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import listed, page_request

PATH = "/subscriber/chat-messages"


def view(record: ChatMessage) -> pb.ChatMsg:
    """Return a message as this surface shows it."""
    return pb.ChatMsg(
        id=record.created_at,
        type=record.type,
        msg_type=record.msg_type,
        content=record.content,
        payload=free_json.struct(json.loads(record.payload)),
        sender_id=record.sender_id,
        ts=record.created_at // 1_000_000,
    )


class ChatMessageService(chat_message_service_pb2_grpc.ChatMessageServiceServicer):
    """Answers for messages of talks."""

    def __init__(self, flows: Flows, messages: ChatMessages) -> None:
        self._flows = flows
        self._messages = messages

    async def ListChatMessages(
        self, request: chat_message_service_pb2.ListChatMessagesRequest, context: Any
    ) -> chat_message_service_pb2.ListChatMessagesResponse:
        """List the messages of a talk."""
        flow = chatbot(self._flows, request)
        asked = Asked(
            user_ns=request.user_ns,
            user_id=request.user_id,
            bot=not request.HasField("include_bot") or bool(request.include_bot),
            system=bool(request.include_system),
            msg_type=request.msg_type,
            start_s=request.start_time if request.HasField("start_time") else None,
            end_s=request.end_time if request.HasField("end_time") else None,
        )
        page = await self._messages.list(flow, asked, page_request(request))
        return chat_message_service_pb2.ListChatMessagesResponse(
            **listed(request, page, PATH, [view(one) for one in page.items])
        )
