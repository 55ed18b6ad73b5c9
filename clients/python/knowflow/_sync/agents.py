"""Agents and their runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from knowflow._sync.transport import Transport
from knowflow.requests import PAGE_SIZE, struct_of
from knowflow.v1 import agent_run_service_pb2, agent_service_pb2
from knowflow.v1.agent_pb2 import Agent
from knowflow.v1.agent_run_service_pb2_grpc import AgentRunServiceStub
from knowflow.v1.agent_service_pb2_grpc import AgentServiceStub


class Agents:
    """Agents: graphs of components."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stub = transport.stub(AgentServiceStub)
        self._runs = transport.stub(AgentRunServiceStub)

    def create(self, title: str, dsl: Mapping[str, Any], *, description: str | None = None) -> str:
        """Create an agent from its graph, and return its id."""
        request = agent_service_pb2.CreateAgentRequest(title=title, dsl=struct_of(dsl), description=description)
        answer = self._transport.call(self._stub.CreateAgent, request)
        agent_id: str = answer.id
        return agent_id

    def list(self) -> Iterator[Agent]:
        """Yield all agents, newest first."""
        request = agent_service_pb2.ListAgentsRequest(page_size=PAGE_SIZE)
        return self._transport.pages(self._stub.ListAgents, request, lambda answer: (answer.data, answer.total))

    def delete(self, agent_id: str) -> None:
        """Delete an agent with its sessions."""
        self._transport.call(self._stub.DeleteAgent, agent_service_pb2.DeleteAgentRequest(agent_id=agent_id))

    def run(
        self,
        agent_id: str,
        question: str,
        *,
        session_id: str = "",
        inputs: Mapping[str, Any] | None = None,
        timeout_s: float = 600.0,
    ) -> agent_run_service_pb2.RunResponse:
        """Run an agent, and return its whole answer; without a session a new one begins."""
        request = agent_run_service_pb2.RunRequest(
            agent_id=agent_id, question=question, session_id=session_id, inputs=struct_of(inputs)
        )
        answer: agent_run_service_pb2.RunResponse = self._transport.call(self._runs.Run, request, timeout_s=timeout_s)
        return answer

    def stream(
        self, agent_id: str, question: str, *, session_id: str = "", inputs: Mapping[str, Any] | None = None
    ) -> Iterator[agent_run_service_pb2.StreamRunResponse]:
        """Run an agent, and yield each event as it happens.

        Raises:
            ApiError: The run failed; the class is the one of its reason.
        """
        request = agent_run_service_pb2.StreamRunRequest(
            agent_id=agent_id, question=question, session_id=session_id, inputs=struct_of(inputs)
        )
        return self._transport.events(self._runs.StreamRun, request)
