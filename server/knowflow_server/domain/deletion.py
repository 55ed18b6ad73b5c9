"""Deletions of many records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

# A deletion goes in commits of this many records, between which other calls are answered.
DELETED_AT_ONCE = 2000


def delete_all(transaction: Transaction, records: Iterable[Any]) -> None:
    """Delete records in one transaction; those that have gone meanwhile are left out."""
    for record in list(records):
        if transaction.get(type(record), record.id) is not None:
            transaction.delete(record)


async def delete_many(entities: EntityStore, records: Sequence[Any], *, at_once: int | None = None) -> None:
    """Delete records, however many they are, while other calls are answered; not at once, and not all or none.

    Args:
        entities: Where they are.
        records: The records.
        at_once: Most that one commit deletes; default `DELETED_AT_ONCE`.
    """
    size = at_once or DELETED_AT_ONCE
    for start in range(0, len(records), size):
        await entities.transact(partial(delete_all, records=records[start : start + size]))
