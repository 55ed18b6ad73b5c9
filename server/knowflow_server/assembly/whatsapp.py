"""WhatsApp, joined: every surface that connects something of its own registers a handler here."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow_server.assembly.part import Base
from knowflow_server.domain.whatsapp.connection import Connections
from knowflow_server.domain.whatsapp.inbound import Inbound
from knowflow_server.domain.whatsapp.messenger import Messenger
from knowflow_server.providers.whatsapp import WhatsAppCloud


@dataclass(frozen=True, slots=True)
class WhatsAppSide:
    """What connections are managed with, what sends through them, and what hands out what comes in.

    A surface calls `inbound.register("<kind>", handler)` while it is joined, and `connections.put(..., kind="<kind>")`
    for what it connects.
    """

    connections: Connections
    messenger: Messenger
    inbound: Inbound


def join_whatsapp(base: Base) -> WhatsAppSide:
    """Return what surfaces need of WhatsApp; `inbound.start` comes after all of them are joined."""
    settings, entities, clock = base.settings, base.stores.entities, base.common.clock
    cloud = WhatsAppCloud(settings.whatsapp_url, settings.whatsapp_version, timeout_s=settings.whatsapp_timeout_s)
    base.stack.push_async_callback(cloud.close)
    connections = Connections(entities, base.hooks.box, clock, base.common.ids)
    messenger = Messenger(entities, cloud, connections, clock)
    inbound = Inbound(entities, connections, messenger, clock)
    base.stack.push_async_callback(inbound.close)
    return WhatsAppSide(connections, messenger, inbound)
