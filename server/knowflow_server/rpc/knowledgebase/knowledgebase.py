"""Knowledge bases on their surface."""

from __future__ import annotations

from typing import Any

from knowflow.knowledgebase.v1 import knowledgebase_pb2
from knowflow.knowledgebase.v1 import knowledgebase_service_pb2 as messages
from knowflow.knowledgebase.v1.knowledgebase_service_pb2_grpc import KnowledgebaseServiceServicer
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowledgebase import item
from knowflow_server.rpc.knowledgebase.page import page_request, pagination


class KnowledgebaseService(KnowledgebaseServiceServicer):
    """Answers for knowledge bases."""

    def __init__(self, knowledgebases: Knowledgebases) -> None:
        self._knowledgebases = knowledgebases

    async def ListKnowledgebases(
        self, request: messages.ListKnowledgebasesRequest, context: Any
    ) -> messages.ListKnowledgebasesResponse:
        """List knowledge bases."""
        page = self._knowledgebases.list(
            caller(),
            page_request(request),
            sort_by=request.sort_by or "createdAt",
            desc=request.sort_order != "asc",
        )
        return messages.ListKnowledgebasesResponse(data=map(item.summary, page.items), pagination=pagination(page))

    async def CreateKnowledgebase(
        self, request: messages.CreateKnowledgebaseRequest, context: Any
    ) -> messages.CreateKnowledgebaseResponse:
        """Create a knowledge base."""
        dataset = await self._knowledgebases.create(caller(), name=request.name, description=request.description)
        return messages.CreateKnowledgebaseResponse(
            data=await self._shown(dataset), message="Knowledgebase created successfully"
        )

    async def GetKnowledgebase(
        self, request: messages.GetKnowledgebaseRequest, context: Any
    ) -> messages.GetKnowledgebaseResponse:
        """Return a knowledge base with its items."""
        dataset = self._knowledgebases.dataset(caller(), request.knowledgebase_id)
        return messages.GetKnowledgebaseResponse(data=await self._shown(dataset))

    async def UpdateKnowledgebase(
        self, request: messages.UpdateKnowledgebaseRequest, context: Any
    ) -> messages.UpdateKnowledgebaseResponse:
        """Change a knowledge base."""
        dataset = await self._knowledgebases.update(
            caller(),
            request.knowledgebase_id,
            name=request.name if request.HasField("name") else None,
            description=request.description if request.HasField("description") else None,
        )
        return messages.UpdateKnowledgebaseResponse(
            data=await self._shown(dataset), message="Knowledgebase updated successfully"
        )

    async def DeleteKnowledgebase(
        self, request: messages.DeleteKnowledgebaseRequest, context: Any
    ) -> messages.DeleteKnowledgebaseResponse:
        """Delete a knowledge base."""
        await self._knowledgebases.delete(caller(), request.knowledgebase_id)
        return messages.DeleteKnowledgebaseResponse(message="Knowledgebase deleted successfully")

    async def _shown(self, dataset: Dataset) -> knowledgebase_pb2.Knowledgebase:
        return item.knowledgebase(await self._knowledgebases.contents(caller(), dataset))
