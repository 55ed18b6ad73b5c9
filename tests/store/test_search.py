"""Search: both scores for every chunk, equal to what brute force gives, at every moment after a write."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from knowflow_server.store import maintenance
from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.filters import Scope
from knowflow_server.store.search import nearest, search
from tests.store.records import ORGANIZATION, chunk, unit_vectors, upsert

SCOPE = Scope(ORGANIZATION, available=True)
WORDS = ["moon", "sea", "bread", "yeast", "salt", "wind", "rain", "stone"]


def text(number: int) -> str:
    """Return words that differ from chunk to chunk in number and length."""
    generator = np.random.default_rng(number)
    return " ".join(generator.choice(WORDS, size=int(generator.integers(1, 9))))


async def fill(table: ChunkTable, count: int, *, start: int = 0) -> np.ndarray:
    return await upsert(table, [chunk(number, text(number)) for number in range(start, start + count)], seed=start)


async def test_search_gives_the_cosines_of_brute_force(chunks: ChunkTable) -> None:
    vectors = await fill(chunks, 200)
    query = unit_vectors(1, seed=99)[0]
    found = await search(chunks, SCOPE, query, words=[], k=25)
    expected = vectors @ query
    best = np.argsort(-expected)[:25]
    assert sorted(found.ids) == sorted(chunk(int(number)).id for number in best)
    assert found.cosine == pytest.approx([expected[int(identifier, 16)] for identifier in found.ids], abs=1e-5)
    assert found.bm25.tolist() == [0.0] * 25
    assert found.best_words == frozenset()


@pytest.mark.parametrize("indexed", [False, True], ids=["just written", "indexed"])
async def test_search_gives_both_scores_for_what_one_leg_found(chunks: ChunkTable, indexed: bool) -> None:
    vectors = await fill(chunks, 120)
    if indexed:
        await chunks.maintenance.run(chunks.table)
    query = unit_vectors(1, seed=99)[0]
    everything = await search(chunks, SCOPE, query, words=["moon", "salt"], k=1_000)
    assert sorted(everything.ids) == [chunk(number).id for number in range(120)]
    bm25 = dict(zip(everything.ids, everything.bm25.tolist(), strict=True))
    found = await search(chunks, SCOPE, query, words=["moon", "salt"], k=5)
    assert 5 < len(found.ids) <= 10
    cosines = [float(vectors[int(identifier, 16)] @ query) for identifier in found.ids]
    assert found.cosine == pytest.approx(cosines, abs=1e-5)
    expected = [bm25[identifier] for identifier in found.ids]
    assert [score > 0 for score in found.bm25] == [score > 0 for score in expected]
    # Rows without an index are scored with the statistics of those that a filter leaves.
    assert found.bm25 == pytest.approx(expected, abs=1e-5 if indexed else 0.5)
    assert any(found.bm25 == 0.0)
    # The best by words are there, whatever their vectors.
    best = sorted(bm25, key=lambda identifier: -bm25[identifier])[:1]
    assert set(best) <= set(found.ids)


async def test_search_words_are_found_exactly_where_they_stand(chunks: ChunkTable) -> None:
    await fill(chunks, 60)
    found = await search(chunks, SCOPE, unit_vectors(1)[0], words=["yeast"], k=1_000)
    having = {identifier for identifier, score in zip(found.ids, found.bm25, strict=True) if score > 0}
    assert having == {chunk(number).id for number in range(60) if "yeast" in text(number).split()}
    assert "yeast" in found.best_words


async def test_search_finds_a_row_at_once_and_after_each_step_of_its_life(chunks: ChunkTable) -> None:
    await fill(chunks, 30)
    vector = unit_vectors(1, seed=7)

    async def found() -> tuple[bool, bool]:
        result = await search(chunks, SCOPE, vector[0], words=["zeppelin"], k=3)
        scores = dict(zip(result.ids, zip(result.cosine, result.bm25, strict=True), strict=True))
        cosine, bm25 = scores.get(chunk(500).id, (0.0, 0.0))
        return bool(cosine > 0.999), bool(bm25 > 0)

    await chunks.upsert([chunk(500, "a zeppelin")], vector)
    assert await found() == (True, True)
    await chunks.maintenance.index(chunks.table)
    assert await found() == (True, True)
    await chunks.maintenance.run(chunks.table)
    assert await found() == (True, True)
    await chunks.upsert([chunk(500, "a balloon")], vector)
    assert await found() == (True, False)
    await chunks.upsert([chunk(500, "zeppelin again")], vector)
    await chunks.maintenance.run(chunks.table)
    assert await found() == (True, True)
    await chunks.update(Scope(ORGANIZATION, chunk_ids=[chunk(500).id]), {"available": False})
    assert await found() == (False, False)
    await chunks.update(Scope(ORGANIZATION, chunk_ids=[chunk(500).id]), {"available": True})
    assert await found() == (True, True)
    await chunks.delete(Scope(ORGANIZATION, chunk_ids=[chunk(500).id]))
    assert await found() == (False, False)


async def test_search_stays_in_its_scope(chunks: ChunkTable) -> None:
    vector = unit_vectors(1)
    everywhere = [
        chunk(1, "moon", dataset_id="a"),
        chunk(2, "moon", dataset_id="b"),
        chunk(3, "moon", dataset_id="a", document_id="document-2"),
        chunk(4, "moon", dataset_id="a", available=False),
        chunk(5, "moon", dataset_id="a", live=False),
        chunk(6, "moon", dataset_id="a", organization_id="organization-2"),
    ]
    await chunks.upsert(everywhere, np.repeat(vector, 6, axis=0))
    scope = Scope(ORGANIZATION, dataset_ids=["a"], document_ids=["document-1"], available=True)
    assert (await search(chunks, scope, vector[0], words=["moon"], k=10)).ids == [chunk(1).id]
    nowhere = Scope(ORGANIZATION, document_ids=[], available=True)
    assert (await search(chunks, nowhere, vector[0], words=["moon"], k=10)).ids == []


async def test_search_fuzzy_forgives_one_letter(chunks: ChunkTable) -> None:
    await upsert(chunks, [chunk(1, "yeast dough"), chunk(2, "stone wall")])
    # LanceDB forgives in indexed rows only, so not in the second after a write.
    await chunks.maintenance.run(chunks.table)
    query = unit_vectors(1, seed=3)[0]

    async def worded(words: list[str], *, fuzzy: bool) -> set[str]:
        found = await search(chunks, SCOPE, query, words=words, k=10, fuzzy=fuzzy)
        return {identifier for identifier, score in zip(found.ids, found.bm25, strict=True) if score > 0}

    assert await worded(["yaest"], fuzzy=False) == set()
    assert await worded(["yeazt"], fuzzy=True) == {chunk(1).id}
    assert await worded(["geast"], fuzzy=True) == set()


async def test_search_beside_writes_and_compactions_never_fails(
    chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "COMMITS_BETWEEN", 2)
    vectors = await fill(chunks, 100)
    done = asyncio.Event()

    async def write() -> None:
        for turn in range(40):
            await upsert(chunks, [chunk(number, text(number)) for number in range(turn, 100, 7)], seed=turn)
            await chunks.upsert([chunk(number, text(number)) for number in range(100)], vectors)
        done.set()

    async def read() -> int:
        turns = 0
        while not done.is_set():
            found = await search(chunks, SCOPE, unit_vectors(1, seed=turns)[0], words=["moon", "rain"], k=20)
            assert len(found.ids) == len(set(found.ids)) >= 20
            taken = await chunks.take(found.rows[:10], found.ids[:10])
            assert [record.id for record in taken] == found.ids[:10]
            turns += 1
        return turns

    _, *turns = await asyncio.gather(write(), read(), read())
    assert min(turns) > 5
    assert chunks.maintenance.failures == 0


async def test_search_with_a_vector_index_agrees_with_the_exact_search(
    chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "VECTOR_INDEX_ROWS", 600)
    monkeypatch.setattr("knowflow_server.store.search.EXACT_ROWS", 300)
    vectors = await fill(chunks, 1_000)
    await chunks.maintenance.index(chunks.table)
    assert chunks.maintenance.has_vector_index
    for seed in range(5):
        query = unit_vectors(1, seed=seed)[0]
        found = await search(chunks, SCOPE, query, words=[], k=10)
        expected = vectors @ query
        assert sorted(found.ids) == sorted(chunk(int(number)).id for number in np.argsort(-expected)[:10])
        # The index stores rounded vectors and twice the distance; neither may show.
        assert found.cosine == pytest.approx([expected[int(i, 16)] for i in found.ids], abs=1e-5)
    few = Scope(ORGANIZATION, chunk_ids=[chunk(number).id for number in range(50)], available=True)
    assert len((await search(chunks, few, query, words=[], k=100)).ids) == 50
    # Rows written after the index was built are found, too.
    await chunks.upsert([chunk(5_000, "new")], query.reshape(1, -1))
    assert chunk(5_000).id in (await search(chunks, SCOPE, query, words=[], k=3)).ids


@pytest.mark.parametrize("mine", [600, 500], ids=["all of the table", "most of the table"])
async def test_the_nearest_of_most_of_a_table_are_those_of_the_exact_search(
    chunks: ChunkTable, monkeypatch: pytest.MonkeyPatch, mine: int
) -> None:
    monkeypatch.setattr(maintenance, "VECTOR_INDEX_ROWS", 600)
    monkeypatch.setattr("knowflow_server.store.search.EXACT_ROWS", 300)
    vectors = unit_vectors(600)
    rows = [chunk(number, dataset_id="mine" if number < mine else "theirs") for number in range(600)]
    await chunks.upsert(rows, vectors)
    await chunks.maintenance.index(chunks.table)
    assert chunks.maintenance.has_vector_index
    scope = Scope(ORGANIZATION, dataset_ids=["mine"])
    for seed in range(5):
        query = unit_vectors(1, seed=100 + seed)[0]
        found = await nearest(chunks, scope, query, k=20, total=mine)
        exact = await nearest(chunks, scope, query, k=20)
        assert len(found) == 20
        assert {one.dataset_id for one, _ in found} == {"mine"}
        # The index may miss a few; what it finds has the cosine it has.
        assert len({one.id for one, _ in found} & {one.id for one, _ in exact}) >= 18
        for one, cosine in found:
            assert cosine == pytest.approx(float(vectors[int(one.id, 16)] @ query), abs=1e-4)
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
