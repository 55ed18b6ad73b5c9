"""Agents on the core surface."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value

from knowflow.store.v1 import agent_pb2 as store
from knowflow.v1 import agent_pb2, agent_service_pb2, agent_service_pb2_grpc
from knowflow_server.domain import parser_config
from knowflow_server.domain.agent import Agents, AgentTalk
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.selection import selection_of
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowflow.chat import bulk_result
from knowflow_server.rpc.knowflow.session import message_views
from knowflow_server.rpc.times import iso, rfc1123

PAGE_SIZE = 30
Record = TypeVar("Record")
View = TypeVar("View")
CHANGEABLE = ("title", "description", "avatar", "canvas_type")


def struct(text: str) -> Struct:
    """Return a JSON object as a message."""
    return parser_config.struct(json.loads(text or "{}"))


def _text_or_null(text: str) -> Value:
    return Value(string_value=text) if text else Value(null_value=NULL_VALUE)


def view(record: store.Agent) -> agent_pb2.Agent:
    """Return an agent as this surface shows it."""
    return agent_pb2.Agent(
        id=record.id,
        title=record.title,
        description=record.description,
        avatar=_text_or_null(record.avatar),
        canvas_type=_text_or_null(record.canvas_type),
        dsl=struct(record.dsl),
        create_time=iso(record.created_at),
        update_time=iso(record.updated_at),
        create_date=rfc1123(record.created_at),
        update_date=rfc1123(record.updated_at),
        user_id=record.created_by,
    )


def session_view(talk: AgentTalk) -> agent_pb2.AgentSession:
    """Return a session as this surface shows it."""
    record = talk.session
    messages = message_views(record.opener, talk.messages)
    return agent_pb2.AgentSession(
        id=record.id,
        agent_id=record.assistant_id,
        user_id=record.user_id,
        message_count=len(messages),
        messages=messages,
        message=messages,
        source="agent",
        dsl=struct(talk.dsl) if talk.dsl else None,
        create_time=iso(record.created_at),
        update_time=iso(record.updated_at),
        create_date=rfc1123(record.created_at),
        update_date=rfc1123(record.updated_at),
    )


def run_view(record: store.RunTrace) -> agent_pb2.AgentRun:
    """Return what happened in a run as this surface shows it."""
    steps = [
        agent_pb2.RunStep(
            component_id=step.component_id,
            component_name=step.component_name,
            component_type=step.component_type,
            inputs=struct(step.inputs),
            outputs=struct(step.outputs),
            error=step.error,
            started_after=step.started_after_s,
            elapsed_time=step.elapsed_s,
            prompt_tokens=step.prompt_tokens,
            completion_tokens=step.completion_tokens,
        )
        for step in record.steps
    ]
    return agent_pb2.AgentRun(
        id=record.id,
        agent_id=record.agent_id,
        session_id=record.session_id,
        question=record.question,
        answer=record.answer,
        state=record.state,
        error=record.error,
        steps=steps,
        elapsed_time=record.elapsed_s,
        prompt_tokens=sum(step.prompt_tokens for step in steps),
        completion_tokens=sum(step.completion_tokens for step in steps),
        created_at=iso(record.created_at),
    )


async def _views(made: Callable[[Record], View], records: Iterable[Record]) -> list[View]:
    """Return records as this surface shows them; graphs are long, and other callers go on meanwhile."""
    return await asyncio.to_thread(lambda: list(map(made, records)))


class AgentService(agent_service_pb2_grpc.AgentServiceServicer):
    """Answers for agents."""

    def __init__(self, agents: Agents) -> None:
        self._agents = agents

    async def CreateAgent(
        self, request: agent_service_pb2.CreateAgentRequest, context: Any
    ) -> agent_service_pb2.CreateAgentResponse:
        """Create an agent."""
        record = await self._agents.create(
            caller(),
            title=request.title,
            dsl=await asyncio.to_thread(parser_config.plain, request.dsl),
            description=request.description,
            avatar=request.avatar,
            canvas_type=request.canvas_type,
        )
        return agent_service_pb2.CreateAgentResponse(code=0, data=True, message="success", id=record.id)

    async def ListAgents(
        self, request: agent_service_pb2.ListAgentsRequest, context: Any
    ) -> agent_service_pb2.ListAgentsResponse:
        """List agents."""
        page = self._agents.list(
            caller(),
            PageRequest(request.page or 1, request.page_size or PAGE_SIZE),
            identifier=request.id,
            title=request.title or request.name,
            orderby=request.orderby or "create_time",
            desc=request.desc if request.HasField("desc") else True,
        )
        return agent_service_pb2.ListAgentsResponse(code=0, data=await _views(view, page.items), total=page.total)

    async def UpdateAgent(
        self, request: agent_service_pb2.UpdateAgentRequest, context: Any
    ) -> agent_service_pb2.UpdateAgentResponse:
        """Change an agent."""
        await self._agents.update(
            caller(),
            request.agent_id,
            dsl=await asyncio.to_thread(parser_config.plain, request.dsl) if request.HasField("dsl") else None,
            **{field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)},
        )
        return agent_service_pb2.UpdateAgentResponse(code=0, data=True, message="success")

    async def DeleteAgent(
        self, request: agent_service_pb2.DeleteAgentRequest, context: Any
    ) -> agent_service_pb2.DeleteAgentResponse:
        """Delete an agent."""
        await self._agents.delete(caller(), request.agent_id)
        return agent_service_pb2.DeleteAgentResponse(code=0, data=True, message="success")

    async def CreateAgentSession(
        self, request: agent_service_pb2.CreateAgentSessionRequest, context: Any
    ) -> agent_service_pb2.CreateAgentSessionResponse:
        """Begin a session."""
        talk = await self._agents.begin_session(
            caller(),
            request.agent_id,
            user_id=request.user_id,
            inputs=parser_config.plain(request.inputs) if request.HasField("inputs") else None,
        )
        return agent_service_pb2.CreateAgentSessionResponse(code=0, data=await asyncio.to_thread(session_view, talk))

    async def ListAgentSessions(
        self, request: agent_service_pb2.ListAgentSessionsRequest, context: Any
    ) -> agent_service_pb2.ListAgentSessionsResponse:
        """List sessions."""
        page = await self._agents.list_sessions(
            caller(),
            request.agent_id,
            PageRequest(request.page or 1, request.page_size or PAGE_SIZE),
            identifier=request.id,
            user_id=request.user_id,
            orderby=request.orderby or "create_time",
            desc=request.desc if request.HasField("desc") else True,
            dsl=request.dsl.lower() != "false",
        )
        return agent_service_pb2.ListAgentSessionsResponse(
            code=0, data=await _views(session_view, page.items), total=page.total
        )

    async def DeleteAgentSessions(
        self, request: agent_service_pb2.DeleteAgentSessionsRequest, context: Any
    ) -> agent_service_pb2.DeleteAgentSessionsResponse:
        """Delete sessions."""
        selection = selection_of(request, "ids")
        deleted = await self._agents.delete_sessions(caller(), request.agent_id, selection)
        return agent_service_pb2.DeleteAgentSessionsResponse(code=0, data=bulk_result(selection, deleted))

    async def ListAgentRuns(
        self, request: agent_service_pb2.ListAgentRunsRequest, context: Any
    ) -> agent_service_pb2.ListAgentRunsResponse:
        """List runs."""
        page = await self._agents.runs(
            caller(),
            request.agent_id,
            request.session_id,
            PageRequest(request.page or 1, request.page_size or PAGE_SIZE),
            identifier=request.id,
        )
        return agent_service_pb2.ListAgentRunsResponse(
            code=0, data=await _views(run_view, page.items), total=page.total
        )
