"""A stand-in for a provider of chat models, and models that it serves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from knowflow_server.domain.ports import ChatModel
from knowflow_server.providers import openai_http
from knowflow_server.providers.openai_chat import OpenAIChatModel
from knowflow_server.providers.openai_http import EndpointLimits, OpenAIEndpoint
from tests.providers.openai_stand_in import KEY
from tests.standins.openai_chat import ChatStandIn


@pytest.fixture
def provider() -> Iterator[ChatStandIn]:
    with ChatStandIn() as provider:
        yield provider


@pytest.fixture(autouse=True)
def _quick_back_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of retries do not wait."""
    monkeypatch.setattr(openai_http, "_BACKOFF", lambda state: 0.001 * state.attempt_number)


@pytest_asyncio.fixture
async def make_model(provider: ChatStandIn) -> AsyncIterator[Callable[..., OpenAIChatModel]]:
    """Makes models with other limits."""
    endpoints: list[OpenAIEndpoint] = []

    def make_model(url: str = "", **limits: Any) -> OpenAIChatModel:
        made = EndpointLimits(**({"max_retries": 2} | limits))
        endpoints.append(OpenAIEndpoint("acme", url or provider.url, api_key=KEY, limits=made))
        return OpenAIChatModel(endpoints[-1], "gpt-x", context_tokens=16_000)

    yield make_model
    for endpoint in endpoints:
        await endpoint.close()


@pytest.fixture
def model(make_model: Callable[..., OpenAIChatModel]) -> ChatModel:
    return make_model()
