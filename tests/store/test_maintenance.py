"""Maintenance: a table stays small and quick after many commits, and a failure never stops its writer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import lance
import lancedb.index
import psutil
import pytest

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.store import maintenance
from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.filters import Scope
from tests.store.records import ORGANIZATION, chunk, dataset, open_chunks, open_entities, put, upsert


def size_of(folder: Path) -> tuple[int, int]:
    """Return the number of files below a folder, and their bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


@pytest.mark.slow
async def test_two_thousand_single_commits_leave_a_small_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "KEEP_VERSIONS", timedelta(0))
    process = psutil.Process()
    async with open_entities(tmp_path) as store:
        resident = 0
        for number in range(2_000):
            await put(store, dataset(f"d{number % 50}", f"name {number % 50}", description=str(number)))
            if number == 500:
                resident = process.memory_info().rss
        files, size = size_of(tmp_path / "db" / "entities.lance")
        versions = len(await store._table.list_versions())
        fragments = len(lance.dataset(str(tmp_path / "db" / "entities.lance")).get_fragments())
        assert store._maintenance.failures == 0
        assert (await store._table.count_rows(), len(store.children(Dataset, ORGANIZATION))) == (50, 50)
        assert process.memory_info().rss - resident < 100 * 2**20
    assert versions < 2 * maintenance.COMMITS_BETWEEN
    assert fragments < 2 * maintenance.COMMITS_BETWEEN
    assert files < 1_500
    assert size < 20 * 2**20


async def test_versions_younger_than_ten_minutes_are_kept_for_readers(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as store:
        for number in range(maintenance.COMMITS_BETWEEN + 5):
            await put(store, dataset("d", f"name {number}"))
        assert len(await store._table.list_versions()) > maintenance.COMMITS_BETWEEN


async def test_one_large_commit_is_indexed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "ROWS_BETWEEN", 100)
    async with open_entities(tmp_path) as store:
        records = [dataset(f"d{number}", f"name {number}") for number in range(100)]
        await store.transact(lambda transaction: [transaction.put(record) for record in records])
        # The next commit waits for the maintenance that the one before made due.
        await put(store, dataset("last", "last"))
        stats = await store._table.index_stats("pk_idx")
        assert (store._maintenance.failures, stats.num_indexed_rows, stats.num_unindexed_rows) == (0, 100, 1)


async def test_chunk_table_merges_its_fragments_and_index_segments(tmp_path: Path) -> None:
    async with open_chunks(tmp_path) as table:
        for number in range(3 * maintenance.COMMITS_BETWEEN):
            await upsert(table, [chunk(number)])
        uri = str(tmp_path / "db" / "chunks_8_00.lance")
        assert len(lance.dataset(uri).get_fragments()) < 2 * maintenance.COMMITS_BETWEEN
        assert table.maintenance.failures == 0
        assert await table.count(Scope(ORGANIZATION)) == 3 * maintenance.COMMITS_BETWEEN


async def test_idle_table_indexes_what_was_written(chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowflow_server.store.chunks.INDEX_DELAY_S", 0.01)
    await upsert(chunks, [chunk(number) for number in range(10)])
    # The delay counts from the second command on: the first wait began before it was shortened.
    await chunks.delete(Scope("nobody"))
    async with asyncio.timeout(30):
        while (await chunks.table.index_stats("tokens_idx")).num_unindexed_rows:
            await chunks.table.checkout_latest()
            await asyncio.to_thread(psutil.Process().cpu_percent, 0.02)
    assert chunks.maintenance.unindexed == 0


async def test_many_rows_are_indexed_without_waiting(chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "UNINDEXED_ROWS", 50)
    await upsert(chunks, [chunk(number) for number in range(60)])
    # The next command is answered after the maintenance that the rows caused.
    await chunks.delete(Scope("nobody"))
    assert (await chunks.table.index_stats("id_idx")).num_unindexed_rows == 0


async def test_a_failing_step_is_counted_and_the_others_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(maintenance, "COMMITS_BETWEEN", 1)
    async with open_entities(tmp_path) as store:
        # The dataset cannot be opened where it is not.
        store._maintenance._uri = str(tmp_path / "nowhere.lance")
        for number in range(3):
            await put(store, dataset(f"d{number}", f"name {number}"))
        assert store._maintenance.failures >= 2
        assert len(store.children(Dataset, ORGANIZATION)) == 3
    assert "A step of maintenance failed." in caplog.text


async def test_a_failing_index_does_not_stop_the_writer_of_chunks(
    chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(maintenance, "UNINDEXED_ROWS", 1)
    chunks.maintenance._uri = str(tmp_path / "nowhere.lance")
    async with asyncio.timeout(20):
        for number in range(3):
            await upsert(chunks, [chunk(number)])
    assert chunks.maintenance.failures >= 2
    assert await chunks.count(Scope(ORGANIZATION)) == 3


async def test_a_vector_index_that_cannot_be_built_waits_until_the_table_has_doubled(
    chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "VECTOR_INDEX_ROWS", 300)
    # LanceDB refuses to train over very many equal vectors; a distance that it does not know is quicker refused.
    make = lancedb.index.IvfSq
    monkeypatch.setattr(lancedb.index, "IvfSq", lambda **options: make(**{**options, "distance_type": "none"}))
    await upsert(chunks, [chunk(number) for number in range(400)])
    for _ in range(3):
        await chunks.maintenance.index(chunks.table)
    assert chunks.maintenance.failures == 1
    assert not chunks.maintenance.has_vector_index
    monkeypatch.setattr(lancedb.index, "IvfSq", make)
    await upsert(chunks, [chunk(number) for number in range(400, 800)])
    await chunks.maintenance.index(chunks.table)
    assert chunks.maintenance.has_vector_index


async def test_reopened_table_knows_its_vector_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "VECTOR_INDEX_ROWS", 300)
    async with open_chunks(tmp_path) as table:
        await upsert(table, [chunk(number) for number in range(400)])
        await table.maintenance.index(table.table)
        assert table.maintenance.has_vector_index
    async with open_chunks(tmp_path) as table:
        assert table.maintenance.has_vector_index
        assert table.maintenance._trained_rows == 400
