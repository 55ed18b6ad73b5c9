"""The worker: attempts deliveries until they are taken or given up, each endpoint by itself."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from knowflow.store.v1.webhook_pb2 import (
    WEBHOOK_DELIVERY_STATE_FAILED,
    WEBHOOK_DELIVERY_STATE_PENDING,
    WEBHOOK_DELIVERY_STATE_SUCCEEDED,
    CallbackSigner,
    WebhookDelivery,
    WebhookEndpoint,
)
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.webhook.queue import DeliveryQueue
from knowflow_server.domain.webhook.sending import GONE, Sent, WebhookSender
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# Attempts at the same time, each to another endpoint.
MAX_CONCURRENT = 500
# How much longer than an attempt its lease is, for the writes around it.
LEASE_MARGIN_S = 30
# Up to a tenth more than the schedule says, so that receivers which failed together are not asked together again.
JITTER = 0.1
MAX_RETRY_AFTER_S = 86_400
KEPT_ATTEMPTS = 12
# Deliveries that are over and stay in an endpoint's list; more are deleted, some at a time.
KEPT_DELIVERIES = 500
SWEEP = 50
# An endpoint for which more events wait is disabled: what waits is kept in memory.
MAX_BACKLOG = 10_000
# A worker that cannot write rests for so long.
REST_S = 5.0
# Statuses with which a receiver may ask to be left alone for a while.
SLOW_DOWN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When attempts follow each other, and when an endpoint is given up.

    Args:
        delays_s: Seconds before the second attempt, the third, and so on; a delivery fails after the last one.
        disable_after_s: Seconds of nothing but failures after which an endpoint is disabled.
    """

    delays_s: Sequence[float]
    disable_after_s: float


