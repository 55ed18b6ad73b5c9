"""What the official clients see of KnowFlow beside what they see of any provider: references, mistakes, failures."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from langchain_openai import ChatOpenAI

from tests.clients.target import Target
from tests.standins.openai_chat import answers, drops, overflows, refuses

LEARNING = "Machine learning is a subset of artificial intelligence that learns from data."
ASKED = [{"role": "user", "content": "What is machine learning?"}]
SCRIPT = Path(__file__).with_name("openai_node.mjs")


@pytest.fixture
def client(knowflow: Target) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=knowflow.base_url, api_key=knowflow.api_key, max_retries=0, timeout=60) as client:
        yield client


def test_reference_comes_with_the_message(client: openai.OpenAI, knowflow: Target) -> None:
    knowflow.provider.default = answers(LEARNING)
    completion = client.chat.completions.create(model="model", messages=ASKED, extra_body={"reference": True})
    message = completion.choices[0].message
    assert message.content == f"{LEARNING} [ID:0]"
    assert message.model_extra is not None
    [chunk] = message.model_extra["reference"]["chunks"]
    assert (chunk["content"], chunk["document_name"]) == (LEARNING, "learning.txt")


def test_reference_comes_with_the_last_delta(client: openai.OpenAI, knowflow: Target) -> None:
    knowflow.provider.default = answers(LEARNING)
    stream = client.chat.completions.create(model="model", messages=ASKED, stream=True, extra_body={"reference": True})
    *others, last = list(stream)
    assert last.choices[0].delta.model_extra is not None
    assert last.choices[0].delta.model_extra["reference"]["total"] == 1
    assert last.choices[0].delta.model_extra["final_content"] == f"{LEARNING} [ID:0]"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in others) == f"{LEARNING} [ID:0]"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("more", [{"messages": []}, {"temperature": 9}, {"messages": [{"role": "x", "content": "a"}]}])
def test_mistake_raises_bad_request_error(client: openai.OpenAI, stream: bool, more: dict[str, object]) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(**{"model": "model", "messages": ASKED, "stream": stream, **more})  # type: ignore[call-overload]
    assert caught.value.param == next(iter(more))


@pytest.mark.parametrize("stream", [False, True])
def test_too_long_conversation_has_openais_code(client: openai.OpenAI, knowflow: Target, stream: bool) -> None:
    knowflow.provider.default = overflows()
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="model", messages=ASKED, stream=stream)
    assert caught.value.code == "context_length_exceeded"


def test_failing_provider_raises_internal_server_error(client: openai.OpenAI, knowflow: Target) -> None:
    knowflow.provider.default = refuses(500)
    with pytest.raises(openai.InternalServerError) as caught:
        client.chat.completions.create(model="model", messages=ASKED)
    assert caught.value.status_code == 503


def test_stream_that_breaks_off_raises_in_its_middle(client: openai.OpenAI, knowflow: Target) -> None:
    knowflow.provider.default = drops(after=2)
    texts = []
    with pytest.raises(openai.APIError, match="Models|Tongyi-Qianwen"):
        for chunk in client.chat.completions.create(model="model", messages=ASKED, stream=True):
            texts.append(chunk.choices[0].delta.content)
    assert texts == ["word ", "word "]


def test_conversation_of_langchain_reaches_the_provider(knowflow: Target) -> None:
    # It is asked first to make the question self-contained.
    knowflow.provider.default = answers("What is machine learning?")
    model = ChatOpenAI(base_url=knowflow.base_url, api_key=knowflow.api_key, model="model", max_retries=0)
    model.invoke([("system", "Be kind."), ("human", "One?"), ("ai", "Yes."), ("human", "What is machine learning?")])
    sent = [(message["role"], message["content"]) for message in knowflow.provider.requests[-1].messages]
    assert sent[1:] == [("user", "One?"), ("assistant", "Yes."), ("user", "What is machine learning?")]
    assert LEARNING in sent[0][1]
    assert sent[0][1].endswith("Be kind.")


@pytest.mark.parametrize("situation", ["reference", "wrong", "many"])
def test_node_client_sees_the_same(knowflow: Target, node_modules: Path, situation: str) -> None:
    knowflow.provider.default = answers(LEARNING)
    environment = os.environ | {"BASE_URL": knowflow.base_url, "API_KEY": knowflow.api_key, "MODEL": "model"}
    command = ["node", str(SCRIPT), str(node_modules), situation]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    seen = json.loads(done.stdout)
    if situation == "reference":
        assert seen["text"] == f"{LEARNING} [ID:0]"
        assert [chunk["content"] for chunk in seen["reference"]["chunks"]] == [LEARNING]
    elif situation == "wrong":
        assert (seen["error"], seen["status"], seen["body"]["param"]) == ("BadRequestError", 400, "messages")
    else:
        assert seen["texts"] == [f"{LEARNING} [ID:0]"] * 20
