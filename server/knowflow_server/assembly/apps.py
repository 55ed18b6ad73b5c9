"""What the platform shows of the core: knowledge bases, apps with their deployments, and conversations with them."""

from __future__ import annotations

from knowflow_server.assembly.core import Core
from knowflow_server.assembly.part import Base, Part
from knowflow_server.domain.app.apps import Apps
from knowflow_server.domain.app.conversation import Conversations
from knowflow_server.domain.app.deployment import Deployments
from knowflow_server.domain.app.integration import Integrations
from knowflow_server.domain.knowledge_base import KnowledgeBases
from knowflow_server.rpc.platform.app import AppService
from knowflow_server.rpc.platform.conversation import ConversationService
from knowflow_server.rpc.platform.integration import IntegrationService
from knowflow_server.rpc.platform.knowledge_base import KnowledgeBaseService


def join_apps(base: Base, core: Core) -> Part:
    """Return the part of the platform that shows the core."""
    entities, messages = base.stores.entities, base.stores.messages
    jobs, locks, clock, ids = base.common.jobs, base.common.locks, base.common.clock, base.common.ids
    bases = KnowledgeBases(
        entities,
        core.datasets,
        core.documents,
        base.knowledge.retrieval,
        core.tools["outgoing"],
        max_file_bytes=base.settings.max_file_bytes,
    )
    deployments = Deployments(entities, core.assistants, base.hooks.outbox, base.hooks.box, clock, ids)
    apps = Apps(entities, core.assistants, deployments, jobs, clock, ids)
    conversations = Conversations(
        entities, messages, core.sessions, core.completions, core.agents, core.agent_runs, jobs
    )
    integrations = Integrations(entities, conversations, locks, clock)
    return Part(
        [
            KnowledgeBaseService(bases),
            AppService(apps, deployments),
            ConversationService(conversations),
            IntegrationService(integrations, conversations),
        ],
        [apps.delete_all],
    )
