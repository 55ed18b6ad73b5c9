"""Entities: read from memory, written in group commits, unique where the protos say so."""

from __future__ import annotations

import asyncio
from pathlib import Path

import lancedb
import pytest

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.errors.base import OverloadedError, StoreUnavailableError
from knowflow_server.store import entities as module
from knowflow_server.store.entities import TABLE, EntityStore, ordered
from knowflow_server.store.transaction import Transaction, UniqueError
from tests.store.records import ORGANIZATION, dataset, document, open_entities, put


def creation(number: int, name: str):
    def work(transaction: Transaction) -> str:
        taken = transaction.holder(Dataset, organization_id=ORGANIZATION, name=name)
        if taken is not None:
            raise LookupError(taken)
        transaction.put(dataset(f"d{number}", name))
        return f"d{number}"

    return work


@pytest.mark.parametrize("looks_first", [True, False], ids=["with holder", "by the rule alone"])
async def test_transact_20_creators_of_one_name_gives_one_winner(entities: EntityStore, looks_first: bool) -> None:
    def put_blindly(number: int, name: str):
        return lambda transaction: transaction.put(dataset(f"d{number}", name))

    make = creation if looks_first else put_blindly
    names = ["Straße", "STRASSE", "strasse", "sTRAßE"]
    results = await asyncio.gather(
        *(entities.transact(make(number, names[number % 4])) for number in range(20)), return_exceptions=True
    )
    errors = [result for result in results if isinstance(result, Exception)]
    assert len(errors) == 19
    assert {type(error) for error in errors} == {LookupError if looks_first else UniqueError}
    assert len(entities.children(Dataset, ORGANIZATION)) == 1


async def test_transact_creators_in_separate_commits_give_one_winner(entities: EntityStore) -> None:
    await entities.transact(creation(1, "Tides"))
    for number, name in enumerate(["tides", "TIDES", "Tides"], start=2):
        with pytest.raises(LookupError, match="d1"):
            await entities.transact(creation(number, name))


async def test_unique_name_is_free_again_after_delete(entities: EntityStore) -> None:
    await put(entities, dataset("d1", "Tides"))
    await entities.transact(lambda transaction: transaction.delete(dataset("d1", "Tides")))
    assert await entities.transact(creation(2, "TIDES")) == "d2"


async def test_unique_name_is_free_again_after_rename(entities: EntityStore) -> None:
    await put(entities, dataset("d1", "Tides"))
    await put(entities, dataset("d1", "Bread"))
    assert await entities.transact(creation(2, "tides")) == "d2"
    with pytest.raises(LookupError):
        await entities.transact(creation(3, "bread"))


async def test_unique_name_changed_in_case_only_stays_with_its_owner(entities: EntityStore) -> None:
    await put(entities, dataset("d1", "Tides"))
    await put(entities, dataset("d1", "TIDES"))
    with pytest.raises(LookupError):
        await entities.transact(creation(2, "tides"))


async def test_unique_name_taken_over_within_one_commit_stays_taken(entities: EntityStore) -> None:
    await put(entities, dataset("a", "Tides"), dataset("b", "Bread"))
    # One commit, in which b is written before a gives up the name that b takes.
    await asyncio.gather(
        put(entities, dataset("b", "Bread", description="first in the batch")),
        put(entities, dataset("a", "Salt")),
        put(entities, dataset("b", "Tides")),
    )
    with pytest.raises(LookupError, match="b"):
        await entities.transact(creation(1, "Tides"))
    assert await entities.transact(creation(2, "Bread")) == "d2"


async def test_unique_names_swapped_in_one_transaction_both_stay_taken(entities: EntityStore) -> None:
    await put(entities, dataset("a", "Tides"), dataset("b", "Bread"))
    await put(entities, dataset("a", "Bread"), dataset("b", "Tides"))
    for number, name in enumerate(["Tides", "Bread"]):
        with pytest.raises(LookupError):
            await entities.transact(creation(number, name))


async def test_unique_name_of_another_organization_is_free(entities: EntityStore) -> None:
    await put(entities, dataset("d1", "Tides"), dataset("d2", "Tides", organization_id="organization-2"))
    assert [record.id for record in entities.children(Dataset, ORGANIZATION)] == ["d1"]
    assert [record.id for record in entities.children(Dataset, "organization-2")] == ["d2"]


async def test_unique_document_name_is_one_per_dataset_with_regard_to_case(entities: EntityStore) -> None:
    await put(entities, document("1", "d1", "a.txt"), document("2", "d2", "a.txt"), document("3", "d1", "A.txt"))
    with pytest.raises(UniqueError):
        await put(entities, document("4", "d1", "a.txt"))