class WebhookWorker:
    """Delivers, at least once.

    Deliveries of one endpoint are attempted one after the other in the order of their events; one that waits for its
    next attempt holds up none that comes after it, and no endpoint holds up another.

    Args:
        entities: Where deliveries and endpoints are.
        sender: Attempts a delivery.
        policy: When to try again.
        clock: The time.
        owner: Name of this worker in leases, different from that of every earlier one.
    """

    def __init__(
        self, entities: EntityStore, sender: WebhookSender, policy: RetryPolicy, clock: Clock, *, owner: str
    ) -> None:
        self._entities = entities
        self._sender = sender
        self._policy = policy
        self._clock = clock
        self._owner = owner
        self._queue = DeliveryQueue()
        self._wake = asyncio.Event()
        self._places = asyncio.Semaphore(MAX_CONCURRENT)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._sweeps: Counter[str] = Counter()
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take up what an earlier server left, and begin to deliver."""
        await self._entities.transact(self._release)
        for delivery in self._entities.all(WebhookDelivery):
            self._queue.put(delivery.id, delivery)
        self._entities.subscribe(WebhookDelivery, self._changed)
        self._entities.subscribe(WebhookEndpoint, lambda *_: self._wake.set())
        self._loop = asyncio.create_task(self._run(), name="webhooks")

    async def close(self) -> None:
        """Stop; what was being attempted is handed back, and attempted again by the next server."""
        tasks = [*([self._loop] if self._loop else []), *self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(KnowFlowError):
            await self._entities.transact(self._release)

    def _release(self, transaction: Transaction) -> None:
        """Hand back every lease: the data folder is locked, so that nobody but us can hold one."""
        now = microseconds(self._clock)
        for delivery in self._entities.all(WebhookDelivery):
            present = transaction.get(WebhookDelivery, delivery.id)
            if present is not None and present.lease_owner:
                released = transaction.edit(present)
                released.lease_owner, released.next_attempt_at = "", now

    def _changed(self, identifier: str, delivery: WebhookDelivery | None) -> None:
        self._queue.put(identifier, delivery)
        self._wake.set()

    async def _run(self) -> None:
        while True:
            now = microseconds(self._clock)
            self._queue.advance(now)
            for endpoint_id in self._queue.due():
                endpoint = self._entities.get(WebhookEndpoint, endpoint_id)
                # What an endpoint leaves that was deleted meanwhile is served, too: it is deleted then.
                if endpoint_id in self._running or (endpoint is not None and endpoint.disabled):
                    continue
                if self._queue.first(endpoint_id, now):
                    task = asyncio.create_task(self._serve(endpoint_id), name=f"webhook {endpoint_id}")
                    self._running[endpoint_id] = task
                    task.add_done_callback(lambda _, one=endpoint_id: self._ended(one))  # type: ignore[misc]
            following = self._queue.next_at()
            rest = None if following is None else max(0.0, (following - microseconds(self._clock)) / 1_000_000)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()
            self._wake.clear()

    def _ended(self, endpoint_id: str) -> None:
        self._running.pop(endpoint_id, None)
        self._wake.set()

    async def _serve(self, endpoint_id: str) -> None:
        """Attempt what is due for an endpoint, one after the other."""
        try:
            async with self._places:
                first = self._queue.first(endpoint_id, microseconds(self._clock))
                claimed = await self._entities.transact(lambda transaction: self._claim(transaction, first))
                while claimed is not None:
                    endpoint, delivery = claimed
                    signer = self._entities.get(CallbackSigner, endpoint.organization_id)
                    sent = await self._sender.send(
                        endpoint, delivery.event_id, delivery.body, signer if endpoint.is_callback else None
                    )
                    claimed = await self._settle(delivery, sent)
        except Exception:
            # What was leased is attempted again when its lease has run out.
            logger.exception("Events could not be delivered.", extra={"webhook": endpoint_id})
            await asyncio.sleep(REST_S)

    def _claim(self, transaction: Transaction, identifier: str) -> tuple[WebhookEndpoint, WebhookDelivery] | None:
        """Lease a delivery and return it with its endpoint; None when there is none, or it is not wanted any more."""
        present = transaction.get(WebhookDelivery, identifier)
        endpoint = transaction.get(WebhookEndpoint, present.endpoint_id) if present is not None else None
        if present is None or present.state != WEBHOOK_DELIVERY_STATE_PENDING:
            return None
        if endpoint is None:
            # It was raised while its endpoint was being deleted.
            transaction.delete(present)
            return None
        if endpoint.disabled:
            return None
        lease_s = self._sender.timeout_s + LEASE_MARGIN_S
        delivery = transaction.edit(present)
        delivery.lease_owner = self._owner
        delivery.next_attempt_at = microseconds(self._clock) + int(lease_s * 1_000_000)
        return endpoint, delivery

    async def _settle(self, delivery: WebhookDelivery, sent: Sent) -> tuple[WebhookEndpoint, WebhookDelivery] | None:
        """Write what came of an attempt, and lease the next delivery of its endpoint with the same write."""
        now = microseconds(self._clock)
        self._queue.advance(now)
        # The present one has a lease, so that it is not due.
        following = self._queue.first(delivery.endpoint_id, now)
        self._sweeps[delivery.endpoint_id] += 1
        sweeps = self._sweeps[delivery.endpoint_id] % SWEEP == 0
        backlog = self._queue.size(delivery.endpoint_id)

        def work(transaction: Transaction) -> tuple[str, tuple[WebhookEndpoint, WebhookDelivery] | None]:
            present = transaction.get(WebhookDelivery, delivery.id)
            endpoint = transaction.get(WebhookEndpoint, delivery.endpoint_id)
            if present is None or endpoint is None:
                return "", None
            settled = transaction.edit(present)
            self._record(settled, sent, now)
            if endpoint.is_callback:
                self._end_callback(transaction, endpoint, settled, sent)
                return "", None
            if sweeps:
                self._sweep(transaction, endpoint)
            reason = self._judge(transaction, endpoint, sent, now, backlog=backlog)
            return reason, self._claim(transaction, following)

        reason, claimed = await self._entities.transact(work)
        if reason:
            logger.warning(
                "A webhook was disabled.",
                extra={"webhook": delivery.endpoint_id, "organization": delivery.organization_id, "cause": reason},
            )
        return claimed

    def _end_callback(
        self, transaction: Transaction, endpoint: WebhookEndpoint, delivery: WebhookDelivery, sent: Sent
    ) -> None:
        """Take a callback away that arrived, was refused for good, or has failed too often."""
        if delivery.state == WEBHOOK_DELIVERY_STATE_PENDING and sent.attempt.status != GONE:
            return
        if not sent.succeeded:
            logger.warning(
                "A callback was given up.",
                extra={"organization": endpoint.organization_id, "status": sent.attempt.status},
            )
        self._sweeps.pop(endpoint.id, None)
        transaction.delete(delivery)
        transaction.delete(endpoint)

    def _record(self, delivery: WebhookDelivery, sent: Sent, now: int) -> None:
        delivery.attempts.append(sent.attempt)
        del delivery.attempts[:-KEPT_ATTEMPTS]
        delivery.attempt_count += 1
        delivery.lease_owner = ""
        delivery.updated_at = now
        if sent.succeeded:
            delivery.state = WEBHOOK_DELIVERY_STATE_SUCCEEDED
        elif delivery.attempt_count > len(self._policy.delays_s):
            delivery.state = WEBHOOK_DELIVERY_STATE_FAILED
        else:
            delay = self._policy.delays_s[delivery.attempt_count - 1]
            if sent.attempt.status in SLOW_DOWN:
                delay = max(delay, min(sent.retry_after_s, MAX_RETRY_AFTER_S))
            delay *= 1 + random.uniform(0, JITTER)  # noqa: S311 - nobody gains from guessing it
            delivery.next_attempt_at = now + int(delay * 1_000_000)

    def _judge(self, transaction: Transaction, endpoint: WebhookEndpoint, sent: Sent, now: int, *, backlog: int) -> str:
        """Disable an endpoint that is gone or has failed for long, and return why; empty when it goes on."""
        since = 0 if sent.succeeded else endpoint.failing_since or now
        reason = ""
        if sent.attempt.status == GONE:
            reason = "gone"
        elif since and now - since >= self._policy.disable_after_s * 1_000_000:
            reason = "failing"
        elif backlog > MAX_BACKLOG:
            reason = "backlog"
        reason = "" if endpoint.disabled else reason
        if reason or since != endpoint.failing_since:
            edited = transaction.edit(endpoint)
            edited.failing_since = since
            if reason:
                edited.disabled, edited.disabled_reason, edited.updated_at = True, reason, now
        return reason

    @staticmethod
    def _sweep(transaction: Transaction, endpoint: WebhookEndpoint) -> None:
        """Delete the oldest deliveries that are over, beyond those that are kept."""
        found = transaction.children(WebhookDelivery, endpoint.organization_id, endpoint.id)
        over = [delivery for delivery in found if delivery.state != WEBHOOK_DELIVERY_STATE_PENDING]
        over.sort(key=lambda delivery: (delivery.created_at, delivery.id))
        for delivery in over[: max(0, len(over) - KEPT_DELIVERIES)]:
            transaction.delete(delivery)
