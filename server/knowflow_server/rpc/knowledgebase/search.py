"""Search of knowledge bases on their surface."""

from __future__ import annotations

from typing import Any

from knowflow.knowledgebase.v1 import search_service_pb2 as messages
from knowflow.knowledgebase.v1.search_service_pb2_grpc import SearchServiceServicer
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.knowledge_search import Hit, KnowledgeSearch, Search
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowledgebase.item import QA

TEXT = "TEXT"
LIMIT = 10
THRESHOLD = 0.1


class SearchService(SearchServiceServicer):
    """Answers searches."""

    def __init__(self, knowledgebases: Knowledgebases, search: KnowledgeSearch) -> None:
        self._knowledgebases = knowledgebases
        self._search = search

    async def SearchKnowledgebase(
        self, request: messages.SearchKnowledgebaseRequest, context: Any
    ) -> messages.SearchKnowledgebaseResponse:
        """Search a knowledge base."""
        dataset = self._knowledgebases.dataset(caller(), request.knowledgebase_id)
        found, meta = await self._found(dataset, request)
        return messages.SearchKnowledgebaseResponse(data=map(_result, found.hits), meta=meta)

    async def SearchAgentKnowledgebase(
        self, request: messages.SearchAgentKnowledgebaseRequest, context: Any
    ) -> messages.SearchAgentKnowledgebaseResponse:
        """Search the knowledge base of an agent."""
        agent, dataset = self._knowledgebases.of_agent(caller(), request.agent_id)
        found, meta = await self._found(dataset, request, agent_id=agent.id)
        meta.agent_id, meta.agent_name, meta.knowledgebase_id = agent.id, agent.title, dataset.id
        return messages.SearchAgentKnowledgebaseResponse(data=map(_result, found.hits), meta=meta)

    async def _found(self, dataset: Dataset, request: Any, *, agent_id: str = "") -> tuple[Search, messages.SearchMeta]:
        limit = request.limit or LIMIT
        threshold = request.threshold if request.HasField("threshold") else THRESHOLD
        query = request.query.strip()
        found = await self._search.search(caller(), dataset, query, limit=limit, threshold=threshold, agent_id=agent_id)
        meta = messages.SearchMeta(
            query=request.query,
            result_count=len(found.hits),
            limit=limit,
            threshold=threshold,
            credits_used=found.credits_used,
        )
        return found, meta


def _result(hit: Hit) -> messages.SearchResult:
    return messages.SearchResult(
        id=hit.id,
        question=hit.pair.question,
        answer=hit.pair.answer,
        similarity=round(hit.similarity, 3),
        type=QA if hit.is_pair else TEXT,
        source=hit.source,
    )
