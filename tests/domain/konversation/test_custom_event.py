"""Custom events: what happened is added up by event, and goes with its event and its chatbot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.konversation.custom_event import CustomEvents
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from tests.domain.konversation.test_subscriber import made, new
from tests.domain.talk.house import OWNER


class Kept:
    """Chatbots with what happens in them, on one store."""

    def __init__(self, entities: EntityStore, messages: MessageStore) -> None:
        clock = SystemClock()
        self.entities = entities
        self.flows = Flows(entities, clock)
        self.subscribers: Subscribers = made(entities)[0]
        self.jobs = Jobs(clock, Uuid1Source())
        self.events = CustomEvents(entities, messages, self.subscribers, self.jobs, clock)

    def forgotten(self) -> list[str]:
        """Return of which events jobs will remove what happened."""
        return [name for job in self.entities.all(Job) for name in job.session_ids]


@asynccontextmanager
async def kept(folder: Path) -> AsyncIterator[Kept]:
    """Open what lies in a folder."""
    database = await Database.open(folder, durable=False)
    entities, messages = await EntityStore.open(database), await MessageStore.open(database)
    try:
        yield Kept(entities, messages)
    finally:
        await messages.close()
        await entities.close()
        database.close()


async def test_occurrences_are_added_up_by_event_and_by_chatbot(tmp_path: Path) -> None:
    async with kept(tmp_path) as one:
        flow, other = await one.flows.create(OWNER, name="a"), await one.flows.create(OWNER, name="b")
        for place in (flow, other):
            await one.events.create(place, name="purchase")
            await one.events.create(place, name="visit")
            for number in (1, 2):
                ns = name_of(await one.subscribers.create(place, new(str(number))))
                for _ in range(number):
                    await one.events.log(place, ns, name="purchase", number=number, price="0.1")
        purchase, visit = await one.events.summaries(flow, "today")
        assert (3, 2, Decimal(5), Decimal("0.3")) == (
            purchase.count,
            len(purchase.subscribers),
            purchase.number,
            purchase.price,
        )
        assert (0, set()) == (visit.count, visit.subscribers)
        [alone] = await one.events.summaries(flow, "all_time", ns=name_of(purchase.event))
        assert purchase == alone


async def test_what_happened_goes_with_its_event_and_its_chatbot(tmp_path: Path) -> None:
    async with kept(tmp_path) as one:
        flow, other = await one.flows.create(OWNER, name="a"), await one.flows.create(OWNER, name="b")
        first, second = [await one.events.create(flow, name=name) for name in ("a", "b")]
        await one.events.create(other, name="c")
        await one.events.delete(flow, ns=name_of(first))
        assert [first.id] == one.forgotten()
        # Whoever removes it is told that there is something to do.
        assert one.jobs.added.is_set()
        await one.flows.delete(OWNER, name_of(flow))
        assert sorted([first.id, second.id]) == sorted(one.forgotten())
