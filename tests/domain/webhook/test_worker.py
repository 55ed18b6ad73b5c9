"""The worker alone, with a clock that a test sets: its schedule, its order, what it keeps and when it gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from knowflow.store.v1.webhook_pb2 import WebhookDelivery, WebhookEndpoint
from knowflow_server.domain.clock import Uuid1Source, microseconds
from knowflow_server.domain.outgoing import OutgoingAnswer, OutgoingError, OutgoingRequest
from knowflow_server.domain.webhook import worker as module
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.domain.webhook.sending import WebhookSender
from knowflow_server.domain.webhook.worker import RetryPolicy, WebhookWorker
from knowflow_server.providers.secret_box import AesSecretBox
from knowflow_server.settings import Settings
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore

EVENT = "app.deployment.updated"
BOX = AesSecretBox(b"a key of at least thirty-two bytes")
DELAYS = Settings.model_fields["webhook_retry_delays_s"].default


class SetClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


class Site:
    """The outside world: answers by URL, an error for None, and never for `stall`."""

    def __init__(self) -> None:
        self.statuses: dict[str, int | None] = {}
        self.asked: list[OutgoingRequest] = []
        self.open: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.retry_after = ""

    async def check(self, request: OutgoingRequest) -> None:
        pass

    async def request(self, request: OutgoingRequest) -> OutgoingAnswer:
        self.asked.append(request)
        self.open[request.url] = self.open.get(request.url, 0) + 1
        self.most[request.url] = max(self.most.get(request.url, 0), self.open[request.url])
        try:
            await asyncio.sleep(0)
            status = self.statuses.get(request.url, 200)
            if status == 0:
                await asyncio.Event().wait()
            if status is None:
                raise OutgoingError("The host does not answer.")
            return OutgoingAnswer(status, "text/plain", b"answer", retry_after=self.retry_after)
        finally:
            self.open[request.url] -= 1


class Bench:
    """A store, an outbox and a worker."""

    def __init__(self, entities: EntityStore) -> None:
        self.entities = entities
        self.clock = SetClock()
        self.ids = Uuid1Source()
        self.site = Site()
        self.outbox = Outbox(entities, self.clock, self.ids)
        sender = WebhookSender(self.site, BOX, self.clock, timeout_s=20)
        policy = RetryPolicy(DELAYS, 5 * 86_400)
        self.worker = WebhookWorker(entities, sender, policy, self.clock, owner="worker")

    async def endpoint(self, name: str) -> WebhookEndpoint:
        now = microseconds(self.clock)
        made = WebhookEndpoint(id=name, organization_id="o", url=name, events=[EVENT], created_at=now, updated_at=now)
        made.secrets.add(sealed=BOX.seal(b"x" * 32, owner=name))
        await self.entities.transact(lambda transaction: transaction.put(made))
        return made

    async def events(self, number: int) -> None:
        def work(transaction: Any) -> None:
            for place in range(number):
                self.outbox.raised(transaction, "o", EVENT, {"place": place})

        await self.entities.transact(work)

    def of(self, endpoint: str) -> list[WebhookDelivery]:
        return self.entities.children(WebhookDelivery, "o", endpoint)

    async def until(self, check: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not check():  # noqa: ASYNC110 - the worker tells nobody
                await asyncio.sleep(0.001)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and have the worker look at its clock."""
        self.clock.time += timedelta(seconds=seconds)
        endpoint = self.entities.get(WebhookEndpoint, "a")
        await self.entities.transact(lambda transaction: transaction.edit(endpoint))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    database = await Database.open(tmp_path / "db", durable=False)
    entities = await EntityStore.open(database)
    made = Bench(entities)
    await made.worker.start()
    yield made
    await made.worker.close()
    await entities.close()
    database.close()


