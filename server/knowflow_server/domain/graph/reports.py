"""Reports about the communities of a graph: made of what the graph holds, or written by a chat model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import numpy as np
import xxhash

from knowflow.store.v1 import graph_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.graph_pb2 import GraphFact
from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.graph import prompts
from knowflow_server.domain.graph.answers import read_report
from knowflow_server.domain.graph.asking import GraphModel, ask
from knowflow_server.domain.graph.extraction import fact_id
from knowflow_server.domain.graph.view import GraphView
from knowflow_server.domain.graph.views import GraphViews
from knowflow_server.domain.ports import Clock, ProviderError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import FactScope
from knowflow_server.store.graph import GraphStore

logger = logging.getLogger(__name__)

# The largest communities are reported; each costs a call.
MAX_REPORTS = 32
MIN_MEMBERS = 3
SHOWN_ENTITIES = 24
SHOWN_RELATIONS = 24
ANSWER_TOKENS = 512
TITLE_NAMES = 3


def title_of(view: GraphView, nodes: Sequence[int]) -> str:
    """Return a title for a community: its most central entities."""
    return ", ".join(view.names[node] for node in nodes[:TITLE_NAMES])


def edges_of(view: GraphView, nodes: Sequence[int]) -> list[int]:
    """Return the edges between the entities of a community, the heaviest first."""
    members = np.zeros(len(view.keys), dtype=bool)
    members[list(nodes)] = True
    return np.flatnonzero(members[view.source] & members[view.target]).tolist()


def outline(view: GraphView, nodes: Sequence[int]) -> str:
    """Return what the graph holds of a community, in lines: its entities and relations."""
    entities = ", ".join(f"{view.names[node]} ({view.types[node]})" for node in nodes[:SHOWN_ENTITIES])
    lines = [f"Entities: {entities}."]
    for edge in edges_of(view, nodes)[:SHOWN_RELATIONS]:
        source, target = view.names[int(view.source[edge])], view.names[int(view.target[edge])]
        lines.append(f"{source} - {view.relation(edge).replace('_', ' ')} - {target}.")
    return "\n".join(lines)


def community_key(view: GraphView, nodes: Sequence[int]) -> str:
    """Return the key of a community's content: equal as long as the same facts make it up."""
    # What a job wrote never changes, so that it is enough to know which jobs wrote about which entities.
    rows = np.concatenate([view.node_facts.of(node) for node in nodes])
    generations = view.facts.generation
    jobs = sorted(generations.values[code] for code in np.unique(generations.codes[rows]).tolist())
    return xxhash.xxh64("\x00".join([*jobs, *sorted(view.keys[node] for node in nodes)]).encode()).hexdigest()


class Reports:
    """Has a chat model write about communities, each once as long as its facts stay the same.

    Args:
        entities: Datasets.
        views: Their graphs.
        store: Keeps the reports.
        model: Writes them; None where no model is configured: then none are written, and there are none to read.
        clock: The time.
    """

    def __init__(
        self, entities: EntityStore, views: GraphViews, store: GraphStore, model: GraphModel | None, clock: Clock
    ) -> None:
        self._entities = entities
        self._views = views
        self._store = store
        self._model = model
        self._clock = clock

    async def read(
        self, dataset: Dataset, view: GraphView, communities: Sequence[Sequence[int]]
    ) -> list[tuple[str, str]]:
        """Return title and text of a report about each community: the written one, or what the graph holds of it."""
        made = [(title_of(view, nodes), outline(view, nodes)) for nodes in communities]
        if self._model is None or not communities:
            return made
        keys = [community_key(view, nodes) for nodes in communities]
        ids = [_report_id(dataset.id, key) for key in keys]
        facts = await self._store.read(FactScope(dataset.organization_id, dataset_id=dataset.id, ids=ids))
        written = {fact.source: (fact.name, fact.description) for fact in facts}
        return [written.get(key, own) for key, own in zip(keys, made, strict=True)]

    async def write(self, job: Job) -> None:
        """Write the reports of a dataset that are missing, and remove outdated ones; a failing provider ends it."""
        while (dataset := self._entities.get(Dataset, job.dataset_id)) is not None:
            before = self._views.generations(dataset)
            view = await self._views.of_dataset(dataset)
            wanted = await asyncio.to_thread(self._wanted, view) if view is not None else {}
            present = await self._purge(dataset, set(wanted))
            try:
                for key, nodes in wanted.items():
                    if key not in present and view is not None:
                        await self._one(dataset, view, key, nodes)
            except ProviderError as error:
                # Communities without a report are described by their entities and relations.
                logger.warning("Reports were not written.", extra={"dataset": dataset.id, "cause": error.sentence})
                return
            if self._views.generations(dataset) == before:
                return

    async def purge(self, organization_id: str, dataset_id: str) -> None:
        """Remove the reports about communities that are not as they were."""
        dataset = self._entities.get(Dataset, dataset_id)
        scope = FactScope(organization_id, dataset_id=dataset_id, kinds=[graph_pb2.GRAPH_FACT_KIND_REPORT])
        if dataset is None or not await self._store.read(scope):
            return
        view = await self._views.of_dataset(dataset)
        wanted = await asyncio.to_thread(self._wanted, view) if view is not None else {}
        await self._purge(dataset, set(wanted))

    @staticmethod
    def _wanted(view: GraphView) -> dict[str, list[int]]:
        chosen = [nodes for nodes in view.communities if len(nodes) >= MIN_MEMBERS][:MAX_REPORTS]
        return {community_key(view, nodes): nodes for nodes in chosen}

    async def _purge(self, dataset: Dataset, wanted: set[str]) -> set[str]:
        """Remove all reports of a dataset but these, and return those that are there."""
        scope = FactScope(dataset.organization_id, dataset_id=dataset.id, kinds=[graph_pb2.GRAPH_FACT_KIND_REPORT])
        present = {fact.source: fact.id for fact in await self._store.read(scope)}
        if outdated := [identifier for key, identifier in present.items() if key not in wanted]:
            await self._store.delete(FactScope(dataset.organization_id, dataset_id=dataset.id, ids=outdated))
        return set(present) & wanted

    async def _one(self, dataset: Dataset, view: GraphView, key: str, nodes: Sequence[int]) -> None:
        if self._model is None:
            return
        told = outline(view, nodes)
        answer, _ = await ask(self._model.resolve(), prompts.report(told), max_tokens=ANSWER_TOKENS)
        title, summary = read_report(answer)
        if not summary:
            return
        await self._store.add(
            [
                GraphFact(
                    id=_report_id(dataset.id, key),
                    organization_id=dataset.organization_id,
                    dataset_id=dataset.id,
                    generation=dataset.id,
                    kind=graph_pb2.GRAPH_FACT_KIND_REPORT,
                    source=key,
                    name=title or title_of(view, nodes),
                    description=summary,
                    created_at=microseconds(self._clock),
                )
            ]
        )


def _report_id(dataset_id: str, key: str) -> str:
    return fact_id(dataset_id, graph_pb2.GRAPH_FACT_KIND_REPORT, key, "")
