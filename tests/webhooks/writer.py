"""The smallest process that makes changes of which webhooks are told: records and their outbox."""

from __future__ import annotations

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.webhook_pb2 import WebhookEndpoint
from knowflow_server.domain.clock import SystemClock, Uuid1Source, microseconds
from knowflow_server.domain.webhook.event import KNOWLEDGE_BASE_UPDATED
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

ORGANIZATION = "organization"
AT_ONCE = 4


def write(folder: Path, answers: Connection) -> None:
    """Make datasets until the process is killed, and send the id of each one when it is kept."""
    asyncio.run(_write(folder, answers))


async def _write(folder: Path, answers: Connection) -> None:
    # What a killed process has written, the system still writes down: only a power cut needs more.
    clock, ids = SystemClock(), Uuid1Source()
    store = await EntityStore.open(await Database.open(folder, durable=False))
    Outbox(store, clock, ids)
    endpoint = WebhookEndpoint(id="endpoint", organization_id=ORGANIZATION, events=[KNOWLEDGE_BASE_UPDATED])
    await store.transact(lambda transaction: transaction.put(endpoint))

    async def changes() -> None:
        while True:
            now = microseconds(clock)
            dataset = Dataset(id=ids.new_id(), organization_id=ORGANIZATION, created_at=now, updated_at=now)
            dataset.name = dataset.id

            def work(transaction: Transaction, dataset: Dataset = dataset) -> None:
                transaction.put(dataset)

            await store.transact(work)
            answers.send(dataset.id)

    await asyncio.gather(*(changes() for _ in range(AT_ONCE)))
