"""Questions to agents, and the secrets of callbacks, on FlowGent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format

from knowflow.flowgent.v1 import chat_service_pb2, chat_service_pb2_grpc
from knowflow_server.domain import free_json
from knowflow_server.domain.agent_chat import AgentChats, Asked, envelope
from knowflow_server.domain.agent_run import MAX_ASKED
from knowflow_server.domain.callback import Callbacks, CallbackSigners
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller

SHAPE = "messages is required and must be a string, a message object, or an array of message objects"
ROLES = ("user", "assistant")
MAX_TURNS = 1_000


def asked_in(value: Any) -> Asked:
    """Return the question that `messages` holds: a text, a message, or a list whose last message is the question.

    Raises:
        InvalidArgumentError: It holds none.
    """
    if isinstance(value, str):
        value = {"role": "user", "content": value}
    turns = [_turn(item, place) for place, item in enumerate(value if isinstance(value, list) else [value])]
    if not turns or len(turns) > MAX_TURNS:
        raise InvalidArgumentError(SHAPE if not turns else f"messages has at most {MAX_TURNS} items", field="messages")
    role, question = turns[-1]
    if role != "user":
        raise InvalidArgumentError('The last message must have the role "user"', field="messages")
    if not question.strip():
        raise InvalidArgumentError("The last message must have content", field="messages")
    if sum(len(text) for _, text in turns) > MAX_ASKED:
        raise InvalidArgumentError(f"messages has at most {MAX_ASKED} characters", field="messages")
    return Asked(question, turns[:-1])


def _turn(item: Any, place: int) -> tuple[str, str]:
    if not isinstance(item, Mapping):
        raise InvalidArgumentError(SHAPE, field="messages")
    role, content = item.get("role", "user"), item.get("content")
    if role not in ROLES:
        raise InvalidArgumentError(
            'The role of a message must be "user" or "assistant"', field=f"messages.{place}.role"
        )
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, Mapping) else None for part in content]
        texts = [part for part in parts if isinstance(part, str)]
        content = "\n".join(texts) if len(texts) == len(parts) else None
    if not isinstance(content, str):
        raise InvalidArgumentError("The content of a message must be a string", field=f"messages.{place}.content")
    return role, content


class ChatService(chat_service_pb2_grpc.ChatServiceServicer):
    """Answers questions.

    Args:
        chats: Asks agents.
        callbacks: Answers later.
        signers: The secrets of callbacks.
    """

    def __init__(self, chats: AgentChats, callbacks: Callbacks, signers: CallbackSigners) -> None:
        self._chats = chats
        self._callbacks = callbacks
        self._signers = signers

    async def Chat(self, request: chat_service_pb2.ChatRequest, context: Any) -> chat_service_pb2.ChatResponse:
        """Ask an agent."""
        self._chats.refuse(caller(), request.agent_id, request.thread_id)
        given = free_json.values(request.messages, "messages") if request.HasField("messages") else None
        asked = asked_in(given)
        # The conversation is a ListValue: a repeated message would be printed as `[]` beside a failure, too.
        if not request.callback_url:
            outcome = await self._chats.ask(caller(), request.agent_id, asked, thread_id=request.thread_id)
            return json_format.ParseDict(dict(envelope(outcome)), chat_service_pb2.ChatResponse())
        failure = await self._callbacks.accept(
            caller(), request.agent_id, asked, request.callback_url, thread_id=request.thread_id
        )
        if failure is not None:
            return json_format.ParseDict(dict(envelope(failure)), chat_service_pb2.ChatResponse())
        return chat_service_pb2.ChatResponse(
            message="Request accepted and being processed asynchronously", status="processing"
        )

    async def GetCallbackSecret(
        self, request: chat_service_pb2.GetCallbackSecretRequest, context: Any
    ) -> chat_service_pb2.GetCallbackSecretResponse:
        """Return the secret of callbacks."""
        return chat_service_pb2.GetCallbackSecretResponse(secret=await self._signers.secret(caller()))

    async def RotateCallbackSecret(
        self, request: chat_service_pb2.RotateCallbackSecretRequest, context: Any
    ) -> chat_service_pb2.RotateCallbackSecretResponse:
        """Make a new secret of callbacks."""
        return chat_service_pb2.RotateCallbackSecretResponse(secret=await self._signers.rotate(caller()))
