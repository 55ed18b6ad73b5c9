"""Chunks: written by one actor, seen at once, deleted within their scope only."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowflow_server.errors.base import OverloadedError
from knowflow_server.store import chunks as module
from knowflow_server.store.chunks import ChunkStore, ChunkTable
from knowflow_server.store.database import Database
from knowflow_server.store.filters import Scope
from tests.store.records import ORGANIZATION, chunk, open_chunks, unit_vectors, upsert

ALL = Scope(ORGANIZATION)
EVERYTHING = Scope(ORGANIZATION, live=None)


async def ids(table: ChunkTable, scope: Scope) -> list[str]:
    return sorted(found.id for found in await table.read(scope))


async def test_upsert_twice_is_one_row_with_the_later_text(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, "first"), chunk(2)])
    await upsert(chunks, [chunk(1, "second")])
    found = await chunks.read(Scope(ORGANIZATION, chunk_ids=[chunk(1).id]))
    assert [record.content for record in found] == ["second"]
    assert await chunks.count(ALL) == 2


async def test_upsert_same_id_twice_in_one_batch_is_one_row(chunks: ChunkTable) -> None:
    vectors = unit_vectors(1)
    await asyncio.gather(*(chunks.upsert([chunk(1, f"text {turn}")], vectors) for turn in range(20)))
    assert [record.content for record in await chunks.read(ALL)] == ["text 19"]


async def test_upsert_keeps_every_field(chunks: ChunkTable) -> None:
    record = chunk(
        1,
        "Ünïcode \x00 'quotes' 中文",
        important_keywords=["a b", "c"],
        questions=["why?"],
        page_number=3,
        token_count=17,
        positions=[{"values": [1, 2.5, 3, 4, 5]}],
    )
    vectors = await upsert(chunks, [record])
    [(found, vector)] = await chunks.vectors(ALL)
    assert found == record
    assert np.array_equal(vector, vectors[0])


async def test_upsert_is_seen_by_the_next_read(chunks: ChunkTable) -> None:
    for number in range(80):
        await upsert(chunks, [chunk(number)])
        assert await chunks.count(ALL) == number + 1
        assert [found.id for found in await chunks.page(ALL, offset=number, limit=5)] == [chunk(number).id]


async def test_upsert_beyond_the_queue_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE", 3)
    async with open_chunks(tmp_path) as table:
        vectors = unit_vectors(1)
        writes = (table.upsert([chunk(number)], vectors) for number in range(30))
        results = await asyncio.gather(*writes, return_exceptions=True)
        refused = sum(isinstance(result, OverloadedError) for result in results)
        assert refused > 0
        assert await table.count(ALL) == 30 - refused


async def test_publish_swaps_generations(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(number, generation="old") for number in range(3)])
    await upsert(chunks, [chunk(10 + number, generation="new", live=False) for number in range(2)])
    await upsert(chunks, [chunk(20, generation="", created_at=5_000)])
    await upsert(chunks, [chunk(30, generation="old", document_id="document-2")])
    assert await ids(chunks, ALL) == [chunk(number).id for number in (0, 1, 2, 20, 30)]
    await chunks.publish(Scope(ORGANIZATION, document_ids=["document-1"], generation="new"), before=2_000)
    # A chunk made by hand after the parse began stays, and so does another document.
    assert await ids(chunks, ALL) == [chunk(number).id for number in (10, 11, 20, 30)]
    assert await chunks.count(EVERYTHING) == 4


async def test_publish_again_changes_nothing(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(number, generation="new", live=False) for number in range(2)])
    scope = Scope(ORGANIZATION, document_ids=["document-1"], generation="new")
    await chunks.publish(scope, before=5_000)
    await chunks.publish(scope, before=5_000)
    assert await chunks.count(EVERYTHING) == 2


async def test_publish_of_nothing_removes_what_was_there(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, generation="old")])
    await chunks.publish(Scope(ORGANIZATION, document_ids=["document-1"], generation="new"), before=5_000)
    assert await chunks.count(EVERYTHING) == 0


async def test_sweep_removes_hidden_chunks_of_ended_jobs_only(chunks: ChunkTable) -> None:
    await upsert(
        chunks,
        [
            chunk(1, generation="done", live=True),
            chunk(2, generation="dead", live=False),
            chunk(3, generation="alive", live=False),
            chunk(4, generation="dead", live=False, organization_id="organization-2"),
        ],
    )
    await chunks.sweep(["alive", "waiting"])
    assert await ids(chunks, EVERYTHING) == [chunk(1).id, chunk(3).id]
    assert await chunks.count(Scope("organization-2", live=None)) == 0


async def test_sweep_with_ten_thousand_jobs_alive_works(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, generation="dead", live=False), chunk(2, generation="job-9999", live=False)])
    await chunks.sweep([f"job-{number}" for number in range(10_000)])
    assert await ids(chunks, EVERYTHING) == [chunk(2).id]


async def test_sweep_without_jobs_removes_all_hidden_chunks(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, live=False), chunk(2)])
    await chunks.sweep([])
    assert await ids(chunks, EVERYTHING) == [chunk(2).id]


async def test_page_is_in_the_order_of_the_text(chunks: ChunkTable) -> None:
    order = np.random.default_rng(1).permutation(60)
    for part in np.array_split(order, 4):
        await upsert(chunks, [chunk(int(number)) for number in part])
    # Equal places go by time, then id.
    await upsert(chunks, [chunk(101, ordinal=60, created_at=2), chunk(100, ordinal=60, created_at=2)])
    await upsert(chunks, [chunk(102, ordinal=60, created_at=1)])
    expected = [chunk(number).id for number in [*range(60), 102, 100, 101]]
    pages = [await chunks.page(ALL, offset=offset, limit=10) for offset in range(0, 70, 10)]
    assert [record.id for page in pages for record in page] == expected


async def test_page_finds_words_without_regard_to_case(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, "The Moon pulls the SEA"), chunk(2, "The moon is far"), chunk(3, "100% sure_thing")])
    assert await ids(chunks, Scope(ORGANIZATION, words=["MOON", "sea"])) == [chunk(1).id]
    assert await ids(chunks, Scope(ORGANIZATION, words=["moon"])) == [chunk(1).id, chunk(2).id]
    # Nothing in a word is a pattern.
    assert await ids(chunks, Scope(ORGANIZATION, words=["%"])) == [chunk(3).id]
    assert await ids(chunks, Scope(ORGANIZATION, words=["sure_thing"])) == [chunk(3).id]
    assert await ids(chunks, Scope(ORGANIZATION, words=["sure.thing"])) == []


async def test_count_with_thousands_of_words_works(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, "one two three")])
    assert await chunks.count(Scope(ORGANIZATION, words=["one", "Two", "three"] * 1_000)) == 1
    assert await chunks.count(Scope(ORGANIZATION, words=[f"word-{number}" for number in range(2_000)])) == 0


async def test_update_of_available_hides_from_that_scope_only(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(number) for number in range(4)])
    changed = await chunks.update(Scope(ORGANIZATION, chunk_ids=[chunk(1).id, chunk(2).id]), {"available": False})
    assert changed == 2
    assert await ids(chunks, Scope(ORGANIZATION, available=True)) == [chunk(0).id, chunk(3).id]
    assert await ids(chunks, Scope(ORGANIZATION, available=False)) == [chunk(1).id, chunk(2).id]
    assert {record.id: record.available for record in await chunks.read(ALL)}[chunk(1).id] is False


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        (Scope("organization-1"), {1, 2, 3, 4}),
        (Scope("organization-1", dataset_ids=["a"]), {1, 2}),
        (Scope("organization-1", dataset_ids=["a", "b"], document_ids=["y"]), {2, 3}),
        (Scope("organization-1", document_ids=["x"]), {1, 4}),
        (Scope("organization-1", document_ids=["x"], chunk_ids=[chunk(4).id, chunk(2).id]), {4}),
        (Scope("organization-1", chunk_ids=[]), set()),
        (Scope("organization-1", document_ids=[]), set()),
        (Scope("organization-2", chunk_ids=[chunk(1).id]), set()),
        (Scope("organization-2", dataset_ids=["a"]), {5}),
        (Scope("organization-1", dataset_ids=["a"], created_before=1_002), {1}),
        (Scope("organization-1", generation="other"), set()),
        (Scope("organization-1", live=False), set()),
        (Scope("nobody"), set()),
    ],
)
async def test_delete_touches_its_scope_only(chunks: ChunkTable, scope: Scope, gone: set[int]) -> None:
    await upsert(
        chunks,
        [
            chunk(1, dataset_id="a", document_id="x"),
            chunk(2, dataset_id="a", document_id="y"),
            chunk(3, dataset_id="b", document_id="y"),
            chunk(4, dataset_id="b", document_id="x"),
            chunk(5, dataset_id="a", document_id="x", organization_id="organization-2"),
        ],
    )
    assert await chunks.delete(scope) == len(gone)
    left = await ids(chunks, EVERYTHING) + await ids(chunks, Scope("organization-2", live=None))
    assert left == [chunk(number).id for number in range(1, 6) if number not in gone]


async def test_take_finds_rows_again_that_a_compaction_moved(chunks: ChunkTable) -> None:
    for number in range(12):
        await upsert(chunks, [chunk(number)])
    found = await chunks.table.query().select(["id"]).with_row_id().to_arrow()
    rows, names = found.column("_rowid").to_pylist(), found.column("id").to_pylist()
    await chunks.delete(Scope(ORGANIZATION, chunk_ids=[names[0]]))
    await chunks.maintenance.run(chunks.table)
    assert [record.id for record in await chunks.take(rows, names)] == names[1:]
    assert await chunks.take([], []) == []


async def test_many_rows_are_made_chunks_of_apart_from_the_event_loop(
    chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upsert(chunks, [chunk(number) for number in range(module.AT_ONCE + 1)])
    threads = []

    def told(*arguments: Any) -> Any:
        threads.append(threading.current_thread() is threading.main_thread())
        return made(*arguments)

    made = module.chunks_of
    monkeypatch.setattr(module, "chunks_of", told)
    everything = Scope(ORGANIZATION)
    assert len(await chunks.vectors(everything)) == len(await chunks.read(everything)) == module.AT_ONCE + 1
    assert len(await chunks.page(everything, offset=0, limit=10)) == 10
    assert threads == [False, False, True]


async def test_close_writes_what_is_queued(tmp_path: Path) -> None:
    async with open_chunks(tmp_path) as table:
        vectors = unit_vectors(1)
        writes = [asyncio.create_task(table.upsert([chunk(number)], vectors)) for number in range(30)]
        await asyncio.sleep(0)
        await table.close()
        # What comes after the end is never answered, but must not keep the end from coming.
        table._actor = asyncio.create_task(asyncio.sleep(0))
    await asyncio.gather(*writes)
    async with open_chunks(tmp_path) as table:
        assert await table.count(ALL) == 30


async def test_close_ends_although_a_command_follows(tmp_path: Path) -> None:
    async with open_chunks(tmp_path) as table:
        first = asyncio.create_task(table.count(ALL))
        closing = asyncio.create_task(table.close())
        late = asyncio.create_task(table.delete(ALL))
        async with asyncio.timeout(10):
            await asyncio.gather(first, closing, late)
        table._actor = asyncio.create_task(asyncio.sleep(0))


async def test_store_keeps_one_table_per_dimension(database: Database) -> None:
    store = ChunkStore(database)
    eight, four = await asyncio.gather(store.table(8), store.table(4))
    assert await store.table(8) is eight
    await upsert(eight, [chunk(1)])
    await upsert(four, [chunk(1)])
    await store.close()
    again = ChunkStore(database)
    assert sorted(table.dimension for table in await again.open_all()) == [4, 8]
    await again.close()


async def test_open_completes_indexes_that_a_kill_left_out(tmp_path: Path) -> None:
    async with open_chunks(tmp_path) as table:
        complete = sorted(index.columns for index in await table.table.list_indices())
        await table.table.drop_index("tokens_idx")
    async with open_chunks(tmp_path) as table:
        assert sorted(index.columns for index in await table.table.list_indices()) == complete
        assert ["tokens"] in complete
