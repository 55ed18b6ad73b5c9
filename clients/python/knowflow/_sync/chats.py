"""Chat assistants and their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.protobuf import json_format

from knowflow._sync.transport import Transport
from knowflow.requests import PAGE_SIZE, listed
from knowflow.v1 import chat_service_pb2, completion_service_pb2, session_service_pb2
from knowflow.v1.chat_pb2 import Chat
from knowflow.v1.chat_service_pb2_grpc import ChatServiceStub
from knowflow.v1.completion_service_pb2_grpc import CompletionServiceStub
from knowflow.v1.session_pb2 import ChatSession
from knowflow.v1.session_service_pb2_grpc import SessionServiceStub


class Chats:
    """Chat assistants: make one of datasets, a model and a prompt, and ask it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stub = transport.stub(ChatServiceStub)
        self._sessions = transport.stub(SessionServiceStub)
        self._completions = transport.stub(CompletionServiceStub)

    def create(
        self,
        name: str,
        *,
        dataset_ids: Sequence[str] = (),
        llm: Mapping[str, Any] | None = None,
        prompt: Mapping[str, Any] | None = None,
    ) -> Chat:
        """Create an assistant, and return it.

        Args:
            name: Unique in the organization.
            dataset_ids: What it searches.
            llm: The model and how it answers, as the HTTP API has it: `{"model_name": "...", "temperature": 0.1}`.
            prompt: What is searched and what the model is told: `{"prompt": "...", "top_n": 8}`.
        """
        members = {"name": name, "dataset_ids": list(dataset_ids), "llm": llm, "prompt": prompt}
        given = {key: value for key, value in members.items() if value is not None}
        request = json_format.ParseDict(given, chat_service_pb2.CreateChatRequest())
        answer = self._transport.call(self._stub.CreateChat, request)
        created: Chat = answer.data
        return created

    def list(self) -> Iterator[Chat]:
        """Yield all assistants, newest first."""
        request = chat_service_pb2.ListChatsRequest(page_size=PAGE_SIZE)
        return self._transport.pages(self._stub.ListChats, request, lambda answer: (answer.data, answer.total))

    def delete(self, chat_ids: Sequence[str]) -> None:
        """Delete assistants with their sessions."""
        self._transport.call(self._stub.DeleteChats, chat_service_pb2.DeleteChatsRequest(ids=listed(chat_ids)))

    def create_session(self, chat_id: str, *, name: str | None = None) -> ChatSession:
        """Begin a session, and return it."""
        request = session_service_pb2.CreateSessionRequest(chat_id=chat_id, name=name)
        answer = self._transport.call(self._sessions.CreateSession, request)
        created: ChatSession = answer.data
        return created

    def complete(
        self,
        chat_id: str,
        question: str,
        *,
        session_id: str = "",
        variables: Mapping[str, str] | None = None,
        timeout_s: float = 300.0,
    ) -> completion_service_pb2.CompleteResponse:
        """Ask a question, and return the whole answer with what it rests on; without a session a new one begins."""
        request = completion_service_pb2.CompleteRequest(
            chat_id=chat_id, question=question, session_id=session_id, variables=variables
        )
        answer: completion_service_pb2.CompleteResponse = self._transport.call(
            self._completions.Complete, request, timeout_s=timeout_s
        )
        return answer

    def stream(
        self,
        chat_id: str,
        question: str,
        *,
        session_id: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[completion_service_pb2.StreamCompleteResponse]:
        """Ask a question, and yield the answer as it is written: `started`, `delta` after `delta`, `finished`.

        Raises:
            ApiError: The answer was cut off; the class is the one of its reason.
        """
        request = completion_service_pb2.StreamCompleteRequest(
            chat_id=chat_id, question=question, session_id=session_id, variables=variables
        )
        return self._transport.events(self._completions.StreamComplete, request)
