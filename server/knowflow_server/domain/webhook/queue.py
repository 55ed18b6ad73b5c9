"""The deliveries that wait, by endpoint."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator

from knowflow.store.v1.webhook_pb2 import WEBHOOK_DELIVERY_STATE_PENDING, WebhookDelivery


class DeliveryQueue:
    """Pending deliveries: which endpoints have one that is due, and which of theirs comes first.

    The records are elsewhere; an entry takes some hundred bytes. Every method takes logarithmic time.
    """

    def __init__(self) -> None:
        # By delivery: endpoint, time of the next attempt, place in the order of events.
        self._entries: dict[str, tuple[str, int, int]] = {}
        self._waiting: list[tuple[int, str]] = []
        self._due: dict[str, list[tuple[int, str]]] = {}
        self._sizes: Counter[str] = Counter()

    def put(self, identifier: str, delivery: WebhookDelivery | None) -> None:
        """Take in what became of a delivery; None, or a settled one, leaves."""
        previous = self._entries.pop(identifier, None)
        if previous is not None:
            self._sizes[previous[0]] -= 1
            # Each callback has an endpoint of its own, which does not come again.
            if not self._sizes[previous[0]]:
                del self._sizes[previous[0]]
        if delivery is None or delivery.state != WEBHOOK_DELIVERY_STATE_PENDING:
            return
        self._entries[identifier] = (delivery.endpoint_id, delivery.next_attempt_at, delivery.created_at)
        self._sizes[delivery.endpoint_id] += 1
        heapq.heappush(self._waiting, (delivery.next_attempt_at, identifier))

    def size(self, endpoint_id: str) -> int:
        """Return how many deliveries of an endpoint are pending."""
        return self._sizes[endpoint_id]

    def advance(self, now: int) -> None:
        """Let those become due whose time has come."""
        while self._waiting and self._waiting[0][0] <= now:
            at, identifier = heapq.heappop(self._waiting)
            entry = self._entries.get(identifier)
            if entry is not None and entry[1] == at:
                heapq.heappush(self._due.setdefault(entry[0], []), (entry[2], identifier))

    def due(self) -> Iterator[str]:
        """Yield the endpoints which may have a delivery that is due."""
        yield from list(self._due)

    def first(self, endpoint_id: str, now: int) -> str:
        """Return the first delivery of an endpoint that is due, which stays; empty when there is none."""
        heap = self._due.get(endpoint_id, [])
        while heap:
            entry = self._entries.get(heap[0][1])
            if entry is not None and entry[1] <= now:
                return heap[0][1]
            heapq.heappop(heap)
        self._due.pop(endpoint_id, None)
        return ""

    def next_at(self) -> int | None:
        """Return when the next delivery becomes due, in microseconds since 1970; None when none waits."""
        while self._waiting:
            at, identifier = self._waiting[0]
            entry = self._entries.get(identifier)
            if entry is not None and entry[1] == at:
                return at
            heapq.heappop(self._waiting)
        return None
