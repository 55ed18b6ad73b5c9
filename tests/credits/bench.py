"""Ledgers on a real store, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from knowflow.store.v1.credit_pb2 import CreditEntry, MovedCreditEntry
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain.clock import Uuid1Source
from knowflow_server.domain.credits import OPERATIONS, Credits
from knowflow_server.domain.principal import Principal
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import CREDITS, MessageStore
from knowflow_server.store.transaction import Transaction

ONE, TWO = Principal("organization-1"), Principal("organization-2")


class SetClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 30, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


class Bench:
    """A store, and ledgers on it."""

    def __init__(self, entities: EntityStore, messages: MessageStore, *, grant: int) -> None:
        self.entities = entities
        self.messages = messages
        self.clock = SetClock()
        prices = dict.fromkeys(OPERATIONS, 1)
        self.credits = Credits(entities, messages, self.clock, Uuid1Source(), prices=prices, grant=grant)

    async def organization(self, principal: Principal) -> None:
        """Make an organization, unless it is there."""
        record = Organization(id=principal.organization_id, name=principal.organization_id)
        if self.entities.get(Organization, record.id) is None:
            await self.entities.transact(lambda transaction: transaction.put(record))

    async def pay(self, principal: Principal, key: str, *, agent_id: str = "", operation: str = "chat") -> None:
        """Have something done that costs credits."""
        async with self.credits.spending(principal, operation=operation, agent_id=agent_id, key=key):
            pass

    async def delete_all(self, principal: Principal) -> None:
        """Delete everything of an organization, as its deletion does."""
        left = self.entities.owned(principal.organization_id, most=10_000)

        def work(transaction: Transaction) -> None:
            for record in left:
                transaction.delete(record)

        await self.entities.transact(work)
        await self.messages.delete_all(principal.organization_id)

    async def entries(self, principal: Principal) -> dict[str, CreditEntry]:
        """Return all entries of a ledger by id, the moved ones included."""
        organization_id = principal.organization_id
        moved = await self.messages.records(MovedCreditEntry, organization_id, [CREDITS])
        young = self.entities.children(CreditEntry, organization_id)
        return {entry.id: entry for entry in [*(one.entry for one in moved), *young]}

    async def is_balanced(self, principal: Principal) -> bool:
        """Return whether the balance is the sum of the entries, and not below zero."""
        entries = (await self.entries(principal)).values()
        balance = self.credits.balance(principal.organization_id)
        return balance == sum(entry.amount for entry in entries) and balance >= 0


@asynccontextmanager
async def opened(folder: Path, *, grant: int = 0, is_durable: bool = False) -> AsyncIterator[Bench]:
    """Open the ledgers in a folder."""
    database = await Database.open(folder / "db", durable=is_durable)
    entities, messages = await EntityStore.open(database), await MessageStore.open(database)
    bench = Bench(entities, messages, grant=grant)
    await bench.credits.start()
    try:
        yield bench
    finally:
        await bench.credits.close()
        await messages.close()
        await entities.close()
        database.close()
