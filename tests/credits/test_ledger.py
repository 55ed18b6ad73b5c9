"""Ledgers: balances that are the sum of their entries, charges that are written once, and never more than there is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.credit_pb2 import CreditEntry, CreditMonth
from knowflow.store.v1.organization_pb2 import Organization
from knowflow_server.domain import credits as module
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.credits import CreditKeyReusedError, NoCreditsError
from knowflow_server.errors.platform import OrganizationNotFoundError
from tests.credits.bench import ONE, TWO, Bench, opened


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """Ledgers of two organizations, with 50 credits each."""
    async with opened(tmp_path, grant=50) as bench:
        await bench.organization(ONE)
        await bench.organization(TWO)
        yield bench


async def test_hundred_at_once_on_fifty_credits_charge_fifty(bench: Bench) -> None:
    running = 0

    async def ask(number: int) -> bool:
        nonlocal running
        try:
            async with bench.credits.spending(ONE, operation="chat", key=str(number)) as cost:
                running += 1
                assert cost == 1
                await asyncio.sleep(0)
        except NoCreditsError as error:
            assert (error.http_status, error.sentence) == (402, "No credits available")
            return False
        return True

    answered = await asyncio.gather(*map(ask, range(100)))
    assert (sum(answered), running) == (50, 50)
    assert (bench.credits.balance(ONE.organization_id), bench.credits.balance(TWO.organization_id)) == (0, 50)
    assert await bench.is_balanced(ONE)


async def test_what_fails_or_is_cancelled_costs_nothing(bench: Bench) -> None:
    with pytest.raises(ValueError, match="went wrong"):
        async with bench.credits.spending(ONE, operation="chat", key="fails"):
            raise ValueError("It went wrong.")
    begun = asyncio.Event()

    async def stuck() -> None:
        async with bench.credits.spending(ONE, operation="chat", key="stuck"):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert bench.credits.balance(ONE.organization_id) == 50
    # Nothing is reserved any more: everything can be spent.
    await asyncio.gather(*(bench.pay(ONE, str(number)) for number in range(50)))
    assert bench.credits.balance(ONE.organization_id) == 0


async def test_same_key_is_charged_once(bench: Bench) -> None:
    await asyncio.gather(*(bench.pay(ONE, "answer") for _ in range(20)))
    await bench.pay(ONE, "answer")
    await bench.pay(TWO, "answer")
    assert (bench.credits.balance(ONE.organization_id), bench.credits.balance(TWO.organization_id)) == (49, 49)


async def test_top_up_counts_once_for_a_key_and_is_refused_for_another_amount(bench: Bench) -> None:
    entry = await bench.credits.top_up(ONE.organization_id, 10, key="invoice 1", reference="May")
    again = await bench.credits.top_up(ONE.organization_id, 10, key="invoice 1")
    assert again == entry
    assert bench.credits.balance(ONE.organization_id) == 60
    with pytest.raises(CreditKeyReusedError):
        await bench.credits.top_up(ONE.organization_id, 11, key="invoice 1")
    with pytest.raises(OrganizationNotFoundError):
        await bench.credits.top_up("unknown", 10, key="invoice 1")
    for amount, key in [(0, "k"), (-1, "k"), (module.MAX_BALANCE, "k"), (1, " ")]:
        with pytest.raises(InvalidArgumentError):
            await bench.credits.top_up(ONE.organization_id, amount, key=key)
    assert await bench.is_balanced(ONE)


async def test_usage_is_by_day_in_utc_and_by_agent(bench: Bench) -> None:
    agent = Agent(id="agent", organization_id=ONE.organization_id, title="Agent")
    await bench.entities.transact(lambda transaction: transaction.put(agent))
    for day, number in [(datetime(2026, 1, 31, 23, 59, tzinfo=UTC), 2), (datetime(2026, 2, 1, tzinfo=UTC), 3)]:
        bench.clock.time = day
        for turn in range(number):
            await bench.pay(ONE, f"{day} {turn}", agent_id="agent")
    await bench.pay(ONE, "search", operation="search")
    first, last = date(2026, 1, 30), date(2026, 2, 2)
    days = [date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2)]
    usage = bench.credits.usage
    assert usage(ONE.organization_id, "agent", first, last) == list(zip(days, [0, 2, 3, 0], strict=True))
    assert usage(ONE.organization_id, "", first, last) == list(zip(days, [0, 2, 4, 0], strict=True))
    assert usage(TWO.organization_id, "agent", first, last) == list(zip(days, [0] * 4, strict=True))
    # The sums of an agent go with it, those of the organization stay.
    await bench.entities.transact(lambda transaction: transaction.delete(agent))
    assert sum(spent for _, spent in usage(ONE.organization_id, "agent", first, last)) == 0
    assert sum(spent for _, spent in usage(ONE.organization_id, "", first, last)) == 6
    assert await bench.is_balanced(ONE)


async def test_old_charges_leave_the_memory_and_still_count(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_ENTRIES", 5)
    monkeypatch.setattr(module, "MOVED_AT_ONCE", 5)
    await bench.credits.top_up(ONE.organization_id, 10, key="invoice 1")
    for number in range(30):
        await bench.pay(ONE, str(number))
    await bench.credits.close()
    assert len(bench.entities.children(CreditEntry, ONE.organization_id)) < 15
    entries = await bench.entries(ONE)
    assert {f"charge/{number}" for number in range(30)} < {entry.key for entry in entries.values()}
    assert bench.credits.balance(ONE.organization_id) == 30
    assert await bench.is_balanced(ONE)
    account = bench.credits.account(ONE.organization_id)
    young = bench.entities.children(CreditEntry, ONE.organization_id)
    assert account.balance == account.moved + sum(entry.amount for entry in young)
    # The key of a top-up counts for ever.
    await bench.credits.top_up(ONE.organization_id, 10, key="invoice 1")
    assert bench.credits.balance(ONE.organization_id) == 30


async def test_ledger_goes_with_its_organization(bench: Bench) -> None:
    await bench.pay(ONE, "answer")
    await bench.delete_all(ONE)
    assert await bench.entries(ONE) == {}
    assert not any(one.organization_id == ONE.organization_id for one in bench.entities.all(CreditMonth))
    assert bench.credits.balance(TWO.organization_id) == 50


async def test_answer_for_an_organization_that_goes_leaves_no_ledger(bench: Bench) -> None:
    async with bench.credits.spending(ONE, operation="chat", key="last"):
        record = Organization(id=ONE.organization_id, deleting=True)
        await bench.entities.transact(lambda transaction: transaction.put(record))
        await bench.delete_all(ONE)
    assert await bench.entries(ONE) == {}


async def test_organization_of_an_earlier_version_gets_its_account_at_the_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as bench:
        await bench.organization(ONE)
        assert bench.credits.balance(ONE.organization_id) == 0
        await bench.delete_all(ONE)
    for _ in range(2):
        async with opened(tmp_path, grant=7) as bench:
            assert bench.credits.balance(ONE.organization_id) == 7
            assert await bench.is_balanced(ONE)


async def test_charges_that_are_put_off_are_reserved_at_once_and_written_together(tmp_path: Path) -> None:
    async with opened(tmp_path, grant=3) as bench:
        await bench.organization(ONE)
        for number in range(3):
            async with bench.credits.spending(ONE, operation="search", key=str(number), settle_later=True):
                pass
        # Nothing is written yet, and nothing can be spent twice.
        assert (bench.credits.balance(ONE.organization_id), bench.credits.free(ONE.organization_id)) == (3, 0)
        with pytest.raises(NoCreditsError):
            async with bench.credits.spending(ONE, operation="search", key="more", settle_later=True):
                pass
        # The end of the server waits for what was put off.
        await bench.credits.close()
        assert (bench.credits.balance(ONE.organization_id), bench.credits.free(ONE.organization_id)) == (0, 0)
        assert await bench.is_balanced(ONE)


async def test_a_search_that_fails_is_not_put_off(bench: Bench) -> None:
    with pytest.raises(ValueError, match="went wrong"):
        async with bench.credits.spending(ONE, operation="search", key="fails", settle_later=True):
            raise ValueError("It went wrong.")
    assert bench.credits.free(ONE.organization_id) == bench.credits.balance(ONE.organization_id) == 50
