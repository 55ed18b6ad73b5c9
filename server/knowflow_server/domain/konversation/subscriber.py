"""Subscribers: who they are, and what changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowflow.store.v1 import subscriber_pb2 as store
from knowflow.store.v1.flow_field_pb2 import UserField
from knowflow.store.v1.flow_label_pb2 import FlowTag
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.field import Assignment, UserFields
from knowflow_server.domain.konversation.field_value import canonical
from knowflow_server.domain.konversation.flow import live_flow
from knowflow_server.domain.konversation.naming import flow_ns, found, identifier, name_of, next_number
from knowflow_server.domain.konversation.subscriber_index import digits
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import FlowTagNotFoundError, SubscriberExistsError, SubscriberNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

Change = Callable[[Transaction, Subscriber], None]


@dataclass(frozen=True, slots=True)
class NewSubscriber:
    """A subscriber who is to be made.

    Args:
        details: name, first_name, last_name, phone, email, gender, profile_pic, locale, language, as they are known.
        channel: The channel; empty for that of the chatbot.
        user_id: Identifier in the channel; empty for the digits of the phone number, else the e-mail address.
        tags: Names of tags; those which no tag has are left out.
        fields: Values of user fields, by ns.
    """

    details: Mapping[str, str]
    channel: str = ""
    user_id: str = ""
    tags: Sequence[str] = ()
    fields: Sequence[Assignment] = field(default=())


class Subscribers:
    """The subscribers of all chatbots. Who may see the chatbot, which callers give, was decided before."""

    def __init__(self, entities: EntityStore, tags: FlowTags, fields: UserFields, clock: Clock) -> None:
        self._entities = entities
        self._tags = tags
        self._fields = fields
        self._clock = clock

    def get(self, flow: Flow, ns: str, *, entities: Transaction | None = None) -> Subscriber:
        """Return a subscriber by ns, read-only.

        Raises:
            SubscriberNotFoundError: There is none.
        """
        record = found(entities or self._entities, Subscriber, flow, ns)
        if record is None:
            raise SubscriberNotFoundError(subscriber=ns[:100])
        return record

    def by_user_id(self, flow: Flow, user_id: str) -> Subscriber:
        """Return a subscriber by the identifier in the channel, read-only.

        Raises:
            SubscriberNotFoundError: There is none.
        """
        wanted = {"organization_id": flow.organization_id, "flow_id": flow.id, "user_id": user_id}
        record = self._entities.holder(Subscriber, **wanted)
        if record is None:
            raise SubscriberNotFoundError(subscriber=user_id[:100])
        return record

    async def create(self, flow: Flow, new: NewSubscriber) -> Subscriber:
        """Make a subscriber.

        Raises:
            InvalidArgumentError: Neither phone, e-mail address nor user_id is given.
            SubscriberExistsError: Somebody of the chatbot has the user_id already.
        """
        return await self._entities.transact(lambda transaction: self.made(transaction, flow, new))

    async def create_many(self, flow: Flow, many: Sequence[NewSubscriber]) -> Sequence[Subscriber]:
        """Make subscribers, all or none; errors as of `create`."""
        return await self._entities.transact(lambda t: [self.made(t, flow, new) for new in many])

    def made(self, transaction: Transaction, flow: Flow, new: NewSubscriber) -> Subscriber:
        """Make a subscriber within a transaction; errors as of `create`."""
        live_flow(transaction, flow)
        user_id = new.user_id or digits(new.details.get("phone", "")) or new.details.get("email", "").casefold()
        if not user_id:
            raise InvalidArgumentError("Give `phone` or `email`.", field="phone")
        wanted = {"organization_id": flow.organization_id, "flow_id": flow.id, "user_id": user_id}
        if (holder := transaction.holder(Subscriber, **wanted)) is not None:
            raise SubscriberExistsError(user_id=user_id, user_ns=holder.rpartition(".")[2])
        now = microseconds(self._clock)
        number = next_number(transaction, flow.organization_id, Subscriber)
        record = Subscriber(
            organization_id=flow.organization_id,
            flow_id=flow.id,
            user_id=user_id,
            id=identifier(flow.organization_id, f"{flow_ns(flow.number)}u{number}"),
            number=number,
            channel=new.channel or flow.type,
            subscribed_at=now,
            status=store.CHAT_STATUS_OPEN,
            created_at=now,
            updated_at=now,
        )
        for detail, text in new.details.items():
            setattr(record, detail, text)
        for name in new.tags:
            try:
                add_number(record.tags, self._tags.by_name(flow, name, entities=transaction).number)
            except FlowTagNotFoundError:
                continue
        self.assign(transaction, flow, record, new.fields)
        transaction.put(record)
        return record

    async def change(self, flow: Flow, ns: str, work: Change) -> Subscriber:
        """Have a function change a subscriber within a transaction, and return how it came out.

        When the function changes nothing, nothing is written.

        Raises:
            SubscriberNotFoundError: There is none.
        """

        def transacted(transaction: Transaction) -> Subscriber:
            present = self.get(flow, ns, entities=transaction)
            copy = Subscriber()
            copy.CopyFrom(present)
            work(transaction, copy)
            if copy == present:
                return present
            copy.updated_at = microseconds(self._clock)
            transaction.put(copy)
            return copy

        return await self._entities.transact(transacted)

    async def delete(self, flow: Flow, ns: str) -> None:
        """Delete a subscriber.

        Raises:
            SubscriberNotFoundError: There is none.
        """
        await self._entities.transact(lambda t: t.delete(self.get(flow, ns, entities=t)))

    def assign(
        self,
        transaction: Transaction,
        flow: Flow,
        record: Subscriber,
        values: Sequence[Assignment],
        *,
        by_name: bool = False,
    ) -> None:
        """Give a subscriber, who is being changed, values of user fields; empty ones and nulls clear.

        Raises:
            FlowFieldNotFoundError, FlowFieldValueInvalidError: As their sentences say.
        """
        for key, value in values:
            known = (self._fields.by_name if by_name else self._fields.get)(flow, key, entities=transaction)
            set_value(record, known.number, canonical(known.type, value, name=known.name))

    def tags_of(self, flow: Flow, record: Subscriber) -> Sequence[FlowTag]:
        """Return the tags which a subscriber has, read-only."""
        tags = (found(self._entities, FlowTag, flow, f"{flow_ns(flow.number)}t{number}") for number in record.tags)
        return [tag for tag in tags if tag is not None]

    def values_of(self, flow: Flow, record: Subscriber) -> Sequence[tuple[UserField, str]]:
        """Return the user fields of which a subscriber has values, read-only, with the values."""
        start = f"{flow_ns(flow.number)}v"
        pairs = ((found(self._entities, UserField, flow, f"{start}{one.field}"), one.value) for one in record.fields)
        return [(known, value) for known, value in pairs if known is not None]


def user_ns(record: Subscriber) -> str:
    """Return the name of a subscriber. Example: `f1u4`."""
    return name_of(record)


def add_number(numbers: Any, number: int) -> None:
    """Add a number to a repeated field, unless it is there."""
    if number not in numbers:
        numbers.append(number)


def remove_number(numbers: Any, number: int) -> None:
    """Remove a number from a repeated field, if it is there."""
    if number in numbers:
        numbers.remove(number)


def set_value(record: Subscriber, number: int, value: str) -> None:
    """Give a subscriber, who is being changed, a canonical value of a user field; an empty one clears it."""
    for place, present in enumerate(record.fields):
        if present.field == number:
            if value:
                present.value = value
            else:
                del record.fields[place]
            return
    if value:
        record.fields.add(field=number, value=value)


def is_paused(record: Subscriber, now: int) -> bool:
    """Return whether the chatbot is silent towards a subscriber, at a time in microseconds since 1970."""
    return record.paused_until < 0 or record.paused_until > now
