"""Transactions over entities: reads and writes that happen together or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeVar, cast

from google.protobuf.message import Message
from sortedcontainers import SortedKeyList

from knowflow_server.store.schema import RecordSpec, spec_of

M = TypeVar("M", bound=Message)
Key = tuple[str, str]  # kind, id


def age(record: Any) -> tuple[int, str]:
    """Return the place of a record among its siblings: creation time, then id."""
    return record.created_at, record.id


class Memory:
    """All entities in memory, with the indexes that lists and unique rules need. Records in it are read-only."""

    def __init__(self) -> None:
        self.records: dict[Key, Any] = {}
        self.kinds: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self.revisions: dict[Key, int] = {}
        self.unique: dict[tuple[str, ...], Key] = {}
        # The deleted records whose revisions are remembered.
        self.deleted: set[Key] = set()
        # When records under one parent changed last, counted in changes of anything.
        self.changes: dict[tuple[str, str, str], int] = {}
        self._changed = 0
        self._siblings: dict[tuple[str, str, str], SortedKeyList] = {}

    def siblings(self, kind: str, organization_id: str, parent: str = "") -> SortedKeyList:
        """Return the records of a kind under one parent, oldest first."""
        found = self._siblings.get((kind, organization_id, parent))
        return found if found is not None else SortedKeyList(key=age)

    def owned(self, organization_id: str) -> Iterator[Any]:
        """Return the records of an organization, of all kinds."""
        return chain.from_iterable(
            records for (_, owner, _), records in self._siblings.items() if owner == organization_id
        )

    def apply(self, key: Key, record: Any | None, spec: RecordSpec, revision: int) -> None:
        """Put a record in, or take it out when it is None."""
        previous = self.records.pop(key, None)
        self.kinds[key[0]].pop(key[1], None)
        self.revisions[key] = revision
        self._changed += 1
        left = None
        if previous is not None:
            left = self._family(spec, previous)
            self._siblings[left].remove(previous)
            self.changes[left] = self._changed
            for rule in spec.unique:
                # Another record of the same commit may have taken the value over already.
                if self.unique.get(rule.key(spec.kind, previous)) == key:
                    del self.unique[rule.key(spec.kind, previous)]
        if record is None:
            self.deleted.add(key)
        else:
            self.deleted.discard(key)
            self._join(key, record, spec)
        # Parents come and go, as documents do with their jobs; nothing of them stays.
        if left is not None and not self._siblings[left]:
            del self._siblings[left], self.changes[left]

    def forget_deleted(self) -> None:
        """Forget the revisions of deleted records."""
        for key in self.deleted:
            del self.revisions[key]
        self.deleted.clear()

    def _join(self, key: Key, record: Any, spec: RecordSpec) -> None:
        self.records[key] = self.kinds[key[0]][key[1]] = record
        family = self._family(spec, record)
        if family not in self._siblings:
            self._siblings[family] = SortedKeyList(key=age)
        self._siblings[family].add(record)
        self.changes[family] = self._changed
        for rule in spec.unique:
            self.unique[rule.key(spec.kind, record)] = key

    @staticmethod
    def _family(spec: RecordSpec, record: Any) -> tuple[str, str, str]:
        parent = spec.column("parent")
        return spec.kind, getattr(record, "organization_id", ""), getattr(record, parent.field) if parent else ""


class UniqueError(Exception):
    """A record takes a value which another record of its organization has."""


class Transaction:
    """What one transaction reads and writes.

    Writes show in its own reads at once, and in others' once they are on the disk.

    Args:
        memory: The committed state.
        pending: Writes of earlier transactions of the same commit; this transaction adds its own on success.
        pending_unique: What those writes took possession of (a key) or gave up (None).
    """

    def __init__(
        self, memory: Memory, pending: dict[Key, Any | None], pending_unique: dict[tuple[str, ...], Key | None]
    ) -> None:
        self._memory = memory
        self._pending = pending
        self._pending_unique = pending_unique
        self.writes: dict[Key, tuple[RecordSpec, Any | None]] = {}
        self.unique_writes: dict[tuple[str, ...], Key | None] = {}
        self._put: dict[tuple[str, ...], Key] = {}
        self._edited: set[Key] = set()

    def get(self, message: type[M], identifier: str) -> M | None:
        """Return a record, read-only, or None."""
        key = (spec_of(message).kind, identifier)
        if key in self.writes:
            return cast("M | None", self.writes[key][1])
        if key in self._pending:
            return cast("M | None", self._pending[key])
        return cast("M | None", self._memory.records.get(key))

    def edit(self, record: M) -> M:
        """Return a copy of a record which will be written as the caller leaves it."""
        copy = type(record)()
        copy.CopyFrom(record)
        spec = spec_of(type(record))
        key = (spec.kind, cast("Any", copy).id)
        self.writes[key] = (spec, copy)
        self._edited.add(key)
        return copy

    def children(self, message: type[M], organization_id: str, parent: str = "") -> Iterator[M]:
        """Return the records of a kind under one parent, in no particular order."""
        spec = spec_of(message)
        for record in self._memory.siblings(spec.kind, organization_id, parent):
            key = (spec.kind, record.id)
            if key not in self.writes and key not in self._pending:
                yield record
        field = spec.column("parent")
        earlier = ((key, record) for key, record in self._pending.items() if key not in self.writes)
        own = ((key, record) for key, (_, record) in self.writes.items())
        for (kind, _), record in chain(earlier, own):
            if kind != spec.kind or record is None or getattr(record, "organization_id", "") != organization_id:
                continue
            if field is None or getattr(record, field.field) == parent:
                yield cast("M", record)

    def holder(self, message: type[Message], **values: str) -> str | None:
        """Return the id of the record that has these unique values, or None.

        `values` includes organization_id, for kinds that have one.
        """
        spec = spec_of(message)
        owner_field = {"organization_id"} & set(message.DESCRIPTOR.fields_by_name)
        probe: Any = message(**values)
        for rule in spec.unique:
            if set(rule.fields) | owner_field == set(values):
                unique = rule.key(spec.kind, probe)
                # A record that was put may have been changed since, so that only edited ones must be looked at anew.
                for key in (self._put.get(unique), *self._edited):
                    other, record = self.writes.get(key, (None, None)) if key else (None, None)
                    if key and other is spec and record is not None and rule.key(spec.kind, record) == unique:
                        return key[1]
                owner = self._owner(unique)
                # A record of this transaction that had the value before has not got it any more.
                return owner[1] if owner and owner not in self.writes else None
        raise TypeError(f"{spec.kind} has no unique rule over {sorted(values)}.")

    def put(self, record: Any) -> None:
        """Write a record; the record itself is kept and must not change after the transaction."""
        spec = spec_of(type(record))
        key = (spec.kind, record.id)
        self.writes[key] = (spec, record)
        self._put.update((rule.key(spec.kind, record), key) for rule in spec.unique)

    def delete(self, record: Any) -> None:
        """Remove a record."""
        spec = spec_of(type(record))
        self.writes[spec.kind, record.id] = (spec, None)

    def changes(self) -> list[tuple[Any | None, Any | None]]:
        """Return each record that this transaction writes: as it was before, and as it will be; None where it is not.

        Records which it both makes and deletes are left out.
        """
        found = []
        for key, (_, after) in self.writes.items():
            before = self._pending.get(key, self._memory.records.get(key))
            if before is not None or after is not None:
                found.append((before, after))
        return found

    def check(self) -> None:
        """Settle unique values after the last write.

        Raises:
            UniqueError: Two records would share a value that must be unique.
        """
        for key, (spec, _) in self.writes.items():
            before = self._pending.get(key, self._memory.records.get(key))
            for rule in spec.unique if before is not None else ():
                self.unique_writes[rule.key(spec.kind, before)] = None
        for key, (spec, record) in self.writes.items():
            for rule in spec.unique if record is not None else ():
                unique = rule.key(spec.kind, record)
                owner = self._owner(unique)
                if owner not in (None, key):
                    raise UniqueError(f"{spec.kind}: {', '.join(rule.fields)} is taken.")
                self.unique_writes[unique] = key

    def _owner(self, unique: tuple[str, ...]) -> Key | None:
        for layer in (self.unique_writes, self._pending_unique):
            if unique in layer:
                return layer[unique]
        return self._memory.unique.get(unique)
