"""Parsing, indexing and the knowledge graph, joined."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowflow_server.assembly.models import Models
from knowflow_server.assembly.stores import Stores
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.graph.asking import GraphModel
from knowflow_server.domain.graph.job import GraphWork
from knowflow_server.domain.graph.model_extraction import ModelExtraction
from knowflow_server.domain.graph.passage import GraphPassages
from knowflow_server.domain.graph.reports import Reports
from knowflow_server.domain.graph.views import GraphViews
from knowflow_server.domain.indexing import Indexing
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.labelling import Labelling
from knowflow_server.domain.layouts import Layouts
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.parsing import Parser, remove_leftovers
from knowflow_server.domain.reranking import Reranking
from knowflow_server.domain.retrieval import Retrieval
from knowflow_server.domain.runner import Runner
from knowflow_server.domain.tags import Tagger
from knowflow_server.domain.translation import Translation
from knowflow_server.providers.dots import DotsLayout
from knowflow_server.providers.mineru import MineruLayout
from knowflow_server.settings import Settings
from knowflow_server.workers.parse_pool import ParsePool


@dataclass(frozen=True, slots=True)
class Common:
    """What nearly everything takes part in.

    Args:
        leaving: Called when the server begins to stop, before calls get their time to finish: each ends calls which
            would go on for ever.
    """

    clock: SystemClock = field(default_factory=SystemClock)
    ids: Uuid1Source = field(default_factory=Uuid1Source)
    board: Board = field(default_factory=Board)
    locks: NamedLocks = field(default_factory=NamedLocks)
    leaving: list[Callable[[], None]] = field(default_factory=list)
    jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        """Make the jobs, which take the clock and the ids."""
        object.__setattr__(self, "jobs", Jobs(self.clock, self.ids))


@dataclass(frozen=True, slots=True)
class Graphs:
    """What knowledge graphs are made of."""

    views: GraphViews
    work: GraphWork
    passages: GraphPassages


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads files, for the steps before a parse.

    Args:
        workers: Processes that read them.
        labelling: Asks a model for questions, where one is named.
        folder: Where a file lies while it is being read.
    """

    workers: ParsePool
    labelling: Labelling
    folder: Path


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What documents become, and how it is found."""

    indexing: Indexing
    graphs: Graphs
    retrieval: Retrieval
    runner: Runner
    reader: Reader


async def start_knowledge(
    settings: Settings, stores: Stores, models: Models, common: Common, stack: AsyncExitStack
) -> Knowledge:
    """Start parsing, and return what the services need; the stack stops it."""
    embedding, tagger = Embedding(models.table), Tagger(stores.entities, stores.chunks)
    indexing = Indexing(embedding, tagger)
    graphs = _graphs(settings, stores, models, common)
    workers = ParsePool(
        size=settings.parse_workers, memory_mb=settings.parse_memory_mb, timeout_s=settings.parse_timeout_s
    )
    stack.push_async_callback(workers.close)
    layouts, has_services = _layouts(settings, workers, stack)
    folder = settings.data_dir.absolute() / "tmp"
    remove_leftovers(folder)
    labelling = Labelling(models.table, settings.label_model or "")
    parser = Parser(
        stores.blobs, stores.chunks, indexing, labelling, workers, layouts, common.board, common.clock, folder
    )
    runner = Runner(
        stores.entities,
        stores.chunks,
        stores.blobs,
        stores.messages,
        common.jobs,
        parser,
        common.board,
        common.locks,
        graphs.work,
        common.clock,
        owner=common.ids.new_id(),
        concurrency=settings.parse_workers,
        remote_concurrency=settings.layout_concurrency if has_services else 0,
    )
    await runner.start()
    stack.push_async_callback(runner.close)
    retrieval = Retrieval(
        stores.entities,
        stores.chunks,
        embedding,
        tagger,
        graphs.passages,
        Reranking(models.table, candidates=settings.rerank_candidates),
        Translation(models.table.resolve_chat, settings.default_chat_model or ""),
    )
    return Knowledge(indexing, graphs, retrieval, runner, Reader(workers, labelling, folder))


def _graphs(settings: Settings, stores: Stores, models: Models, common: Common) -> Graphs:
    views = GraphViews(stores.entities, stores.facts)
    model = GraphModel(models.table, settings.graph_model) if settings.graph_model else None
    reports = Reports(stores.entities, views, stores.facts, model, common.clock)
    work = GraphWork(
        stores.entities,
        stores.chunks,
        stores.facts,
        common.jobs,
        common.board,
        common.clock,
        model=ModelExtraction(model, stores.facts, common.clock) if model else None,
        reports=reports if model else None,
    )
    return Graphs(views, work, GraphPassages(views, stores.facts, reports))


def _layouts(settings: Settings, workers: ParsePool, stack: AsyncExitStack) -> tuple[Layouts, bool]:
    """Return the layout services, and whether there is any."""
    limits: dict[str, Any] = {
        "timeout_s": settings.layout_timeout_s,
        "max_concurrency": settings.layout_concurrency,
    }
    mineru = MineruLayout(settings.mineru_url, **limits) if settings.mineru_url else None
    dots = DotsLayout(settings.dots_url, **limits) if settings.dots_url else None
    for service in (mineru, dots):
        if service is not None:
            stack.push_async_callback(service.close)
    return Layouts(workers, mineru=mineru, dots=dots), mineru is not None or dots is not None