async def test_holder_without_such_a_rule_is_an_error(entities: EntityStore) -> None:
    with pytest.raises(TypeError, match="no unique rule"):
        await entities.transact(
            lambda transaction: transaction.holder(Dataset, organization_id=ORGANIZATION, description="x")
        )


async def test_transact_reads_earlier_transactions_of_the_same_commit(entities: EntityStore) -> None:
    seen: list[tuple[int, int]] = []

    def work(transaction: Transaction) -> None:
        transaction.put(dataset(f"d{len(seen)}", f"name {len(seen)}"))
        mine = sum(1 for _ in transaction.children(Dataset, ORGANIZATION))
        # Others see nothing before it is on the disk.
        seen.append((mine, len(entities.children(Dataset, ORGANIZATION))))

    await asyncio.gather(*(entities.transact(work) for _ in range(5)))
    assert seen == [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)]
    assert len(entities.children(Dataset, ORGANIZATION)) == 5


async def test_transact_deletes_show_in_its_own_reads(entities: EntityStore) -> None:
    await put(entities, dataset("d1", "Tides"), dataset("d2", "Bread"))

    def work(transaction: Transaction) -> tuple[object, list[str], object]:
        transaction.delete(dataset("d1", "Tides"))
        left = [record.id for record in transaction.children(Dataset, ORGANIZATION)]
        holder = transaction.holder(Dataset, organization_id=ORGANIZATION, name="tides")
        return transaction.get(Dataset, "d1"), left, holder

    assert await entities.transact(work) == (None, ["d2"], None)


async def test_transact_that_raises_writes_nothing(tmp_path: Path) -> None:
    def fails(transaction: Transaction) -> None:
        transaction.put(dataset("lost", "Lost"))
        raise ValueError("no")

    async with open_entities(tmp_path) as store:
        results = await asyncio.gather(
            put(store, dataset("before", "Before")),
            store.transact(fails),
            put(store, dataset("after", "After")),
            return_exceptions=True,
        )
        assert [type(result) for result in results] == [type(None), ValueError, type(None)]
        assert await store.transact(creation(1, "Lost")) == "d1"
    async with open_entities(tmp_path) as store:
        assert {record.id for record in store.all(Dataset)} == {"before", "after", "d1"}


