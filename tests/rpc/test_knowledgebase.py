"""Knowledge bases: what searches cost, and how often a key may call."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.serving import KEY, Server, start_server

GRANT = 3


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the documented limits, whose organizations begin with few credits."""
    settings = {"CREDIT_GRANT": str(GRANT), "RATE_LIMITS": json.dumps({})}
    with start_server(tmp_path_factory.mktemp("few"), settings=settings) as running:
        yield running


@pytest.fixture
async def client(few: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A REST client with its key as the document shows it."""
    async with httpx.AsyncClient(base_url=few.url, headers={"X-API-Key": KEY}, timeout=60, trust_env=False) as made:
        yield made


async def test_searches_cost_a_credit_each_until_none_is_left(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/v1/knowledgebase", json={"name": "Prices"})).json()["data"]["id"]
    reference = {"question": "What does it cost?", "answer": "Ten euros."}
    assert (await client.post(f"/api/v1/knowledgebase/{made}/references", json=reference)).status_code == 200
    path = f"/api/v1/knowledgebase/{made}/search"
    # What fails costs nothing.
    assert (await client.get(path)).status_code == 400
    assert (await client.get("/api/v1/knowledgebase/unknown/search", params={"query": "price"})).status_code == 404
    for left in reversed(range(GRANT)):
        answer = await client.get(path, params={"query": "price"})
        assert answer.json()["meta"]["creditsUsed"] == 1, answer.text
        assert (await client.get("/api/v1/credits")).json()["data"]["balance"] == left
    answer = await client.get(path, params={"query": "price"})
    assert (answer.status_code, answer.json()) == (402, {"error": "Insufficient credits"})
    assert (await client.get("/api/v1/credits")).json()["data"]["balance"] == 0
    # Everything else goes on.
    assert len((await client.get(f"/api/v1/knowledgebase/{made}/references")).json()["data"]) == 1


async def test_reads_and_changes_have_the_documented_limits_and_searches_their_own(client: httpx.AsyncClient) -> None:
    first = await client.get("/api/v1/credits")
    assert first.headers["x-ratelimit-limit"] == "100"
    for _ in range(int(first.headers["x-ratelimit-remaining"])):
        answer = await client.get("/api/v1/credits")
        assert answer.status_code == 200
    answer = await client.get("/api/v1/credits")
    reset = int(answer.headers["x-ratelimit-reset"])
    told = answer.json()
    assert answer.status_code == 429
    assert told == {
        "error": "Rate limit exceeded",
        "retryAfter": int(answer.headers["retry-after"]),
        "resetAt": datetime.fromtimestamp(reset, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    assert 0 < told["retryAfter"] <= 3600
    change = await client.post("/api/v1/knowledgebase", json={"name": "Another"})
    assert (change.status_code, change.headers["x-ratelimit-limit"]) == (200, "100")
    search = await client.get("/api/v1/knowledgebase/unknown/search", params={"query": "price"})
    assert (search.status_code, search.headers["x-ratelimit-limit"]) == (404, "10000")
