"""The composition root: builds every object, starts them in order, and stops them in reverse."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Self

from knowflow_gateway.runner import EnvoyProcess
from knowflow_gateway.settings import GatewaySettings
from knowflow_server.domain.agent import Agents
from knowflow_server.domain.agent_run import AgentRuns
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.board import Board
from knowflow_server.domain.canvas.scope import Services as ComponentServices
from knowflow_server.domain.chat.assistant import Assistants
from knowflow_server.domain.chat.completion import Completions
from knowflow_server.domain.chat.session import Sessions
from knowflow_server.domain.chunk import Chunks
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.dataset import Datasets
from knowflow_server.domain.document import Documents
from knowflow_server.domain.embedding import Embedding
from knowflow_server.domain.graph.asking import GraphModel
from knowflow_server.domain.graph.job import GraphWork
from knowflow_server.domain.graph.knowledge_graph import KnowledgeGraphs
from knowflow_server.domain.graph.model_extraction import ModelExtraction
from knowflow_server.domain.graph.passage import GraphPassages
from knowflow_server.domain.graph.reports import Reports
from knowflow_server.domain.graph.views import GraphViews
from knowflow_server.domain.health import Health
from knowflow_server.domain.indexing import Indexing
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.labelling import Labelling
from knowflow_server.domain.layouts import Layouts
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.parsing import Parser, remove_leftovers
from knowflow_server.domain.retrieval import Retrieval
from knowflow_server.domain.runner import Runner
from knowflow_server.domain.tags import Tagger
from knowflow_server.providers.dots import DotsLayout
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.providers.mineru import MineruLayout
from knowflow_server.providers.model_table import ProviderSettings, ProviderTable
from knowflow_server.providers.openai_http import EndpointLimits
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
from knowflow_server.rpc.registry import GrpcServer, Services, build
from knowflow_server.settings import Settings
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.graph import GraphStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.workers.parse_pool import ParsePool
from knowflow_server.workers.templates import TemplateWorkers

logger = logging.getLogger(__name__)

# glibc keeps an arena per thread; LanceDB has many threads, and their arenas hold on to memory.
M_ARENA_MAX = -8
MAX_RESTART_DELAY_S = 30.0


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the server answers."""

    rest_url: str
    grpc_address: str


