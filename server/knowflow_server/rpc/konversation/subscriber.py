"""Subscribers: finding, making, changing and deleting them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowflow.konversation.v1 import page_pb2, subscriber_service_pb2_grpc
from knowflow.konversation.v1 import subscriber_service_pb2 as pb
from knowflow.store.v1.flow_segment_pb2 import SegmentCondition
from knowflow_server.domain.konversation.audience import AGREED, NAME, RECENT, SEGMENT, Audience
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.subscriber import NewSubscriber, Subscribers
from knowflow_server.domain.konversation.subscriber_change import values
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.field import value_of
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.views import SubscriberViews

# Members of requests, and what records call them.
DETAILS = {
    **{name: name for name in ("name", "first_name", "last_name", "phone", "email", "gender")},
    "image": "profile_pic",
}
LANGUAGE = {"locale": "locale", "language": "language"}
FILTERS = (NAME, "phone", "email", "user_id", "is_channel", *AGREED, *RECENT, SEGMENT, "tag_ns", "event_ns")


def _conditions(request: pb.ListSubscribersRequest) -> Iterator[SegmentCondition]:
    """Yield the filters of a list as conditions."""
    for name in FILTERS:
        if value := getattr(request, name):
            yield SegmentCondition(filter=name, value=value)
    if request.label_id:
        yield SegmentCondition(filter="label_id", value=str(request.label_id))
    if request.user_field_ns:
        yield SegmentCondition(
            filter="user_field_ns", user_field_ns=request.user_field_ns, value=request.user_field_value
        )


def _details(request: Any, names: dict[str, str]) -> dict[str, str]:
    return {kept: getattr(request, given).strip() for given, kept in names.items() if getattr(request, given)}


class SubscriberService(subscriber_service_pb2_grpc.SubscriberServiceServicer):
    """Answers for subscribers."""

    def __init__(self, flows: Flows, subscribers: Subscribers, audience: Audience, views: SubscriberViews) -> None:
        self._flows = flows
        self._subscribers = subscribers
        self._audience = audience
        self._views = views

    async def ListSubscribers(self, request: pb.ListSubscribersRequest, context: Any) -> pb.ListSubscribersResponse:
        """List subscribers."""
        flow = chatbot(self._flows, request)
        page = await self._audience.list(flow, page_request(request), list(_conditions(request)))
        items = [self._views.view(flow, record) for record in page.items]
        return pb.ListSubscribersResponse(**listed(request, page, "/subscribers", items))

    async def GetSubscriber(self, request: pb.GetSubscriberRequest, context: Any) -> pb.SubscriberResponse:
        """Return a subscriber."""
        flow = chatbot(self._flows, request)
        record = self._subscribers.get(flow, request.user_ns)
        return pb.SubscriberResponse(status=OK, data=self._views.view(flow, record))

    async def GetSubscriberByUserId(
        self, request: pb.GetSubscriberByUserIdRequest, context: Any
    ) -> pb.SubscriberResponse:
        """Return a subscriber by the identifier in the channel."""
        flow = chatbot(self._flows, request)
        record = self._subscribers.by_user_id(flow, request.user_id)
        return pb.SubscriberResponse(status=OK, data=self._views.view(flow, record))

    async def CreateSubscriber(self, request: pb.CreateSubscriberRequest, context: Any) -> pb.SubscriberResponse:
        """Create a subscriber."""
        flow = chatbot(self._flows, request)
        new = NewSubscriber(_details(request, DETAILS | LANGUAGE), channel=request.channel, user_id=request.user_id)
        record = await self._subscribers.create(flow, new)
        return pb.SubscriberResponse(status=OK, data=self._views.view(flow, record))

    async def CreateSubscribers(self, request: pb.CreateSubscribersRequest, context: Any) -> page_pb2.Done:
        """Create subscribers."""
        flow = chatbot(self._flows, request)
        many = [
            NewSubscriber(
                _details(user, DETAILS),
                tags=[tag.tag_name for tag in user.tags],
                fields=[(field.var_ns, value_of(field)) for field in user.user_fields],
            )
            for user in request.users
        ]
        await self._subscribers.create_many(flow, many)
        return done()

    async def UpdateSubscriber(self, request: pb.UpdateSubscriberRequest, context: Any) -> pb.SubscriberResponse:
        """Change a subscriber."""
        flow = chatbot(self._flows, request)
        names = DETAILS | LANGUAGE
        given = {kept: getattr(request, name).strip() for name, kept in names.items() if request.HasField(name)}
        record = await self._subscribers.change(flow, request.user_ns, values(**given))
        return pb.SubscriberResponse(status=OK, data=self._views.view(flow, record))

    async def DeleteSubscriber(self, request: pb.DeleteSubscriberRequest, context: Any) -> page_pb2.Done:
        """Delete a subscriber."""
        await self._subscribers.delete(chatbot(self._flows, request), request.user_ns)
        return done()
