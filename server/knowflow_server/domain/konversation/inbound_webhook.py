"""Inbound webhooks: addresses of ours which have a sub flow sent."""

from __future__ import annotations

import secrets

from knowflow.store.v1.flow_pb2 import Flow, InboundWebhook, SubFlow
from knowflow_server.domain.konversation.flow import MAIN
from knowflow_server.domain.konversation.named import Kind, Named
from knowflow_server.domain.konversation.naming import found, name_of
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.konversation import InboundWebhookNotFoundError, SubFlowNotFoundError
from knowflow_server.store.entities import EntityStore

MAX_INBOUND_WEBHOOKS = 200
UID_BYTES = 24


class InboundWebhooks(Named[InboundWebhook]):
    """The inbound webhooks of all chatbots."""

    def __init__(self, entities: EntityStore, clock: Clock) -> None:
        kind = Kind(
            InboundWebhook,
            "inbound webhook",
            MAX_INBOUND_WEBHOOKS,
            lambda name: InboundWebhookNotFoundError(hook_uid=name),
        )
        super().__init__(entities, clock, kind)

    async def define(self, flow: Flow, *, name: str, sub_flow_ns: str = "") -> InboundWebhook:
        """Make an inbound webhook for a sub flow; `main` and nothing stand for that with which conversations begin.

        Raises:
            SubFlowNotFoundError, FlowNameTakenError, FlowLimitReachedError, InvalidArgumentError: As they say.
        """
        number = 0
        if sub_flow_ns not in ("", MAIN):
            sub_flow = found(self._entities, SubFlow, flow, sub_flow_ns)
            if sub_flow is None:
                raise SubFlowNotFoundError(sub_flow=sub_flow_ns[:100])
            number = sub_flow.number
        return await self.create(flow, name=name, hook_uid=secrets.token_urlsafe(UID_BYTES), sub_flow=number)

    def by_uid(self, flow: Flow, hook_uid: str) -> InboundWebhook:
        """Return an inbound webhook by the unguessable part of its address, read-only.

        Raises:
            InboundWebhookNotFoundError: There is none.
        """
        for hook in self.all(flow):
            if secrets.compare_digest(hook.hook_uid.encode(), hook_uid.encode()):
                return hook
        raise InboundWebhookNotFoundError(hook_uid=hook_uid[:100])

    async def remove(self, flow: Flow, hook_uid: str) -> None:
        """Delete an inbound webhook.

        Raises:
            InboundWebhookNotFoundError: There is none.
        """
        await self.delete(flow, ns=name_of(self.by_uid(flow, hook_uid)))