class Application:
    """A running server.

    Args:
        settings: All settings.
        announce: Takes what people should read: the first key, and where the server answers.
    """

    def __init__(self, settings: Settings, announce: Callable[[str], None]) -> None:
        self._settings = settings
        self._announce = announce
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self.first_key = ""
        self.addresses = Addresses("", "")

    async def __aenter__(self) -> Self:
        """Start everything; return when REST and gRPC answer."""
        await self._stack.__aenter__()
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Let running calls finish, hand back what is leased, and stop."""
        await self._stop()

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def _start(self) -> None:
        settings, stack = self._settings, self._stack
        data = settings.data_dir.absolute()
        database = await Database.open(data / "db", durable=settings.durability == "fsync")
        stack.callback(database.close)
        entities = await EntityStore.open(database)
        stack.push_async_callback(entities.close)
        messages = await MessageStore.open(database)
        stack.push_async_callback(messages.close)
        chunks, blobs = ChunkStore(database), LanceBlobStore(database)
        stack.push_async_callback(chunks.close)
        embedded = EmbeddedEmbedder(cache_dir=settings.model_cache, threads=settings.embedding_threads or None)
        stack.push_async_callback(embedded.close)
        models = _provider_table(settings, embedded)
        stack.push_async_callback(models.close)
        workers = ParsePool(
            size=settings.parse_workers, memory_mb=settings.parse_memory_mb, timeout_s=settings.parse_timeout_s
        )
        stack.push_async_callback(workers.close)

        clock, ids, board, locks = SystemClock(), Uuid1Source(), Board(), NamedLocks()
        jobs, embedding = Jobs(clock, ids), Embedding(models)
        tagger = Tagger(entities, chunks)
        indexing = Indexing(embedding, tagger)
        keys = ApiKeys(entities, clock, ids)
        await self._bootstrap(keys)
        folder = data / "tmp"
        remove_leftovers(folder)
        graphs = await _graphs(settings, database, entities, chunks, models, jobs, board, clock)
        stack.push_async_callback(graphs.store.close)
        labelling = Labelling(models, settings.label_model or "")
        layouts, has_services = _layouts(settings, workers, stack)
        parser = Parser(blobs, chunks, indexing, labelling, workers, layouts, board, clock, folder)
        runner = Runner(
            entities,
            chunks,
            blobs,
            messages,
            jobs,
            parser,
            board,
            locks,
            graphs.work,
            clock,
            owner=ids.new_id(),
            concurrency=settings.parse_workers,
            remote_concurrency=settings.layout_concurrency if has_services else 0,
        )
        await runner.start()
        stack.push_async_callback(runner.close)

        datasets = Datasets(
            entities, jobs, models, clock, ids, default_embedding_model=settings.default_embedding_model
        )
        documents = Documents(entities, blobs, jobs, board, clock, ids)
        retrieval = Retrieval(entities, chunks, embedding, tagger, graphs.passages)
        assistants = Assistants(entities, jobs, models, clock, ids)
        sessions = Sessions(entities, messages, jobs, clock, ids)
        completions = Completions(entities, messages, assistants, sessions, retrieval, jobs, locks, clock, ids)
        stack.push_async_callback(completions.close)
        agents = Agents(entities, messages, jobs, clock, ids)
        agent_runs = AgentRuns(
            entities, messages, agents, _components(stack, entities, models, retrieval), jobs, locks, clock, ids
        )
        stack.push_async_callback(agent_runs.close)
        services = Services(
            DatasetService(datasets),
            DocumentService(documents, Uploads(datasets, documents, max_file_bytes=settings.max_file_bytes)),
            ChunkService(Chunks(entities, chunks, indexing, locks, clock, ids), documents),
            RetrievalService(retrieval),
            KnowledgeGraphService(KnowledgeGraphs(entities, graphs.views, graphs.store, jobs, board, clock)),
            ChatService(assistants),
            SessionService(sessions, completions),
            CompletionService(completions),
            AgentService(agents),
            AgentRunService(agent_runs),
            SystemService(Health(database, entities), clock),
        )
        server = build(services, keys, host=settings.host, port=settings.grpc_port)
        await server.start()
        stack.push_async_callback(server.stop, settings.drain_timeout_s)
        # The model loads while the gateway starts; a first question waits for it, nothing else does.
        self._background(_warm(embedded))
        await self._start_gateway(server)

    async def _start_gateway(self, server: GrpcServer) -> None:
        folder = Path(tempfile.mkdtemp(prefix="knowflow-"))
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        executable = str(self._settings.envoy_path) if self._settings.envoy_path else None
        gateway = EnvoyProcess(
            _gateway_settings(self._settings, server.port), descriptors(), folder, executable=executable
        )
        await gateway.start()
        self._stack.push_async_callback(gateway.stop)
        await gateway.wait_ready()
        self._background(_supervise(gateway))
        scheme = "https" if self._settings.tls_cert else "http"
        self.addresses = Addresses(
            f"{scheme}://{_shown(self._settings.host)}:{gateway.port}", f"{_shown(self._settings.host)}:{server.port}"
        )

    async def _bootstrap(self, keys: ApiKeys) -> None:
        given = self._settings.bootstrap_api_key
        key = await keys.bootstrap(
            organization_name=self._settings.organization_name, key=given.get_secret_value() if given else None
        )
        if key is None:
            return
        if given:
            self._announce(
                "Created the first organization; its API key is the one given as KNOWFLOW_BOOTSTRAP_API_KEY."
            )
            return
        self._announce(f"Created the first organization. This is its API key; it is shown only now:\n\n  {key}\n")
        self.first_key = key

    def _background(self, coroutine: Coroutine[None, None, None]) -> None:
        self._tasks.add(asyncio.create_task(coroutine))


@dataclass(frozen=True, slots=True)
class _Graphs:
    """What knowledge graphs are made of."""

    store: GraphStore
    views: GraphViews
    work: GraphWork
    passages: GraphPassages


async def _graphs(
    settings: Settings,
    database: Database,
    entities: EntityStore,
    chunks: ChunkStore,
    models: ProviderTable,
    jobs: Jobs,
    board: Board,
    clock: SystemClock,
) -> _Graphs:
    store = await GraphStore.open(database)
    views = GraphViews(entities, store)
    model = GraphModel(models, settings.graph_model) if settings.graph_model else None
    reports = Reports(entities, views, store, model, clock)
    work = GraphWork(
        entities,
        chunks,
        store,
        jobs,
        board,
        clock,
        model=ModelExtraction(model, store, clock) if model else None,
        reports=reports if model else None,
    )
    return _Graphs(store, views, work, GraphPassages(views, store, reports))


def descriptors() -> bytes:
    """Return the descriptor set of all protos, as the stubs carry it."""
    return resources.files("knowflow").joinpath("descriptors.binpb").read_bytes()


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - a comparison, nothing listens


def _provider_table(settings: Settings, embedded: EmbeddedEmbedder) -> ProviderTable:
    providers = {
        name: ProviderSettings(
            kind="openai",
            base_url=provider.base_url,
            api_key=provider.api_key.get_secret_value(),
            models=provider.models,
            dimension=provider.dimension or 0,
            context_tokens=provider.context_tokens,
            model_context_tokens=provider.model_context_tokens,
            limits=EndpointLimits(
                timeout_s=provider.timeout_s,
                connect_timeout_s=provider.connect_timeout_s,
                first_token_timeout_s=provider.first_token_timeout_s,
                stall_timeout_s=provider.stall_timeout_s,
                max_concurrency=provider.max_concurrency,
                max_streams=provider.max_streams,
                max_retries=provider.max_retries,
                max_retry_after_s=provider.max_retry_after_s,
            ),
        )
        for name, provider in settings.providers.items()
    }
    return ProviderTable(
        providers,
        embedded=embedded,
        embedded_chat={},
        default_chat_model=settings.default_chat_model or "",
        fallback=settings.model_fallback,
    )


def _components(
    stack: AsyncExitStack, entities: EntityStore, models: ProviderTable, retrieval: Retrieval
) -> ComponentServices:
    """Return what the components of agents use of the outside."""
    templates = TemplateWorkers()
    stack.push_async_callback(templates.close)
    return ComponentServices(entities, models, retrieval, templates)


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


def _gateway_settings(settings: Settings, grpc_port: int) -> GatewaySettings:
    return GatewaySettings(
        listen_host=settings.host,
        listen_port=settings.port,
        tls_certificate=settings.tls_cert,
        tls_key=settings.tls_key,
        grpc_host=settings.host if settings.host != "0.0.0.0" else "127.0.0.1",  # noqa: S104 - a comparison, nothing listens
        grpc_port=grpc_port,
        max_upload_bytes=settings.max_file_bytes,
        unary_timeout_s=settings.request_timeout_s,
        stream_idle_timeout_s=settings.stream_idle_timeout_s,
        cors_origins=settings.cors_origins,
        drain_s=settings.drain_timeout_s,
        # The server logs each call itself, with its reason.
        access_log="",
    )


async def _warm(embedded: EmbeddedEmbedder) -> None:
    try:
        await embedded.warm()
    except Exception:
        # It is tried again with the first text to embed, whose caller learns what is wrong.
        logger.exception("The embedded model could not be loaded.")


async def _supervise(gateway: EnvoyProcess) -> None:
    """Start the gateway again when it ends by itself, ever later when it does so often."""
    delay = 0.1
    while True:
        code = await gateway.wait()
        logger.error("The gateway ended by itself and is started again.", extra={"exit_code": code, "delay_s": delay})
        await asyncio.sleep(delay)
        delay = min(delay * 2, MAX_RESTART_DELAY_S)
        try:
            await gateway.start()
            await gateway.wait_ready()
        except Exception:
            logger.exception("The gateway could not be started.")


async def serve(settings: Settings, *, ready_file: Path | None, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        settings: All settings.
        ready_file: Gets `{"rest_url", "grpc_address", "pid"}` once both answer; None means no file.
        announce: Takes what people should read.
    """
    _limit_arenas()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Application(settings, announce) as application:
        addresses = application.addresses
        # What was made until now stays. Without it, a full collection holds the loop up for 10 ms instead of 100.
        gc.freeze()
        if ready_file is not None:
            _write_ready(ready_file, addresses)
        if application.first_key:
            command = f"curl {addresses.rest_url}/api/v1/datasets -H 'Authorization: Bearer {application.first_key}'"
            announce(f"Try it:\n\n  {command}\n")
        announce(f"KnowFlow is ready: REST on {addresses.rest_url}, gRPC on {addresses.grpc_address}. Ctrl-C stops it.")
        await stop.wait()
        announce("Stopping; running calls may finish.")
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)  # noqa: ASYNC240 - one call, at the end


async def create_organization(settings: Settings, *, name: str, key: str | None) -> str:
    """Create an organization in a database that no server has open, and return the value of its API key.

    Raises:
        DatabaseLockedError: A server has it open.
    """
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.data_dir.absolute() / "db", durable=settings.durability == "fsync")
        stack.callback(database.close)
        entities = await EntityStore.open(database)
        stack.push_async_callback(entities.close)
        return await ApiKeys(entities, SystemClock(), Uuid1Source()).create_organization(name=name, key=key)


def _limit_arenas() -> None:
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, 2)


def _write_ready(path: Path, addresses: Addresses) -> None:
    # Renamed into place: a reader never sees half a file.
    temporary = path.with_suffix(path.suffix + ".tmp")
    temporary.write_text(
        json.dumps({"rest_url": addresses.rest_url, "grpc_address": addresses.grpc_address, "pid": os.getpid()})
    )
    temporary.replace(path)
