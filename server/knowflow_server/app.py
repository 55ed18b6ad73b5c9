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
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Self

from knowflow.store.v1.organization_pb2 import Organization
from knowflow_gateway.runner import EnvoyProcess
from knowflow_gateway.settings import GatewaySettings
from knowflow_server.assembly.credits import start_credits
from knowflow_server.assembly.knowledge import Common, start_knowledge
from knowflow_server.assembly.models import open_models
from knowflow_server.assembly.observing import start_observing
from knowflow_server.assembly.part import Base
from knowflow_server.assembly.platform import start_platform
from knowflow_server.assembly.services import join_services
from knowflow_server.assembly.stores import open_stores
from knowflow_server.assembly.webhooks import start_webhooks
from knowflow_server.domain.api_key import ApiKeys
from knowflow_server.domain.chat.recovery import recover_messages
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.rpc.registry import GrpcServer, build
from knowflow_server.settings import Settings
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore

logger = logging.getLogger(__name__)

# glibc keeps an arena per thread; LanceDB has many threads, and their arenas hold on to memory.
M_ARENA_MAX = -8
MAX_RESTART_DELAY_S = 30.0
# For calls which came to the gRPC port when the gateway's streams had used up the time.
LEAST_DRAIN_S = 1.0


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
        self._common = Common()
        self._stopping_at = 0.0
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
        for leave in self._common.leaving:
            leave()
        self._stopping_at = time.monotonic()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def _start(self) -> None:
        settings, stack = self._settings, self._stack
        stores = await open_stores(settings, stack)
        models, common = open_models(settings, stack), self._common
        platform = await start_platform(settings, stores, common, stack)
        # Before the first organization is made, so that it gets its account.
        ledgers = await start_credits(settings, stores, common, stack)
        await self._bootstrap(platform.keys)
        hooks = await start_webhooks(settings, stores, common, stack)
        await recover_messages(stores.entities, stores.messages, hooks.outbox)
        knowledge = await start_knowledge(settings, stores, models, common, stack)
        base = Base(settings, stores, models, common, knowledge, platform, hooks, ledgers, stack)
        servicers, organizations = join_services(base)
        watchers = start_observing(settings, stores, stack)
        server = build(servicers, platform.guards, watchers, host=settings.host, port=settings.grpc_port)
        await server.start()
        stack.push_async_callback(self._stop_server, server)
        # The model loads while the gateway starts; a first question waits for it, nothing else does.
        self._background(_warm(models.embedded))
        self._background(organizations.finish_deletions())
        await self._start_gateway(server)

    async def _stop_server(self, server: GrpcServer) -> None:
        # One time for all: the calls of the gateway, which stops before, have had a part of it.
        left = self._stopping_at + self._settings.drain_timeout_s - time.monotonic()
        await server.stop(max(left, LEAST_DRAIN_S))

    async def _start_gateway(self, server: GrpcServer) -> None:
        grpc_address = f"{_shown(self._settings.host)}:{server.port}"
        if self._settings.gateway == "none":
            self.addresses = Addresses("", grpc_address)
            return
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
        self.addresses = Addresses(f"{scheme}://{_shown(self._settings.host)}:{gateway.port}", grpc_address)

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


def descriptors() -> bytes:
    """Return the descriptor set of all protos, as the stubs carry it."""
    return resources.files("knowflow").joinpath("descriptors.binpb").read_bytes()


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - a comparison, nothing listens


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
        if application.first_key and addresses.rest_url:
            command = f"curl {addresses.rest_url}/api/v1/datasets -H 'Authorization: Bearer {application.first_key}'"
            announce(f"Try it:\n\n  {command}\n")
        rest = f"REST on {addresses.rest_url}, " if addresses.rest_url else ""
        announce(f"KnowFlow is ready: {rest}gRPC on {addresses.grpc_address}. Ctrl-C stops it.")
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


async def top_up(settings: Settings, *, organization: str, amount: int, key: str, reference: str) -> int:
    """Give credits to an organization, named by id or name, in a database that no server has open; return its balance.

    Raises:
        DatabaseLockedError: A server has it open.
        KnowFlowError: It cannot be done; its sentence says why.
    """
    async with AsyncExitStack() as stack:
        stores = await open_stores(settings, stack)
        ledgers = await start_credits(settings, stores, Common(), stack)
        named = [one.id for one in stores.entities.all(Organization) if one.name == organization and not one.deleting]
        organization_id = named[0] if len(named) == 1 else organization
        await ledgers.top_up(organization_id, amount, key=key, reference=reference)
        return ledgers.balance(organization_id)


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
