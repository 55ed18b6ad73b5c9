"""Knowledge bases: what searches cost, and how often a key may call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.rpc.calls import data_of
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
    # A key of its own: what is used up here would be missing in other tests.
    client.headers["X-API-Key"] = (await client.post("/v1/api-keys", json={"name": "counted"})).json()["data"]["token"]
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
    # A window ends with a whole second.
    assert 0 < told["retryAfter"] <= 3601
    change = await client.post("/api/v1/knowledgebase", json={"name": "Another"})
    assert (change.status_code, change.headers["x-ratelimit-limit"]) == (200, "100")
    search = await client.get("/api/v1/knowledgebase/unknown/search", params={"query": "price"})
    assert (search.status_code, search.headers["x-ratelimit-limit"]) == (404, "10000")


async def test_the_core_shows_references_as_chunks_and_loses_none(rest: httpx.AsyncClient) -> None:
    made = (await rest.post("/api/v1/knowledgebase", json={"name": "Shown by the core"})).json()["data"]["id"]
    path, dataset = f"/api/v1/knowledgebase/{made}/references", f"/api/v1/datasets/{made}"
    pair = {"question": "Who\nis it?", "answer": "It is me."}
    reference = (await rest.post(path, json=pair)).json()["data"]["id"]
    [document] = data_of(await rest.get(f"{dataset}/documents"))["docs"]
    place = f"{dataset}/documents/{document['id']}"
    # There is no file, so that it can neither be parsed nor cut in another way.
    parse = await rest.post(f"{dataset}/chunks", json={"document_ids": [document["id"]]})
    assert parse.json()["message"] == "Document not found or already parsing"
    recut = await rest.put(place, json={"chunk_method": "naive"})
    assert recut.json()["message"].startswith("These questions and answers were written by hand")
    assert (await rest.get(place)).content == b""
    renamed = await rest.put(place, json={"name": "Our answers"})
    assert renamed.json()["code"] == 0, renamed.text
    # A chunk is edited as text, and stays a question with an answer.
    changes = [
        ("Who\nis it?\nIt is you.", "Who\nis it?", "It is you."),
        ("Who are you?\nNobody.\nReally.", "Who are you?", "Nobody.\nReally."),
    ]
    for content, question, answer in changes:
        edited = await rest.put(f"{place}/chunks/{reference}", json={"content": content})
        assert edited.json()["code"] == 0, edited.text
        shown = (await rest.get(f"{path}/{reference}")).json()["data"]
        assert shown == {"id": reference, "question": question, "answer": answer, "type": "QA"}
    # What is switched off is no result.
    await rest.put(f"{place}/chunks/{reference}", json={"available": False})
    search = {"query": "Who are you?", "threshold": 0}
    assert (await rest.get(f"/api/v1/knowledgebase/{made}/search", params=search)).json()["data"] == []
    # The document may go; the next reference makes another one.
    await rest.request("DELETE", f"{dataset}/documents", json={"ids": [document["id"]]})
    assert (await rest.get(f"{path}/{reference}")).status_code == 404
    again = (await rest.post(path, json=pair)).json()["data"]
    assert [one["id"] for one in (await rest.get(path)).json()["data"]] == [again["id"]]


async def test_pieces_that_are_switched_off_leave_room_for_the_next(rest: httpx.AsyncClient) -> None:
    made = (await rest.post("/api/v1/knowledgebase", json={"name": "Switched off"})).json()["data"]["id"]
    path = f"/api/v1/knowledgebase/{made}"
    for number in range(30):
        await rest.post(f"{path}/references", json={"question": "What is the tide?", "answer": f"Tide {number}."})
    [document] = data_of(await rest.get(f"/api/v1/datasets/{made}/documents"))["docs"]
    nearest = (await rest.get(f"{path}/search", params={"query": "What is the tide?", "limit": 28})).json()["data"]
    for one in nearest:
        place = f"/api/v1/datasets/{made}/documents/{document['id']}/chunks/{one['id']}"
        await rest.put(place, json={"available": False})
    left = (await rest.get(f"{path}/search", params={"query": "What is the tide?", "limit": 2})).json()["data"]
    assert len(left) == 2
    assert not {one["id"] for one in left} & {one["id"] for one in nearest}


async def test_changes_at_the_same_time_lose_nothing(rest: httpx.AsyncClient) -> None:
    made = (await rest.post("/api/v1/knowledgebase", json={"name": "At the same time"})).json()["data"]["id"]
    path = f"/api/v1/knowledgebase/{made}/references"
    pairs = [{"question": f"Question {number}?", "answer": f"Answer {number}."} for number in range(20)]
    added = await asyncio.gather(*(rest.post(path, json=pair) for pair in pairs))
    ids = {answer.json()["data"]["id"] for answer in added}
    listed = (await rest.get(path, params={"limit": 100})).json()
    assert {one["id"] for one in listed["data"]} == ids
    assert (len(ids), listed["pagination"]["totalCount"]) == (20, 20)
    assert len(data_of(await rest.get(f"/api/v1/datasets/{made}/documents"))["docs"]) == 1
    one = next(iter(ids))
    changes = await asyncio.gather(*(rest.put(f"{path}/{one}", json={"answer": f"Now {n}."}) for n in range(5)))
    taken = [answer.json()["data"]["answer"] for answer in changes if answer.status_code == 200]
    assert {answer.status_code for answer in changes} <= {200, 409}
    assert (await rest.get(f"{path}/{one}")).json()["data"]["answer"] in taken
    refused = [answer.json() for answer in changes if answer.status_code == 409]
    assert refused
    assert refused == [{"error": "Reference changed while it was being updated; read it and try again"}] * len(refused)


async def test_what_goes_amid_a_call_is_named_in_the_words_of_the_surface(rest: httpx.AsyncClient) -> None:
    made = (await rest.post("/api/v1/knowledgebase", json={"name": "Going"})).json()["data"]["id"]
    path = f"/api/v1/knowledgebase/{made}"
    pair = {"question": "Still there?", "answer": "For now."}
    calls = [rest.post(f"{path}/references", json=pair) for _ in range(8)]
    *added, gone = await asyncio.gather(*calls, rest.delete(path))
    assert gone.status_code == 200
    assert {answer.json().get("error", "") for answer in added} <= {"", "Knowledgebase not found"}
    assert (await rest.get(path)).json() == {"error": "Knowledgebase not found"}
