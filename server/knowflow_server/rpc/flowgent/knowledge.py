"""Knowledge items on FlowGent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.struct_pb2 import Value

from knowflow.flowgent.v1 import knowledge_service_pb2 as pb
from knowflow.flowgent.v1 import knowledge_service_pb2_grpc
from knowflow.store.v1 import knowledge_item_pb2 as store
from knowflow_server.domain import free_json
from knowflow_server.domain.knowledge_item import KnowledgeItems
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.flowgent.page import page_request, pagination
from knowflow_server.rpc.times import iso

SOURCE = "api"
TEXTS = {"name": "name", "content": "content", "description_to_index_on": "description"}


def agents_of(value: Value) -> Sequence[str]:
    """Return the ids which `agent_ids` holds, a text or a list of texts; none where it holds anything else."""
    content: Any = free_json.values(value, "agent_ids")
    listed = content if isinstance(content, list) else [content]
    return listed if all(isinstance(one, str) and one.strip() for one in listed) else []


class KnowledgeService(knowledge_service_pb2_grpc.KnowledgeServiceServicer):
    """Answers calls about knowledge items."""

    def __init__(self, items: KnowledgeItems) -> None:
        self._items = items

    async def CreateKnowledgeItem(
        self, request: pb.CreateKnowledgeItemRequest, context: Any
    ) -> pb.CreateKnowledgeItemResponse:
        """Create an item."""
        record = await self._items.create(
            caller(),
            content=request.content,
            name=request.name,
            agent_ids=agents_of(request.agent_ids) if request.HasField("agent_ids") else (),
            description=request.description_to_index_on,
        )
        return pb.CreateKnowledgeItemResponse(**self._view(record))

    async def ListKnowledgeItems(
        self, request: pb.ListKnowledgeItemsRequest, context: Any
    ) -> pb.ListKnowledgeItemsResponse:
        """List items."""
        page = self._items.list(caller(), page_request(request), agent_id=request.agent_id)
        return pb.ListKnowledgeItemsResponse(
            knowledge_items=[pb.KnowledgeItem(**self._view(record)) for record in page.items],
            pagination=pb.KnowledgePagination(**pagination(page)),
        )

    async def GetKnowledgeItem(self, request: pb.GetKnowledgeItemRequest, context: Any) -> pb.GetKnowledgeItemResponse:
        """Return an item."""
        record = self._items.get(caller(), request.id)
        return pb.GetKnowledgeItemResponse(content=record.content, **self._view(record))

    async def UpdateKnowledgeItem(
        self, request: pb.UpdateKnowledgeItemRequest, context: Any
    ) -> pb.UpdateKnowledgeItemResponse:
        """Change an item."""
        changes: dict[str, Any] = {
            name: getattr(request, field) for field, name in TEXTS.items() if request.HasField(field)
        }
        if request.HasField("agent_ids") and not request.agent_ids.HasField("null_value"):
            changes["agent_ids"] = agents_of(request.agent_ids)
        record = await self._items.update(caller(), request.id, **changes)
        return pb.UpdateKnowledgeItemResponse(**self._view(record))

    async def DeleteKnowledgeItem(
        self, request: pb.DeleteKnowledgeItemRequest, context: Any
    ) -> pb.DeleteKnowledgeItemResponse:
        """Delete an item."""
        await self._items.delete(caller(), request.id)
        return pb.DeleteKnowledgeItemResponse(message="Knowledge item deleted successfully")

    def _view(self, record: store.KnowledgeItem) -> dict[str, Any]:
        return {
            "id": record.id,
            "name": record.name,
            "created_at": iso(record.created_at),
            "updated_at": iso(record.updated_at),
            "source": SOURCE,
            "linked_agents": self._items.linked(record),
        }
