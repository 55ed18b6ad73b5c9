"""A server with a stand-in provider that each test tells what to answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping

import grpc
import httpx
import pytest

from tests.providers.openai_stand_in import KEY
from tests.serving import Server, start_server
from tests.standins.openai_chat import ChatStandIn, answers

SMALL_WINDOW = 400
STALL_S = 0.5


def settings(provider: ChatStandIn) -> Mapping[str, str]:
    """Return settings with one provider under several names, which differ in their patience and their windows."""
    table = {"base_url": provider.url, "api_key": KEY, "max_retries": 0}
    providers = {
        "StandIn": table,
        "Small": {**table, "context_tokens": SMALL_WINDOW},
        "Large": {**table, "context_tokens": 200_000},
        "Hasty": {**table, "stall_timeout_s": STALL_S, "first_token_timeout_s": STALL_S},
        "Stubborn": {**table, "max_retries": 2},
    }
    return {"PROVIDERS": json.dumps(providers), "DEFAULT_CHAT_MODEL": "any@StandIn"}


@pytest.fixture(scope="session")
def shared_provider() -> Iterator[ChatStandIn]:
    with ChatStandIn(is_key_required=True) as provider:
        yield provider


@pytest.fixture(scope="session")
def chat_server(shared_provider: ChatStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the tests of this folder."""
    with start_server(tmp_path_factory.mktemp("chat"), settings=settings(shared_provider)) as running:
        yield running


@pytest.fixture
def provider(shared_provider: ChatStandIn) -> Iterator[ChatStandIn]:
    """The provider, as new."""
    shared_provider.default = answers()
    shared_provider.models.clear()
    shared_provider.requests.clear()
    shared_provider.replies.clear()
    yield shared_provider
    assert not shared_provider.replies, "the test said more answers than were asked for"


@pytest.fixture
async def rest(chat_server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A REST client of that server, through Envoy."""
    async with chat_server.rest() as client:
        yield client


@pytest.fixture
async def channel(chat_server: Server) -> AsyncIterator[grpc.aio.Channel]:
    """A gRPC channel to that server."""
    async with chat_server.channel() as channel:
        yield channel
