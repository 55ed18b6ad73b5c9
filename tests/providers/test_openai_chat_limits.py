"""How long, how often and on which ways the HTTP chat model asks its provider."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowflow_server.domain.ports import (
    ChatDelta,
    ChatModel,
    ChatOptions,
    ProviderError,
)
from knowflow_server.providers.openai_chat import OpenAIChatModel
from knowflow_server.providers.openai_http import EndpointLimits, OpenAIEndpoint
from tests.providers.conversation import MESSAGES, ask
from tests.standins.http import Exchange, LoopbackServer
from tests.standins.openai_chat import (
    ChatStandIn,
    Gate,
    Reply,
    holds,
    refuses,
    stalls,
)


async def test_stream_that_stalls_in_mid_answer_ends_with_an_error_and_the_request(
    make_model: Callable[..., OpenAIChatModel], provider: ChatStandIn
) -> None:
    provider.default = stalls(after=1)
    pieces: list[object] = []
    with pytest.raises(ProviderError, match=r"fell silent for 0\.05 s in the middle of its answer") as caught:
        async for item in make_model(stall_timeout_s=0.05).stream(MESSAGES, ChatOptions()):
            pieces.append(item)
    assert pieces == [ChatDelta("word ")]
    assert caught.value.is_retryable
    assert await asyncio.to_thread(provider.requests[0].wait_left)


async def _pings(call: Any) -> None:
    """Comments without end."""
    call.exchange.begin()
    while True:
        call.exchange.write(b": ping\n\n")
        await asyncio.sleep(0.001)


SILENT = {"no answer": stalls(), "role and no text": stalls(after=0), "comments and no text": _pings}


@pytest.mark.parametrize("silence", SILENT.values(), ids=SILENT)
async def test_stream_that_does_not_begin_ends_with_an_error_and_the_request(
    make_model: Callable[..., OpenAIChatModel], provider: ChatStandIn, silence: Reply
) -> None:
    provider.default = silence
    with pytest.raises(ProviderError, match=r"did not begin to answer within 0\.05 s") as caught:
        await ask(make_model(first_token_timeout_s=0.05))
    assert caught.value.is_retryable
    assert len(provider.requests) == 1
    assert await asyncio.to_thread(provider.requests[0].wait_left)


async def test_stream_pause_that_would_outlast_the_patience_is_not_begun(
    make_model: Callable[..., OpenAIChatModel], provider: ChatStandIn
) -> None:
    provider.default = refuses(503, retry_after=25)
    with pytest.raises(ProviderError, match="HTTP 503") as caught:
        await ask(make_model(first_token_timeout_s=20.0))
    assert (caught.value.is_retryable, caught.value.retry_after_s) == (True, 25.0)
    assert len(provider.requests) == 1


async def test_stream_nobody_listens_raises_provider_error(make_model: Callable[..., OpenAIChatModel]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(ProviderError, match="cannot be reached") as caught:
            await ask(make_model(f"http://127.0.0.1:{unused.getsockname()[1]}/v1"))
    assert caught.value.is_retryable


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/v1", "http://127.0.0.1:99999/v1", "http://[/v1"])
async def test_stream_address_that_is_none_raises_provider_error(
    make_model: Callable[..., OpenAIChatModel], url: str
) -> None:
    with pytest.raises(ProviderError, match="check its address in the settings"):
        await ask(make_model(url, max_retries=0))


async def test_stream_closed_early_ends_the_request_at_once(model: ChatModel, provider: ChatStandIn) -> None:
    provider.default = stalls(after=1)
    items = model.stream(MESSAGES, ChatOptions())
    assert await anext(items) == ChatDelta("word ")
    await items.aclose()
    assert await asyncio.to_thread(provider.requests[0].wait_left)


@pytest.mark.parametrize("silence", [stalls(), stalls(after=0), stalls(after=1)], ids=["head", "first", "second"])
async def test_stream_task_cancelled_ends_the_request_at_once(
    model: ChatModel, provider: ChatStandIn, silence: Reply
) -> None:
    gate = Gate()
    gate.open()
    provider.default = holds(gate, silence)
    task = asyncio.create_task(ask(model))
    assert await asyncio.to_thread(gate.reached.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(provider.requests[0].wait_left)
    assert len(provider.requests) == 1


async def test_stream_more_than_max_streams_wait_for_a_place(
    make_model: Callable[..., OpenAIChatModel], provider: ChatStandIn
) -> None:
    model = make_model(max_streams=3)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(model)) for _ in range(20)]
    assert all("".join(task.result()[0]) == "This is an answer." for task in tasks)
    assert provider.most_at_once <= 3


async def test_stream_no_place_in_time_raises_and_asks_nobody(provider: ChatStandIn) -> None:
    endpoint = OpenAIEndpoint("acme", provider.url, limits=EndpointLimits(max_streams=1, first_token_timeout_s=0.01))
    async with endpoint.stream_slot():
        with pytest.raises(ProviderError, match="is answering 1 requests already") as caught:
            await ask(OpenAIChatModel(endpoint, "gpt-x"))
    assert caught.value.is_retryable
    assert provider.requests == []


async def test_stream_connection_serves_the_next_request(model: ChatModel, provider: ChatStandIn) -> None:
    for _ in range(5):
        await ask(model)
    assert len({request.peer for request in provider.requests}) == 1


async def test_stream_goes_through_the_proxy_of_the_environment(
    make_model: Callable[..., OpenAIChatModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str | None]] = []

    async def proxy(exchange: Exchange) -> None:
        seen.append((exchange.path, exchange.headers["Proxy-Authorization"]))
        await exchange.send_json(200, {"choices": [{"message": {"content": "Through."}, "finish_reason": "stop"}]})

    with LoopbackServer(proxy) as server:
        monkeypatch.setenv("http_proxy", f"http://user:pass@127.0.0.1:{server.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert (await ask(make_model("http://provider.invalid/v1")))[0] == ["Through."]
    assert seen == [("http://provider.invalid/v1/chat/completions", "Basic dXNlcjpwYXNz")]


async def test_stream_provider_for_which_no_proxy_is_wanted_is_asked_itself(
    make_model: Callable[..., OpenAIChatModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert "".join((await ask(make_model()))[0]) == "This is an answer."


async def test_stream_login_of_a_netrc_file_does_not_replace_the_key(
    model: ChatModel, provider: ChatStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    await ask(model)
    assert provider.requests[0].has_key
