"""Parents, children and plain chunks in one table, and tables of versions that knew plain chunks only."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from knowflow_server.store.chunks import SPEC, ChunkTable, rows_of
from knowflow_server.store.filters import Scope
from knowflow_server.store.schema import added_columns, chunk_schema
from knowflow_server.store.search import nearest, search
from tests.store.records import DIMENSION, ORGANIZATION, chunk, open_chunks, open_database, unit_vectors, upsert

NEW = ["parent", "is_parent", "tag_feas"]
FAMILY = [
    chunk(0, "plain"),
    chunk(1, "child one child two", is_parent=True, child_count=2, tokens=""),
    chunk(2, "child one", parent_id=chunk(1).id),
    chunk(3, "child two", parent_id=chunk(1).id),
]


def old_schema() -> pa.Schema:
    """The columns of a table from before there were parents."""
    schema = chunk_schema(SPEC, DIMENSION)
    return pa.schema([field for field in schema if field.name not in NEW])


async def test_table_of_an_earlier_version_gets_its_new_columns_and_works(tmp_path: Path) -> None:
    async with open_database(tmp_path) as database:
        table = await database.table(f"chunks_{DIMENSION}_00", old_schema())
        assert list(added_columns(SPEC, await table.schema())) == NEW
        rows = pa.Table.from_batches([rows_of([chunk(n) for n in range(3)], unit_vectors(3), old_schema())])
        await table.add(rows)
    for _ in range(2):  # the second start finds nothing to do
        async with open_chunks(tmp_path) as chunks:
            assert added_columns(SPEC, await chunks.table.schema()) == {}
            everything = Scope(ORGANIZATION, listed=True, searched=True)
            found = await chunks.page(everything, offset=0, limit=10)
            assert [one.content for one in found[:3]] == [chunk(n).content for n in range(3)]
            await upsert(chunks, [chunk(3), chunk(0)])
            await upsert(chunks, [chunk(4, is_parent=True), chunk(5, parent_id=chunk(4).id, tag_feas='{"a": 1}')])
            assert await chunks.counts() == {"document-1": 5}
            assert await chunks.searched_counts() == {"document-1": 5}
            [child] = await chunks.read(Scope(ORGANIZATION, parent_ids=[chunk(4).id]))
            assert (child.id, child.tag_feas) == (chunk(5).id, '{"a": 1}')


async def ids(chunks: ChunkTable, **fields: object) -> list[str]:
    return sorted(one.content for one in await chunks.read(Scope(ORGANIZATION, **fields)))  # type: ignore[arg-type]


async def test_scope_tells_parents_children_and_plain_chunks_apart(tmp_path: Path) -> None:
    async with open_chunks(tmp_path) as chunks:
        await upsert(chunks, FAMILY)
        assert await ids(chunks, listed=True) == ["child one child two", "plain"]
        assert await ids(chunks, searched=True) == ["child one", "child two", "plain"]
        assert await ids(chunks, parent_ids=[chunk(1).id]) == ["child one", "child two"]
        assert await ids(chunks, family_ids=[chunk(1).id]) == ["child one", "child one child two", "child two"]
        assert await ids(chunks, family_ids=[chunk(0).id, chunk(3).id]) == ["child two", "plain"]
        assert await ids(chunks, family_ids=[]) == []
        assert (await chunks.counts(), await chunks.searched_counts()) == ({"document-1": 2}, {"document-1": 3})
        await chunks.delete(Scope(ORGANIZATION, family_ids=[chunk(1).id]))
        assert await ids(chunks) == ["plain"]


async def test_search_gives_children_with_their_parents(tmp_path: Path) -> None:
    async with open_chunks(tmp_path) as chunks:
        vectors = await upsert(chunks, FAMILY)
        scope = Scope(ORGANIZATION, searched=True)
        for words in (["two"], []):
            found = await search(chunks, scope, vectors[2], words=words, k=10)
            parents = dict(zip(found.ids, found.parent_ids, strict=True))
            assert parents == {chunk(0).id: "", chunk(2).id: chunk(1).id, chunk(3).id: chunk(1).id}
        best = await nearest(chunks, scope, vectors[2], k=2)
        assert best[0][0].id == chunk(2).id
        assert len(best) == 2
        assert abs(best[0][1] - 1) < 1e-5
