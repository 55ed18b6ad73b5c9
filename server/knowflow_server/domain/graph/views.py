"""The graphs of datasets in memory, built when somebody asks and kept until their facts change."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable

from knowflow.store.v1 import graph_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.graph.view import GraphView, view_of
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import FactScope
from knowflow_server.store.graph import GraphStore

# Nodes, edges and facts of all graphs that are kept, at some hundred bytes each.
MAX_KEPT = 2_000_000
MEMBERS = (
    graph_pb2.GRAPH_FACT_KIND_ENTITY,
    graph_pb2.GRAPH_FACT_KIND_RELATION,
    graph_pb2.GRAPH_FACT_KIND_ALIAS,
)


class GraphViews:
    """Gives the present graph of a dataset; the least used graphs are forgotten first."""

    def __init__(self, entities: EntityStore, store: GraphStore) -> None:
        self._entities = entities
        self._store = store
        self._locks = NamedLocks()
        self._generations: dict[str, tuple[int, frozenset[str]]] = {}
        self._kept: OrderedDict[str, tuple[frozenset[str], GraphView]] = OrderedDict()

    def generations(self, dataset: Dataset) -> frozenset[str]:
        """Return the jobs whose facts make up the graph of a dataset: equal sets mean equal graphs."""
        changes = self._entities.changes(Document, dataset.organization_id, dataset.id)
        seen, found = self._generations.get(dataset.id, (-1, frozenset[str]()))
        if seen != changes:
            documents = self._entities.children(Document, dataset.organization_id, dataset.id)
            found = frozenset(document.graph_generation for document in documents if document.graph_generation)
            self._generations[dataset.id] = (changes, found)
        return found

    async def of_dataset(self, dataset: Dataset) -> GraphView | None:
        """Return the graph of a dataset, or None when no document has a part in it."""
        async with self._locks.hold(dataset.id):
            generations = self.generations(dataset)
            present, view = self._kept.pop(dataset.id, (frozenset[str](), None))
            if not generations:
                return None
            if view is None or present != generations:
                view = await self._build(dataset, generations)
            self._kept[dataset.id] = (generations, view)
        total = sum(kept.size for _, kept in self._kept.values())
        while total > MAX_KEPT and len(self._kept) > 1:
            _, (_, forgotten) = self._kept.popitem(last=False)
            total -= forgotten.size
        return view

    async def of_documents(self, dataset: Dataset, documents: Iterable[Document]) -> GraphView | None:
        """Return the graph which some documents of a dataset make up alone."""
        own = (document for document in documents if document.dataset_id == dataset.id)
        generations = frozenset(document.graph_generation for document in own if document.graph_generation)
        if not generations:
            return None
        if generations == self.generations(dataset):
            return await self.of_dataset(dataset)
        return await self._build(dataset, generations)

    async def _build(self, dataset: Dataset, generations: frozenset[str]) -> GraphView:
        scope = FactScope(dataset.organization_id, dataset_id=dataset.id, kinds=MEMBERS)
        facts = await self._store.columns(scope, generations)
        return await asyncio.to_thread(view_of, facts)
