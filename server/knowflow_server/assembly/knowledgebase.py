"""The Knowledgebase surface: knowledge bases, references, search, and agents with a knowledge base."""

from __future__ import annotations

from knowflow_server.assembly.core import Core
from knowflow_server.assembly.part import Base, Part
from knowflow_server.assembly.references import references_of
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.instructions import Instructions
from knowflow_server.domain.knowledge_search import KnowledgeSearch
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.rpc.knowledgebase.agent import AgentService
from knowflow_server.rpc.knowledgebase.credit import CreditService
from knowflow_server.rpc.knowledgebase.knowledgebase import KnowledgebaseService
from knowflow_server.rpc.knowledgebase.reference import ReferenceService
from knowflow_server.rpc.knowledgebase.search import SearchService


def knowledgebases_of(base: Base, core: Core) -> Knowledgebases:
    """Return what knowledge bases are found with; they hold nothing themselves, so that there may be several."""
    return Knowledgebases(base.stores.entities, core.datasets, references_of(base), core.simple_agents)


def join_knowledgebase(base: Base, core: Core) -> Part:
    """Return the surface."""
    entities, ids = base.stores.entities, base.common.ids
    knowledgebases = knowledgebases_of(base, core)
    search = KnowledgeSearch(entities, base.stores.chunks, Embedding(base.models.table), base.credits, ids)
    return Part(
        [
            KnowledgebaseService(knowledgebases),
            ReferenceService(knowledgebases, references_of(base)),
            SearchService(knowledgebases, search),
            AgentService(knowledgebases, Instructions(entities, core.simple_agents, ids)),
            CreditService(base.credits),
        ]
    )