async def test_failing_delivery_is_attempted_by_the_schedule_of_the_specification_and_given_up(bench: Bench) -> None:
    assert DELAYS == (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    await bench.endpoint("a")
    bench.site.statuses["a"] = None
    await bench.events(1)
    for number, delay in enumerate(DELAYS, 1):
        await bench.until(lambda count=number: bench.of("a")[0].attempt_count == count)
        waits = (bench.of("a")[0].next_attempt_at - microseconds(bench.clock)) / 1_000_000
        assert delay <= waits <= 1.1 * delay
        await bench.pass_time(delay - 1)
        assert len(bench.site.asked) == number
        await bench.pass_time(1 + 0.1 * delay)
    await bench.until(lambda: bench.of("a")[0].attempt_count == 10)
    [delivery] = bench.of("a")
    assert delivery.state == module.WEBHOOK_DELIVERY_STATE_FAILED
    assert [attempt.error for attempt in delivery.attempts] == ["The host does not answer."] * 10
    assert len({request.headers["webhook-id"] for request in bench.site.asked}) == 1
    assert len({request.headers["webhook-timestamp"] for request in bench.site.asked}) == 10


@pytest.mark.parametrize(
    ("status", "later", "least"),
    [
        (503, "600", 600),
        (429, "Thu, 01 Jan 2026 00:20:00 GMT", 1200),
        (429, "Thu, 01 Jan 2026 00:20:00", 1200),
        (503, "999999999999999", 86_400),
        (503, "1", 5),
        (503, "soon", 5),
        (500, "600", 5),
    ],
)
async def test_receiver_that_asks_to_be_left_alone_is(bench: Bench, status: int, later: str, least: float) -> None:
    await bench.endpoint("a")
    bench.site.statuses["a"], bench.site.retry_after = status, later
    await bench.events(1)
    await bench.until(lambda: bench.of("a")[0].attempt_count == 1)
    waits = (bench.of("a")[0].next_attempt_at - microseconds(bench.clock)) / 1_000_000
    assert least <= waits <= 1.1 * least


async def test_endpoints_get_events_in_order_one_at_a_time_and_none_waits_for_another(bench: Bench) -> None:
    for name in ("a", "b", "stalls"):
        await bench.endpoint(name)
    bench.site.statuses["stalls"] = 0
    await bench.events(30)
    await bench.events(30)
    await bench.until(lambda: sum(request.url in "ab" for request in bench.site.asked) == 120)
    for name in ("a", "b"):
        sent = [request.headers["webhook-id"] for request in bench.site.asked if request.url == name]
        assert [delivery.event_id for delivery in bench.of(name)] == sent
    assert bench.site.most == {"a": 1, "b": 1, "stalls": 1}
    assert len({request.headers["webhook-id"] for request in bench.site.asked}) == 60


async def test_deliveries_that_are_over_are_kept_up_to_a_number(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_DELIVERIES", 20)
    await bench.endpoint("a")
    await bench.events(module.SWEEP)
    await bench.until(lambda: len(bench.of("a")) == 20)
    assert [request.headers["webhook-id"] for request in bench.site.asked[-20:]] == [
        delivery.event_id for delivery in bench.of("a")
    ]


async def test_endpoint_whose_backlog_grows_too_large_is_disabled(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BACKLOG", 10)
    await bench.endpoint("a")
    bench.site.statuses["a"] = 500
    await bench.events(12)

    def disabled() -> bool:
        endpoint = bench.entities.get(WebhookEndpoint, "a")
        return endpoint is not None and endpoint.disabled_reason == "backlog"

    await bench.until(disabled)
    await bench.events(5)
    assert len(bench.of("a")) == 12


async def test_lease_is_handed_back_and_taken_by_the_next_worker(bench: Bench) -> None:
    await bench.endpoint("a")
    bench.site.statuses["a"] = 0
    await bench.events(1)
    await bench.until(lambda: len(bench.site.asked) == 1)
    [delivery] = bench.of("a")
    assert delivery.lease_owner == "worker"
    assert (delivery.next_attempt_at - microseconds(bench.clock)) == 50 * 1_000_000
    bench.site.statuses["a"] = 200
    await bench.worker.close()
    sender = WebhookSender(bench.site, BOX, bench.clock, timeout_s=20)
    second = WebhookWorker(bench.entities, sender, RetryPolicy(DELAYS, 1), bench.clock, owner="second")
    await second.start()
    await bench.until(lambda: bench.of("a")[0].state == module.WEBHOOK_DELIVERY_STATE_SUCCEEDED)
    await second.close()


async def test_events_of_an_endpoint_that_is_deleted_at_the_same_moment_go_with_it(bench: Bench) -> None:
    endpoint = await bench.endpoint("a")
    deleting = bench.entities.transact(lambda transaction: transaction.delete(endpoint))
    await asyncio.gather(deleting, bench.events(3))
    await bench.until(lambda: not bench.of("a"))
    assert bench.site.asked == []


async def test_deleted_endpoint_leaves_nothing(bench: Bench) -> None:
    endpoint = await bench.endpoint("a")
    await bench.entities.transact(lambda transaction: transaction.delete(endpoint))
    await bench.events(3)
    assert bench.of("a") == []
