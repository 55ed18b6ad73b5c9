"""The HTTP chat model against a real HTTP server with OpenAI's wire format."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import aclosing

import pytest

from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatModel,
    ChatOptions,
    ChatUsage,
    ContextOverflowError,
    ProviderError,
)
from knowflow_server.providers import openai_http
from tests.providers.conversation import MESSAGES, QUESTION, ask
from tests.providers.openai_stand_in import KEY
from tests.standins.openai_chat import (
    ChatStandIn,
    Gate,
    Reply,
    answers,
    drops,
    ends,
    event,
    garbles,
    holds,
    overflows,
    refuses,
    sends,
)


async def test_stream_pieces_usage_and_reason_come_as_the_provider_sent_them(
    model: ChatModel, provider: ChatStandIn
) -> None:
    provider.default = answers("Pay within thirty days.", reasoning="Let me think.")
    pieces, done = await ask(model)
    assert pieces == ["Pay", " within", " thirty", " days."]
    assert done == ChatDone("stop", ChatUsage(10, 4))
    (request,) = provider.requests
    assert request.path == "/v1/chat/completions"
    assert request.has_key
    assert request.body == {
        "model": "gpt-x",
        "messages": [{"role": "system", "content": "Answer from the text."}, {"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert (model.name, model.context_tokens) == ("gpt-x@acme", 16_000)


async def test_stream_options_are_sent_and_only_those_given(model: ChatModel, provider: ChatStandIn) -> None:
    options = ChatOptions(temperature=0.0, top_p=0.3, presence_penalty=0.4, frequency_penalty=0.7, max_tokens=512)
    await ask(model, options)
    await ask(model, ChatOptions(stop=("END",)))
    first, second = ({*request.body} - {"model", "messages", "stream"} for request in provider.requests)
    assert first == {
        "stream_options",
        "temperature",
        "top_p",
        "presence_penalty",
        "frequency_penalty",
        "max_tokens",
    }
    assert provider.requests[0].body["temperature"] == 0.0
    assert second == {"stream_options", "stop"}
    assert provider.requests[1].body["stop"] == ["END"]


async def test_stream_piece_is_there_before_the_next_was_sent(model: ChatModel, provider: ChatStandIn) -> None:
    gate = Gate()
    provider.default = answers(["first"], after=1, then=holds(gate, ends(" second")))
    async with aclosing(model.stream(MESSAGES, ChatOptions())) as items:
        assert await anext(items) == ChatDelta("first")
        gate.open()
        assert await anext(items) == ChatDelta(" second")
        assert isinstance(await anext(items), ChatDone)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("model_length", "length"),
        ("content_filter", "content_filter"),
        ("eos", "stop"),
    ],
)
async def test_stream_finish_reasons_are_told_in_the_words_of_the_port(
    model: ChatModel, provider: ChatStandIn, reason: str, expected: str
) -> None:
    provider.default = answers("text", finish_reason=reason)
    assert (await ask(model))[1].finish_reason == expected


async def test_stream_without_usage_is_estimated(model: ChatModel, provider: ChatStandIn) -> None:
    provider.default = answers("Pay within thirty days.", usage=False)
    _, done = await ask(model)
    assert 15 <= done.usage.prompt_tokens <= 40
    assert 4 <= done.usage.completion_tokens <= 10


def delta(text: object, **more: object) -> bytes:
    return event({"choices": [{"index": 0, "delta": {"content": text}, **more}]})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([delta("a").replace(b"\n", b"\r\n"), delta("b", finish_reason="stop").replace(b"\n", b"\r")], ["a", "b"]),
        ([bytes([byte]) for byte in delta("ä漢🙂") + b"data: [DONE]\n\n"], ["ä漢🙂"]),
        (
            [
                b"\xef\xbb\xbf" + delta("a"),
                b": ping\n\n",
                b"event: x\nid: 1\nretry: 5\n\ndata: \n\n",
                b"data:[DONE]\n\n",
            ],
            ["a"],
        ),
        ([delta("a") + delta("b") + delta(None) + delta("") + b"data: [DONE]\n\n"], ["a", "b"]),
        ([delta([{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}]), b"data: [DONE]\n\n"], ["a"]),
        ([b'data: {"choices":\ndata: [{"delta": {"content": "a"}, "finish_reason": "stop"}]}\n\n'], ["a"]),
        ([event({"choices": [], "prompt_filter_results": []}), delta("a"), b"data: [DONE]\n\n", b"junk"], ["a"]),
        ([event({"choices": [{"delta": {"refusal": "I cannot."}}]}), b"data: [DONE]\n\n"], ["I cannot."]),
        ([b"data: [DONE]\n\n"], []),
    ],
    ids=["line ends", "single bytes", "comments", "one chunk", "parts", "two lines", "odd events", "refusal", "empty"],
)
async def test_stream_dialects_of_event_streams_are_understood(
    model: ChatModel, provider: ChatStandIn, body: list[bytes], expected: list[str]
) -> None:
    provider.default = sends(*body)
    assert (await ask(model))[0] == expected


async def test_stream_server_that_does_not_stream_gives_one_piece(model: ChatModel, provider: ChatStandIn) -> None:
    message = {"role": "assistant", "content": "A whole answer."}
    body = {
        "choices": [{"message": message, "finish_reason": "length"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3},
    }
    provider.default = sends(json.dumps(body).encode(), content_type="application/json")
    assert await ask(model) == (["A whole answer."], ChatDone("length", ChatUsage(7, 3)))


async def test_stream_server_that_refuses_stream_options_is_asked_without_from_then_on(
    model: ChatModel, provider: ChatStandIn
) -> None:
    provider.replies.append(refuses(422, message="stream_options: extra fields not permitted"))
    await ask(model)
    await ask(model)
    assert ["stream_options" in request.body for request in provider.requests] == [True, False, False]


async def test_stream_model_with_other_fields_is_asked_in_its_way_from_then_on(
    model: ChatModel, provider: ChatStandIn
) -> None:
    provider.replies += [
        refuses(400, code="unsupported_parameter", param="max_tokens"),
        refuses(400, code="unsupported_value", param="temperature"),
    ]
    options = ChatOptions(temperature=0.1, max_tokens=9)
    for _ in range(2):
        await ask(model, options)
    assert len(provider.requests) == 4
    for request in provider.requests[2:]:
        assert {*request.body} == {"model", "messages", "stream", "stream_options", "max_completion_tokens"}
        assert request.body["max_completion_tokens"] == 9


async def test_stream_bad_request_is_not_blamed_on_stream_options(model: ChatModel, provider: ChatStandIn) -> None:
    provider.replies += [refuses(400), refuses(400)]
    with pytest.raises(ProviderError, match="refused the request"):
        await ask(model)
    await ask(model)
    assert ["stream_options" in request.body for request in provider.requests] == [True, False, True]


PASSING = {
    "429": refuses(429, retry_after=0),
    "500": refuses(500),
    "503": refuses(503),
    "no answer": drops(),
    "dropped before the first piece": drops(after=0),
    "ended before the first piece": sends(b": nothing\n\n"),
    "error before the first piece": sends(event({"error": {"message": "overloaded", "code": 529}})),
}


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
async def test_stream_passing_failure_before_the_first_piece_is_retried(
    model: ChatModel, provider: ChatStandIn, failure: Reply
) -> None:
    provider.replies += [failure, failure]
    assert "".join((await ask(model))[0]) == "This is an answer."
    assert len(provider.requests) == 3


async def test_stream_waits_as_long_as_retry_after_says(
    model: ChatModel, provider: ChatStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_http, "_BACKOFF", lambda _: pytest.fail("The header replaces the back-off."))
    provider.replies.append(refuses(429, retry_after=1))
    began = asyncio.get_running_loop().time()
    await ask(model)
    assert asyncio.get_running_loop().time() - began >= 0.99


@pytest.mark.parametrize(
    ("failure", "requests", "status", "words", "is_retryable", "retry_after_s"),
    [
        (refuses(401, code=KEY, message=KEY), 1, 401, "refused the API key; check it in the settings", False, None),
        (refuses(404, code="model_not_found"), 1, 404, "model_not_found", False, None),
        (refuses(429, retry_after=0), 3, 429, "is overloaded", True, 0.0),
        (refuses(429, retry_after=3600), 1, 429, "it asks for a pause of 3600 s", False, 3600.0),
        (refuses(429, code="insufficient_quota"), 1, 429, "insufficient_quota", False, None),
        (refuses(500), 3, 500, "failed (HTTP 500, invalid_request_error)", True, None),
        (drops(), 3, None, "cannot be reached", True, None),
        (drops(after=0), 3, None, "broke the connection", True, None),
        (garbles(), 1, None, "not an answer in OpenAI's format", False, None),
        (sends(b"data: 7\n\n"), 1, None, "not an answer in OpenAI's format", False, None),
        (sends(b"<html>", content_type="text/html"), 1, None, "not an answer in OpenAI's format", False, None),
        (sends(b"data: " + b"x" * 5_000_000), 1, None, "not an answer in OpenAI's format", False, None),
        (sends(b"[", content_type="application/json"), 1, None, "not an answer in OpenAI's format", False, None),
        (sends(b"data: {}\n\n"), 3, None, "broke off in the middle of its answer", True, None),
        (sends(event({"error": {"code": "401", "message": KEY}})), 1, 401, "refused the API key", False, None),
        (sends(event({"error": QUESTION})), 3, 500, "failed", True, None),
    ],
)
async def test_stream_lasting_failure_raises_provider_error(
    model: ChatModel,
    provider: ChatStandIn,
    failure: Reply,
    requests: int,
    status: int | None,
    words: str,
    is_retryable: bool,
    retry_after_s: float | None,
) -> None:
    provider.default = failure
    with pytest.raises(ProviderError) as caught:
        await ask(model)
    error = caught.value
    assert (error.provider, error.status, error.is_retryable) == ("acme", status, is_retryable)
    assert error.retry_after_s == retry_after_s
    assert words in error.sentence
    assert error.sentence.startswith("The provider acme ")
    assert not isinstance(error, ContextOverflowError)
    assert KEY not in repr(error)
    assert QUESTION not in repr(error)
    assert len(provider.requests) == requests


MID_STREAM = {
    "dropped": (drops(after=2), "broke the connection"),
    "ended": (sends(delta("word "), delta("word ")), "broke off in the middle of its answer"),
    "garbage": (garbles(after=2), "not an answer in OpenAI's format"),
    "error": (sends(delta("word "), delta("word "), event({"error": {"code": 503}})), "failed (HTTP 503)"),
}


@pytest.mark.parametrize(("failure", "words"), MID_STREAM.values(), ids=MID_STREAM)
async def test_stream_failure_in_mid_answer_comes_after_the_pieces_and_is_not_retried(
    model: ChatModel, provider: ChatStandIn, failure: Reply, words: str
) -> None:
    provider.default = failure
    pieces: list[object] = []
    with pytest.raises(ProviderError) as caught:
        async for item in model.stream(MESSAGES, ChatOptions()):
            pieces.append(item)
    assert pieces == [ChatDelta("word "), ChatDelta("word ")]
    assert words in caught.value.sentence
    assert len(provider.requests) == 1


OVERFLOWS = {
    "OpenAI": overflows(),
    "vLLM": refuses(
        400,
        message="The decoder prompt (length 9000) is longer than the maximum model length of 4096.",
        type="BadRequestError",
    ),
    "llama.cpp": refuses(
        400, type="exceed_context_size_error", message="the request exceeds the available context size"
    ),
    "llama.cpp with 500": refuses(500, message="the request exceeds the available context size, try increasing it"),
    "Anthropic": refuses(400, message="prompt is too long: 210000 tokens > 200000 maximum"),
    "Gemini": refuses(
        400, message="The input token count (40000) exceeds the maximum number of tokens allowed (32768)."
    ),
    "Mistral": refuses(
        422,
        message="Prompt contains 70000 tokens, too large for model with 32768 maximum context length",
    ),
    "text-generation-inference": refuses(422, message="`inputs` tokens + `max_new_tokens` must be <= 4096"),
    "DashScope": refuses(400, message="Range of input length should be [1, 6000]"),
    "too large": refuses(413, message="Request Entity Too Large"),
    "in the stream": sends(event({"error": {"code": "context_length_exceeded", "message": "Too long."}})),
    "as text": sends(event({"error": "This model's maximum context length is 4096 tokens."})),
}


@pytest.mark.parametrize("failure", OVERFLOWS.values(), ids=OVERFLOWS)
async def test_stream_prompt_that_is_too_long_is_told_apart_and_not_sent_again(
    model: ChatModel, provider: ChatStandIn, failure: Reply
) -> None:
    provider.default = failure
    with pytest.raises(ContextOverflowError, match="longer than the model's context") as caught:
        await ask(model)
    assert not caught.value.is_retryable
    assert len(provider.requests) == 1


async def test_stream_log_of_retries_holds_neither_key_nor_prompt(
    model: ChatModel, provider: ChatStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    provider.replies.append(refuses(500, message=f"{KEY} {QUESTION}", code="server_error"))
    with caplog.at_level(logging.DEBUG):
        await ask(model)
    assert "The provider acme failed (HTTP 500, server_error)." in caplog.text
    assert KEY not in caplog.text
    assert QUESTION not in caplog.text
