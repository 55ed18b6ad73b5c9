"""What is linked to an agent beside its knowledge base."""

from __future__ import annotations

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.knowledge_item_pb2 import KnowledgeItem
from knowflow_server.domain.whatsapp.connection import Connections
from knowflow_server.store.entities import EntityStore


class AgentLinks:
    """Knows what is linked to agents.

    Args:
        entities: Where knowledge items are.
        connections: WhatsApp connections.
    """

    def __init__(self, entities: EntityStore, connections: Connections) -> None:
        self._entities = entities
        self._connections = connections

    def knowledge(self, agent: Agent) -> int:
        """Return the number of knowledge items which are linked to an agent."""
        items = self._entities.children(KnowledgeItem, agent.organization_id)
        return sum(agent.id in item.agent_ids for item in items)

    def is_on_whatsapp(self, agent: Agent) -> bool:
        """Return whether an agent has a WhatsApp connection."""
        return self._connections.find(agent.organization_id, agent.id) is not None
