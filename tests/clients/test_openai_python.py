"""The official Python client, unmodified."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import openai
import pytest
import pytest_asyncio

from tests.clients.target import Target
from tests.standins.openai_chat import answers, refuses, stalls

ASKED = [{"role": "user", "content": "What is machine learning?"}]


@pytest.fixture
def client(target: Target) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=target.base_url, api_key=target.api_key, max_retries=0, timeout=60) as client:
        yield client


@pytest_asyncio.fixture
async def async_client(target: Target) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=target.base_url, api_key=target.api_key, max_retries=0, timeout=60
    ) as client:
        yield client


def test_create_whole_answer_has_text_reason_and_usage(client: openai.OpenAI, target: Target) -> None:
    target.provider.default = answers("Machine learning is a part of computer science.")
    completion = client.chat.completions.create(model=target.model, messages=ASKED)
    (choice,) = completion.choices
    assert choice.message.content == "Machine learning is a part of computer science."
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert completion.usage is not None
    assert completion.usage.completion_tokens == 8
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + 8
    assert completion.object == "chat.completion"


def test_create_stream_comes_in_pieces_and_ends_with_usage(client: openai.OpenAI, target: Target) -> None:
    target.provider.default = answers("one two three")
    stream = client.chat.completions.create(
        model=target.model, messages=ASKED, stream=True, stream_options={"include_usage": True}
    )
    *chunks, last = list(stream)
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    assert texts == ["one", " two", " three"]
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.completion_tokens == 3


def test_create_stream_without_usage_tells_none(client: openai.OpenAI, target: Target) -> None:
    stream = client.chat.completions.create(model=target.model, messages=ASKED, stream=True)
    chunks = list(stream)
    assert all(chunk.choices for chunk in chunks)
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}


async def test_create_async_stream_comes_in_pieces(async_client: openai.AsyncOpenAI, target: Target) -> None:
    target.provider.default = answers("one two three")
    stream = await async_client.chat.completions.create(model=target.model, messages=ASKED, stream=True)
    texts = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
    assert "".join(text or "" for text in texts) == "one two three"


async def test_create_many_async_streams_at_once(async_client: openai.AsyncOpenAI, target: Target) -> None:
    target.provider.default = answers("one two three")

    async def ask() -> str:
        stream = await async_client.chat.completions.create(model=target.model, messages=ASKED, stream=True)
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    assert await asyncio.gather(*(ask() for _ in range(20))) == ["one two three"] * 20


def test_create_stream_closed_early_ends_the_request_of_the_provider(client: openai.OpenAI, target: Target) -> None:
    target.provider.default = stalls(after=2)
    stream = client.chat.completions.create(model=target.model, messages=ASKED, stream=True)
    texts = (chunk.choices[0].delta.content for chunk in stream)
    assert next(text for text in texts if text) == "word "
    stream.close()
    assert target.provider.requests[-1].wait_left()


async def test_create_async_task_cancelled_ends_the_request_of_the_provider(
    async_client: openai.AsyncOpenAI, target: Target
) -> None:
    target.provider.default = stalls(after=1)
    began = asyncio.Event()

    async def ask() -> None:
        async with await async_client.chat.completions.create(
            model=target.model, messages=ASKED, stream=True
        ) as stream:
            async for chunk in stream:
                if chunk.choices[0].delta.content:
                    began.set()

    task = asyncio.create_task(ask())
    async with asyncio.timeout(60):
        await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(target.provider.requests[-1].wait_left)


@pytest.mark.parametrize("stream", [False, True])
def test_create_wrong_key_raises_authentication_error(target: Target, stream: bool) -> None:
    with (
        openai.OpenAI(base_url=target.base_url, api_key="sk-wrong", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        client.chat.completions.create(model=target.model, messages=ASKED, stream=stream)
    assert caught.value.code == "invalid_api_key"


@pytest.mark.parametrize("stream", [False, True])
def test_create_unknown_address_raises_not_found_error(target: Target, stream: bool) -> None:
    with (
        openai.OpenAI(base_url=target.unknown_url, api_key=target.api_key, max_retries=0) as client,
        pytest.raises(openai.NotFoundError) as caught,
    ):
        client.chat.completions.create(model=target.model, messages=ASKED, stream=stream)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["message"]


@pytest.mark.parametrize("stream", [False, True])
def test_create_provider_overloaded_raises_the_client_s_error(
    client: openai.OpenAI, target: Target, stream: bool
) -> None:
    target.provider.default = refuses(429, code="rate_limit_exceeded", retry_after=3600)
    with pytest.raises(getattr(openai, target.overloaded[0])):
        client.chat.completions.create(model=target.model, messages=ASKED, stream=stream)
