"""Completions on the core surface: JSON and server-sent events for REST, typed messages for gRPC."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from google.api import httpbody_pb2

from knowflow.v1 import completion_service_pb2, completion_service_pb2_grpc
from knowflow_server.domain import free_json
from knowflow_server.domain.chat.completion import Ask, Completions, Delta, Failed, Finished, Started
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc import sse
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.dialect import rest_body
from knowflow_server.rpc.knowflow import openai
from knowflow_server.rpc.knowflow.session import reference_view
from knowflow_server.rpc.times import iso

TEXTS = ("question", "session_id")
KNOWN = {*TEXTS, "stream", "doc_ids", "variables"}


def response_of(event: Finished) -> completion_service_pb2.CompleteResponse:
    """Return a whole answer as a typed message."""
    usage = event.usage
    return completion_service_pb2.CompleteResponse(
        answer=event.answer,
        reference=reference_view(event.started.chunks),
        id=event.message_id,
        session_id=event.started.session_id,
        search_question=event.started.search_question,
        usage=completion_service_pb2.CompletionUsage(
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            total_tokens=usage.prompt_tokens + usage.completion_tokens,
        ),
        model_served=event.model_served,
        finish_reason=event.finish_reason,
        created_at=iso(event.created_at),
    )


def _ask(request: completion_service_pb2.CreateChatCompletionRequest) -> tuple[Ask, bool]:
    """Return what a body asks, and whether the answer streams.

    Raises:
        InvalidArgumentError: A member has the wrong type.
    """
    body: dict[str, Any] = free_json.values(request.body)
    for name in TEXTS:
        if not isinstance(body.get(name) or "", str):
            raise InvalidArgumentError(f"`{name}` should be a string", field=name)
    stream = body.get("stream") or False
    if isinstance(stream, str) and stream.lower() in {"true", "false"}:
        stream = stream.lower() == "true"
    if not isinstance(stream, bool):
        raise InvalidArgumentError("`stream` should be a boolean", field="stream")
    documents = body.get("doc_ids") or []
    documents = [item for item in documents.split(",") if item] if isinstance(documents, str) else documents
    if not isinstance(documents, list) or not all(isinstance(item, str) for item in documents):
        raise InvalidArgumentError("`doc_ids` should be a list of ids", field="doc_ids")
    variables = body.get("variables") or {}
    if not isinstance(variables, dict):
        raise InvalidArgumentError("`variables` should be an object", field="variables")
    further = {name: value for name, value in body.items() if name not in KNOWN}
    values = {name: _text(value) for name, value in {**further, **variables}.items() if value is not None}
    ask = Ask(
        request.chat_id,
        body.get("question") or "",
        session_id=body.get("session_id") or "",
        variables=values,
        document_ids=documents,
    )
    return ask, stream


def _text(value: Any) -> str:
    """Return the value of a variable as it stands in a prompt."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


class CompletionService(completion_service_pb2_grpc.CompletionServiceServicer):
    """Answers questions."""

    def __init__(self, completions: Completions) -> None:
        self._completions = completions

    async def CreateChatCompletion(
        self, request: completion_service_pb2.CreateChatCompletionRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Answer over REST."""
        ask, stream = _ask(request)
        if not stream:
            data = sse.plain(response_of(await self._whole(ask)))
            yield sse.whole({"code": 0, "data": data})
            return
        async with aclosing(self._completions.stream(caller(), ask)) as events:
            shared: dict[str, Any] = {}
            reference: dict[str, Any] | None = None
            async for event in events:
                if isinstance(event, Started):
                    shared = {"session_id": event.session_id}
                    reference = sse.plain(reference_view(event.chunks))
                elif isinstance(event, Delta):
                    yield _frame({"answer": event.text, "reference": reference, **shared})
                    reference = None
                elif isinstance(event, Failed):
                    # A stream that has begun cannot change its status; RAGFlow's clients look for this text.
                    data = {"answer": f"**ERROR**: {event.error.sentence}", "reference": [], **shared}
                    yield sse.event({**rest_body("knowflow", event.error), **data, "data": data})
                else:
                    yield _frame({"answer": "", "reference": reference, **shared, **_end(event)})
        yield sse.done()

    async def CreateOpenAIChatCompletion(
        self, request: completion_service_pb2.CreateOpenAIChatCompletionRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Answer in the wire format of OpenAI."""
        ask = openai.ask_of(request)
        writer = openai.Writer(
            request.model,
            include_usage=request.stream_options.include_usage,
            reference=request.reference or request.extra_body.reference,
        )
        if not request.stream:
            done = await self._whole(ask)
            answer = writer.whole(
                done.answer,
                done.started.chunks,
                done.usage,
                finish_reason=done.finish_reason,
                model_served=done.model_served,
            )
            yield sse.whole(answer)
            return
        async with aclosing(self._completions.stream(caller(), ask)) as events:
            async for event in events:
                for content in writer.events(event):
                    yield sse.event(content)
        yield sse.done()

    async def Complete(
        self, request: completion_service_pb2.CompleteRequest, context: Any
    ) -> completion_service_pb2.CompleteResponse:
        """Answer when the answer is whole."""
        return response_of(await self._whole(_typed(request)))

    async def StreamComplete(
        self, request: completion_service_pb2.StreamCompleteRequest, context: Any
    ) -> AsyncIterator[completion_service_pb2.StreamCompleteResponse]:
        """Answer piece by piece."""
        async with aclosing(self._completions.stream(caller(), _typed(request))) as events:
            async for event in events:
                yield _event(event)

    async def _whole(self, ask: Ask) -> Finished:
        """Return the last event of an answer, or raise what cut it off."""
        last: Finished | None = None
        async with aclosing(self._completions.stream(caller(), ask)) as events:
            async for event in events:
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Finished):
                    last = event
        if last is None:
            raise RuntimeError("An answer ended without an end.")
        return last


def _frame(data: dict[str, Any]) -> httpbody_pb2.HttpBody:
    """Return an event with its members on top, as the document shows them, and under `data`, where RAGFlow has them."""
    return sse.event({"code": 0, **data, "data": data})


def _end(event: Finished) -> dict[str, Any]:
    whole = response_of(event)
    return {
        "id": whole.id,
        "usage": sse.plain(whole.usage),
        "model_served": whole.model_served,
        "finish_reason": whole.finish_reason,
        "search_question": whole.search_question,
        "created_at": whole.created_at,
    }


def _typed(request: completion_service_pb2.CompleteRequest | completion_service_pb2.StreamCompleteRequest) -> Ask:
    return Ask(
        request.chat_id,
        request.question,
        session_id=request.session_id,
        variables=dict(request.variables),
        document_ids=list(request.doc_ids),
    )


def _event(event: Started | Delta | Finished | Failed) -> completion_service_pb2.StreamCompleteResponse:
    if isinstance(event, Started):
        started = completion_service_pb2.CompletionStarted(
            session_id=event.session_id,
            reference=reference_view(event.chunks),
            search_question=event.search_question,
        )
        return completion_service_pb2.StreamCompleteResponse(started=started)
    if isinstance(event, Delta):
        return completion_service_pb2.StreamCompleteResponse(delta=event.text)
    if isinstance(event, Failed):
        failed = completion_service_pb2.CompletionFailed(
            reason=event.error.reason, message=event.error.sentence, answer=event.answer
        )
        return completion_service_pb2.StreamCompleteResponse(failed=failed)
    return completion_service_pb2.StreamCompleteResponse(finished=response_of(event))
