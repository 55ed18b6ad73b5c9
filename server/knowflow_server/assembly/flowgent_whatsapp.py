"""WhatsApp on FlowGent, joined."""

from __future__ import annotations

from knowflow_server.assembly.core import Core
from knowflow_server.assembly.part import Base, Part
from knowflow_server.assembly.whatsapp import WhatsAppSide
from knowflow_server.domain.whatsapp.agent import KIND, AgentWhatsApp
from knowflow_server.rpc.flowgent.whatsapp import WhatsAppService


def join_flowgent_whatsapp(base: Base, core: Core, whatsapp: WhatsAppSide) -> Part:
    """Return WhatsApp for agents, and have them answer who writes to them."""
    stores = base.stores
    agents = AgentWhatsApp(
        stores.entities,
        stores.messages,
        core.agents,
        core.agent_runs,
        whatsapp.connections,
        whatsapp.messenger,
        base.credits,
    )
    whatsapp.inbound.register(KIND, agents)
    return Part([WhatsAppService(agents, whatsapp.inbound)])
