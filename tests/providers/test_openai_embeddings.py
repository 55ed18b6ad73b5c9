"""The HTTP embedder against a real HTTP server with OpenAI's wire format."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import aiohttp
import numpy as np
import pytest
import pytest_asyncio

from knowflow_server.domain.ports import Embedder, ProviderError
from knowflow_server.providers import openai_http
from knowflow_server.providers.openai_embeddings import OpenAIEmbedder
from knowflow_server.providers.openai_http import EndpointLimits, OpenAIEndpoint
from tests.providers.openai_stand_in import (
    DIMENSION,
    KEY,
    OpenAIStandIn,
    Reply,
    Server,
    answers,
    drops,
    good,
    refuses,
    send,
    vector,
)


@pytest.fixture
def server() -> Iterator[Server]:
    with OpenAIStandIn() as state:
        yield state


@pytest_asyncio.fixture
async def endpoint(server: Server) -> AsyncIterator[OpenAIEndpoint]:
    limits = EndpointLimits(timeout_s=5.0, max_concurrency=4, max_retries=2)
    endpoint = OpenAIEndpoint("acme", server.url, api_key=KEY, limits=limits)
    yield endpoint
    await endpoint.close()


@pytest.fixture
def embedder(endpoint: OpenAIEndpoint) -> OpenAIEmbedder:
    return OpenAIEmbedder(endpoint, "text-embedding-3-small")


def _unit(text: str) -> np.ndarray[Any, Any]:
    return vector(text) / np.linalg.norm(vector(text))


async def _assert_works(embedder: Embedder, texts: list[str]) -> None:
    vectors = await embedder.embed_documents(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, np.stack([_unit(text) for text in texts]), atol=1e-6)


async def test_embed_documents_out_of_order_rows_are_put_in_order(embedder: OpenAIEmbedder, server: Server) -> None:
    await _assert_works(embedder, ["one", "two", "three"])
    (body,) = server.bodies
    assert body["path"] == "/v1/embeddings"
    assert (body["model"], body["input"]) == ("text-embedding-3-small", ["one", "two", "three"])
    assert server.authorizations == [f"Bearer {KEY}"]


async def test_embed_query_is_normalised_and_teaches_the_dimension(embedder: OpenAIEmbedder) -> None:
    assert embedder.dimension == 0
    query = await embedder.embed_query("where")
    np.testing.assert_allclose(query, _unit("where"), atol=1e-6)
    assert embedder.dimension == DIMENSION
    assert embedder.name == "text-embedding-3-small@acme"


async def test_embed_documents_many_texts_go_in_batches_of_64(embedder: OpenAIEmbedder, server: Server) -> None:
    await _assert_works(embedder, [f"text {number}" for number in range(150)])
    assert sorted(len(body["input"]) for body in server.bodies) == [22, 64, 64]


async def test_embed_documents_none_asks_nobody(embedder: OpenAIEmbedder, server: Server) -> None:
    assert (await embedder.embed_documents([])).shape == (0, 0)
    assert server.bodies == []


async def test_embed_documents_empty_text_is_sent_as_a_space(embedder: OpenAIEmbedder, server: Server) -> None:
    await embedder.embed_documents([""])
    assert server.bodies[0]["input"] == [" "]


async def test_embed_documents_server_without_base64_is_understood(embedder: OpenAIEmbedder, server: Server) -> None:
    server.default = good(as_floats=True)
    await _assert_works(embedder, ["one"])
    await _assert_works(embedder, [f"text {number}" for number in range(40)])
    assert [len(body["input"]) for body in server.bodies[:1]] == [1]
    assert sorted(len(body["input"]) for body in server.bodies[1:]) == [8, 16, 16]


async def test_embed_query_server_that_refuses_base64_is_asked_for_numbers(
    embedder: OpenAIEmbedder, server: Server
) -> None:
    server.replies.append(refuses(400))
    await embedder.embed_query("one")
    await embedder.embed_query("two")
    assert [body["encoding_format"] for body in server.bodies] == ["base64", "float", "float"]


@pytest.mark.parametrize(
    "failure",
    [
        refuses(429, Retry_After="0"),
        refuses(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
        refuses(500),
        refuses(503, b"<html>"),
        refuses(408),
        drops,
    ],
    ids=["429", "429 with a date", "500", "503", "408", "dropped"],
)
async def test_embed_query_passing_failure_is_retried(embedder: OpenAIEmbedder, server: Server, failure: Reply) -> None:
    server.replies.extend([failure, failure])
    np.testing.assert_allclose(await embedder.embed_query("where"), _unit("where"), atol=1e-6)
    assert len(server.bodies) == 3


async def test_embed_query_waits_as_long_as_retry_after_says(
    embedder: OpenAIEmbedder, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_http, "_BACKOFF", lambda _: pytest.fail("The header replaces the back-off."))
    server.replies.append(refuses(429, Retry_After="1"))
    began = asyncio.get_running_loop().time()
    await embedder.embed_query("where")
    assert asyncio.get_running_loop().time() - began >= 0.99


@pytest.mark.parametrize(
    ("failure", "requests", "status", "words", "is_retryable"),
    [
        (refuses(500), 3, 500, "failed (HTTP 500)", True),
        (refuses(429), 3, 429, "is overloaded", True),
        (refuses(429, Retry_After="3600"), 1, 429, "is overloaded", False),
        (refuses(429, b'{"error":{"code":"insufficient_quota"}}'), 1, 429, "insufficient_quota", False),
        (refuses(401, json.dumps({"error": {"message": KEY, "code": KEY + " "}}).encode()), 1, 401, "API key", False),
        (refuses(404, b'{"error":{"type":"model_not_found"}}'), 1, 404, "model_not_found", False),
        (refuses(307, Location="http://127.0.0.1:1/"), 1, 307, "refused the request (HTTP 307)", False),
        (refuses(200, b"<html>"), 1, 200, "not JSON", False),
        (refuses(200, b"[]"), 1, 200, "not an object", False),
        (drops, 3, None, "cannot be reached", True),
        (answers(lambda answer: answer.clear()), 1, None, "one vector for each text", False),
        (answers(lambda answer: answer.update(data=None)), 1, None, "one vector for each text", False),
        (answers(lambda answer: answer["data"].clear()), 1, None, "one vector for each text", False),
        (answers(lambda answer: answer["data"][0].update(index=1)), 1, None, "one vector for each text", False),
        (answers(lambda answer: answer["data"][0].update(embedding="%%%")), 1, None, "one vector", False),
        (answers(lambda answer: answer["data"][0].update(embedding=["a"])), 1, None, "one vector", False),
        (answers(lambda answer: answer["data"][0].update(embedding=[[1.0]])), 1, None, "one vector", False),
        (answers(lambda answer: answer["data"][0].update(embedding=[0.0, 0.0])), 1, None, "direction", False),
        (answers(lambda answer: answer["data"][0].update(embedding=[])), 1, None, "direction", False),
        (answers(lambda answer: answer["data"][0].update(embedding=[float("nan")])), 1, None, "direction", False),
    ],
)
async def test_embed_query_lasting_failure_raises_provider_error(
    embedder: OpenAIEmbedder,
    server: Server,
    failure: Reply,
    requests: int,
    status: int | None,
    words: str,
    is_retryable: bool,
) -> None:
    server.default = failure
    with pytest.raises(ProviderError) as caught:
        await embedder.embed_query("the text that was sent")
    error = caught.value
    assert len(server.bodies) == requests
    assert (error.provider, error.status, error.is_retryable) == ("acme", status, is_retryable)
    assert words in error.sentence
    assert error.sentence.startswith("The provider acme ")
    assert KEY not in repr(error)
    assert "the text that was sent" not in error.sentence


async def test_embed_query_wrong_dimension_is_refused(endpoint: OpenAIEndpoint, server: Server) -> None:
    configured = OpenAIEmbedder(endpoint, "m", dimension=DIMENSION)
    server.default = good(dimension=DIMENSION + 1)
    with pytest.raises(ProviderError, match="9 dimensions where 8 were expected"):
        await configured.embed_query("where")
    assert configured.dimension == DIMENSION


async def test_embed_documents_dimension_that_changes_is_refused(embedder: OpenAIEmbedder, server: Server) -> None:
    server.replies.extend([good(), good(dimension=DIMENSION * 2)])
    await embedder.embed_documents(["one"])
    with pytest.raises(ProviderError, match="16 dimensions where 8 were expected"):
        await embedder.embed_documents(["two"])


async def test_embed_documents_one_bad_batch_fails_the_call_with_its_error(
    embedder: OpenAIEmbedder, server: Server
) -> None:
    server.replies.extend([good(), refuses(403)])
    with pytest.raises(ProviderError) as caught:
        await embedder.embed_documents([f"text {number}" for number in range(150)])
    assert caught.value.status == 403


async def test_embed_query_while_documents_fill_their_connections_is_served(
    embedder: OpenAIEmbedder, server: Server
) -> None:
    gate = threading.Event()

    def held(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        if body["input"] != ["query"]:
            gate.wait(timeout=30)
        good()(handler, body)

    server.default = held
    documents = asyncio.create_task(embedder.embed_documents([f"text {number}" for number in range(640)]))
    try:
        async with asyncio.timeout(20):
            await embedder.embed_query("query")
        assert not documents.done()
    finally:
        gate.set()
    assert (await documents).shape == (640, DIMENSION)
    assert server.most_at_once <= 4


async def test_embed_query_slow_server_times_out(server: Server) -> None:
    gate = threading.Event()

    def held(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        gate.wait(timeout=30)
        send(handler, 200, b"{}")

    server.default = held
    endpoint = OpenAIEndpoint("acme", server.url, limits=EndpointLimits(timeout_s=0.05, max_retries=1))
    try:
        with pytest.raises(ProviderError, match=r"did not answer within 0\.05 s") as caught:
            await OpenAIEmbedder(endpoint, "m").embed_query("where")
    finally:
        gate.set()
        await endpoint.close()
    assert caught.value.is_retryable
    assert server.authorizations == [None, None]


async def test_embed_query_nobody_listens_raises_provider_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        endpoint = OpenAIEndpoint("acme", url, limits=EndpointLimits(max_retries=1))
        with pytest.raises(ProviderError, match="cannot be reached") as caught:
            await OpenAIEmbedder(endpoint, "m").embed_query("where")
        await endpoint.close()
    assert isinstance(caught.value.__cause__, aiohttp.ClientConnectionError)
