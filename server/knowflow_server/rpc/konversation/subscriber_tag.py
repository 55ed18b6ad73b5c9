"""The tags and labels which subscribers have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowflow.konversation.v1 import page_pb2, subscriber_tag_service_pb2_grpc
from knowflow.konversation.v1 import subscriber_tag_service_pb2 as pb
from knowflow_server.domain.konversation import subscriber_change
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.subscriber import Subscribers, add_number, remove_number
from knowflow_server.domain.konversation.subscriber_change import Step
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import done


class SubscriberTagService(subscriber_tag_service_pb2_grpc.SubscriberTagServiceServicer):
    """Answers for tags and labels of subscribers."""

    def __init__(self, flows: Flows, subscribers: Subscribers, tags: FlowTags) -> None:
        self._flows = flows
        self._subscribers = subscribers
        self._tags = tags

    async def AddTag(self, request: pb.AddTagRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber a tag."""
        return await self._tag(request, add_number, [request.tag_ns])

    async def AddTagByName(self, request: pb.AddTagByNameRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber a tag by its name."""
        return await self._tag(request, add_number, [request.tag_name], by_name=True)

    async def AddTags(self, request: pb.AddTagsRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber tags."""
        return await self._tag(request, add_number, [one.tag_ns for one in request.data])

    async def AddTagsByName(self, request: pb.AddTagsByNameRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber tags by their names."""
        return await self._tag(request, add_number, [one.tag_name for one in request.data], by_name=True)

    async def AddLabelsByName(self, request: pb.AddLabelsByNameRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber labels by their names."""
        return await self._label(request, add_number)

    async def RemoveTag(self, request: pb.RemoveTagRequest, context: Any) -> page_pb2.Done:
        """Take from a subscriber a tag."""
        return await self._tag(request, remove_number, [request.tag_ns])

    async def RemoveTagByName(self, request: pb.RemoveTagByNameRequest, context: Any) -> page_pb2.Done:
        """Take from a subscriber a tag by its name."""
        return await self._tag(request, remove_number, [request.tag_name], by_name=True)

    async def RemoveTags(self, request: pb.RemoveTagsRequest, context: Any) -> page_pb2.Done:
        """Take from a subscriber tags."""
        return await self._tag(request, remove_number, [one.tag_ns for one in request.data])

    async def RemoveTagsByName(self, request: pb.RemoveTagsByNameRequest, context: Any) -> page_pb2.Done:
        """Take from a subscriber tags by their names."""
        return await self._tag(request, remove_number, [one.tag_name for one in request.data], by_name=True)

    async def RemoveLabelsByName(self, request: pb.RemoveLabelsByNameRequest, context: Any) -> page_pb2.Done:
        """Take from a subscriber labels by their names."""
        return await self._label(request, remove_number)

    async def _tag(self, request: Any, step: Step, keys: Sequence[str], *, by_name: bool = False) -> page_pb2.Done:
        flow = chatbot(self._flows, request)
        change = subscriber_change.tagged(self._tags, flow, step, keys, by_name=by_name)
        await self._subscribers.change(flow, request.user_ns, change)
        return done()

    async def _label(self, request: Any, step: Step) -> page_pb2.Done:
        change = subscriber_change.labelled(step, [one.label_name for one in request.data])
        await self._subscribers.change(chatbot(self._flows, request), request.user_ns, change)
        return done()
