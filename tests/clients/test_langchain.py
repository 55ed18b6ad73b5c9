"""LangChain's ChatOpenAI, unmodified."""

from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI

from tests.clients.target import Target
from tests.standins.openai_chat import answers


@pytest.fixture
def model(target: Target) -> ChatOpenAI:
    target.provider.default = answers("one two three")
    return ChatOpenAI(base_url=target.base_url, api_key=target.api_key, model=target.model, max_retries=0)


def test_invoke_gives_the_answer_and_its_usage(model: ChatOpenAI) -> None:
    message = model.invoke([HumanMessage("What is machine learning?")])
    assert message.content == "one two three"
    assert message.usage_metadata is not None
    assert message.usage_metadata["output_tokens"] == 3


def test_stream_comes_in_pieces(model: ChatOpenAI) -> None:
    texts = [str(chunk.content) for chunk in model.stream("What is machine learning?") if chunk.content]
    assert texts == ["one", " two", " three"]


async def test_astream_comes_in_pieces(model: ChatOpenAI) -> None:
    texts = [str(chunk.content) async for chunk in model.astream("What is machine learning?") if chunk.content]
    assert texts == ["one", " two", " three"]
