"""A broadcast by tag to many subscribers of the channel web, and what writing its messages alone takes."""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.konversation.subscriber import NewSubscriber
from knowflow_server.domain.talk.broadcast import NewBroadcast, Recipients
from knowflow_server.domain.talk.broadcast_worker import BATCH
from knowflow_server.store.transaction import Transaction
from tests.bench.table import Row
from tests.domain.talk.house import House, house, send

PIECE = 1_000
# More than the machine can do.
PACE = 1_000_000


async def _people(h: House, flow: Flow, number: int) -> list[Subscriber]:
    found: list[Subscriber] = []
    for start in range(0, number, PIECE):

        def work(transaction: Transaction, start: int = start) -> list[Subscriber]:
            several = range(start, min(number, start + PIECE))
            news = [NewSubscriber({"name": f"Person {n}"}, user_id=str(n), tags=["all"]) for n in several]
            return [h.subscribers.made(transaction, flow, new) for new in news]

        found += await h.entities.transact(work)
    return found


async def _bare(h: House, people: list[Subscriber]) -> float:
    """Return the seconds which it takes to write a message for everybody, and nothing else."""
    began = time.perf_counter()
    for start in range(0, len(people), BATCH):
        several = people[start : start + BATCH]
        await h.log.add([h.log.message(one, "out", {"type": "text", "text": "News."}) for one in several])
    return time.perf_counter() - began


async def measure(folder: Path, number: int) -> list[Row]:
    """Return the figures for a number of subscribers."""
    async with house(folder) as h:
        flow = await h.flow()
        await h.tags.create(flow, name="all")
        await h.sub_flow(flow, "News", {"news": send("News for {sys.user.name}.")})
        people = await _people(h, flow, number)
        # As the server does after its start, for what it has read then.
        gc.collect()
        gc.freeze()
        bare = await _bare(h, people)
        slowest, stop = 0.0, asyncio.Event()

        async def watch() -> None:
            nonlocal slowest
            while not stop.is_set():
                began = time.perf_counter()
                await asyncio.sleep(0)
                slowest = max(slowest, time.perf_counter() - began)
                await asyncio.sleep(0.005)

        watching = asyncio.create_task(watch())
        began = time.perf_counter()
        new = NewBroadcast(Recipients(tags=["f1t1"]), sub_flow_ns="f1s1", max_per_minute=PACE)
        made = await h.broadcasts.create(flow, new)
        done = await h.completed(made, seconds=3600)
        seconds = time.perf_counter() - began
        stop.set()
        await watching
        assert done.sent == number, done
    rate = f"{number / seconds:.0f} messages/s"
    return [
        Row(
            f"broadcast by tag to {number:,} subscribers, a sub flow each",
            f"{rate}, loop held up for {slowest * 1000:.0f} ms at most",
            f"{number / bare:.0f} messages/s, writing the messages alone in batches of {BATCH}",
            f"{bare / seconds:.2f}",
        )
    ]
