"""The servicers of all surfaces, joined with what they answer from."""

from __future__ import annotations

from knowflow_server.assembly.apps import join_apps
from knowflow_server.assembly.core import join_core
from knowflow_server.assembly.flowgent import join_flowgent
from knowflow_server.assembly.flowgent_knowledge import join_flowgent_knowledge
from knowflow_server.assembly.flowgent_whatsapp import join_flowgent_whatsapp
from knowflow_server.assembly.knowledgebase import join_knowledgebase
from knowflow_server.assembly.konversation import join_konversation
from knowflow_server.assembly.part import Base, Part
from knowflow_server.assembly.platform import join_organizations
from knowflow_server.assembly.shop import join_shop
from knowflow_server.assembly.talks import join_talks
from knowflow_server.assembly.webpages import join_webpages
from knowflow_server.assembly.whatsapp import join_whatsapp
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.organization import Organizations, Sweep
from knowflow_server.rpc.platform.api_key import ApiKeyService
from knowflow_server.rpc.platform.audit import AuditService
from knowflow_server.rpc.platform.auth import AuthService
from knowflow_server.rpc.platform.member import MemberService
from knowflow_server.rpc.platform.organization import OrganizationService
from knowflow_server.rpc.platform.webhook import WebhookService


def join_services(base: Base) -> tuple[list[object], Organizations]:
    """Return all servicers, one a service, and the organizations; the stack ends what they have under way."""
    core = join_core(base)
    whatsapp = join_whatsapp(base)
    # What shows the core in words of its own comes before it: its records are swept while what they lead to is there.
    konversation = join_konversation(base)
    links = AgentLinks(base.stores.entities, whatsapp.connections)
    parts: list[Part] = [
        join_apps(base, core),
        join_knowledgebase(base, core),
        join_webpages(base, core),
        join_talks(base, core, whatsapp, konversation),
        join_shop(base, konversation),
        konversation.part,
        join_flowgent(base, core, links),
        join_flowgent_knowledge(base, core, links),
        join_flowgent_whatsapp(base, core, whatsapp),
        core.part,
    ]
    whatsapp.inbound.start()
    sweeps: list[Sweep] = [
        # First, so that nobody is told how the rest goes.
        base.hooks.webhooks.delete_all,
        whatsapp.connections.remove_all,
        *(sweep for part in parts for sweep in part.sweeps),
        lambda principal: base.stores.messages.delete_all(principal.organization_id),
    ]
    organizations = join_organizations(base.settings, base.stores, base.models, base.common, base.platform, sweeps)
    base.stack.push_async_callback(organizations.close)
    servicers: list[object] = [
        *(servicer for part in parts for servicer in part.servicers),
        WebhookService(base.hooks.webhooks),
        AuthService(base.platform.accounts, organizations),
        OrganizationService(organizations),
        MemberService(base.platform.members),
        ApiKeyService(base.platform.keys),
        AuditService(base.platform.audit),
    ]
    return servicers, organizations
