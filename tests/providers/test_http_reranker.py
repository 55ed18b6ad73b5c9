"""Reranking over HTTP, against a server with the real wire formats."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.http_reranker import HttpReranker, unit
from knowflow_server.providers.openai_http import EndpointLimits, OpenAIEndpoint
from tests.providers.openai_stand_in import KEY, OpenAIStandIn, Server, drops, refuses
from tests.providers.rerank_replies import relevance, reranks

QUESTION = "what makes dough rise"
PASSAGES = ["Yeast makes the dough rise.", "The moon pulls the sea.", "What is dough?"]


@pytest.fixture
def server() -> Iterator[Server]:
    with OpenAIStandIn() as state:
        yield state


@pytest_asyncio.fixture
async def endpoint(server: Server) -> AsyncIterator[OpenAIEndpoint]:
    endpoint = OpenAIEndpoint("acme", server.url, api_key=KEY, limits=EndpointLimits(max_retries=1, timeout_s=5))
    yield endpoint
    await endpoint.close()


async def test_rerank_cohere_style_gives_scores_in_the_order_of_the_passages(
    server: Server, endpoint: OpenAIEndpoint
) -> None:
    reranker = HttpReranker(endpoint, "judge")
    scores = await reranker.rerank(QUESTION, PASSAGES)
    assert reranker.name == "judge@acme"
    assert (scores.dtype, scores.shape) == (np.float32, (3,))
    assert scores.tolist() == [relevance(QUESTION, passage) for passage in PASSAGES]
    body = {"path": "/v1/rerank", "model": "judge", "query": QUESTION, "documents": PASSAGES, "top_n": 3}
    assert server.bodies == [body]
    assert server.authorizations == [f"Bearer {KEY}"]


async def test_rerank_tei_style_is_cut_into_what_the_server_takes(server: Server, endpoint: OpenAIEndpoint) -> None:
    passages = [f"{PASSAGES[number % 3]} {number}" for number in range(70)]
    scores = await HttpReranker(endpoint, "any", style="tei").rerank(QUESTION, passages)
    assert scores.tolist() == [relevance(QUESTION, passage) for passage in passages]
    assert sorted(len(body["texts"]) for body in server.bodies) == [6, 32, 32]
    assert all(body["raw_scores"] is False and body["truncate"] is True for body in server.bodies)


async def test_rerank_nothing_asks_nobody(server: Server, endpoint: OpenAIEndpoint) -> None:
    assert (await HttpReranker(endpoint, "judge").rerank(QUESTION, [])).shape == (0,)
    assert server.bodies == []


async def test_rerank_logits_are_brought_between_zero_and_one(server: Server, endpoint: OpenAIEndpoint) -> None:
    given = [-1e6, 0.0, 3.0]
    server.default = reranks(
        lambda _: {"results": [{"index": index, "relevance_score": score} for index, score in enumerate(given)]}
    )
    scores = await HttpReranker(endpoint, "judge", scores="logit").rerank(QUESTION, PASSAGES)
    assert scores == pytest.approx([0.0, 0.5, 1 / (1 + math.exp(-3))])


async def test_rerank_answers_of_other_servers_are_read(server: Server, endpoint: OpenAIEndpoint) -> None:
    # Voyage names the list `data`; llama.cpp and others name the score `score`.
    server.default = reranks(lambda good: {"data": [{"index": r["index"], "score": 1} for r in good["results"]]})
    assert (await HttpReranker(endpoint, "judge").rerank(QUESTION, PASSAGES)).tolist() == [1.0, 1.0, 1.0]


async def test_rerank_blank_passages_are_sent_as_a_dash(server: Server, endpoint: OpenAIEndpoint) -> None:
    await HttpReranker(endpoint, "judge").rerank(QUESTION, ["", "text"])
    assert server.bodies[0]["documents"] == ["-", "text"]


def _score(value: object) -> Callable[[Any], object]:
    return lambda good: {"results": [{**result, "relevance_score": value} for result in good["results"]]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda _: b"<html>", "not JSON"),
        (lambda _: {}, "one score for each passage"),
        (lambda _: "text", "one score for each passage"),
        (lambda good: {"results": good["results"][:2]}, "one score for each passage"),
        (lambda good: {"results": good["results"] + good["results"][:1]}, "one score for each passage"),
        (lambda good: {"results": [{**r, "index": r["index"] + 1} for r in good["results"]]}, "one score for each"),
        (lambda good: {"results": [{"index": r["index"]} for r in good["results"]]}, "one score for each passage"),
        (_score("0.5"), "one score for each passage"),
        (_score(True), "one score for each passage"),
        (_score(None), "one score for each passage"),
        (_score(math.nan), "no number"),
        (_score(7.5), 'set rerank_scores = "logit"'),
        (_score(-0.5), 'set rerank_scores = "logit"'),
    ],
)
async def test_rerank_garbage_is_a_clear_error(
    server: Server, endpoint: OpenAIEndpoint, change: Callable[[Any], object], says: str
) -> None:
    server.default = reranks(change)
    with pytest.raises(ProviderError, match=says) as caught:
        await HttpReranker(endpoint, "judge").rerank(QUESTION, PASSAGES)
    assert caught.value.sentence.startswith("The provider acme ")
    assert not caught.value.is_retryable
    assert "dough" not in caught.value.sentence


async def test_rerank_rounded_scores_are_cut_to_the_range(server: Server, endpoint: OpenAIEndpoint) -> None:
    server.default = reranks(_score(1.0004))
    assert (await HttpReranker(endpoint, "judge").rerank(QUESTION, PASSAGES)).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("status", "requests"), [(400, 1), (401, 1), (404, 1), (422, 1), (429, 2), (500, 2), (503, 2)])
async def test_rerank_refusals_are_repeated_where_that_may_help(
    server: Server, endpoint: OpenAIEndpoint, status: int, requests: int
) -> None:
    server.default = refuses(status, KEY.encode(), Retry_After="0")
    with pytest.raises(ProviderError) as caught:
        await HttpReranker(endpoint, "judge").rerank(QUESTION, PASSAGES)
    assert (caught.value.status, len(server.bodies)) == (status, requests)
    assert KEY not in caught.value.sentence


async def test_rerank_recovers_after_an_overload(server: Server, endpoint: OpenAIEndpoint) -> None:
    server.replies.extend([refuses(429, Retry_After="0")])
    assert (await HttpReranker(endpoint, "judge").rerank(QUESTION, PASSAGES)).shape == (3,)


async def test_rerank_broken_connection_is_a_clear_error(server: Server, endpoint: OpenAIEndpoint) -> None:
    server.default = drops
    with pytest.raises(ProviderError, match="cannot be reached or broke the connection"):
        await HttpReranker(endpoint, "judge").rerank(QUESTION, PASSAGES)


def test_unit_is_the_logistic_function() -> None:
    assert unit(np.array([-800.0, 0.0, 2.0, 800.0])) == pytest.approx([0.0, 0.5, 1 / (1 + math.exp(-2)), 1.0])
