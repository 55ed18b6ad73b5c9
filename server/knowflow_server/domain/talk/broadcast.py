"""Broadcasts: what callers may do with them, and who they are for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from knowflow.store.v1.broadcast_pb2 import (
    BROADCAST_STATE_CANCELLED,
    BROADCAST_STATE_COMPLETED,
    BROADCAST_STATE_SENDING,
    BROADCAST_STATE_WAITING,
    Broadcast,
    BroadcastPart,
    BroadcastValue,
)
from knowflow.store.v1.flow_field_pb2 import BotField, UserField
from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow.store.v1.flow_segment_pb2 import Segment
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.field import BotFields, UserFields
from knowflow_server.domain.konversation.field_value import canonical
from knowflow_server.domain.konversation.flow import live_flow
from knowflow_server.domain.konversation.named import Named
from knowflow_server.domain.konversation.naming import found, identifier, next_number, numbered
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber import Subscribers
from knowflow_server.domain.konversation.subscriber_index import SubscriberIndex
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.talk import BroadcastNotFoundError, BroadcastOverError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

DEFAULT_PACE = 60
MAX_NAMED = 200
MAX_SEGMENTS = 10
EMAIL, TEMPLATE = "EMAIL", "WHATSAPP_TEMPLATE"
UNSERVED = frozenset({"SMS", "FACEBOOK_NOTIFICATION"})
OPEN = frozenset({BROADCAST_STATE_WAITING, BROADCAST_STATE_SENDING})


class Segments(Protocol):
    """The segments of all chatbots."""

    def get(self, flow: Flow, ns: str) -> Segment:
        """Return a segment, read-only.

        Raises:
            SegmentNotFoundError: There is none.
        """
        ...


class Members(Protocol):
    """Who belongs to segments."""

    async def of_segment(self, flow: Flow, segment: Segment) -> Collection[int]:
        """Return the numbers of the subscribers of a segment."""
        ...


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who a broadcast is for; exactly one of the first four says it.

    Args:
        user_ns: Subscribers by ns.
        user_ids: Subscribers by their ids in the channel.
        tags: Tags by ns, of which they have one.
        segments: Segments by ns, of which they belong to one.
        exclude_tags: Tags by ns, of which they have none.
    """

    user_ns: Sequence[str] = ()
    user_ids: Sequence[str] = ()
    tags: Sequence[str] = ()
    segments: Sequence[str] = ()
    exclude_tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    """A broadcast that is to be made.

    Args:
        audience: Who it is for.
        sub_flow_ns: The sub flow; empty for a template.
        template: The template of WhatsApp; empty for a sub flow.
        type: Kind, as callers name it.
        name: Name; empty for that of what is sent.
        user_fields: Values of user fields by ns, set for each recipient.
        bot_fields: Values of bot fields by ns, set when it begins.
        max_per_minute: Most recipients in a minute.
        scheduled_at: When it begins, in microseconds since 1970; 0 for at once.
    """

    audience: Recipients
    sub_flow_ns: str = ""
    template: Mapping[str, Any] = field(default_factory=dict)
    type: str = ""
    name: str = ""
    user_fields: Sequence[tuple[str, Any]] = ()
    bot_fields: Sequence[tuple[str, Any]] = ()
    max_per_minute: int = DEFAULT_PACE
    scheduled_at: int = 0


