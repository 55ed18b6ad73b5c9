"""Custom events: what subscribers go through, as a purchase, and when they did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from knowflow.store.v1.flow_field_pb2 import FIELD_TYPE_NUMBER
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.flow_segment_pb2 import CustomEvent, CustomEventEntry
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.konversation.field_value import canonical
from knowflow_server.domain.konversation.named import Kind, Named
from knowflow_server.domain.konversation.naming import name_of, next_number
from knowflow_server.domain.konversation.subscriber import Subscribers, add_number
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.konversation import CustomEventNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Parents
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

MAX_EVENTS = 500
DAY = timedelta(days=1)
# What a range means, given the present day: its first day, and the first after it.
RANGES: dict[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: (today, today + DAY),
    "yesterday": lambda today: (today - DAY, today),
    "last_7_days": lambda today: (today - 6 * DAY, today + DAY),
    "last_30_days": lambda today: (today - 29 * DAY, today + DAY),
    "this_month": lambda today: (today.replace(day=1), today + DAY),
    "last_month": lambda today: ((today.replace(day=1) - DAY).replace(day=1), today.replace(day=1)),
    "all_time": lambda today: (date(1970, 1, 1), today + DAY),
}
DEFAULT_RANGE = "last_7_days"


@dataclass(slots=True)
class Summary:
    """What came together of an event.

    Args:
        event: The event.
        count: Number of occurrences.
        subscribers: Whom it happened to, by name.
        number: Sum of the numbers.
        price: Sum of the prices.
    """

    event: CustomEvent
    count: int = 0
    subscribers: set[str] = field(default_factory=set)
    number: Decimal = Decimal(0)
    price: Decimal = Decimal(0)

    def add(self, entry: CustomEventEntry) -> None:
        """Add an occurrence."""
        self.count += 1
        self.subscribers.add(entry.user_ns)
        self.number += Decimal(entry.number_value or 0)
        self.price += Decimal(entry.price_value or 0)


class CustomEvents(Named[CustomEvent]):
    """The custom events of all chatbots. What happened goes with its event, some time after."""

    def __init__(
        self, entities: EntityStore, messages: MessageStore, subscribers: Subscribers, jobs: Jobs, clock: Clock
    ) -> None:
        kind = Kind(CustomEvent, "custom event", MAX_EVENTS, lambda name: CustomEventNotFoundError(event=name))
        super().__init__(entities, clock, kind)
        self._messages = messages
        self._subscribers = subscribers
        self._jobs = jobs
        entities.observe(self._forget)
        entities.subscribe(CustomEvent, lambda _, record: jobs.wake() if record is None else None)

    async def log(
        self, flow: Flow, user_ns: str, *, name: str, text: str = "", number: Any = None, price: Any = None
    ) -> CustomEventEntry:
        """Note that an event happened to a subscriber, now, and return what is kept of it.

        Args:
            flow: The chatbot.
            user_ns: The subscriber.
            name: Name of the event.
            text: Its text.
            number: Its number as JSON has it, or None.
            price: Its price as JSON has it, or None.

        Raises:
            SubscriberNotFoundError, CustomEventNotFoundError, FlowFieldValueInvalidError: As their sentences say.
        """
        number_value = canonical(FIELD_TYPE_NUMBER, number, name="number_value")
        price_value = canonical(FIELD_TYPE_NUMBER, price, name="price_value")
        entry = CustomEventEntry(
            organization_id=flow.organization_id,
            user_ns=user_ns,
            text_value=text,
            number_value=number_value,
            price_value=price_value,
        )

        def work(transaction: Transaction, record: Subscriber) -> None:
            event = self.by_name(flow, name, entities=transaction)
            entry.number = next_number(transaction, flow.organization_id, CustomEventEntry)
            entry.event_id, entry.id = event.id, f"{name_of(event)}.{entry.number:010d}"
            entry.created_at = microseconds(self._clock)
            add_number(record.events, event.number)

        await self._subscribers.change(flow, user_ns, work)
        await self._messages.add([entry])
        return entry

    async def entries(
        self, event: CustomEvent, *, since: int, until: int, after: int, size: int
    ) -> Sequence[CustomEventEntry]:
        """Return what happened, oldest first.

        Args:
            event: The event.
            since: From when, in microseconds since 1970.
            until: Before when, in microseconds since 1970; 0 for no end.
            after: Only what has a larger number than this.
            size: Most of them.
        """
        start = f"{name_of(event)}.{after:010d}"
        return await self._messages.entries(
            CustomEventEntry, event.organization_id, event.id, since=since, until=until, after=start, size=size
        )

    async def summaries(self, flow: Flow, days: str, *, ns: str = "") -> Sequence[Summary]:
        """Return what came together of an event, or of all, on some days, one of `RANGES`, of UTC.

        Raises:
            CustomEventNotFoundError: There is none with this ns.
        """
        events = [self.get(flow, ns)] if ns else self.all(flow)
        found = {event.id: Summary(event) for event in events}

        def take(entry: CustomEventEntry) -> None:
            # Of an event that was deleted just now, some may be there.
            if entry.event_id in found:
                found[entry.event_id].add(entry)

        # `e` stands before the numbers of events; `f` is the next letter.
        whose = events[0].id if ns else Parents(f"{flow.id}e", f"{flow.id}f")
        first, end = RANGES[days or DEFAULT_RANGE](self._clock.now().date())
        await self._messages.each(
            CustomEventEntry, flow.organization_id, whose, take, since=midnight(first), until=midnight(end)
        )
        return list(found.values())

    def _forget(self, transaction: Transaction) -> None:
        """Have what happened go with an event that goes."""
        gone = [before for before, after in transaction.changes() if after is None and isinstance(before, CustomEvent)]
        # They are of one chatbot, which is deleted, or one alone.
        if gone:
            self._jobs.add_forgetting(transaction, gone[0].organization_id, [event.id for event in gone])


def midnight(day: date) -> int:
    """Return when a day begins, in microseconds since 1970, UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000
