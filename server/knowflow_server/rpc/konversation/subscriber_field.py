"""The values which subscribers have in user fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowflow.konversation.v1 import page_pb2, subscriber_field_service_pb2_grpc
from knowflow.konversation.v1 import subscriber_field_service_pb2 as pb
from knowflow_server.domain.konversation.field import Assignment
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.field import value_of
from knowflow_server.rpc.konversation.page import done


class SubscriberFieldService(subscriber_field_service_pb2_grpc.SubscriberFieldServiceServicer):
    """Answers for values of user fields."""

    def __init__(self, flows: Flows, subscribers: Subscribers) -> None:
        self._flows = flows
        self._subscribers = subscribers

    async def SetUserField(self, request: pb.SetUserFieldRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber a value."""
        return await self._assign(request, [(request.var_ns, value_of(request))])

    async def SetUserFieldByName(self, request: pb.SetUserFieldByNameRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber a value in a named field."""
        return await self._assign(request, [(request.field_name, value_of(request))], by_name=True)

    async def SetUserFields(self, request: pb.SetUserFieldsRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber values."""
        return await self._assign(request, [(one.var_ns, value_of(one)) for one in request.data])

    async def SetUserFieldsByName(self, request: pb.SetUserFieldsByNameRequest, context: Any) -> page_pb2.Done:
        """Give a subscriber values in named fields."""
        return await self._assign(request, [(one.name, value_of(one)) for one in request.data], by_name=True)

    async def ClearUserField(self, request: pb.ClearUserFieldRequest, context: Any) -> page_pb2.Done:
        """Take a value from a subscriber."""
        return await self._assign(request, [(request.var_ns, None)])

    async def ClearUserFieldByName(self, request: pb.ClearUserFieldByNameRequest, context: Any) -> page_pb2.Done:
        """Take the value of a named field from a subscriber."""
        return await self._assign(request, [(request.field_name, None)], by_name=True)

    async def ClearUserFields(self, request: pb.ClearUserFieldsRequest, context: Any) -> page_pb2.Done:
        """Take values from a subscriber."""
        return await self._assign(request, [(one.var_ns, None) for one in request.data])

    async def ClearUserFieldsByName(self, request: pb.ClearUserFieldsByNameRequest, context: Any) -> page_pb2.Done:
        """Take the values of named fields from a subscriber."""
        return await self._assign(request, [(one.name, None) for one in request.data], by_name=True)

    async def _assign(self, request: Any, values: Sequence[Assignment], *, by_name: bool = False) -> page_pb2.Done:
        flow = chatbot(self._flows, request)
        await self._subscribers.change(
            flow,
            request.user_ns,
            lambda transaction, record: self._subscribers.assign(transaction, flow, record, values, by_name=by_name),
        )
        return done()
