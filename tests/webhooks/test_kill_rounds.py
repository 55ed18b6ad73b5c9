"""A hundred kills: each change that was answered is there, and each change that is there has its event."""

from __future__ import annotations

import json
import multiprocessing
import random
from pathlib import Path

import pytest

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.webhook_pb2 import WEBHOOK_DELIVERY_STATE_PENDING, WebhookDelivery
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from tests.webhooks.writer import ORGANIZATION, write

ROUNDS = 100


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_hundred_kills_amid_changes_lose_no_event(tmp_path: Path) -> None:
    chance = random.Random(11)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.webhooks.writer"])
    answered: set[str] = set()
    for _ in range(ROUNDS):
        receiving, sending = processes.Pipe(duplex=False)
        process = processes.Process(target=write, args=(tmp_path, sending))
        process.start()
        sending.close()
        # The kill comes while the next changes are under way.
        for _ in range(chance.randint(1, 12)):
            answered.add(receiving.recv())
        process.kill()
        process.join()
        try:
            while True:
                answered.add(receiving.recv())
        except (EOFError, OSError):
            receiving.close()
    store = await EntityStore.open(await Database.open(tmp_path))
    try:
        present = {dataset.id for dataset in store.children(Dataset, ORGANIZATION)}
        deliveries = store.children(WebhookDelivery, ORGANIZATION, "endpoint")
    finally:
        await store.close()
    told = [json.loads(one.body)["data"]["knowledge_base"]["id"] for one in deliveries]
    assert len(answered) >= ROUNDS
    assert answered <= present
    assert sorted(told) == sorted(present)
    assert {one.state for one in deliveries} == {WEBHOOK_DELIVERY_STATE_PENDING}
    assert len({one.event_id for one in deliveries}) == len(deliveries)