class Broadcasts:
    """The broadcasts of all chatbots. Who may see the chatbot, which callers give, was decided before."""

    def __init__(
        self,
        entities: EntityStore,
        subscribers: Subscribers,
        sub_flows: SubFlows,
        tags: FlowTags,
        segments: Segments,
        members: Members,
        user_fields: UserFields,
        bot_fields: BotFields,
        index: SubscriberIndex,
        clock: Clock,
    ) -> None:
        self._entities = entities
        self._subscribers = subscribers
        self._sub_flows = sub_flows
        self._tags = tags
        self._segments = segments
        self._members = members
        self._user_fields = user_fields
        self._bot_fields = bot_fields
        self._index = index
        self._clock = clock
        entities.observe(_forget)

    async def create(self, flow: Flow, new: NewBroadcast) -> Broadcast:
        """Make a broadcast, which is sent from its time on, and return it.

        Raises:
            KnowFlowError: What it names does not exist, a value does not fit its field, or nobody can send its kind.
        """
        if new.type in UNSERVED:
            raise InvalidArgumentError(
                f"This version has no provider for broadcasts of the type {new.type}.", field="type"
            )
        audience, now = new.audience, microseconds(self._clock)
        sub_flow = self._sub_flows.get(flow, new.sub_flow_ns) if new.sub_flow_ns else None
        record = Broadcast(
            organization_id=flow.organization_id,
            flow_id=flow.id,
            name=new.name.strip() or (sub_flow.name if sub_flow else str(new.template.get("name", ""))),
            state=BROADCAST_STATE_WAITING,
            type=new.type,
            subscribers=dict.fromkeys(self._named(flow, audience)),
            tags=[self._tags.get(flow, ns).number for ns in audience.tags],
            exclude_tags=[self._tags.get(flow, ns).number for ns in audience.exclude_tags],
            segments=[self._segments.get(flow, ns).number for ns in audience.segments],
            sub_flow=sub_flow.number if sub_flow else 0,
            template=json.dumps(new.template, ensure_ascii=False) if new.template else "",
            user_fields=_values(flow, self._user_fields, new.user_fields),
            bot_fields=_values(flow, self._bot_fields, new.bot_fields),
            max_per_minute=new.max_per_minute,
            scheduled_at=new.scheduled_at if new.scheduled_at > now else 0,
            created_at=now,
            updated_at=now,
        )

        def work(transaction: Transaction) -> Broadcast:
            live_flow(transaction, flow)
            record.number = next_number(transaction, flow.organization_id, Broadcast)
            record.id = identifier(flow.organization_id, numbered(flow, Broadcast, record.number))
            transaction.put(record)
            return record

        return await self._entities.transact(work)

    def list(self, flow: Flow, page: PageRequest, *, status: str = "") -> Page[Broadcast]:
        """Return one page of the broadcasts of a chatbot, newest first; only those of a status, when not empty."""
        now = microseconds(self._clock)
        all_ = self._entities.children(Broadcast, flow.organization_id, flow.id)[::-1]
        return page_of([one for one in all_ if status in ("", status_of(one, now))], page)

    def get(self, flow: Flow, ns: str, *, entities: Transaction | None = None) -> Broadcast:
        """Return a broadcast, read-only.

        Raises:
            BroadcastNotFoundError: There is none.
        """
        record = found(entities or self._entities, Broadcast, flow, ns)
        if record is None:
            raise BroadcastNotFoundError(broadcast_ns=ns[:100])
        return record

    async def cancel(self, flow: Flow, ns: str) -> None:
        """Cancel a broadcast; those who are being sent to at this moment still are.

        Raises:
            BroadcastNotFoundError, BroadcastOverError: As their sentences say.
        """

        def work(transaction: Transaction) -> None:
            present = self.get(flow, ns, entities=transaction)
            if present.state not in OPEN:
                raise BroadcastOverError(broadcast_ns=ns)
            edited = transaction.edit(present)
            edited.state, edited.updated_at = BROADCAST_STATE_CANCELLED, microseconds(self._clock)
            for part in list(transaction.children(BroadcastPart, flow.organization_id, present.id)):
                if not part.sending:
                    transaction.delete(part)

        await self._entities.transact(work)

    async def delete(self, flow: Flow, ns: str) -> None:
        """Delete a broadcast, which ends it.

        Raises:
            BroadcastNotFoundError: There is none.
        """
        await self._entities.transact(lambda t: t.delete(self.get(flow, ns, entities=t)))

    async def recipients(self, flow: Flow, broadcast: Broadcast) -> Sequence[int]:
        """Return the numbers of those whom a broadcast is for at this moment, oldest first."""
        if broadcast.subscribers:
            return list(broadcast.subscribers)
        crowd = self._index.of(flow.id)
        numbers: set[int] = set()
        for tag in broadcast.tags:
            numbers.update(crowd.having(("tag", str(tag))))
        for number in broadcast.segments:
            segment = found(self._entities, Segment, flow, numbered(flow, Segment, number))
            if segment is not None:
                numbers.update(await self._members.of_segment(flow, segment))
        for tag in broadcast.exclude_tags:
            numbers.difference_update(crowd.having(("tag", str(tag))))
        return sorted(numbers)

    def set_bot_fields(self, transaction: Transaction, flow: Flow, values: Iterable[BroadcastValue]) -> None:
        """Give a chatbot's fields the values with which a broadcast begins; fields that are gone are left out."""
        for value in values:
            present = found(transaction, BotField, flow, numbered(flow, BotField, value.field))
            if present is not None:
                edited = transaction.edit(present)
                edited.value, edited.updated_at = value.value, microseconds(self._clock)

    def _named(self, flow: Flow, audience: Recipients) -> Iterable[int]:
        if len(audience.user_ns) + len(audience.user_ids) > MAX_NAMED:
            raise InvalidArgumentError(f"A list holds at most {MAX_NAMED} subscribers.", field="user_ns_list")
        if len(audience.segments) > MAX_SEGMENTS:
            raise InvalidArgumentError(f"`segment_ns` holds at most {MAX_SEGMENTS} segments.", field="segment_ns")
        yield from (self._subscribers.get(flow, ns).number for ns in audience.user_ns)
        yield from (self._subscribers.by_user_id(flow, user_id).number for user_id in audience.user_ids)


def _values(flow: Flow, fields: Named[Any], given: Sequence[tuple[str, Any]]) -> list[BroadcastValue]:
    found_: list[BroadcastValue] = []
    for ns, value in given:
        known: UserField | BotField = fields.get(flow, ns)
        found_.append(BroadcastValue(field=known.number, value=canonical(known.type, value, name=known.name)))
    return found_


def status_of(broadcast: Broadcast, now: int) -> str:
    """Return the status of a broadcast as callers name it."""
    if broadcast.state == BROADCAST_STATE_COMPLETED:
        return "Completed"
    if broadcast.state == BROADCAST_STATE_CANCELLED:
        return "Cancelled"
    return "Scheduled" if broadcast.state == BROADCAST_STATE_WAITING and broadcast.scheduled_at > now else "New"


def sub_flow_of(entities: EntityStore, flow: Flow, broadcast: Broadcast) -> SubFlow | None:
    """Return the sub flow of a broadcast, read-only; None when it was deleted."""
    return found(entities, SubFlow, flow, numbered(flow, SubFlow, broadcast.sub_flow))


def _forget(transaction: Transaction) -> None:
    """Have what is left to send of a broadcast go with it."""
    for before, after in transaction.changes():
        if after is None and isinstance(before, Broadcast):
            for part in list(transaction.children(BroadcastPart, before.organization_id, before.id)):
                transaction.delete(part)
