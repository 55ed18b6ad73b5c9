"""Questions with answers on the surface of knowledge bases."""

from __future__ import annotations

from typing import Any

from knowflow.knowledgebase.v1 import reference_service_pb2 as messages
from knowflow.knowledgebase.v1.reference_service_pb2_grpc import ReferenceServiceServicer
from knowflow_server.domain.knowledgebase import Knowledgebases
from knowflow_server.domain.reference import References
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.knowledgebase import item
from knowflow_server.rpc.knowledgebase.page import page_request, pagination


class ReferenceService(ReferenceServiceServicer):
    """Answers for questions and answers, by knowledge base or by agent."""

    def __init__(self, knowledgebases: Knowledgebases, references: References) -> None:
        self._knowledgebases = knowledgebases
        self._references = references

    async def ListReferences(
        self, request: messages.ListReferencesRequest, context: Any
    ) -> messages.ListReferencesResponse:
        """List references."""
        page = await self._references.page(caller(), self._place(request), page_request(request), source=request.source)
        return messages.ListReferencesResponse(data=map(item.reference, page.items), pagination=pagination(page))

    async def CreateReference(
        self, request: messages.CreateReferenceRequest, context: Any
    ) -> messages.CreateReferenceResponse:
        """Add a reference."""
        chunk = await self._references.add(
            caller(), self._place(request), question=request.question, answer=request.answer
        )
        return messages.CreateReferenceResponse(data=item.reference(chunk), message="Reference created successfully")

    async def GetReference(self, request: messages.GetReferenceRequest, context: Any) -> messages.GetReferenceResponse:
        """Return a reference."""
        chunk = await self._references.get(caller(), self._place(request), request.reference_id)
        return messages.GetReferenceResponse(data=item.reference(chunk))

    async def UpdateReference(
        self, request: messages.UpdateReferenceRequest, context: Any
    ) -> messages.UpdateReferenceResponse:
        """Change a reference."""
        chunk = await self._references.update(
            caller(),
            self._place(request),
            request.reference_id,
            question=request.question if request.HasField("question") else None,
            answer=request.answer if request.HasField("answer") else None,
        )
        return messages.UpdateReferenceResponse(data=item.reference(chunk), message="Reference updated successfully")

    async def DeleteReference(
        self, request: messages.DeleteReferenceRequest, context: Any
    ) -> messages.DeleteReferenceResponse:
        """Delete a reference."""
        await self._references.delete(caller(), self._place(request), request.reference_id)
        return messages.DeleteReferenceResponse(message="Reference deleted successfully")

    def _place(self, request: Any) -> str:
        """Return the dataset which a request names."""
        return self._knowledgebases.place(
            caller(), knowledgebase_id=request.knowledgebase_id, agent_id=request.agent_id
        ).id
