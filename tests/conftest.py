"""Fixtures: a real server as a process of its own, with a real Envoy and a real LanceDB in a temporary folder."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

# gRPC reads it when it is loaded: its fork handlers break calls under way and can end the process.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

import grpc
import httpx
import pytest
from hypothesis import settings

from tests.chat_models import REPLIES, chat_settings
from tests.serving import OPERATOR_KEY, OTHER_KEY, Server, start_server
from tests.standins.openai_chat import ChatStandIn
from tests.standins.smtp import SmtpServer
from tests.standins.website import Website
from tests.standins.whatsapp import WhatsAppStandIn
from tests.webhooks.receiver import Receiver

# By default the examples of properties are the same in every run; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("repeat", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", max_examples=1_000, deadline=None, database=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


def pytest_collection_finish() -> None:
    """Leave what was collected out of all further rounds of the garbage collector: thousands of tests never go."""
    gc.freeze()


def refuse_fork() -> None:
    """Fail the test in which a library forks: threads of gRPC, LanceDB and OpenVINO do not survive it unharmed."""
    raise RuntimeError("Something forks this process; start programs with subprocess and without preexec_fn.")


# What is raised here is shown by pytest as a warning of the test, and warnings are errors.
os.register_at_fork(before=refuse_fork)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two organizations and chat models that tell, shared by all tests that bring their own datasets."""
    with (
        ChatStandIn() as provider,
        Receiver() as receiver,
        WhatsAppStandIn() as whatsapp,
        Website() as website,
        SmtpServer() as mail,
    ):
        provider.models.update(REPLIES)
        settings = chat_settings(provider) | {
            "OUTGOING_ALLOW": json.dumps([receiver.place, website.place]),
            "WHATSAPP_URL": whatsapp.url,
            "WHATSAPP_TIMEOUT_S": "2",
            "OPERATOR_KEY": OPERATOR_KEY,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mail.port),
            "SMTP_FROM": "bot@shop.example",
        }
        folder = tmp_path_factory.mktemp("server")
        with start_server(folder, organizations={"Other": OTHER_KEY}, settings=settings) as running:
            running.receiver, running.website = receiver.url(""), website.url("")
            running.whatsapp = whatsapp
            running.mail = mail
            yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers for one test; each call takes the arguments of `start_server` without the folder."""
    started: list[Server] = []

    def start(**options: object) -> Server:
        running = start_server(tmp_path, **options)  # type: ignore[arg-type]
        started.append(running)
        return running

    yield start
    for running in started:
        running.kill()


@pytest.fixture
async def rest(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A REST client of the first organization, through Envoy."""
    async with server.rest() as client:
        yield client


@pytest.fixture
async def stranger(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A REST client of another organization."""
    async with server.rest(OTHER_KEY) as client:
        yield client


@pytest.fixture
async def channel(server: Server) -> AsyncIterator[grpc.aio.Channel]:
    """A gRPC channel of the first organization, straight to the server."""
    async with server.channel() as channel:
        yield channel
