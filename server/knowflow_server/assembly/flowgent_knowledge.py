"""Knowledge items on FlowGent, joined."""

from __future__ import annotations

from knowflow_server.assembly.core import Core
from knowflow_server.assembly.part import Base, Part
from knowflow_server.assembly.references import references_of
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.knowledge_item import ItemLimits, KnowledgeItems
from knowflow_server.domain.shelving import Shelving
from knowflow_server.rpc.flowgent.knowledge import KnowledgeService


def join_flowgent_knowledge(base: Base, core: Core, links: AgentLinks) -> Part:
    """Return knowledge items, and finish what an earlier server has left of their changes."""
    stores, common = base.stores, base.common
    counts = ChunkCounts(stores.entities, base.hooks.outbox)
    shelving = Shelving(stores.entities, stores.chunks, base.knowledge.indexing, counts, common.locks, common.clock)
    base.stack.push_async_callback(shelving.close)
    shelving.start()
    items = KnowledgeItems(
        stores.entities,
        core.simple_agents,
        links,
        core.datasets,
        references_of(base),
        shelving,
        ItemLimits(base.settings.plan, base.settings.knowledge_items),
        common.locks,
        common.clock,
        common.ids,
    )
    return Part([KnowledgeService(items)])
