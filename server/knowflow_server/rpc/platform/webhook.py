"""Webhooks on the platform surface."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.struct_pb2 import Struct

from knowflow.platform.v1 import webhook_pb2, webhook_service_pb2, webhook_service_pb2_grpc
from knowflow.store.v1 import webhook_pb2 as store
from knowflow_server.domain.page import Page
from knowflow_server.domain.webhook.endpoint import STATES, Disclosed, Webhooks
from knowflow_server.domain.webhook.sending import taken
from knowflow_server.rpc.call import caller
from knowflow_server.rpc.platform.page import page_request
from knowflow_server.rpc.times import iso

SUCCESS = "success"
OVERLAP_S = 86_400
STATUSES = {state: status for status, state in STATES.items()}
CHANGEABLE = ("url", "description")


def view(record: store.WebhookEndpoint, secret: str | None = None) -> webhook_pb2.Webhook:
    """Return a webhook as this surface shows it."""
    return webhook_pb2.Webhook(
        id=record.id,
        url=record.url,
        events=record.events,
        description=record.description,
        status="disabled" if record.disabled else "enabled",
        disabled_reason=record.disabled_reason or None,
        failing_since=iso(record.failing_since) if record.failing_since else None,
        secret=secret,
        created_at=iso(record.created_at),
        updated_at=iso(record.updated_at),
    )


def _disclosed(disclosed: Disclosed) -> webhook_pb2.Webhook:
    return view(disclosed.endpoint, disclosed.secret)


def attempt_view(record: store.WebhookAttempt) -> webhook_pb2.WebhookAttempt:
    """Return an attempt as this surface shows it."""
    return webhook_pb2.WebhookAttempt(
        attempted_at=iso(record.at),
        status_code=record.status or None,
        duration_ms=round(record.elapsed_s * 1000),
        succeeded=taken(record),
        error=record.error or None,
        response=record.excerpt or None,
    )


def delivery_view(record: store.WebhookDelivery) -> webhook_pb2.WebhookDelivery:
    """Return a delivery as this surface shows it, without its payload."""
    waits = record.state == store.WEBHOOK_DELIVERY_STATE_PENDING
    return webhook_pb2.WebhookDelivery(
        id=record.id,
        webhook_id=record.endpoint_id,
        event_id=record.event_id,
        event=record.event,
        status=STATUSES[record.state],
        attempt_count=record.attempt_count,
        attempts=map(attempt_view, record.attempts),
        next_attempt_at=iso(record.next_attempt_at) if waits else None,
        created_at=iso(record.created_at),
    )


def _pagination(page: Page[Any]) -> webhook_pb2.WebhookPagination:
    request = page.request
    return webhook_pb2.WebhookPagination(
        total=page.total, page=request.number, limit=request.size, pages=-(-page.total // request.size)
    )


class WebhookService(webhook_service_pb2_grpc.WebhookServiceServicer):
    """Answers for webhooks."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def CreateWebhook(
        self, request: webhook_service_pb2.CreateWebhookRequest, context: Any
    ) -> webhook_service_pb2.CreateWebhookResponse:
        """Create a webhook."""
        made = await self._webhooks.create(
            caller(), url=request.url, chosen=request.events, description=request.description
        )
        return webhook_service_pb2.CreateWebhookResponse(status=SUCCESS, data=_disclosed(made))

    async def ListWebhooks(
        self, request: webhook_service_pb2.ListWebhooksRequest, context: Any
    ) -> webhook_service_pb2.ListWebhooksResponse:
        """List webhooks."""
        page = self._webhooks.list(caller(), page_request(request))
        return webhook_service_pb2.ListWebhooksResponse(
            status=SUCCESS, data=map(view, page.items), pagination=_pagination(page)
        )

    async def GetWebhook(
        self, request: webhook_service_pb2.GetWebhookRequest, context: Any
    ) -> webhook_service_pb2.GetWebhookResponse:
        """Return a webhook."""
        record = self._webhooks.get(caller(), request.webhook_id)
        return webhook_service_pb2.GetWebhookResponse(status=SUCCESS, data=view(record))

    async def UpdateWebhook(
        self, request: webhook_service_pb2.UpdateWebhookRequest, context: Any
    ) -> webhook_service_pb2.UpdateWebhookResponse:
        """Change a webhook."""
        record = await self._webhooks.update(
            caller(),
            request.webhook_id,
            chosen=request.events,
            disabled=request.status == "disabled" if request.HasField("status") else None,
            **{field: getattr(request, field) for field in CHANGEABLE if request.HasField(field)},
        )
        return webhook_service_pb2.UpdateWebhookResponse(status=SUCCESS, data=view(record))

    async def DeleteWebhook(
        self, request: webhook_service_pb2.DeleteWebhookRequest, context: Any
    ) -> webhook_service_pb2.DeleteWebhookResponse:
        """Delete a webhook."""
        await self._webhooks.delete(caller(), request.webhook_id)
        data = webhook_service_pb2.DeletedWebhook(id=request.webhook_id)
        return webhook_service_pb2.DeleteWebhookResponse(status=SUCCESS, data=data)

    async def RotateWebhookSecret(
        self, request: webhook_service_pb2.RotateWebhookSecretRequest, context: Any
    ) -> webhook_service_pb2.RotateWebhookSecretResponse:
        """Give a webhook a new secret."""
        overlap_s = request.overlap_s if request.HasField("overlap_s") else OVERLAP_S
        made = await self._webhooks.rotate(caller(), request.webhook_id, overlap_s=overlap_s)
        return webhook_service_pb2.RotateWebhookSecretResponse(status=SUCCESS, data=_disclosed(made))

    async def TestWebhook(
        self, request: webhook_service_pb2.TestWebhookRequest, context: Any
    ) -> webhook_service_pb2.TestWebhookResponse:
        """Send a test event."""
        attempt = await self._webhooks.test(caller(), request.webhook_id)
        return webhook_service_pb2.TestWebhookResponse(status=SUCCESS, data=attempt_view(attempt))

    async def ListWebhookDeliveries(
        self, request: webhook_service_pb2.ListWebhookDeliveriesRequest, context: Any
    ) -> webhook_service_pb2.ListWebhookDeliveriesResponse:
        """List the deliveries of a webhook."""
        page = self._webhooks.deliveries(
            caller(), request.webhook_id, page_request(request), status=request.status, event=request.event
        )
        return webhook_service_pb2.ListWebhookDeliveriesResponse(
            status=SUCCESS, data=map(delivery_view, page.items), pagination=_pagination(page)
        )

    async def GetWebhookDelivery(
        self, request: webhook_service_pb2.GetWebhookDeliveryRequest, context: Any
    ) -> webhook_service_pb2.GetWebhookDeliveryResponse:
        """Return a delivery with its payload."""
        record = self._webhooks.delivery(caller(), request.webhook_id, request.delivery_id)
        data = delivery_view(record)
        payload = Struct()
        payload.update(json.loads(record.body))
        data.payload.CopyFrom(payload)
        return webhook_service_pb2.GetWebhookDeliveryResponse(status=SUCCESS, data=data)

    async def RetryWebhookDelivery(
        self, request: webhook_service_pb2.RetryWebhookDeliveryRequest, context: Any
    ) -> webhook_service_pb2.RetryWebhookDeliveryResponse:
        """Send an event again."""
        record = await self._webhooks.retry(caller(), request.webhook_id, request.delivery_id)
        return webhook_service_pb2.RetryWebhookDeliveryResponse(status=SUCCESS, data=delivery_view(record))
