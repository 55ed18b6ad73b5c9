"""What is linked to an agent beside its knowledge base."""

from __future__ import annotations

from knowflow.store.v1.agent_pb2 import Agent
from knowflow_server.domain.whatsapp.connection import Connections


class AgentLinks:
    """Knows what is linked to agents.

    Args:
        connections: WhatsApp connections.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def knowledge(self, agent: Agent) -> int:  # noqa: ARG002
        """Return the number of knowledge items which are linked to an agent."""
        return 0

    def is_on_whatsapp(self, agent: Agent) -> bool:
        """Return whether an agent has a WhatsApp connection."""
        return self._connections.find(agent.organization_id, agent.id) is not None
