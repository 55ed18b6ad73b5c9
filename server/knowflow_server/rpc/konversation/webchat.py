"""The channel `web` on the Konversation surface."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from google.api import httpbody_pb2
from google.protobuf import json_format

from knowflow.konversation.v1 import chat_message_pb2, webchat_service_pb2, webchat_service_pb2_grpc
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.subscriber import user_ns
from knowflow_server.domain.talk.webchat import Webchat
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.konversation.chat_message import view
from knowflow_server.rpc.konversation.page import OK
from knowflow_server.rpc.sse import EVENTS

DETAILS = ("name", "first_name", "last_name", "email", "phone", "language")
LIMIT = 100
# A sign of life, which clients pass over.
ALIVE = b": \n\n"


def _event(message: chat_message_pb2.ChatMsg) -> bytes:
    data = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
    # Whole numbers, as the gateway writes them.
    data |= {"id": int(message.id), "ts": int(message.ts)}
    return f"id:{int(message.id)}\ndata:{json.dumps(data, ensure_ascii=False)}\n\n".encode()


class WebchatService(webchat_service_pb2_grpc.WebchatServiceServicer):
    """Answers clients of subscribers."""

    def __init__(self, flows: Flows, webchat: Webchat) -> None:
        self._flows = flows
        self._webchat = webchat

    async def CreateVisitor(
        self, request: webchat_service_pb2.CreateVisitorRequest, context: Any
    ) -> webchat_service_pb2.CreateVisitorResponse:
        """Make a visitor, or a new token for one."""
        flow = self._flows.chosen(caller(), request.flow_ns)
        details = {name: text for name in DETAILS if (text := getattr(request, name))}
        record, token = await self._webchat.create(flow, user_ns=request.user_ns, details=details)
        visitor = webchat_service_pb2.Visitor(user_ns=user_ns(record), user_id=record.user_id, token=token)
        return webchat_service_pb2.CreateVisitorResponse(status=OK, data=visitor)

    async def SendVisitorMessage(
        self, request: webchat_service_pb2.SendVisitorMessageRequest, context: Any
    ) -> webchat_service_pb2.SendVisitorMessageResponse:
        """Take a message."""
        kept = await self._webchat.say(
            caller(), kind=request.type or "text", text=request.text, url=request.url, target=request.target
        )
        return webchat_service_pb2.SendVisitorMessageResponse(status=OK, data=view(kept))

    async def ListVisitorMessages(
        self, request: webchat_service_pb2.ListVisitorMessagesRequest, context: Any
    ) -> webchat_service_pb2.ListVisitorMessagesResponse:
        """List the messages of the visitor's talk."""
        found = await self._webchat.messages(caller(), after=int(request.after), limit=request.limit or LIMIT)
        return webchat_service_pb2.ListVisitorMessagesResponse(data=map(view, found))

    async def StreamVisitorMessages(
        self, request: webchat_service_pb2.StreamVisitorMessagesRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Stream the messages of the visitor's talk as server-sent events."""
        async with self._webchat.following(caller(), after=int(request.after)) as news:
            # The headers leave with the first of these, so that a client sees that it listens.
            yield httpbody_pb2.HttpBody(content_type=EVENTS, data=ALIVE)
            async for found in news:
                for one in found:
                    yield httpbody_pb2.HttpBody(content_type=EVENTS, data=_event(view(one)))
                if not found:
                    yield httpbody_pb2.HttpBody(content_type=EVENTS, data=ALIVE)

    async def WatchVisitorMessages(
        self, request: webchat_service_pb2.WatchVisitorMessagesRequest, context: Any
    ) -> AsyncIterator[webchat_service_pb2.WatchVisitorMessagesResponse]:
        """Stream the messages of the visitor's talk."""
        async with self._webchat.following(caller(), after=int(request.after)) as news:
            async for found in news:
                for one in found:
                    yield webchat_service_pb2.WatchVisitorMessagesResponse(message=view(one))
                if not found:
                    yield webchat_service_pb2.WatchVisitorMessagesResponse()
