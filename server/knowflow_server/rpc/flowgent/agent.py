"""Agents, their conversations and what they did, on FlowGent."""

from __future__ import annotations

from typing import Any

from knowflow.flowgent.v1 import agent_pb2, agent_service_pb2, agent_service_pb2_grpc
from knowflow.flowgent.v1.pagination_pb2 import Pagination
from knowflow.store.v1 import agent_pb2 as store
from knowflow_server.domain.agent_chat import AgentChats
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.simple_agent import SimpleAgents, is_generated, status_of
from knowflow_server.domain.usage import open_range
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.flowgent.page import page_request, pagination
from knowflow_server.rpc.times import iso

CHANGEABLE = ("name", "description", "instructions", "model", "temperature", "welcome_message", "status")


def brief(record: store.Agent) -> agent_pb2.Agent:
    """Return an agent as lists show it."""
    return agent_pb2.Agent(
        id=record.id,
        name=record.title,
        description=record.description,
        model=record.simple.model,
        status=status_of(record),
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


def activity_view(record: store.AgentActivity) -> agent_pb2.ActivityRun:
    """Return a run as this surface shows it."""
    return agent_pb2.ActivityRun(
        id=record.run_id,
        thread_id=record.session_id,
        status_code=record.status_code,
        model=record.model,
        execution_time=round(record.elapsed_s * 1000),
        used_credits=record.used_credits,
        timestamp=iso(record.created_at),
    )


class AgentService(agent_service_pb2_grpc.AgentServiceServicer):
    """Answers for agents.

    Args:
        agents: Agents in plain words.
        chats: Their conversations and activity.
        links: What else is linked to them.
    """

    def __init__(self, agents: SimpleAgents, chats: AgentChats, links: AgentLinks) -> None:
        self._agents = agents
        self._chats = chats
        self._links = links

    async def ListAgents(
        self, request: agent_service_pb2.ListAgentsRequest, context: Any
    ) -> agent_service_pb2.ListAgentsResponse:
        """List agents."""
        page = self._agents.list(caller(), page_request(request))
        return agent_service_pb2.ListAgentsResponse(
            agents=map(brief, page.items), pagination=Pagination(**pagination(page))
        )

    async def CreateAgent(self, request: agent_service_pb2.CreateAgentRequest, context: Any) -> agent_pb2.Agent:
        """Create an agent."""
        made = await self._agents.create(
            caller(),
            name=request.name,
            description=request.description,
            instructions=request.instructions,
            model=request.model,
            temperature=request.temperature if request.HasField("temperature") else None,
            welcome_message=request.welcome_message,
        )
        return self._view(made)

    async def GetAgent(self, request: agent_service_pb2.GetAgentRequest, context: Any) -> agent_pb2.Agent:
        """Return an agent."""
        return self._view(self._agents.get(caller(), request.agent_id))

    async def UpdateAgent(self, request: agent_service_pb2.UpdateAgentRequest, context: Any) -> agent_pb2.Agent:
        """Change an agent."""
        changes = {field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)}
        return self._view(await self._agents.update(caller(), request.agent_id, **changes))

    async def DeleteAgent(
        self, request: agent_service_pb2.DeleteAgentRequest, context: Any
    ) -> agent_service_pb2.DeleteAgentResponse:
        """Delete an agent."""
        await self._agents.delete(caller(), request.agent_id)
        return agent_service_pb2.DeleteAgentResponse(message="Agent deleted successfully")

    async def ListActivity(
        self, request: agent_service_pb2.ListActivityRequest, context: Any
    ) -> agent_service_pb2.ListActivityResponse:
        """List what an agent did."""
        self._agents.get(caller(), request.agent_id)
        within = open_range(request.start_date, request.end_date)
        page = await self._chats.activity(caller(), request.agent_id, page_request(request), within=within)
        return agent_service_pb2.ListActivityResponse(
            runs=map(activity_view, page.items), pagination=Pagination(**pagination(page))
        )

    async def ListThreads(
        self, request: agent_service_pb2.ListThreadsRequest, context: Any
    ) -> agent_service_pb2.ListThreadsResponse:
        """List conversations."""
        page = self._chats.threads(caller(), request.agent_id, page_request(request))
        threads = [
            agent_pb2.Thread(
                thread_id=one.id,
                message_count=one.message_count,
                created_at=iso(one.created_at),
                updated_at=iso(one.updated_at),
            )
            for one in page.items
        ]
        return agent_service_pb2.ListThreadsResponse(threads=threads, pagination=Pagination(**pagination(page)))

    async def GetThread(
        self, request: agent_service_pb2.GetThreadRequest, context: Any
    ) -> agent_service_pb2.GetThreadResponse:
        """Return a conversation."""
        said = await self._chats.thread(caller(), request.agent_id, request.thread_id)
        return agent_service_pb2.GetThreadResponse(
            agent_id=request.agent_id,
            thread_id=request.thread_id,
            conversation_history=[agent_pb2.HistoryMessage(role=one.role, content=one.content) for one in said],
        )

    def _view(self, record: store.Agent) -> agent_pb2.Agent:
        """Return an agent with all there is to say about it."""
        view, simple = brief(record), record.simple
        view.instructions, view.welcome_message = simple.instructions, simple.welcome_message
        if simple.HasField("temperature"):
            view.temperature = simple.temperature
        view.is_graph = not is_generated(record)
        view.linked_knowledge = len(self._links.knowledge(record))
        view.waba_connected = self._links.is_on_whatsapp(record)
        return view
