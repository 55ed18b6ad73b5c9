"""Servers for the cases: the shared one, and one without a fallback model."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import grpc
import httpx
import pytest

from tests.cases.transports import Grpc, Rest
from tests.cases.world import World
from tests.providers.openai_stand_in import DIMENSION, OpenAIStandIn
from tests.serving import KEY, OTHER_KEY, Server, start_server

# Nothing listens there: the port is reserved for multiplexing, and refused at once on loopback.
NOWHERE = "http://127.0.0.1:1/v1"
MAX_FILE_BYTES = 1_000_000


@asynccontextmanager
async def _world(server: Server) -> AsyncIterator[World]:
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as client,
        grpc.aio.insecure_channel(server.grpc_address) as channel,
    ):
        yield World(Rest(client), Grpc(channel), {"own": KEY, "stranger": OTHER_KEY}, server.receiver)


@pytest.fixture(scope="session")
async def world(server: Server) -> AsyncIterator[World]:
    """The server that all tests share."""
    async with _world(server) as world:
        yield world


@pytest.fixture(scope="session")
def strict_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without a fallback model, on a small plan, with a provider that works and one that does not."""
    with OpenAIStandIn() as stand_in:
        providers = {
            "stand-in": {
                "base_url": stand_in.url,
                "models": ["small", "large"],
                "dimension": DIMENSION,
                "rerank_models": ["judge"],
            },
            "nowhere": {"base_url": NOWHERE, "max_retries": 0, "timeout_s": 5},
        }
        settings = {
            "MODEL_FALLBACK": "none",
            "MAX_FILE_BYTES": str(MAX_FILE_BYTES),
            "PROVIDERS": json.dumps(providers),
            "PLAN": "free",
            "KNOWLEDGE_ITEMS": json.dumps({"free": 1, "pro": 2}),
        }
        folder = tmp_path_factory.mktemp("strict")
        with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
            yield running


@pytest.fixture(scope="session")
async def strict_world(strict_server: Server) -> AsyncIterator[World]:
    """The server without a fallback model."""
    async with _world(strict_server) as world:
        yield world
