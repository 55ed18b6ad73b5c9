"""Webhooks: the outbox, the worker behind it, and what owners do with their endpoints."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from knowflow_server.assembly.knowledge import Common
from knowflow_server.assembly.stores import Stores
from knowflow_server.domain.sealing import SecretBox
from knowflow_server.domain.webhook.endpoint import Webhooks
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.domain.webhook.sending import WebhookSender
from knowflow_server.domain.webhook.worker import RetryPolicy, WebhookWorker
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.outgoing import OutgoingGuard, OutgoingLimits
from knowflow_server.providers.secret_box import AesSecretBox, key_of
from knowflow_server.settings import Settings


@dataclass(frozen=True, slots=True)
class Hooks:
    """What tells of events, and what endpoints are managed with."""

    outbox: Outbox
    webhooks: Webhooks
    sender: WebhookSender
    # Encrypts what is kept of users' secrets.
    box: SecretBox


async def start_webhooks(settings: Settings, stores: Stores, common: Common, stack: AsyncExitStack) -> Hooks:
    """Start to deliver, and return what the services need; the stack stops it after everything that raises events."""
    entities, clock, ids = stores.entities, common.clock, common.ids
    given = settings.secret_key.get_secret_value() if settings.secret_key else None
    box = AesSecretBox(key_of(settings.data_dir.absolute(), given))
    # Lookups of its own: a name that never resolves must not hold up agents, nor theirs events.
    addresses = Addresses(settings.outgoing_allow)
    stack.callback(addresses.close)
    limits = OutgoingLimits(ports=frozenset(settings.outgoing_ports), timeout_s=settings.webhook_timeout_s)
    sender = WebhookSender(OutgoingGuard(addresses, limits), box, clock, timeout_s=settings.webhook_timeout_s)
    outbox = Outbox(entities, clock, ids)
    policy = RetryPolicy(settings.webhook_retry_delays_s, settings.webhook_disable_after_s)
    worker = WebhookWorker(entities, sender, policy, clock, owner=ids.new_id())
    await worker.start()
    stack.push_async_callback(worker.close)
    return Hooks(outbox, Webhooks(entities, sender, box, clock, ids), sender, box)
