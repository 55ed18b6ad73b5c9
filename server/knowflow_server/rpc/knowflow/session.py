"""Sessions on the core surface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from google.protobuf.struct_pb2 import ListValue

from knowflow.store.v1 import chat_pb2 as store
from knowflow.v1 import retrieval_pb2, session_pb2, session_service_pb2, session_service_pb2_grpc
from knowflow_server.domain.chat.completion import Completions
from knowflow_server.domain.chat.session import Sessions, Talk
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.selection import selection_of
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowflow.chat import bulk_result
from knowflow_server.rpc.times import iso, rfc1123

PAGE_SIZE = 30
UNCHANGEABLE = {"message": "`message` can not be change", "messages": "`message` can not be change"}
UNCHANGEABLE["reference"] = "`reference` can not be change"


def chunk_view(record: store.CitedChunk) -> session_pb2.ReferenceChunk:
    """Return a chunk that an answer could rest on as this surface shows it."""
    positions = []
    for position in record.positions:
        values = ListValue()
        values.extend(list(position.values))
        positions.append(values)
    return session_pb2.ReferenceChunk(
        id=record.id,
        content=record.content,
        document_id=record.document_id,
        document_name=record.document_name,
        dataset_id=record.dataset_id,
        positions=positions,
        page_number=record.page_number,
        similarity=record.similarity,
        vector_similarity=record.vector_similarity,
        term_similarity=record.term_similarity,
    )


def reference_view(chunks: Sequence[store.CitedChunk]) -> session_pb2.Reference:
    """Return what an answer rests on as this surface shows it."""
    names = {chunk.document_id: chunk.document_name for chunk in chunks}
    hits = Counter(chunk.document_id for chunk in chunks).most_common()
    return session_pb2.Reference(
        total=len(chunks),
        chunks=map(chunk_view, chunks),
        doc_aggs=[
            retrieval_pb2.DocumentHits(doc_name=names[identifier], doc_id=identifier, count=number)
            for identifier, number in hits
        ],
    )


def _message_view(record: store.Message) -> session_pb2.ChatMessage:
    return session_pb2.ChatMessage(
        id=record.id,
        role=record.role,
        content=record.content,
        reference=map(chunk_view, record.chunks),
        created_at=iso(record.created_at),
        model_served=record.model_served,
        finish_reason=record.finish_reason,
    )


def message_views(opener: str, messages: Sequence[store.Message]) -> list[session_pb2.ChatMessage]:
    """Return the messages of a session, with what is said at its beginning first."""
    first = [session_pb2.ChatMessage(role="assistant", content=opener)] if opener else []
    return [*first, *map(_message_view, messages)]


def view(talk: Talk) -> session_pb2.ChatSession:
    """Return a session as this surface shows it."""
    record = talk.session
    return session_pb2.ChatSession(
        id=record.id,
        name=record.name,
        chat_id=record.assistant_id,
        message_count=bool(record.opener) + record.message_count,
        messages=message_views(record.opener, talk.messages),
        user_id=record.user_id,
        create_time=iso(record.created_at),
        update_time=iso(record.updated_at),
        create_date=rfc1123(record.created_at),
        update_date=rfc1123(record.updated_at),
    )


class SessionService(session_service_pb2_grpc.SessionServiceServicer):
    """Answers for sessions."""

    def __init__(self, sessions: Sessions, completions: Completions) -> None:
        self._sessions = sessions
        self._completions = completions

    async def CreateSession(
        self, request: session_service_pb2.CreateSessionRequest, context: Any
    ) -> session_service_pb2.CreateSessionResponse:
        """Begin a session."""
        record = await self._sessions.create(
            caller(),
            request.chat_id,
            name=request.name if request.HasField("name") else None,
            user_id=request.user_id,
        )
        return session_service_pb2.CreateSessionResponse(code=0, data=view(Talk(record, [])))

    async def ListSessions(
        self, request: session_service_pb2.ListSessionsRequest, context: Any
    ) -> session_service_pb2.ListSessionsResponse:
        """List sessions."""
        page = await self._sessions.list(
            caller(),
            request.chat_id,
            PageRequest(request.page or 1, request.page_size or PAGE_SIZE),
            identifier=request.id,
            name=request.name,
            user_id=request.user_id,
            orderby=request.orderby or "create_time",
            desc=request.desc if request.HasField("desc") else True,
        )
        return session_service_pb2.ListSessionsResponse(code=0, data=map(view, page.items), total=page.total)

    async def UpdateSession(
        self, request: session_service_pb2.UpdateSessionRequest, context: Any
    ) -> session_service_pb2.UpdateSessionResponse:
        """Change a session."""
        for field, sentence in UNCHANGEABLE.items():
            if request.HasField(field):
                raise InvalidArgumentError(sentence, field=field)
        await self._sessions.update(
            caller(),
            request.chat_id,
            request.session_id,
            name=request.name if request.HasField("name") else None,
            user_id=request.user_id if request.HasField("user_id") else None,
        )
        return session_service_pb2.UpdateSessionResponse(code=0)

    async def DeleteSessions(
        self, request: session_service_pb2.DeleteSessionsRequest, context: Any
    ) -> session_service_pb2.DeleteSessionsResponse:
        """Delete sessions."""
        selection = selection_of(request, "ids")
        deleted = await self._sessions.delete(caller(), request.chat_id, selection)
        return session_service_pb2.DeleteSessionsResponse(code=0, data=bulk_result(selection, deleted))

    async def RelatedQuestions(
        self, request: session_service_pb2.RelatedQuestionsRequest, context: Any
    ) -> session_service_pb2.RelatedQuestionsResponse:
        """Propose questions."""
        questions = await self._completions.related(caller(), request.session_id, request.question)
        return session_service_pb2.RelatedQuestionsResponse(
            code=0, data=session_service_pb2.RelatedQuestionsResult(related_questions=questions)
        )
