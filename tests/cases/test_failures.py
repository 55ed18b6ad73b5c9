"""Answers that one call alone cannot bring about: a store that fails, and callers who race."""

from __future__ import annotations

import asyncio

from tests.cases.case import Step
from tests.cases.world import World, fresh_names
from tests.serving import Server

RACERS = 10


async def test_check_health_of_a_store_that_takes_no_writes_is_unhealthy(
    strict_server: Server, strict_world: World
) -> None:
    # The probe file cannot be written where a folder has its name; permissions would not stop a test run by root.
    obstacle = strict_server.folder / "data" / "db" / ".probe"
    step = Step(method="SystemService/CheckHealth", key="none")
    obstacle.mkdir()
    try:
        rest = await strict_world.call(step, {}, transport="rest")
        grpc = await strict_world.call(step, {}, transport="grpc")
    finally:
        obstacle.rmdir()
    assert rest.status == 503
    assert rest.body.keys() == {"status", "error"}
    assert rest.body["status"] == "unhealthy"
    assert rest.body["error"].startswith("Database connection failed")
    assert (grpc.grpc, grpc.reason) == ("UNAVAILABLE", "STORE_UNAVAILABLE")
    assert (await strict_world.call(step, {}, transport="rest")).body["status"] == "healthy"


async def test_update_chunk_of_many_callers_at_once_fails_with_1002_or_is_kept(world: World) -> None:
    names = fresh_names()
    await world.set_up([{"dataset": {}}, {"document": {}}, {"chunk": {"content": "before"}}], names)
    place = {"dataset_id": names["dataset"]["id"], "document_id": names["document"]["id"]}
    texts = [f"text number {number}" for number in range(RACERS)]
    steps = [
        Step(method="ChunkService/UpdateChunk", request={**place, "chunk_id": names["chunk"]["id"], "content": text})
        for text in texts
    ]
    answers = await asyncio.gather(*(world.call(step, {}, transport="rest") for step in steps))
    kept = [text for text, answer in zip(texts, answers, strict=True) if answer.status == 200]
    refused = [answer for answer in answers if answer.status != 200]
    assert kept
    assert refused
    for answer in refused:
        assert answer.status == 409
        assert answer.body["code"] == 1002
        assert names["chunk"]["id"] in answer.body["message"]
    listed = await world.call(Step(method="ChunkService/ListChunks", request=place), {}, transport="rest")
    assert [chunk["content"] for chunk in listed.body["data"]["chunks"]] in [[text] for text in kept]


async def test_create_dataset_of_many_callers_with_one_name_makes_one(world: World) -> None:
    name = fresh_names()["unique"]
    step = Step(method="DatasetService/CreateDataset", request={"name": name})
    answers = await asyncio.gather(*(world.call(step, {}, transport="rest") for _ in range(RACERS)))
    assert sorted(answer.body["code"] for answer in answers) == [0] + [102] * (RACERS - 1)
