"""What can become of a subscriber, as functions for `Subscribers.change`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.konversation.subscriber import Change, is_paused
from knowflow_server.domain.konversation.tag import FlowTags, label_by_name
from knowflow_server.domain.konversation.team import require_agent, require_group
from knowflow_server.store.transaction import Transaction

# Adds a number to a repeated field, or removes it.
Step = Callable[[Any, int], None]
MINUTE_US = 60_000_000
FOREVER = -1
THROUGH = "api"


def values(**given: Any) -> Change:
    """Return what sets fields of the record."""

    def work(_: Transaction, record: Subscriber) -> None:
        for name, value in given.items():
            setattr(record, name, value)

    return work


def begun(field: str, now: int, **given: Any) -> Change:
    """Return what notes since when something is so, and sets further fields, unless it is so already."""

    def work(transaction: Transaction, record: Subscriber) -> None:
        if not getattr(record, field):
            values(**{field: now}, **given)(transaction, record)

    return work


def tagged(tags: FlowTags, flow: Flow, step: Step, keys: Sequence[str], *, by_name: bool) -> Change:
    """Return what adds or removes tags, which are given by name or by ns.

    It raises FlowTagNotFoundError when there is no such tag.
    """

    def work(transaction: Transaction, record: Subscriber) -> None:
        find = tags.by_name if by_name else tags.get
        for key in keys:
            step(record.tags, find(flow, key, entities=transaction).number)

    return work


def labelled(step: Step, names: Sequence[str]) -> Change:
    """Return what adds or removes labels; it raises TeamLabelNotFoundError when there is no such label."""

    def work(transaction: Transaction, record: Subscriber) -> None:
        for name in names:
            step(record.labels, label_by_name(transaction, record.organization_id, name).number)

    return work


def paused(now: int, minutes: int) -> Change:
    """Return what silences the chatbot; 0 minutes are for ever."""
    return values(paused_until=now + minutes * MINUTE_US if minutes else FOREVER)


def resumed(now: int, minutes: int) -> Change:
    """Return what has the chatbot speak again, in some minutes; to whom it speaks, it goes on doing so."""

    def work(_: Transaction, record: Subscriber) -> None:
        later = minutes > 0 and is_paused(record, now)
        record.paused_until = now + minutes * MINUTE_US if later else 0

    return work


def looked_after(agent: int) -> Change:
    """Return what gives a conversation to an agent; it raises TeamAgentNotFoundError when there is none."""

    def work(transaction: Transaction, record: Subscriber) -> None:
        require_agent(transaction, record.organization_id, agent)
        record.agent = agent

    return work


def looked_after_by_group(group: int) -> Change:
    """Return what gives a conversation to a group of agents; it raises TeamAgentNotFoundError when there is none."""

    def work(transaction: Transaction, record: Subscriber) -> None:
        record.agent_group = require_group(transaction, record.organization_id, group).number

    return work
