"""Knowledge graphs: what callers may do with them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from knowflow.store.v1 import document_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import JOB_KIND_GRAPH, JOB_KIND_GRAPH_REPORTS, Job
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.graph.config import graph_config
from knowflow_server.domain.graph.reports import title_of
from knowflow_server.domain.graph.view import GraphView
from knowflow_server.domain.graph.views import GraphViews
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import FactScope
from knowflow_server.store.graph import GraphStore
from knowflow_server.store.transaction import Transaction

# As RAGFlow cuts what it shows.
MAX_NODES = 256
MAX_EDGES = 128
MAX_SUPPORTERS = 100
MAX_DOCUMENTS = 1_000
MAX_COMMUNITIES = 32
# Documents taken out of a graph in one transaction.
BATCH = 300


@dataclass(frozen=True, slots=True)
class ShownNode:
    """An entity as it is shown."""

    key: str
    name: str
    type: str
    description: str
    pagerank: float
    degree: int
    document_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShownEdge:
    """A relation as it is shown; the first of its words is the relation."""

    source: str
    target: str
    labels: Sequence[str]
    description: str
    weight: float
    document_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShownGraph:
    """What is shown of a graph: nodes by falling page rank, edges by falling weight, and how many there are in all."""

    nodes: Sequence[ShownNode] = ()
    edges: Sequence[ShownEdge] = ()
    node_count: int = 0
    edge_count: int = 0
    document_ids: Sequence[str] = ()
    mind_map: dict[str, Any] = field(default_factory=dict)


class KnowledgeGraphs:
    """The knowledge graphs of all organizations; each method acts for one caller."""

    def __init__(
        self, entities: EntityStore, views: GraphViews, store: GraphStore, jobs: Jobs, board: Board, clock: Clock
    ) -> None:
        self._entities = entities
        self._views = views
        self._store = store
        self._jobs = jobs
        self._board = board
        self._clock = clock

    async def get(self, principal: Principal, dataset_id: str) -> ShownGraph:
        """Return the graph of a dataset, cut to its 256 most central entities and the 128 heaviest relations of those.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
            StoreUnavailableError: The facts cannot be read.
        """
        dataset = owned(self._entities, principal, dataset_id)
        view = await self._views.of_dataset(dataset)
        if view is None:
            return ShownGraph()
        ids = await asyncio.to_thread(_shown_ids, view)
        wanted = [identifier for found in (*ids[0], *ids[1].values()) for identifier in found]
        facts = await self._store.read(FactScope(dataset.organization_id, dataset_id=dataset.id, ids=wanted))
        told = {fact.id: fact.description for fact in facts}
        config = graph_config(dataset)
        return ShownGraph(
            nodes=[_node(view, node, _lines(told, found)) for node, found in enumerate(ids[0])],
            edges=[_edge(view, edge, _lines(told, found)) for edge, found in ids[1].items()],
            node_count=len(view.keys),
            edge_count=len(view.source),
            document_ids=view.documents[:MAX_DOCUMENTS],
            mind_map=await asyncio.to_thread(_mind_map, view, dataset) if config and config.community else {},
        )

    async def delete(self, principal: Principal, dataset_id: str) -> None:
        """Delete the graph of a dataset, and end the graph steps that wait or run; documents and chunks stay.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
        """
        owned(self._entities, principal, dataset_id)
        documents = self._entities.children(Document, principal.organization_id, dataset_id)
        concerned = [
            document.id
            for document in documents
            if document.graph_generation or document.state == document_pb2.PARSE_STATE_RUNNING
        ]
        # Ten thousand documents in one piece would hold up all other calls.
        for start in range(0, len(concerned), BATCH):
            batch = concerned[start : start + BATCH]
            await self._entities.transact(lambda transaction, ids=batch: self._take_out(transaction, ids))  # type: ignore[misc]

        def work(transaction: Transaction) -> None:
            owned(transaction, principal, dataset_id)
            for job in list(transaction.children(Job, principal.organization_id)):
                if job.kind == JOB_KIND_GRAPH_REPORTS and job.dataset_id == dataset_id:
                    transaction.delete(job)
            if concerned:
                self._jobs.add_graph_removal(transaction, principal.organization_id, dataset_id)

        await self._entities.transact(work)
        self._jobs.wake()
        for identifier in concerned:
            self._board.tell(identifier)

    def _take_out(self, transaction: Transaction, document_ids: Sequence[str]) -> None:
        """Take documents out of the graph, and end their graph steps."""
        for identifier in document_ids:
            document = transaction.get(Document, identifier)
            if document is None:
                continue
            job = self._jobs.parse_job_of(transaction, document)
            if job is not None and job.kind == JOB_KIND_GRAPH:
                transaction.delete(job)
                self._end(transaction.edit(document))
            elif document.graph_generation:
                transaction.edit(document).graph_generation = ""

    def _end(self, document: Document) -> None:
        now = microseconds(self._clock)
        standing = self._board.standing(document.id)
        document.graph_generation = ""
        document.state = document_pb2.PARSE_STATE_SUCCEEDED
        document.progress = 100
        said = standing.message or document.progress_message
        document.progress_message = f"{said}\nThe knowledge graph was deleted while it was being built.\nTask done"
        document.process_duration = (now - document.process_begin_at) / 1_000_000
        document.updated_at = now


def _shown_ids(view: GraphView) -> tuple[list[list[str]], dict[int, list[str]]]:
    """Return the facts to read for each shown node, and for each shown edge."""
    nodes = [view.detail_ids(view.node_facts.of(node)) for node in range(min(MAX_NODES, len(view.keys)))]
    inside = (view.source < len(nodes)) & (view.target < len(nodes))
    edges = inside.nonzero()[0][:MAX_EDGES].tolist()
    return nodes, {edge: view.detail_ids(view.edge_facts.of(edge)) for edge in edges}


def _lines(told: dict[str, str], ids: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(told[identifier] for identifier in ids if told.get(identifier)))


def _node(view: GraphView, node: int, description: str) -> ShownNode:
    return ShownNode(
        view.keys[node],
        view.names[node],
        view.types[node],
        description,
        float(view.pagerank[node]),
        int(view.degree[node]),
        view.supporters(view.node_facts.of(node), MAX_SUPPORTERS),
    )


def _edge(view: GraphView, edge: int, description: str) -> ShownEdge:
    return ShownEdge(
        view.keys[int(view.source[edge])],
        view.keys[int(view.target[edge])],
        view.labels(edge),
        description,
        float(view.edge_weight[edge]),
        view.supporters(view.edge_facts.of(edge), MAX_SUPPORTERS),
    )


def _mind_map(view: GraphView, dataset: Dataset) -> dict[str, Any]:
    children = []
    for nodes in view.communities[:MAX_COMMUNITIES]:
        leaves = [{"id": view.names[node], "children": []} for node in nodes if node < MAX_NODES]
        if leaves:
            children.append({"id": title_of(view, nodes), "children": leaves})
    return {"id": dataset.name, "children": children}
