"""The core surface: datasets, documents, chunks, chats and agents; the other surfaces are views of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowflow_server.assembly.agents import agent_tools, join_agents
from knowflow_server.assembly.part import Base, Part
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_run import AgentRuns
from knowflow_server.domain.chat.assistant import Assistants
from knowflow_server.domain.chat.completion import Completions
from knowflow_server.domain.chat.overview import Overview
from knowflow_server.domain.chat.session import Sessions
from knowflow_server.domain.chunk import Chunks
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.document import Documents
from knowflow_server.domain.graph.knowledge_graph import KnowledgeGraphs
from knowflow_server.domain.health import Health
from knowflow_server.domain.selection import Selection
from knowflow_server.domain.simple_agent import SimpleAgents
from knowflow_server.rpc.knowflow.agent import AgentService
from knowflow_server.rpc.knowflow.agent_run import AgentRunService
from knowflow_server.rpc.knowflow.chat import ChatService
from knowflow_server.rpc.knowflow.chunk import ChunkService
from knowflow_server.rpc.knowflow.completion import CompletionService
from knowflow_server.rpc.knowflow.dataset import DatasetService
from knowflow_server.rpc.knowflow.document import DocumentService
from knowflow_server.rpc.knowflow.documentation import DocumentationService
from knowflow_server.rpc.knowflow.knowledge_graph import KnowledgeGraphService
from knowflow_server.rpc.knowflow.retrieval import RetrievalService
from knowflow_server.rpc.knowflow.session import SessionService
from knowflow_server.rpc.knowflow.system import SystemService
from knowflow_server.rpc.knowflow.upload import Uploads

EVERYTHING = Selection(given=True, everything=True, ids=(), duplicates=())


@dataclass(frozen=True, slots=True)
class Core:
    """The resources of the core, which the other surfaces show in words of their own.

    Args:
        tools: What reaches the outside world, by the names under which components of agents ask for it:
            `outgoing` is the guard of outgoing requests.
        part: The servicers of the core.
    """

    datasets: Datasets
    documents: Documents
    assistants: Assistants
    sessions: Sessions
    completions: Completions
    agents: Agents
    agent_runs: AgentRuns
    simple_agents: SimpleAgents
    tools: Mapping[str, Any]
    part: Part


def join_core(base: Base) -> Core:
    """Return the core; the stack of the base ends what it has under way."""
    settings, stores, common, knowledge, stack = base.settings, base.stores, base.common, base.knowledge, base.stack
    entities, messages, outbox = stores.entities, stores.messages, base.hooks.outbox
    table, jobs, clock, ids = base.models.table, common.jobs, common.clock, common.ids
    datasets = Datasets(entities, jobs, table, clock, ids, default_embedding_model=settings.default_embedding_model)
    documents = Documents(entities, stores.blobs, jobs, common.board, clock, ids)
    uploads = Uploads(datasets, documents, max_file_bytes=settings.max_file_bytes)
    counts = ChunkCounts(entities, outbox)
    chunks = Chunks(entities, stores.chunks, knowledge.indexing, counts, common.locks, clock, ids)
    assistants = Assistants(entities, jobs, table, clock, ids)
    sessions = Sessions(entities, messages, jobs, clock, ids)
    overview = Overview(entities, stores.chunks)
    completions = Completions(
        entities, messages, assistants, sessions, knowledge.retrieval, overview, outbox, jobs, common.locks, clock, ids
    )
    stack.push_async_callback(completions.close)
    tools = agent_tools(settings, stack)
    agents, agent_runs = join_agents(stores, base.models, common, knowledge, base.hooks, tools, stack)
    simple_agents = SimpleAgents(entities, agents, table, clock, ids)
    graphs = KnowledgeGraphs(entities, knowledge.graphs.views, stores.facts, jobs, common.board, clock)
    part = Part(
        [
            DatasetService(datasets),
            DocumentService(documents, uploads),
            ChunkService(chunks, documents),
            RetrievalService(knowledge.retrieval),
            KnowledgeGraphService(graphs),
            ChatService(assistants),
            SessionService(sessions, completions),
            CompletionService(completions),
            AgentService(agents),
            AgentRunService(agent_runs),
            DocumentationService(),
            SystemService(Health(stores.database, entities), clock),
        ],
        [
            lambda principal: assistants.delete(principal, EVERYTHING),
            agents.delete_all,
            lambda principal: datasets.delete(principal, EVERYTHING),
        ],
    )
    return Core(
        datasets=datasets,
        documents=documents,
        assistants=assistants,
        sessions=sessions,
        completions=completions,
        agents=agents,
        agent_runs=agent_runs,
        simple_agents=simple_agents,
        tools=tools,
        part=part,
    )
