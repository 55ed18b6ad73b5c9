"""What a knowledge graph says about a question, as one passage of text."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.graph.config import graph_config
from knowflow_server.domain.graph.reports import Reports
from knowflow_server.domain.graph.view import GraphView
from knowflow_server.domain.graph.views import GraphViews
from knowflow_server.store.filters import FactScope
from knowflow_server.store.graph import GraphStore

MATCHES = 8
ENTITIES = 12
RELATIONS = 20
COMMUNITIES = 2
MAX_CHARACTERS = 6_000
MAX_TOLD = 300


@dataclass(slots=True)
class _Chosen:
    """What of a graph answers a question: nodes, edges and communities, the best first."""

    nodes: list[int]
    edges: list[int]
    communities: list[list[int]]


class GraphPassages:
    """Finds the entities a question names, and tells what the graph knows of them and their neighbours."""

    def __init__(self, views: GraphViews, store: GraphStore, reports: Reports) -> None:
        self._views = views
        self._store = store
        self._reports = reports

    async def passage(
        self, datasets: Iterable[Dataset], question: str, *, documents: Sequence[Document] | None = None
    ) -> str:
        """Return what the graphs of datasets say about a question; empty when it names none of their entities.

        Args:
            datasets: The datasets, all of the caller's organization.
            question: The question.
            documents: Only what these documents say, when not None.
        """
        parts: list[str] = []
        for dataset in datasets:
            if documents is None:
                view = await self._views.of_dataset(dataset)
            else:
                view = await self._views.of_documents(dataset, documents)
            if view is None:
                continue
            config = graph_config(dataset)
            with_communities = config is not None and config.community
            chosen = await asyncio.to_thread(_choose, view, question, with_communities=with_communities)
            if chosen.nodes:
                parts.append(await self._told(dataset, view, chosen))
        return "\n\n".join(parts)[:MAX_CHARACTERS]

    async def _told(self, dataset: Dataset, view: GraphView, chosen: _Chosen) -> str:
        node_ids = {node: view.detail_ids(view.node_facts.of(node))[:1] for node in chosen.nodes}
        edge_ids = {edge: view.detail_ids(view.edge_facts.of(edge))[:1] for edge in chosen.edges}
        ids = [identifier for found in (*node_ids.values(), *edge_ids.values()) for identifier in found]
        facts = await self._store.read(FactScope(dataset.organization_id, dataset_id=dataset.id, ids=ids))
        told = {fact.id: fact.description[:MAX_TOLD] for fact in facts}
        lines = ["---- Entities ----"]
        for node in chosen.nodes:
            description = " ".join(told.get(identifier, "") for identifier in node_ids[node])
            lines.append(f"- {view.names[node]} ({view.types[node]}){f': {description}' if description else ''}")
        if chosen.edges:
            lines += ["", "---- Relations ----"]
        for edge in chosen.edges:
            source, target = view.names[int(view.source[edge])], view.names[int(view.target[edge])]
            description = " ".join(told.get(identifier, "") for identifier in edge_ids[edge])
            words = ", ".join(view.labels(edge, 3)).replace("_", " ")
            lines.append(f"- {source} - {words} - {target}{f': {description}' if description else ''}")
        reports = await self._reports.read(dataset, view, chosen.communities)
        for number, (title, text) in enumerate(reports, 1):
            lines += ["", "---- Community Report ----"] if number == 1 else [""]
            lines += [f"# {number}. {title}", text]
        return "\n".join(lines)


def _choose(view: GraphView, question: str, *, with_communities: bool) -> _Chosen:
    matched = [node for node, _ in view.index.matches(question, MATCHES)]
    if not matched:
        return _Chosen([], [], [])
    named = set(matched)
    edges = {edge for node in matched for edge in view.neighbours.of(node)[:RELATIONS].tolist()}

    def inside(edge: int) -> bool:
        return int(view.source[edge]) in named and int(view.target[edge]) in named

    # Edges stand by falling weight; those between two entities of the question come first.
    ranked = sorted(edges, key=lambda edge: (not inside(edge), edge))[:RELATIONS]
    ends = [int(end[edge]) for edge in ranked for end in (view.source, view.target)]
    nodes = list(dict.fromkeys([*matched, *ends]))[:ENTITIES]
    found = [members for members in view.communities if not named.isdisjoint(members)] if with_communities else []
    found.sort(key=lambda members: -len(named.intersection(members)))
    return _Chosen(nodes, ranked, found[:COMMUNITIES])
