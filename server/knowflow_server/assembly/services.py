"""The servicers of all surfaces, joined with what they answer from."""

from __future__ import annotations

from contextlib import AsyncExitStack

from knowflow_server.assembly.agents import join_agents
from knowflow_server.assembly.knowledge import Common, Knowledge
from knowflow_server.assembly.models import Models
from knowflow_server.assembly.platform import Platform, join_organizations
from knowflow_server.assembly.stores import Stores
from knowflow_server.assembly.webhooks import Hooks
from knowflow_server.domain.chat.assistant import Assistants
from knowflow_server.domain.chat.completion import Completions
from knowflow_server.domain.chat.overview import Overview
from knowflow_server.domain.chat.session import Sessions
from knowflow_server.domain.chunk import Chunks
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.document import Documents
from knowflow_server.domain.graph.knowledge_graph import KnowledgeGraphs
from knowflow_server.domain.health import Health
from knowflow_server.domain.organization import Organizations, Sweep
from knowflow_server.domain.selection import Selection
from knowflow_server.rpc.knowflow.agent import AgentService
from knowflow_server.rpc.knowflow.agent_run import AgentRunService
from knowflow_server.rpc.knowflow.chat import ChatService
from knowflow_server.rpc.knowflow.chunk import ChunkService
from knowflow_server.rpc.knowflow.completion import CompletionService
from knowflow_server.rpc.knowflow.dataset import DatasetService
from knowflow_server.rpc.knowflow.document import DocumentService
from knowflow_server.rpc.knowflow.knowledge_graph import KnowledgeGraphService
from knowflow_server.rpc.knowflow.retrieval import RetrievalService
from knowflow_server.rpc.knowflow.session import SessionService
from knowflow_server.rpc.knowflow.system import SystemService
from knowflow_server.rpc.knowflow.upload import Uploads
from knowflow_server.rpc.platform.api_key import ApiKeyService
from knowflow_server.rpc.platform.audit import AuditService
from knowflow_server.rpc.platform.auth import AuthService
from knowflow_server.rpc.platform.member import MemberService
from knowflow_server.rpc.platform.organization import OrganizationService
from knowflow_server.rpc.platform.webhook import WebhookService
from knowflow_server.settings import Settings
from knowflow_server.store.messages import AUDIT

EVERYTHING = Selection(given=True, everything=True, ids=(), duplicates=())


def join_services(
    settings: Settings,
    stores: Stores,
    models: Models,
    common: Common,
    knowledge: Knowledge,
    platform: Platform,
    hooks: Hooks,
    stack: AsyncExitStack,
) -> tuple[list[object], Organizations]:
    """Return all servicers, one a service, and the organizations; the stack ends what they have under way."""
    entities, messages, jobs, clock, ids = stores.entities, stores.messages, common.jobs, common.clock, common.ids
    table, locks, graphs = models.table, common.locks, knowledge.graphs
    datasets = Datasets(entities, jobs, table, clock, ids, default_embedding_model=settings.default_embedding_model)
    documents = Documents(entities, stores.blobs, jobs, common.board, clock, ids)
    chunks = Chunks(entities, stores.chunks, knowledge.indexing, hooks.outbox, locks, clock, ids)
    assistants = Assistants(entities, jobs, table, clock, ids)
    sessions = Sessions(entities, messages, jobs, clock, ids)
    overview = Overview(entities, stores.chunks)
    completions = Completions(
        entities, messages, assistants, sessions, knowledge.retrieval, overview, hooks.outbox, jobs, locks, clock, ids
    )
    stack.push_async_callback(completions.close)
    agents, agent_runs = join_agents(settings, stores, models, common, knowledge, hooks, stack)
    sweeps: list[Sweep] = [
        # First, so that nobody is told how the rest goes.
        hooks.webhooks.delete_all,
        lambda principal: assistants.delete(principal, EVERYTHING),
        agents.delete_all,
        lambda principal: datasets.delete(principal, EVERYTHING),
        lambda principal: messages.delete(principal.organization_id, [AUDIT]),
    ]
    organizations = join_organizations(settings, stores, common, platform, sweeps)
    servicers: list[object] = [
        DatasetService(datasets),
        DocumentService(documents, Uploads(datasets, documents, max_file_bytes=settings.max_file_bytes)),
        ChunkService(chunks, documents),
        RetrievalService(knowledge.retrieval),
        KnowledgeGraphService(KnowledgeGraphs(entities, graphs.views, stores.facts, jobs, common.board, clock)),
        ChatService(assistants),
        SessionService(sessions, completions),
        CompletionService(completions),
        AgentService(agents),
        AgentRunService(agent_runs),
        WebhookService(hooks.webhooks),
        SystemService(Health(stores.database, entities), clock),
        AuthService(platform.accounts, organizations),
        OrganizationService(organizations),
        MemberService(platform.members),
        ApiKeyService(platform.keys),
        AuditService(platform.audit),
    ]
    return servicers, organizations