async def test_transact_whose_commit_fails_changes_nothing_in_memory(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as store:
        await put(store, dataset("d1", "Tides"))
        connection = await lancedb.connect_async(str(tmp_path / "db"))
        table = await connection.open_table(TABLE)
        await table.update({"rev": 7})
        connection.close()
        await store._table.checkout_latest()
        with pytest.raises(StoreUnavailableError):
            await put(store, dataset("d1", "Bread"))
        record = store.get(Dataset, "d1")
        assert record is not None
        assert record.name == "Tides"
        with pytest.raises(LookupError):
            await store.transact(creation(2, "Tides"))


async def test_transact_many_at_once_shares_commits(entities: EntityStore) -> None:
    before = len(await entities._table.list_versions())
    await asyncio.gather(*(put(entities, dataset(f"d{number}", f"name {number}")) for number in range(500)))
    assert len(await entities._table.list_versions()) - before < 10
    assert len(entities.children(Dataset, ORGANIZATION)) == 500


async def test_transact_beyond_the_queue_is_refused_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUEUE", 5)
    async with open_entities(tmp_path) as store:
        writes = (put(store, dataset(f"d{number}", f"name {number}")) for number in range(50))
        results = await asyncio.gather(*writes, return_exceptions=True)
        refused = sum(isinstance(result, OverloadedError) for result in results)
        assert refused > 0
        assert len(store.children(Dataset, ORGANIZATION)) == 50 - refused


async def test_transact_caller_who_leaves_does_not_undo_the_write(entities: EntityStore) -> None:
    leaving = asyncio.create_task(put(entities, dataset("d1", "Tides")))
    await asyncio.sleep(0)
    leaving.cancel()
    await entities.transact(lambda _: None)
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert entities.get(Dataset, "d1") is not None


async def test_edit_leaves_the_record_of_readers_alone(entities: EntityStore) -> None:
    await put(entities, dataset("d1", "Tides"))
    held = entities.get(Dataset, "d1")
    assert held is not None

    def work(transaction: Transaction) -> None:
        transaction.edit(held).name = "Bread"

    await entities.transact(work)
    assert held.name == "Tides"
    changed = entities.get(Dataset, "d1")
    assert changed is not None
    assert changed.name == "Bread"


async def test_children_come_oldest_first_under_their_parent(entities: EntityStore) -> None:
    await put(
        entities,
        document("c", "d1", "c", created_at=3),
        document("a", "d1", "a", created_at=1),
        document("b2", "d1", "b2", created_at=2),
        document("b1", "d1", "b1", created_at=2),
        document("x", "d2", "x", created_at=0),
        document("y", "d1", "y", created_at=0, organization_id="organization-2"),
    )
    assert [record.id for record in entities.children(Document, ORGANIZATION, "d1")] == ["a", "b1", "b2", "c"]
    assert entities.children(Document, ORGANIZATION, "none") == []


async def test_children_follow_a_record_to_another_parent(entities: EntityStore) -> None:
    await put(entities, document("1", "d1", "a.txt"))
    await put(entities, document("1", "d2", "a.txt"))
    assert entities.children(Document, ORGANIZATION, "d1") == []
    assert [record.id for record in entities.children(Document, ORGANIZATION, "d2")] == ["1"]


async def test_ordered_sorts_by_time_then_id() -> None:
    records = [dataset(name, name, created_at=place, updated_at=9 - place) for place, name in enumerate("abc")]
    records.append(dataset("d", "d", created_at=3, updated_at=7))
    by_change = [record.id for record in ordered(records, by="updated_at", desc=False)]
    assert by_change == ["c", "d", "b", "a"]
    assert [record.id for record in ordered(records, by="updated_at", desc=True)] == by_change[::-1]
    assert [record.id for record in ordered(records, by="created_at", desc=True)] == ["d", "c", "b", "a"]


async def test_open_gives_what_was_in_memory(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as store:
        for number in range(150):
            await put(
                store,
                dataset(f"d{number % 40}", f"name {number}", created_at=number),
                document(f"x{number}", f"d{number % 40}", f"{number}.txt", meta_fields={"number": number}),
            )
            if number % 3 == 0:
                gone = number
                await store.transact(lambda transaction, gone=gone: transaction.delete(document(f"x{gone}", "", "")))
        before = sorted((record.SerializeToString(deterministic=True) for record in store.all(Dataset)), key=bytes)
        documents = {record.id: record for record in store.all(Document)}
    async with open_entities(tmp_path) as store:
        after = sorted((record.SerializeToString(deterministic=True) for record in store.all(Dataset)), key=bytes)
        assert after == before
        assert {record.id: record for record in store.all(Document)} == documents
        with pytest.raises(LookupError):
            await store.transact(creation(1, "NAME 149"))


async def test_open_forgets_deleted_records_for_good(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as store:
        for number in range(20):
            await put(store, dataset(f"d{number}", "Tides"))
            await store.transact(lambda transaction, n=number: transaction.delete(dataset(f"d{n}", "")))
    async with open_entities(tmp_path) as store:
        assert await store._table.count_rows() == 0
        # An id may come back, though nobody makes it do so.
        await put(store, dataset("d3", "Tides"))
        await put(store, dataset("d3", "Bread"))
    async with open_entities(tmp_path) as store:
        assert [record.name for record in store.all(Dataset)] == ["Bread"]


async def test_deleted_records_leave_nothing_while_the_store_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOMBSTONES", 3)
    async with open_entities(tmp_path) as store:
        empty = store.changes(Document, ORGANIZATION, "d1")
        for number in range(4):
            await put(store, dataset("stays", f"Tides {number}"), document(f"f{number}", "d1", "a.txt"))
            assert store.changes(Document, ORGANIZATION, "d1") != empty
            await store.transact(lambda transaction, n=number: transaction.delete(document(f"f{n}", "d1", "")))
        assert store.changes(Document, ORGANIZATION, "d1") == empty
        # The fourth came after the others went; what is written again counts from the beginning.
        assert list(store._memory.deleted) == [("document", "f3")]
        assert len(store._memory._siblings) == 1
        await put(store, document("f0", "d1", "a.txt"))
        assert await store._table.count_rows() == 3
    async with open_entities(tmp_path) as store:
        assert {record.id for record in store.all(Document)} == {"f0"}
        assert [record.name for record in store.all(Dataset)] == ["Tides 3"]


async def test_open_completes_indexes_that_a_kill_left_out(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as store:
        await put(store, dataset("d1", "Tides"))
        complete = sorted(index.columns for index in await store._table.list_indices())
        await store._table.drop_index("pk_idx")
    async with open_entities(tmp_path) as store:
        assert sorted(index.columns for index in await store._table.list_indices()) == complete


async def test_transact_after_close_is_refused_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as store:
        await put(store, dataset("d1", "Tides"))
    async with asyncio.timeout(10):
        with pytest.raises(StoreUnavailableError):
            await put(store, dataset("d2", "Bread"))
