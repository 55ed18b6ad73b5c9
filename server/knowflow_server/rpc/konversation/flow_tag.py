"""Tags of chatbots."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import flow_tag_service_pb2 as pb
from knowflow.konversation.v1 import flow_tag_service_pb2_grpc, page_pb2
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.views import tag_view


class FlowTagService(flow_tag_service_pb2_grpc.FlowTagServiceServicer):
    """Answers for tags."""

    def __init__(self, flows: Flows, tags: FlowTags) -> None:
        self._flows = flows
        self._tags = tags

    async def ListFlowTags(self, request: pb.ListFlowTagsRequest, context: Any) -> pb.ListFlowTagsResponse:
        """List tags."""
        page = self._tags.list(chatbot(self._flows, request), page_request(request), name=request.name)
        return pb.ListFlowTagsResponse(**listed(request, page, "/flow/tags", [tag_view(tag) for tag in page.items]))

    async def CreateFlowTag(self, request: pb.CreateFlowTagRequest, context: Any) -> pb.FlowTagResponse:
        """Create a tag."""
        tag = await self._tags.create(chatbot(self._flows, request), name=request.name)
        return pb.FlowTagResponse(status=OK, data=tag_view(tag))

    async def DeleteFlowTag(self, request: pb.DeleteFlowTagRequest, context: Any) -> page_pb2.Done:
        """Delete a tag."""
        await self._tags.delete(chatbot(self._flows, request), ns=request.tag_ns)
        return done()

    async def DeleteFlowTagByName(self, request: pb.DeleteFlowTagByNameRequest, context: Any) -> page_pb2.Done:
        """Delete a tag by its name."""
        await self._tags.delete(chatbot(self._flows, request), name=request.name)
        return done()
