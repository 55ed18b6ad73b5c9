"""Runs of agents on the core surface: JSON and server-sent events for REST, typed messages for gRPC."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from google.api import httpbody_pb2

from knowflow.v1 import agent_run_service_pb2, agent_run_service_pb2_grpc, completion_service_pb2
from knowflow_server.domain import free_json, parser_config
from knowflow_server.domain.agent_run import (
    AgentAsk,
    AgentEvent,
    AgentRuns,
    RunEvent,
    RunFailed,
    RunFinished,
    envelope,
)
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc import sse
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.dialect import rest_body
from knowflow_server.rpc.knowflow import openai
from knowflow_server.rpc.knowflow.session import reference_view
from knowflow_server.rpc.times import iso

TEXTS = ("question", "query", "session_id", "user_id")


def response_of(event: RunFinished) -> agent_run_service_pb2.RunResponse:
    """Return a whole answer as a typed message."""
    awaited = [
        agent_run_service_pb2.AwaitedInput(
            component_id=item["component_id"], tips=item["tips"], inputs=free_json.struct(item["inputs"])
        )
        for item in event.awaited
    ]
    usage = completion_service_pb2.CompletionUsage(
        prompt_tokens=event.usage.prompt_tokens,
        completion_tokens=event.usage.completion_tokens,
        total_tokens=event.usage.prompt_tokens + event.usage.completion_tokens,
    )
    return agent_run_service_pb2.RunResponse(
        answer=event.answer,
        reference=reference_view(event.chunks),
        id=event.message_id,
        session_id=event.session_id,
        run_id=event.run_id,
        outputs=free_json.struct(event.outputs),
        awaited=awaited,
        usage=usage,
        elapsed_time=event.elapsed_s,
        created_at=iso(event.created_at),
    )


def _flag(body: Mapping[str, Any], name: str) -> bool:
    value = body.get(name) or False
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise InvalidArgumentError(f"`{name}` should be a boolean", field=name)
    return value


def _ask(request: agent_run_service_pb2.CreateAgentCompletionRequest, body: Mapping[str, Any]) -> AgentAsk:
    """Return what a body asks.

    Raises:
        InvalidArgumentError: A member has the wrong type.
    """
    for name in TEXTS:
        if not isinstance(body.get(name) or "", str):
            raise InvalidArgumentError(f"`{name}` should be a string", field=name)
    inputs = body.get("inputs") or {}
    if not isinstance(inputs, dict):
        raise InvalidArgumentError("`inputs` should be an object", field="inputs")
    files = body.get("files") or []
    if not isinstance(files, list):
        raise InvalidArgumentError("`files` should be a list", field="files")
    return AgentAsk(
        request.agent_id,
        body.get("question") or body.get("query") or "",
        session_id=body.get("session_id") or "",
        inputs=inputs,
        user_id=body.get("user_id") or "",
        files=files,
    )


class AgentRunService(agent_run_service_pb2_grpc.AgentRunServiceServicer):
    """Runs agents."""

    def __init__(self, runs: AgentRuns) -> None:
        self._runs = runs

    async def CreateAgentCompletion(
        self, request: agent_run_service_pb2.CreateAgentCompletionRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Run an agent over REST."""
        body = parser_config.plain(request.body)
        ask = _ask(request, body)
        stream, everything = _flag(body, "stream"), _flag(body, "events")
        if not stream:
            yield sse.whole({"code": 0, "data": sse.plain(response_of(await self._whole(ask)))})
            return
        begun = False
        async with aclosing(self._runs.stream(caller(), ask)) as events:
            async for event in events:
                if isinstance(event, RunFailed) and not begun:
                    raise event.error
                for content in _frames(event, everything=everything):
                    begun = True
                    yield sse.event(content)
        yield sse.done()

    async def CreateOpenAIAgentCompletion(
        self, request: agent_run_service_pb2.CreateOpenAIAgentCompletionRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Run an agent in the wire format of OpenAI."""
        turns = openai.turns_of(request)
        session_id = request.session_id or request.id
        ask = AgentAsk(
            request.agent_id,
            turns[-1].content,
            session_id=session_id,
            history=[] if session_id else [[turn.role, turn.content] for turn in turns[:-1]],
        )
        writer = openai.Writer(request.model, include_usage=request.stream_options.include_usage, reference=True)
        if not request.stream:
            done = await self._whole(ask)
            yield sse.whole(writer.whole(done.answer, done.chunks, done.usage, session_id=done.session_id))
            return
        async with aclosing(self._runs.stream(caller(), ask)) as events:
            async for event in events:
                if isinstance(event, RunFailed) and not event.answer:
                    raise event.error
                if isinstance(event, RunFailed):
                    yield sse.event(rest_body("openai", event.error))
                elif isinstance(event, RunFinished):
                    if event.answer and not event.said:
                        yield sse.event(writer.delta(event.answer))
                    for content in writer.end(event.answer, event.chunks, event.usage, session_id=event.session_id):
                        yield sse.event(content)
                elif event.happened.event == "message" and event.happened.data.get("content"):
                    yield sse.event(writer.delta(event.happened.data["content"]))
        yield sse.done()

    async def Run(self, request: agent_run_service_pb2.RunRequest, context: Any) -> agent_run_service_pb2.RunResponse:
        """Run an agent when the answer is whole."""
        return response_of(await self._whole(_typed(request)))

    async def StreamRun(
        self, request: agent_run_service_pb2.StreamRunRequest, context: Any
    ) -> AsyncIterator[agent_run_service_pb2.StreamRunResponse]:
        """Run an agent and send each event."""
        async with aclosing(self._runs.stream(caller(), _typed(request))) as events:
            async for event in events:
                for message in _messages(event):
                    yield message

    async def _whole(self, ask: AgentAsk) -> RunFinished:
        """Return the last event of a run, or raise what cut it off."""
        last: RunFinished | None = None
        async with aclosing(self._runs.stream(caller(), ask)) as events:
            async for event in events:
                if isinstance(event, RunFailed):
                    raise event.error
                if isinstance(event, RunFinished):
                    last = event
        if last is None:
            raise RuntimeError("A run ended without an end.")
        return last


def _frames(event: AgentEvent, *, everything: bool) -> list[dict[str, Any]]:
    """Return what an event becomes in a stream over REST."""
    if isinstance(event, RunFailed):
        data: dict[str, Any] = {"answer": f"**ERROR**: {event.error.sentence}", "reference": []}
        return [{**rest_body("knowflow", event.error), **data, "data": data}]
    if isinstance(event, RunFinished):
        if everything:
            return []
        whole = sse.plain(response_of(event))
        # The text was sent piece by piece; its end brings what it rests on, or what the user is to fill in.
        text = "" if event.said else event.answer
        data = {**whole, "answer": text, "content": text}
        return [
            {"code": 0, "answer": text, "reference": whole["reference"], "session_id": event.session_id, "data": data}
        ]
    if everything:
        return [json.loads(json.dumps(envelope(event), default=str))]
    if event.happened.event != "message":
        return []
    text = event.happened.data["content"]
    data = {"answer": text, "content": text, "reference": None, "session_id": event.session_id}
    shared = {"event": "message", "message_id": event.message_id, "session_id": event.session_id}
    return [{"code": 0, "answer": text, "reference": None, **shared, "data": data}]


def _typed(request: agent_run_service_pb2.RunRequest | agent_run_service_pb2.StreamRunRequest) -> AgentAsk:
    return AgentAsk(
        request.agent_id,
        request.question,
        session_id=request.session_id,
        inputs=parser_config.plain(request.inputs),
        user_id=request.user_id,
    )


def _messages(event: AgentEvent) -> list[agent_run_service_pb2.StreamRunResponse]:
    if isinstance(event, RunFinished):
        return [agent_run_service_pb2.StreamRunResponse(finished=response_of(event))]
    if isinstance(event, RunFailed):
        failed = agent_run_service_pb2.RunFailed(
            reason=event.error.reason, message=event.error.sentence, answer=event.answer
        )
        return [agent_run_service_pb2.StreamRunResponse(failed=failed)]
    return [_happened(event)]


def _happened(event: RunEvent) -> agent_run_service_pb2.StreamRunResponse:
    if event.happened.event == "message":
        return agent_run_service_pb2.StreamRunResponse(delta=event.happened.data["content"])
    happened = agent_run_service_pb2.RunEvent(
        event=event.happened.event,
        data=free_json.struct(event.happened.data),
        session_id=event.session_id,
        run_id=event.run_id,
    )
    return agent_run_service_pb2.StreamRunResponse(happened=happened)
