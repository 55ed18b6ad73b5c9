"""Credits: an append-only ledger per organization, and what calls cost.

A balance is the sum of its entries, because both are written in one transaction. What a call may cost is reserved
before its work begins and written when it succeeded. Reservations are kept in memory alone: one server at a time has
the data open, so that the reservations of one that died are gone with it.

Entries stay in memory as records while they are young: the oldest charges of an organization move to the table of
messages, some at a time, when there are too many. What was spent is summed up by agent, month and day with each charge.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.credit_pb2 import CreditAccount, CreditEntry, CreditMonth, MovedCreditEntry
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.base import InvalidArgumentError, KnowFlowError
from knowflow_server.errors.credits import CreditKeyReusedError, NoCreditsError
from knowflow_server.errors.platform import OrganizationNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import CREDITS, MessageStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

CHAT, SEARCH, TOP_UP, GRANT = "chat", "search", "top_up", "grant"
# What callers pay for.
OPERATIONS = (CHAT, SEARCH)
# Balances are whole numbers of 32 bits in answers.
MAX_BALANCE = 2_000_000_000
# Charges of an organization which stay in memory, and how many more there are when the oldest are moved.
KEPT_ENTRIES = 1_000
MOVED_AT_ONCE = 1_000
# Charges for which nobody waits are written together: each write alone takes as much of the processor as a search.
SETTLE_DELAY_S = 0.25


class Reservation:
    """Credits which nobody else can spend until they are released.

    Args:
        reserved: Reserved credits by organization.
        organization_id: Whose.
        amount: How many.
    """

    def __init__(self, reserved: Counter[str], organization_id: str, amount: int) -> None:
        self._reserved = reserved
        self._organization_id = organization_id
        self.amount = amount
        self._is_held = True
        reserved[organization_id] += amount

    def release(self) -> None:
        """Give the credits back, or leave them to a charge that is written; further calls do nothing."""
        if self._is_held:
            self._is_held = False
            self._reserved[self._organization_id] -= self.amount
            if not self._reserved[self._organization_id]:
                del self._reserved[self._organization_id]


class Credits:
    """The ledgers of all organizations; a server has one.

    Args:
        entities: Where accounts and young entries are; organizations that are made get an account with their record.
        messages: Where old entries go.
        clock: The time.
        ids: Identifiers of entries.
        prices: Credits by operation; one that is missing costs nothing.
        grant: What a new organization begins with.
    """

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        clock: Clock,
        ids: IdSource,
        *,
        prices: Mapping[str, int],
        grant: int,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._clock = clock
        self._ids = ids
        self._prices = dict(prices)
        self._grant = grant
        self._reserved: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._later: list[Coroutine[Any, Any, None]] = []
        self._closing = asyncio.Event()
        self._moving: set[str] = set()
        entities.observe(self._observe)

    async def start(self) -> None:
        """Open the accounts of organizations which an earlier version, or the command line, has made."""

        def work(transaction: Transaction) -> None:
            for organization in self._entities.all(Organization):
                if not organization.deleting:
                    self._account(transaction, organization.id)

        await self._entities.transact(work)

    async def close(self) -> None:
        """Write every charge that is put off, and wait until all are written."""
        self._closing.set()
        # The last charge may begin to move old ones away.
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def price(self, operation: str) -> int:
        """Return what an operation costs."""
        return self._prices.get(operation, 0)

    def account(self, organization_id: str) -> CreditAccount:
        """Return the account of an organization, read-only; an empty one when there is none."""
        return self._entities.get(CreditAccount, organization_id) or CreditAccount(organization_id=organization_id)

    def balance(self, organization_id: str) -> int:
        """Return the credits of an organization that were not spent; what is reserved still counts."""
        return self.account(organization_id).balance

    def free(self, organization_id: str) -> int:
        """Return the credits of an organization that may be spent: neither spent nor reserved."""
        return max(0, self.balance(organization_id) - self._reserved[organization_id])

    @asynccontextmanager
    async def spending(
        self, principal: Principal, *, operation: str, agent_id: str = "", key: str, settle_later: bool = False
    ) -> AsyncIterator[int]:
        """Reserve the price of an operation, and write the charge when the block ends without an error.

        A block that raises, or is cancelled, costs nothing.

        Args:
            principal: The caller.
            operation: `chat` or `search`.
            agent_id: The agent for which it is; empty when it is for none.
            key: What is paid for: the same key costs nothing a second time, as long as its entry is among the newest
                of the organization.
            settle_later: Whether the caller goes on before the charge is written, a quarter of a second later, together
                with others. Until then the credits stay reserved; it is lost when the process is killed meanwhile.

        Yields:
            What it costs.

        Raises:
            NoCreditsError: Less is left.
        """
        if self._entities.holder(CreditEntry, organization_id=principal.organization_id, key=_charge(key)) is not None:
            yield 0
            return
        reservation = self.reserve(principal, operation)
        try:
            yield reservation.amount
            settling = self._settle(principal, reservation, operation, agent_id, key)
            if settle_later:
                self._put_off(settling)
                return
            task = self._begin(settling)
        except BaseException:
            reservation.release()
            raise
        # A caller who leaves now has had the answer; the reservation stays until the charge is written.
        await asyncio.shield(task)

    def reserve(self, principal: Principal, operation: str) -> Reservation:
        """Reserve the price of an operation; the caller releases it after the charge is written, or when none is.

        Raises:
            NoCreditsError: Less is left.
        """
        organization_id, price = principal.organization_id, self.price(operation)
        free = self.balance(organization_id) - self._reserved[organization_id]
        if free < price:
            raise NoCreditsError(operation=operation, balance=max(0, free), price=price)
        return Reservation(self._reserved, organization_id, price)

    def charge(
        self, transaction: Transaction, organization_id: str, *, operation: str, agent_id: str, key: str, amount: int
    ) -> bool:
        """Write a charge in a transaction; return whether it is new. What it costs must be reserved."""
        if amount == 0 or self._is_gone(transaction, organization_id):
            return False
        if transaction.holder(CreditEntry, organization_id=organization_id, key=_charge(key)) is not None:
            return False
        self._write(transaction, organization_id, -amount, operation, _charge(key), agent_id=agent_id)
        self._sum_up(transaction, organization_id, "", amount)
        if agent_id and transaction.get(Agent, agent_id) is not None:
            self._sum_up(transaction, organization_id, agent_id, amount)
        return True

    async def top_up(self, organization_id: str, amount: int, *, key: str, reference: str = "") -> CreditEntry:
        """Give credits to an organization, and return the entry; the same key gives them once.

        Raises:
            OrganizationNotFoundError: It does not exist.
            InvalidArgumentError: The amount is not positive, or the balance would be too high.
            CreditKeyReusedError: The key was used for another amount.
        """
        if amount <= 0:
            raise InvalidArgumentError("`amount` must be a positive whole number.", field="amount")
        if not key.strip():
            raise InvalidArgumentError("`idempotency_key` is required.", field="idempotency_key")

        def work(transaction: Transaction) -> CreditEntry:
            if self._is_gone(transaction, organization_id):
                raise OrganizationNotFoundError(organization_id=organization_id)
            held = transaction.holder(CreditEntry, organization_id=organization_id, key=f"top_up/{key}")
            present = transaction.get(CreditEntry, held) if held is not None else None
            if present is not None:
                if present.amount != amount:
                    raise CreditKeyReusedError(key=key)
                return present
            if self._account(transaction, organization_id).balance + amount > MAX_BALANCE:
                raise InvalidArgumentError(f"A balance is at most {MAX_BALANCE}.", field="amount")
            return self._write(transaction, organization_id, amount, TOP_UP, f"top_up/{key}", reference=reference)

        return await self._entities.transact(work)

    def usage(self, organization_id: str, agent_id: str, first: date, last: date) -> list[tuple[date, int]]:
        """Return what was spent on each day, UTC, from the first to the last one, oldest first.

        Args:
            organization_id: The organization.
            agent_id: The agent for which it was spent; empty for everything of the organization.
            first: First day.
            last: Last day.
        """
        found = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            month = self._entities.holder(
                CreditMonth, organization_id=organization_id, agent_id=agent_id, month=f"{day:%Y-%m}"
            )
            days = month.days if month is not None else ()
            found.append((day, days[day.day - 1] if day.day <= len(days) else 0))
        return found

    async def _settle(
        self, principal: Principal, reservation: Reservation, operation: str, agent_id: str, key: str
    ) -> None:
        organization_id = principal.organization_id
        try:
            await self._entities.transact(
                lambda transaction: self.charge(
                    transaction,
                    organization_id,
                    operation=operation,
                    agent_id=agent_id,
                    key=key,
                    amount=reservation.amount,
                )
            )
        finally:
            reservation.release()
        self.tidy(organization_id)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin something for which the end of the server waits."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _put_off(self, settling: Coroutine[Any, Any, None]) -> None:
        """Have a charge written soon, together with others."""
        self._later.append(settling)
        if len(self._later) == 1:
            self._begin(self._settle_later())

    async def _settle_later(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_DELAY_S):
                await self._closing.wait()
        settling, self._later = self._later, []
        # Begun at once, they are one commit.
        for failure in await asyncio.gather(*settling, return_exceptions=True):
            if isinstance(failure, BaseException):
                logger.error("A charge was not written.", exc_info=failure)

    def tidy(self, organization_id: str) -> None:
        """Begin to move the oldest charges of an organization away when there are too many; to be called after one."""
        count = self._entities.page(CreditEntry, organization_id, offset=0, size=0)[1]
        if count >= KEPT_ENTRIES + MOVED_AT_ONCE and organization_id not in self._moving:
            self._moving.add(organization_id)
            self._begin(self._move(organization_id))

    async def _move(self, organization_id: str) -> None:
        """Move the oldest charges: first they are written elsewhere, then they go here; readers count an id once."""
        try:
            entries = self._entities.children(CreditEntry, organization_id)
            # Keys of top-ups count for ever.
            old = [entry for entry in entries if entry.operation in OPERATIONS][:-KEPT_ENTRIES]
            if not old:
                return
            await self._messages.add(
                [
                    MovedCreditEntry(
                        id=entry.id,
                        organization_id=organization_id,
                        ledger=CREDITS,
                        entry=entry,
                        created_at=entry.created_at,
                    )
                    for entry in old
                ]
            )

            def work(transaction: Transaction) -> None:
                account = transaction.edit(self._account(transaction, organization_id))
                for entry in old:
                    if transaction.get(CreditEntry, entry.id) is not None:
                        transaction.delete(entry)
                        account.moved += entry.amount

            await self._entities.transact(work)
        except KnowFlowError:
            # The next charge tries again.
            logger.exception("Old entries of a ledger could not be moved.", extra={"organization": organization_id})
        finally:
            self._moving.discard(organization_id)

    def _account(self, transaction: Transaction, organization_id: str) -> CreditAccount:
        """Return the account of an organization, which is opened when there is none."""
        account = transaction.get(CreditAccount, organization_id)
        if account is not None:
            return account
        now = microseconds(self._clock)
        account = CreditAccount(id=organization_id, organization_id=organization_id, created_at=now, updated_at=now)
        transaction.put(account)
        if self._grant:
            self._write(transaction, organization_id, self._grant, GRANT, "grant")
        return transaction.get(CreditAccount, organization_id) or account

    def _write(
        self,
        transaction: Transaction,
        organization_id: str,
        amount: int,
        operation: str,
        key: str,
        *,
        agent_id: str = "",
        reference: str = "",
    ) -> CreditEntry:
        account = transaction.edit(self._account(transaction, organization_id))
        now = microseconds(self._clock)
        if account.balance + amount < 0:
            raise NoCreditsError(operation=operation, balance=account.balance, price=-amount)
        account.balance += amount
        account.updated_at = now
        entry = CreditEntry(
            id=self._ids.new_id(),
            organization_id=organization_id,
            key=key,
            amount=amount,
            operation=operation,
            agent_id=agent_id,
            reference=reference,
            created_at=now,
        )
        transaction.put(entry)
        return entry

    def _sum_up(self, transaction: Transaction, organization_id: str, agent_id: str, amount: int) -> None:
        """Add what was spent to the sum of the day, for an agent or for the whole organization."""
        now = microseconds(self._clock)
        today = datetime.fromtimestamp(now / 1_000_000, UTC).date()
        name = f"{today:%Y-%m}"
        held = transaction.holder(CreditMonth, organization_id=organization_id, agent_id=agent_id, month=name)
        present = transaction.get(CreditMonth, held) if held is not None else None
        if present is None:
            present = CreditMonth(
                id=self._ids.new_id(),
                organization_id=organization_id,
                agent_id=agent_id,
                month=name,
                created_at=now,
            )
            transaction.put(present)
        month = transaction.edit(present)
        month.days.extend([0] * (today.day - len(month.days)))
        month.days[today.day - 1] += amount

    @staticmethod
    def _is_gone(transaction: Transaction, organization_id: str) -> bool:
        organization = transaction.get(Organization, organization_id)
        return organization is None or organization.deleting

    def _observe(self, transaction: Transaction) -> None:
        """Open the account of an organization with its record; the sums of an agent go with the agent."""
        for before, after in transaction.changes():
            if isinstance(after, Organization) and before is None:
                self._account(transaction, after.id)
            elif isinstance(before, Agent) and after is None:
                for month in list(transaction.children(CreditMonth, before.organization_id, before.id)):
                    transaction.delete(month)


def _charge(key: str) -> str:
    """Return the key of the entry of a charge."""
    return f"charge/{key}"
