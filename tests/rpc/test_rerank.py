"""Reranking and explanations, through a real server over both transports, with a provider on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import httpx
import pytest

from knowflow.v1 import retrieval_service_pb2 as pb
from knowflow.v1 import retrieval_service_pb2_grpc as services
from tests.providers.openai_stand_in import OpenAIStandIn, drops, refuses
from tests.providers.openai_stand_in import Server as StandIn
from tests.providers.rerank_replies import relevance, reranks
from tests.serving import Server, start_server

QUESTION = "bread with salt"
CANDIDATES = 6
TEXTS = [f"Bread number {number} is made with {'salt' if number % 3 else 'sugar'}." for number in range(12)]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with OpenAIStandIn() as state:
        yield state


@pytest.fixture(autouse=True)
def _fresh(stand_in: StandIn) -> None:
    stand_in.bodies.clear()
    stand_in.replies.clear()
    stand_in.default = None


@pytest.fixture(scope="module")
def server(stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    offer = {"base_url": stand_in.url, "rerank_models": ["judge"], "max_retries": 1, "timeout_s": 10}
    logits = {**offer, "rerank_scores": "logit"}
    settings = {"PROVIDERS": json.dumps({"acme": offer, "raw": logits}), "RERANK_CANDIDATES": str(CANDIDATES)}
    with start_server(tmp_path_factory.mktemp("rerank"), settings=settings) as running:
        yield running


@pytest.fixture(scope="module")
async def dataset(server: Server) -> str:
    async with server.rest() as rest:
        made = (await rest.post("/api/v1/datasets", json={"name": "bread"})).json()["data"]["id"]
        await rest.put(f"/api/v1/datasets/{made}", json={"pagerank": 3})
        files = {"file": ("bread.txt", b"x")}
        document = (await rest.post(f"/api/v1/datasets/{made}/documents", files=files)).json()["data"][0]["id"]
        for text in TEXTS:
            answer = await rest.post(f"/api/v1/datasets/{made}/documents/{document}/chunks", json={"content": text})
            assert answer.json()["code"] == 0, answer.text
    return made


@pytest.fixture
async def rest(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with server.rest() as client:
        yield client


async def ask(rest: httpx.AsyncClient, dataset: str, **members: Any) -> dict[str, Any]:
    body = {"question": QUESTION, "dataset_ids": [dataset], "similarity_threshold": 0, **members}
    answer = await rest.post("/api/v1/retrieval", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def check_sums(chunk: dict[str, Any]) -> None:
    """Work the similarity out again from its explanation, to the last digit."""
    why = chunk["explanation"]
    total = 0.0
    for part in why["parts"]:
        assert part["share"] == part.get("weight", 0) * part.get("value", 0)
        total += part["share"]
    assert chunk["similarity"] == why["similarity"] == total
    bm25 = 0.0
    for term in why["terms"]:
        bm25 += term["bm25"]
    assert why["bm25"] == bm25
    assert chunk["term_similarity"] == why["term_similarity"] == why["bm25"] / why["best_bm25"] * why["word_share"]


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.7, 1.0])
async def test_retrieve_explained_adds_up_exactly(rest: httpx.AsyncClient, dataset: str, weight: float) -> None:
    found = await ask(rest, dataset, explain=True, vector_similarity_weight=weight, similarity_threshold=0.05)
    assert len(found["chunks"]) == len(TEXTS)
    for chunk in found["chunks"]:
        check_sums(chunk)
        why = chunk["explanation"]
        assert [part["name"] for part in why["parts"]] == ["vector", "term", "page_rank"]
        assert why["parts"][2]["share"] == 0.03
        assert (why["wording"], why["threshold"]) == (QUESTION, 0.05)
        assert why["cosine"] == pytest.approx(chunk["vector_similarity"])
        assert {term["word"] for term in why["terms"]} == {"bread", "salt"} & set(chunk["content_ltks"].split())
        assert all(term["tf"] == 1 and term["idf"] > 0 for term in why["terms"])
        assert "rerank_score" not in why
        assert "similarity_before" not in why


async def test_retrieve_unasked_is_not_explained(rest: httpx.AsyncClient, dataset: str) -> None:
    assert all("explanation" not in chunk for chunk in (await ask(rest, dataset))["chunks"])


async def test_retrieve_explained_over_grpc_is_the_same(server: Server, rest: httpx.AsyncClient, dataset: str) -> None:
    members = {"explain": True, "rerank_id": "judge@acme"}
    by_rest = (await ask(rest, dataset, **members))["chunks"]
    async with server.channel() as channel:
        request = pb.RetrieveRequest(question=QUESTION, dataset_ids=[dataset], similarity_threshold=0, **members)
        by_grpc = (await services.RetrievalServiceStub(channel).Retrieve(request)).data.chunks
    assert [chunk["id"] for chunk in by_rest] == [chunk.id for chunk in by_grpc]
    for one, other in zip(by_rest, by_grpc, strict=True):
        why = other.explanation
        assert one["explanation"]["similarity"] == why.similarity == sum(part.share for part in why.parts)
        assert one["explanation"]["rerank_score"] == why.rerank_score


async def test_retrieve_reranked_is_the_weighted_sum_with_the_models_score(
    rest: httpx.AsyncClient, dataset: str, stand_in: StandIn
) -> None:
    # A question of its own: scores of an earlier one would be remembered.
    question = {"question": "bread that has salt", "vector_similarity_weight": 0.6}
    found = await ask(rest, dataset, **question, rerank_id="judge@acme", explain=True)
    before = await ask(rest, dataset, **question)
    assert [body["documents"] for body in stand_in.bodies] == [
        [chunk["content"] for chunk in before["chunks"][:CANDIDATES]]
    ]
    assert found["total"] == len(found["chunks"]) == CANDIDATES
    earlier = {chunk["id"]: chunk for chunk in before["chunks"]}
    for chunk in found["chunks"]:
        check_sums(chunk)
        why = chunk["explanation"]
        score = relevance(question["question"], chunk["content"])
        assert chunk["vector_similarity"] == why["rerank_score"] == pytest.approx(score)
        assert chunk["similarity"] == pytest.approx(0.6 * score + 0.4 * chunk["term_similarity"] + 0.03)
        assert chunk["term_similarity"] == earlier[chunk["id"]]["term_similarity"]
        assert why["similarity_before"] == pytest.approx(earlier[chunk["id"]]["similarity"])
        assert why["parts"][0]["name"] == "rerank"
    similarities = [chunk["similarity"] for chunk in found["chunks"]]
    assert similarities == sorted(similarities, reverse=True)


async def test_retrieve_reranked_pages_are_exact_and_cost_one_call(
    rest: httpx.AsyncClient, dataset: str, stand_in: StandIn
) -> None:
    members = {"rerank_id": "judge@acme", "question": "salt in bread"}
    whole = [chunk["id"] for chunk in (await ask(rest, dataset, **members))["chunks"]]
    pages = []
    for number in range(1, 5):
        page = await ask(rest, dataset, **members, page=number, page_size=2)
        assert page["total"] == CANDIDATES
        pages += [chunk["id"] for chunk in page["chunks"]]
    assert pages == whole
    assert len(set(pages)) == CANDIDATES
    assert len(stand_in.bodies) == 1


async def test_retrieve_reranked_threshold_is_that_of_the_new_similarity(
    rest: httpx.AsyncClient, dataset: str, stand_in: StandIn
) -> None:
    stand_in.default = reranks(lambda good: {"results": [{**r, "relevance_score": 0.25} for r in good["results"]]})
    members = {"rerank_id": "judge@acme", "question": "bread and salt", "vector_similarity_weight": 1.0}
    assert (await ask(rest, dataset, **members, similarity_threshold=0.29))["total"] == 0
    assert (await ask(rest, dataset, **members, similarity_threshold=0.28))["total"] == CANDIDATES


async def test_retrieve_reranked_by_logits(rest: httpx.AsyncClient, dataset: str, stand_in: StandIn) -> None:
    stand_in.default = reranks(lambda good: {"results": [{**r, "relevance_score": 0.0} for r in good["results"]]})
    found = await ask(rest, dataset, rerank_id="judge@raw", explain=True)
    assert [chunk["explanation"]["rerank_score"] for chunk in found["chunks"]] == [0.5] * CANDIDATES


@pytest.mark.parametrize(
    ("reply", "requests", "cause"),
    [
        (refuses(401, b'{"error": {"code": "invalid_api_key"}}'), 1, "refused the API key"),
        (refuses(404), 1, "does not know the model or the address"),
        (refuses(429, Retry_After="0"), 2, "is overloaded, or its quota is used up"),
        (refuses(500, Retry_After="0"), 2, "failed (HTTP 500)"),
        (drops, 2, "cannot be reached or broke the connection"),
        (reranks(lambda _: b"<html>no</html>"), 1, "not JSON"),
        (reranks(lambda _: {"results": []}), 1, "one score for each passage"),
        (
            reranks(lambda good: {"results": [{**r, "relevance_score": 9} for r in good["results"]]}),
            1,
            "outside 0 to 1",
        ),
    ],
    ids=["401", "404", "429", "500", "drops", "garbage", "empty", "range"],
)
async def test_retrieve_failing_rerank_provider_is_a_clear_error(
    server: Server, dataset: str, stand_in: StandIn, reply: Any, requests: int, cause: str
) -> None:
    stand_in.default = reply
    # A question of its own: scores of an earlier one would be remembered.
    body = {"question": f"bread {cause}", "dataset_ids": [dataset], "rerank_id": "judge@acme"}
    async with server.rest() as rest, server.channel() as channel:
        answer = await rest.post("/api/v1/retrieval", json=body)
        assert len(stand_in.bodies) == requests
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await services.RetrievalServiceStub(channel).Retrieve(pb.RetrieveRequest(**body))
    assert (answer.status_code, answer.json()["code"]) == (503, 500)
    assert answer.json()["message"].startswith("The model judge@acme is not available: The provider acme ")
    assert cause in answer.json()["message"]
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.UNAVAILABLE, answer.json()["message"])


@pytest.mark.parametrize("model", ["small@acme", "judge@nobody", "judge", "ms-marco-MiniLM-L-12-v2@embedded"])
async def test_retrieve_unknown_rerank_model_is_refused(server: Server, dataset: str, model: str) -> None:
    async with server.rest() as rest:
        body = {"question": QUESTION, "dataset_ids": [dataset], "rerank_id": model}
        answer = await rest.post("/api/v1/retrieval", json=body)
    assert answer.status_code == 400
    assert answer.json() == {"code": 102, "message": f"`rerank_model` {model} doesn't exist"}
