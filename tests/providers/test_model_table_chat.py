"""Which id of a chat model means what."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    Grounding,
    ModelTable,
    UnsupportedModelError,
)
from knowflow_server.providers.embedded import EmbeddedEmbedder
from knowflow_server.providers.model_table import ProviderSettings, ProviderTable
from tests.standins.openai_chat import ChatStandIn, answers


class FixedModel:
    """Stands for a built-in model, which would be a process."""

    context_tokens = 2_048

    def __init__(self, model: str) -> None:
        self.name = f"{model}@embedded"

    def count_tokens(self, text: str) -> int:
        return len(text)

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        yield ChatDone("stop", ChatUsage(0, 0))


SMALL, LARGE = FixedModel("small"), FixedModel("large")
EMBEDDED = {"small": SMALL, "small-alias": SMALL, "large": LARGE}


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Callable[..., ProviderTable]]:
    made: list[ProviderTable] = []

    def make(url: str = "http://127.0.0.1:1/v1", **options: Any) -> ProviderTable:
        providers = {
            "OpenAI": ProviderSettings(base_url=url, models=("gpt-x", "both"), context_tokens=32_000),
            "Few": ProviderSettings(
                base_url=url, models=("m1", "org/m2@v1", "both", "large"), model_context_tokens={"m1": 1_000}
            ),
            "Open": ProviderSettings(base_url=url),
        }
        options = {"embedded_chat": EMBEDDED, **options}
        made.append(ProviderTable(providers, embedded=EmbeddedEmbedder(), **options))
        return made[-1]

    yield make
    for table in made:
        await table.close()


@pytest.mark.parametrize(
    ("model_id", "served_by", "context_tokens"),
    [
        ("gpt-x@OpenAI", "gpt-x@OpenAI", 32_000),
        ("gpt-x@openai", "gpt-x@OpenAI", 32_000),
        ("gpt-x", "gpt-x@OpenAI", 32_000),
        ("m1", "m1@Few", 1_000),
        ("m1@few", "m1@Few", 1_000),
        ("org/m2@v1", "org/m2@v1@Few", 8_192),
        ("org/m2@v1@FEW", "org/m2@v1@Few", 8_192),
        ("both@few", "both@Few", 8_192),
        ("anything@open", "anything@Open", 8_192),
        ("", "small@embedded", 2_048),
        ("small", "small@embedded", 2_048),
        ("small-alias@Embedded", "small@embedded", 2_048),
        ("large@embedded", "large@embedded", 2_048),
    ],
)
async def test_resolve_chat_known_model_is_served(
    make: Callable[..., ProviderTable], model_id: str, served_by: str, context_tokens: int
) -> None:
    table: ModelTable = make(fallback="embedded")
    resolved = table.resolve_chat(model_id)
    assert (resolved.requested, resolved.served_by, resolved.is_fallback) == (model_id, served_by, False)
    assert (resolved.model.name, resolved.model.context_tokens) == (served_by, context_tokens)


# Two providers list "both", a provider and the built-in models have "large", and nobody lists what Open serves.
UNKNOWN = ["@", "@openai", "gpt-y@openai", "gpt-y", "GPT-X", "both", "large", "anything", "qwen-plus@Tongyi-Qianwen"]


@pytest.mark.parametrize("model_id", UNKNOWN)
async def test_resolve_chat_unknown_model_without_fallback_raises(
    make: Callable[..., ProviderTable], model_id: str
) -> None:
    with pytest.raises(UnsupportedModelError) as caught:
        make().resolve_chat(model_id)
    assert caught.value.model_id == model_id


@pytest.mark.parametrize("model_id", UNKNOWN)
async def test_resolve_chat_unknown_model_with_fallback_is_served_and_warned_of_once(
    make: Callable[..., ProviderTable], model_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    table = make(fallback="embedded")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            resolved = table.resolve_chat(model_id)
    assert (resolved.requested, resolved.served_by, resolved.is_fallback) == (model_id, "small@embedded", True)
    assert resolved.model is SMALL
    assert [record.getMessage() for record in caplog.records] == [
        f"The model {model_id!r} is not in the provider table; small@embedded serves it."
    ]


@pytest.mark.parametrize(
    ("default", "served_by"),
    [("", "small@embedded"), ("gpt-x@OpenAI", "gpt-x@OpenAI"), ("large@embedded", "large@embedded")],
)
async def test_resolve_chat_no_id_is_the_default_model(
    make: Callable[..., ProviderTable], default: str, served_by: str
) -> None:
    resolved = make(default_chat_model=default).resolve_chat("")
    assert (resolved.requested, resolved.served_by, resolved.is_fallback) == ("", served_by, False)


async def test_resolve_chat_default_that_is_unknown_raises_and_names_it(make: Callable[..., ProviderTable]) -> None:
    with pytest.raises(UnsupportedModelError) as caught:
        make(default_chat_model="gpt-9@Nobody").resolve_chat("")
    assert caught.value.model_id == "gpt-9@Nobody"


@pytest.mark.parametrize("model_id", ["", "gpt-9@Nobody"])
async def test_resolve_chat_without_built_in_models_there_is_no_fallback(
    make: Callable[..., ProviderTable], model_id: str
) -> None:
    with pytest.raises(UnsupportedModelError):
        make(embedded_chat={}, fallback="embedded").resolve_chat(model_id)


async def test_resolve_chat_model_answers_and_shares_the_provider(make: Callable[..., ProviderTable]) -> None:
    with ChatStandIn() as provider:
        provider.models["m1"] = answers("One.")
        table = make(provider.url)
        for model_id in ("m1@few", "m1"):
            async with aclosing(
                table.resolve_chat(model_id).model.stream([ChatMessage("user", "?")], ChatOptions())
            ) as items:
                assert [item async for item in items][0] == ChatDelta("One.")
        assert len({request.peer for request in provider.requests}) == 1
        await table.close()


async def test_resolve_chat_invented_names_do_not_fill_the_memory(make: Callable[..., ProviderTable]) -> None:
    table = make()
    for number in range(1_000):
        table.resolve_chat(f"model-{number}@open")
    assert len(table._chat_models) == 256
