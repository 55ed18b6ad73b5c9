"""Who has what: indexes over the subscribers of every chatbot, kept up to date with every commit.

A list of 100,000 subscribers is filtered by sets of numbers; nothing goes through the records themselves.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from sortedcontainers import SortedList

from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.store.entities import EntityStore

# What is looked up: what it is, and its value. Example: `("tag", "2")`.
Trait = tuple[str, str]
# Names are looked through in slices, some milliseconds each, between which other calls are answered.
SLICE = 10_000
# Longer values are known by their hash.
MAX_VALUE = 64
DAY_US = 24 * 3600 * 1_000_000
TIMES = ("last_interaction", "last_bot_interaction", "last_message_at")


class Crowd:
    """The subscribers of one chatbot, by number."""

    def __init__(self) -> None:
        self.numbers: SortedList = SortedList()
        self._everybody: set[int] = set()
        self._names: dict[int, str] = {}
        self._traits: dict[int, tuple[Trait, ...]] = {}
        # Most values of most fields are one subscriber's, and a set of one takes the memory of twenty numbers.
        self._having: dict[Trait, int | set[int]] = {}
        self._times: dict[str, SortedList] = {name: SortedList() for name in TIMES}
        self._time_of: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._everybody)

    def having(self, trait: Trait) -> Collection[int]:
        """Return the numbers of those who have something; not to be changed."""
        found = self._having.get(trait, ())
        return (found,) if isinstance(found, int) else found

    def since(self, name: str, time: int) -> set[int]:
        """Return the numbers of those for whom a time, one of `TIMES`, is not before another one."""
        return {number for _, number in self._times[name].irange((time, 0))}

    def without(self, numbers: Collection[int]) -> set[int]:
        """Return everybody else's numbers."""
        return self._everybody.difference(numbers)

    def everybody(self) -> Collection[int]:
        """Return all numbers; not to be changed."""
        return self._everybody

    async def named(self, text: str, among: Collection[int] | None = None) -> set[int]:
        """Return the numbers of those whose name holds a text, without regard to case."""
        wanted = text.casefold()
        found: set[int] = set()
        candidates = list(self._everybody if among is None else among)
        for start in range(0, len(candidates), SLICE):
            names = self._names
            found.update(number for number in candidates[start : start + SLICE] if wanted in names.get(number, ""))
            await asyncio.sleep(0)
        return found

    def newest(self, among: Collection[int] | None, offset: int, size: int) -> Sequence[int]:
        """Return one page of numbers, the newest first; of all when `among` is None."""
        if among is None:
            end = len(self.numbers) - offset
            return list(reversed(self.numbers[max(end - size, 0) : end])) if end > 0 else []
        if len(among) * 8 < len(self.numbers):
            return sorted(among, reverse=True)[offset : offset + size]
        return list(islice((number for number in reversed(self.numbers) if number in among), offset, offset + size))

    def put(self, record: Subscriber) -> None:
        """Take a subscriber in, as it is now."""
        number = record.number
        if number not in self._everybody:
            self._everybody.add(number)
            self.numbers.add(number)
        self._names[number] = shown_name(record).casefold()
        traits, before = tuple(dict.fromkeys(_traits(record))), self._traits.get(number, ())
        if traits != before:
            kept = set(traits)
            for trait in before:
                if trait not in kept:
                    self._drop(trait, number)
            known = set(before)
            for trait in traits:
                if trait not in known:
                    self._add(trait, number)
            self._traits[number] = traits
        self._put_times(number, (record.last_interaction, record.last_bot_interaction, record.last_message_at))

    def remove(self, number: int) -> None:
        """Forget a subscriber."""
        self._everybody.discard(number)
        self.numbers.discard(number)
        self._names.pop(number, None)
        for trait in self._traits.pop(number, ()):
            self._drop(trait, number)
        self._put_times(number, (0, 0, 0))
        self._time_of.pop(number, None)

    def _put_times(self, number: int, times: tuple[int, ...]) -> None:
        before = self._time_of.get(number, (0, 0, 0))
        if times == before:
            return
        for name, old, new in zip(TIMES, before, times, strict=True):
            if old != new:
                self._times[name].discard((old, number))
                if new:
                    self._times[name].add((new, number))
        self._time_of[number] = times

    def _add(self, trait: Trait, number: int) -> None:
        present = self._having.get(trait)
        if present is None:
            self._having[trait] = number
        elif isinstance(present, int):
            self._having[trait] = {present, number}
        else:
            present.add(number)

    def _drop(self, trait: Trait, number: int) -> None:
        present = self._having.get(trait)
        if isinstance(present, set):
            present.discard(number)
        if present in (number, set()):
            del self._having[trait]


class SubscriberIndex:
    """The subscribers of all chatbots."""

    def __init__(self, entities: EntityStore) -> None:
        self._crowds: dict[str, Crowd] = {}
        self._places: dict[str, tuple[str, int]] = {}
        for record in entities.all(Subscriber):
            self._changed(record.id, record)
        entities.subscribe(Subscriber, self._changed)

    def of(self, flow_id: str) -> Crowd:
        """Return the subscribers of a chatbot."""
        return self._crowds.get(flow_id) or Crowd()

    def _changed(self, identifier: str, record: Subscriber | None) -> None:
        if record is None:
            flow_id, number = self._places.pop(identifier, ("", 0))
            crowd = self._crowds.get(flow_id)
            if crowd is not None:
                crowd.remove(number)
                if not len(crowd):
                    del self._crowds[flow_id]
            return
        self._places[identifier] = (record.flow_id, record.number)
        self._crowds.setdefault(record.flow_id, Crowd()).put(record)


def shown_name(record: Subscriber) -> str:
    """Return the name of a subscriber."""
    return record.name or f"{record.first_name} {record.last_name}".strip()


def digits(phone: str) -> str:
    """Return the digits of a telephone number, by which numbers are compared."""
    return "".join(character for character in phone if "0" <= character <= "9")


def of_value(field: int, value: str) -> Trait:
    """Return what those have in common who have a value, in its canonical form, in a user field."""
    if len(value) > MAX_VALUE:
        value = hashlib.blake2b(value.encode(), digest_size=16).hexdigest()
    return f"field {field}", value


def valued(field: int) -> Trait:
    """Return what those have in common who have any value in a user field."""
    return "valued", str(field)


def _traits(record: Subscriber) -> Iterator[Trait]:
    yield "channel", record.channel
    if record.phone:
        yield "phone", digits(record.phone)
    if record.email:
        yield "email", record.email.casefold()
    if record.opted_in_email:
        yield "opt_in_email", ""
    if record.opted_in_sms:
        yield "opt_in_sms", ""
    yield "status", str(record.status)
    if record.agent:
        yield "agent", str(record.agent)
    yield from _numbers("tag", record.tags)
    yield from _numbers("label", record.labels)
    yield from _numbers("event", record.events)
    for field in record.fields:
        yield valued(field.field)
        yield of_value(field.field, field.value)


def _numbers(kind: str, numbers: Iterable[int]) -> Iterator[Trait]:
    return ((kind, str(number)) for number in numbers)
