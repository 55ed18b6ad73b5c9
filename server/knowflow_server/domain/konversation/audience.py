"""Which subscribers are meant: filters of lists, and the conditions of segments, which are the same filters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from google.protobuf.message import Message

from knowflow.store.v1.flow_field_pb2 import UserField
from knowflow.store.v1.flow_label_pb2 import FlowTag
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.flow_segment_pb2 import CustomEvent, Segment, SegmentCondition
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.custom_event import CustomEvents
from knowflow_server.domain.konversation.field import UserFields
from knowflow_server.domain.konversation.field_value import canonical
from knowflow_server.domain.konversation.naming import flow_ns, found, identifier
from knowflow_server.domain.konversation.segment import Segments
from knowflow_server.domain.konversation.subscriber_index import (
    DAY_US,
    Crowd,
    SubscriberIndex,
    Trait,
    digits,
    of_value,
    valued,
)
from knowflow_server.domain.konversation.tag import FlowTags, TeamLabels
from knowflow_server.domain.page import Page, PageRequest
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import TeamLabelNotFoundError
from knowflow_server.store.entities import EntityStore

YES = frozenset({"yes", "1", "true"})
NO = frozenset({"no", "0", "false"})
NAME, SEGMENT = "name", "segment_ns"
# Filters of the list that ask how long something is ago, with the time they ask for.
RECENT = {
    "is_interacted_in_last_24h": "last_interaction",
    "is_bot_interacted_in_last_24h": "last_bot_interaction",
    "is_last_message_in_last_24h": "last_message_at",
}
AGREED = {"is_opt_in_email": "opt_in_email", "is_opt_in_sms": "opt_in_sms"}

# Conditions that name something of the chatbot.
NAMED: Mapping[str, type[Message]] = {"tag_ns": FlowTag, "event_ns": CustomEvent, "user_field_ns": UserField}

Numbers = Collection[int]


class Audience:
    """Finds subscribers. Who may see the chatbot, which callers give, was decided before."""

    def __init__(
        self,
        entities: EntityStore,
        index: SubscriberIndex,
        tags: FlowTags,
        labels: TeamLabels,
        fields: UserFields,
        events: CustomEvents,
        segments: Segments,
        clock: Clock,
    ) -> None:
        self._entities = entities
        self._index = index
        self._tags = tags
        self._labels = labels
        self._fields = fields
        self._events = events
        self._segments = segments
        self._clock = clock

    def check(self, flow: Flow, conditions: Sequence[SegmentCondition]) -> None:
        """Find out whether conditions can be judged.

        Raises:
            FlowTagNotFoundError, FlowFieldNotFoundError, FlowFieldValueInvalidError, CustomEventNotFoundError,
                TeamLabelNotFoundError, InvalidArgumentError: As their sentences say.
        """
        nobody = Crowd()
        for condition in conditions:
            if condition.filter != NAME:
                self._found(flow, nobody, condition)
            elif not condition.value.strip():
                raise InvalidArgumentError("A condition on `name` needs a `value`.", field="conditions.value")

    async def select(
        self, flow: Flow, conditions: Sequence[SegmentCondition], *, any_of: bool = False
    ) -> Numbers | None:
        """Return the numbers of the subscribers whom all conditions, or any one, are true of; None for everybody.

        What is returned may be a set which goes on changing: copy it before waiting for anything.

        Raises:
            SegmentNotFoundError: A condition names a segment that does not exist.
            KnowFlowError: As of `check`.
        """
        crowd = self._index.of(flow.id)
        chosen: Numbers | None = None
        # Names are looked through, so they come last, when few are left.
        for condition in sorted(conditions, key=lambda one: one.filter == NAME):
            among = None if any_of or condition.is_not else chosen
            found = await self._one(flow, crowd, condition, among)
            if condition.is_not:
                found = crowd.without(found)
            if chosen is not None:
                found = set(chosen).union(found) if any_of else _both(chosen, found)
            chosen = found
        return chosen

    async def of_segment(self, flow: Flow, segment: Segment) -> Numbers:
        """Return the numbers of the subscribers of a segment; what it names and is gone is true of nobody."""
        conditions = [one for one in segment.conditions if self._is_possible(flow, one)]
        if len(conditions) < len(segment.conditions) and not segment.any:
            return ()
        if not conditions:
            return ()
        found = await self.select(flow, conditions, any_of=segment.any)
        return self._index.of(flow.id).everybody() if found is None else found

    async def list(self, flow: Flow, page: PageRequest, conditions: Sequence[SegmentCondition]) -> Page[Subscriber]:
        """Return one page of the subscribers whom all conditions are true of, newest first, read-only.

        Raises:
            KnowFlowError: As of `select`.
        """
        chosen = await self.select(flow, conditions)
        crowd = self._index.of(flow.id)
        numbers = crowd.newest(chosen, page.offset, page.size)
        total = len(crowd) if chosen is None else len(chosen)
        return Page(self.records(flow, numbers), total, page)

    def records(self, flow: Flow, numbers: Sequence[int]) -> Sequence[Subscriber]:
        """Return subscribers by number, read-only; those who are gone are left out."""
        start = identifier(flow.organization_id, f"{flow_ns(flow.number)}u")
        found = (self._entities.get(Subscriber, f"{start}{number}") for number in numbers)
        return [record for record in found if record is not None]

    async def _one(self, flow: Flow, crowd: Crowd, condition: SegmentCondition, among: Numbers | None) -> Numbers:
        if condition.filter == NAME:
            return await crowd.named(condition.value, among)
        if condition.filter == SEGMENT:
            return await self.of_segment(flow, self._segments.get(flow, condition.value))
        return self._found(flow, crowd, condition)

    def _is_possible(self, flow: Flow, condition: SegmentCondition) -> bool:
        if condition.filter in NAMED:
            ns = condition.user_field_ns if condition.filter == "user_field_ns" else condition.value
            return found(self._entities, NAMED[condition.filter], flow, ns) is not None
        if condition.filter == "label_id":
            return self._labels.get(flow.organization_id, _whole(condition.value)) is not None
        return True

    def _found(self, flow: Flow, crowd: Crowd, asked: SegmentCondition) -> Numbers:
        """Return the numbers of those whom a condition is true of, whatever it says about being not."""
        if asked.filter == "user_field_ns":
            return self._by_field(flow, crowd, asked)
        if asked.filter == "user_id":
            return self._by_user_id(flow, asked.value)
        if asked.filter in AGREED:
            found: Numbers = crowd.having((AGREED[asked.filter], ""))
        elif asked.filter in RECENT:
            found = crowd.since(RECENT[asked.filter], microseconds(self._clock) - DAY_US)
        else:
            return crowd.having(self._trait(flow, asked))
        return found if _is_yes(asked) else crowd.without(found)

    def _trait(self, flow: Flow, asked: SegmentCondition) -> Trait:
        kind, value = asked.filter, asked.value
        match kind:
            case "phone":
                value = digits(value)
            case "email":
                value = value.casefold()
            case "is_channel":
                kind = "channel"
            case "tag_ns":
                kind, value = "tag", str(self._tags.get(flow, value).number)
            case "event_ns":
                kind, value = "event", str(self._events.get(flow, value).number)
            case "label_id":
                kind, value = "label", self._label(flow, value)
            case _:
                raise InvalidArgumentError(f"There is no filter {kind[:100]!r}.", field="filter")
        return kind, value

    def _by_user_id(self, flow: Flow, user_id: str) -> Numbers:
        wanted = {"organization_id": flow.organization_id, "flow_id": flow.id, "user_id": user_id}
        record = self._entities.holder(Subscriber, **wanted)
        return () if record is None else (record.number,)

    def _label(self, flow: Flow, text: str) -> str:
        label = self._labels.get(flow.organization_id, _whole(text))
        if label is None:
            raise TeamLabelNotFoundError(label=text[:100])
        return str(label.number)

    def _by_field(self, flow: Flow, crowd: Crowd, asked: SegmentCondition) -> Numbers:
        field = self._fields.get(flow, asked.user_field_ns)
        value = canonical(field.type, asked.value, name=field.name)
        if value:
            return crowd.having(of_value(field.number, value))
        return crowd.without(crowd.having(valued(field.number)))


def _both(one: Numbers, other: Numbers) -> set[int]:
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return set(small).intersection(large)


def _is_yes(condition: SegmentCondition) -> bool:
    word = condition.value.strip().casefold()
    if word not in YES | NO:
        raise InvalidArgumentError(f"`{condition.filter}` must be yes or no.", field=condition.filter)
    return word in YES


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
