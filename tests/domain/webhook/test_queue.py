"""The queue gives each endpoint its first delivery that is due, as a plain list would."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from knowflow.store.v1.webhook_pb2 import (
    WEBHOOK_DELIVERY_STATE_PENDING,
    WEBHOOK_DELIVERY_STATE_SUCCEEDED,
    WebhookDelivery,
)
from knowflow_server.domain.webhook.queue import DeliveryQueue

IDS = st.sampled_from([f"d{number}" for number in range(12)])


class QueueMachine(RuleBasedStateMachine):
    """Compares the queue with a dictionary that is searched."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = DeliveryQueue()
        self.known: dict[str, WebhookDelivery] = {}
        self.now = 0

    @rule(identifier=IDS, at=st.integers(0, 40), is_pending=st.booleans())
    def put(self, identifier: str, at: int, is_pending: bool) -> None:
        number = int(identifier[1:])
        state = WEBHOOK_DELIVERY_STATE_PENDING if is_pending else WEBHOOK_DELIVERY_STATE_SUCCEEDED
        delivery = WebhookDelivery(
            id=identifier, endpoint_id=f"e{number % 3}", created_at=number, next_attempt_at=at, state=state
        )
        self.queue.put(identifier, delivery)
        self.known.pop(identifier, None)
        if is_pending:
            self.known[identifier] = delivery

    @rule(identifier=IDS)
    def drop(self, identifier: str) -> None:
        self.queue.put(identifier, None)
        self.known.pop(identifier, None)

    @rule(seconds=st.integers(1, 10))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def first_is_the_oldest_that_is_due(self) -> None:
        self.queue.advance(self.now)
        later = [one.next_attempt_at for one in self.known.values() if one.next_attempt_at > self.now]
        assert self.queue.next_at() == min(later, default=None)
        for endpoint in ("e0", "e1", "e2"):
            mine = [one for one in self.known.values() if one.endpoint_id == endpoint]
            assert self.queue.size(endpoint) == len(mine)
            assert (endpoint in self.queue._sizes) == bool(mine)
            due = sorted(one.created_at for one in mine if one.next_attempt_at <= self.now)
            assert not due or endpoint in set(self.queue.due())
            assert self.queue.first(endpoint, self.now) == (f"d{due[0]}" if due else "")


TestQueue = QueueMachine.TestCase
