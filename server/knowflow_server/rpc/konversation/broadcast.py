"""Broadcasts on the Konversation surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowflow.konversation.v1 import broadcast_pb2 as pb
from knowflow.konversation.v1 import (
    broadcast_service_pb2,
    broadcast_service_pb2_grpc,
    page_pb2,
    whatsapp_broadcast_service_pb2,
    whatsapp_broadcast_service_pb2_grpc,
)
from knowflow.store.v1 import broadcast_pb2 as store
from knowflow_server.domain import free_json
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.moment import time_text
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.talk.broadcast import (
    DEFAULT_PACE,
    TEMPLATE,
    Broadcasts,
    NewBroadcast,
    Recipients,
    status_of,
)
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request

PATH = "/subscriber/broadcasts"
SECOND_US = 1_000_000


def view(record: store.Broadcast, now: int) -> pb.Broadcast:
    """Return a broadcast as this surface shows it; `now` decides whether it is scheduled."""
    begun = record.state != store.BROADCAST_STATE_WAITING
    counts = {"total": record.total, "sent": record.sent, "failed": record.failed} if begun else {}
    return pb.Broadcast(
        broadcast_ns=name_of(record),
        name=record.name,
        status=status_of(record, now),
        type=record.type,
        scheduled_time=time_text(record.scheduled_at) or None,
        max_per_minute=record.max_per_minute,
        error=record.last_error or None,
        created_at=time_text(record.created_at),
        **counts,
    )


def _items(request: Any, field: str) -> list[str]:
    """Return what a text lists with commas.

    Raises:
        InvalidArgumentError: It lists nothing.
    """
    items = list(dict.fromkeys(item.strip() for item in getattr(request, field).split(",") if item.strip()))
    if not items:
        raise InvalidArgumentError(f"`{field}` names nobody.", field=field)
    return items


def _values(fields: Sequence[pb.BroadcastField]) -> list[tuple[str, Any]]:
    return [(field.var_ns, free_json.values(field.value)) for field in fields]


def _shared(request: Any) -> dict[str, Any]:
    """Return what all creations say in the same way."""
    return {
        "name": request.name,
        "max_per_minute": request.max_per_minute if request.HasField("max_per_minute") else DEFAULT_PACE,
        "scheduled_at": int(request.scheduled_time * SECOND_US),
    }


def _template(template: pb.BroadcastTemplate) -> dict[str, Any]:
    params = {} if template.use_default_values == "yes" else free_json.values(template.params)
    return {"name": template.name, "lang": template.lang, "params": params}


class BroadcastService(broadcast_service_pb2_grpc.BroadcastServiceServicer):
    """Answers for broadcasts."""

    def __init__(self, flows: Flows, broadcasts: Broadcasts, clock: Clock) -> None:
        self._flows = flows
        self._broadcasts = broadcasts
        self._clock = clock

    async def _create(self, request: Any, recipients: Recipients, **more: Any) -> dict[str, Any]:
        new = NewBroadcast(recipients, sub_flow_ns=request.sub_flow_ns, type=request.type, **_shared(request), **more)
        record = await self._broadcasts.create(chatbot(self._flows, request), new)
        return {"status": OK, "data": view(record, microseconds(self._clock))}

    async def CreateBroadcast(
        self, request: broadcast_service_pb2.CreateBroadcastRequest, context: Any
    ) -> broadcast_service_pb2.CreateBroadcastResponse:
        """Send to a list."""
        made = await self._create(request, Recipients(user_ns=_items(request, "user_ns_list")))
        return broadcast_service_pb2.CreateBroadcastResponse(**made)

    async def CreateBroadcastByUserId(
        self, request: broadcast_service_pb2.CreateBroadcastByUserIdRequest, context: Any
    ) -> broadcast_service_pb2.CreateBroadcastByUserIdResponse:
        """Send to a list of ids in the channel."""
        made = await self._create(request, Recipients(user_ids=_items(request, "user_id_list")))
        return broadcast_service_pb2.CreateBroadcastByUserIdResponse(**made)

    async def CreateBroadcastByTag(
        self, request: broadcast_service_pb2.CreateBroadcastByTagRequest, context: Any
    ) -> broadcast_service_pb2.CreateBroadcastByTagResponse:
        """Send to those with a tag."""
        recipients = Recipients(tags=request.tags, exclude_tags=request.exclude_tags)
        made = await self._create(request, recipients, user_fields=_values(request.user_fields))
        return broadcast_service_pb2.CreateBroadcastByTagResponse(**made)

    async def CreateBroadcastBySegment(
        self, request: broadcast_service_pb2.CreateBroadcastBySegmentRequest, context: Any
    ) -> broadcast_service_pb2.CreateBroadcastBySegmentResponse:
        """Send to those of a segment."""
        recipients = Recipients(segments=_items(request, "segment_ns"))
        made = await self._create(request, recipients, bot_fields=_values(request.bot_fields))
        return broadcast_service_pb2.CreateBroadcastBySegmentResponse(**made)

    async def ListBroadcasts(
        self, request: broadcast_service_pb2.ListBroadcastsRequest, context: Any
    ) -> broadcast_service_pb2.ListBroadcastsResponse:
        """List broadcasts."""
        flow = chatbot(self._flows, request)
        page = self._broadcasts.list(flow, page_request(request), status=request.status)
        now = microseconds(self._clock)
        return broadcast_service_pb2.ListBroadcastsResponse(
            **listed(request, page, PATH, [view(one, now) for one in page.items])
        )

    async def CancelBroadcast(
        self, request: broadcast_service_pb2.CancelBroadcastRequest, context: Any
    ) -> page_pb2.Done:
        """Cancel a broadcast."""
        await self._broadcasts.cancel(chatbot(self._flows, request), request.broadcast_ns)
        return done()

    async def DeleteBroadcast(
        self, request: broadcast_service_pb2.DeleteBroadcastRequest, context: Any
    ) -> page_pb2.Done:
        """Delete a broadcast."""
        await self._broadcasts.delete(chatbot(self._flows, request), request.broadcast_ns)
        return done()


class WhatsAppBroadcastService(whatsapp_broadcast_service_pb2_grpc.WhatsAppBroadcastServiceServicer):
    """Answers for broadcasts of templates of WhatsApp."""

    def __init__(self, flows: Flows, broadcasts: Broadcasts, clock: Clock) -> None:
        self._flows = flows
        self._broadcasts = broadcasts
        self._clock = clock

    async def _create(self, request: Any, recipients: Recipients, **more: Any) -> dict[str, Any]:
        new = NewBroadcast(
            recipients, template=_template(request.wa_template), type=TEMPLATE, **_shared(request), **more
        )
        record = await self._broadcasts.create(chatbot(self._flows, request), new)
        return {"status": OK, "data": view(record, microseconds(self._clock))}

    async def CreateWhatsAppBroadcastByTag(
        self, request: whatsapp_broadcast_service_pb2.CreateWhatsAppBroadcastByTagRequest, context: Any
    ) -> whatsapp_broadcast_service_pb2.CreateWhatsAppBroadcastByTagResponse:
        """Send a template to those with a tag."""
        recipients = Recipients(tags=request.tags, exclude_tags=request.exclude_tags)
        made = await self._create(request, recipients, user_fields=_values(request.user_fields))
        return whatsapp_broadcast_service_pb2.CreateWhatsAppBroadcastByTagResponse(**made)

    async def CreateWhatsAppBroadcastByUserId(
        self, request: whatsapp_broadcast_service_pb2.CreateWhatsAppBroadcastByUserIdRequest, context: Any
    ) -> whatsapp_broadcast_service_pb2.CreateWhatsAppBroadcastByUserIdResponse:
        """Send a template to a list of ids in the channel."""
        made = await self._create(request, Recipients(user_ids=_items(request, "user_id_list")))
        return whatsapp_broadcast_service_pb2.CreateWhatsAppBroadcastByUserIdResponse(**made)
