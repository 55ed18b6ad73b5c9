"""What is linked to an agent beside its knowledge base."""

from __future__ import annotations

from collections.abc import Sequence

from sortedcontainers import SortedKeyList

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.knowledge_item_pb2 import KnowledgeItem
from knowflow_server.domain.whatsapp.connection import Connections
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import age


class AgentLinks:
    """Knows what is linked to agents; a server has one.

    Args:
        entities: Where knowledge items are.
        connections: WhatsApp connections.
    """

    def __init__(self, entities: EntityStore, connections: Connections) -> None:
        self._connections = connections
        self._items: dict[str, KnowledgeItem] = {}
        # By agent, oldest first: who looks at an agent does not go through all items of its organization.
        self._of_agent: dict[str, SortedKeyList] = {}
        for item in entities.all(KnowledgeItem):
            self._changed(item.id, item)
        entities.subscribe(KnowledgeItem, self._changed)

    def knowledge(self, agent: Agent) -> Sequence[KnowledgeItem]:
        """Return the knowledge items which are linked to an agent, oldest first, read-only."""
        found: Sequence[KnowledgeItem] = self._of_agent.get(agent.id, ())
        return found

    def is_on_whatsapp(self, agent: Agent) -> bool:
        """Return whether an agent has a WhatsApp connection."""
        return self._connections.find(agent.organization_id, agent.id) is not None

    def _changed(self, identifier: str, item: KnowledgeItem | None) -> None:
        before = self._items.pop(identifier, None)
        for agent_id in set(before.agent_ids) if before is not None else ():
            self._of_agent[agent_id].remove(before)
            if not self._of_agent[agent_id]:
                del self._of_agent[agent_id]
        if item is None:
            return
        self._items[identifier] = item
        for agent_id in set(item.agent_ids):
            self._of_agent.setdefault(agent_id, SortedKeyList(key=age)).add(item)
