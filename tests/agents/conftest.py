"""A server for agents, with a dataset that they know by its name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.agents.office import Office
from tests.chat_models import chat_settings
from tests.rpc.calls import data_of, new_dataset, upload
from tests.serving import Server, start_server
from tests.standins.openai_chat import ChatStandIn, answers

VACATION = "Employees have thirty days of vacation a year."
PARKING = "Cars park behind the house, bicycles in the yard."


@pytest.fixture(scope="package")
def provider() -> Iterator[ChatStandIn]:
    with ChatStandIn() as provider:
        yield provider


@pytest.fixture(scope="package")
def agents_server(provider: ChatStandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with start_server(tmp_path_factory.mktemp("agents"), settings=chat_settings(provider)) as running:
        yield running


@pytest.fixture(scope="package")
async def handbook(agents_server: Server) -> str:
    """The dataset `Handbook`."""
    async with agents_server.rest() as rest:
        dataset = await new_dataset(rest, name="Handbook")
        document = await upload(rest, dataset, "handbook.md", "# Handbook\n")
        for text in (VACATION, PARKING):
            place = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
            data_of(await rest.post(place, json={"content": text}))
    return dataset


@pytest.fixture
async def office(agents_server: Server, provider: ChatStandIn) -> AsyncIterator[Office]:
    provider.default = answers()
    provider.replies.clear()
    provider.models.clear()
    provider.requests.clear()
    async with agents_server.rest() as rest:
        yield Office(agents_server, provider, rest)
