"""The table of facts: what is added is read back, deletes and sweeps take exactly what they name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowflow.store.v1 import graph_pb2
from knowflow.store.v1.graph_pb2 import GraphFact
from knowflow_server.store.filters import FactScope
from knowflow_server.store.graph import GraphStore
from tests.store.records import open_database


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[GraphStore]:
    async with open_database(tmp_path) as database:
        store = await GraphStore.open(database)
        yield store
        await store.close()


def fact(name: str, **fields: object) -> GraphFact:
    given = {
        "organization_id": "org",
        "dataset_id": "dataset",
        "document_id": "document",
        "generation": "job",
        "kind": graph_pb2.GRAPH_FACT_KIND_ENTITY,
        "source": name,
        "label": "person",
        "name": name.title(),
        "weight": 1.5,
        "description": f"{name} said 'hello'.",
        "created_at": 10,
        **fields,
    }
    return GraphFact(id=f"{given['generation']} {name}", **given)  # type: ignore[arg-type]


async def names(store: GraphStore, **scope: object) -> list[str]:
    return sorted(found.source for found in await store.read(FactScope(**{"organization_id": "org", **scope})))  # type: ignore[arg-type]


async def test_add_many_at_once_keeps_every_fact(store: GraphStore) -> None:
    await asyncio.gather(*(store.add([fact(f"a{number}"), fact(f"b{number}")]) for number in range(20)))
    assert len(await names(store)) == 40
    [found] = await store.read(FactScope("org", ids=["job a7"]))
    assert found == fact("a7")


async def test_delete_takes_what_the_scope_names_and_nothing_else(store: GraphStore) -> None:
    await store.add(
        [
            fact("keep"),
            fact("other organization", organization_id="other"),
            fact("other dataset", dataset_id="elsewhere"),
            fact("other document", document_id="elsewhere"),
            fact("old", generation="old job"),
            fact("draft", kind=graph_pb2.GRAPH_FACT_KIND_DRAFT),
            fact("late", generation="late job", created_at=99),
        ]
    )
    await store.delete(
        FactScope("org", dataset_id="dataset", document_id="document", other_than="job", created_before=50)
    )
    assert await names(store) == ["draft", "keep", "late", "other dataset", "other document"]
    await store.delete(FactScope("org", generation="job", kinds=[graph_pb2.GRAPH_FACT_KIND_DRAFT]))
    await store.delete(FactScope("org", dataset_id="dataset", created_before=50))
    assert await names(store) == ["late", "other dataset"]
    assert await names(store, organization_id="other") == ["other organization"]


async def test_sweep_takes_all_generations_but_those_alive(store: GraphStore) -> None:
    await store.sweep([])
    await store.add(
        [
            fact("one", generation="1"),
            fact("two", generation="2", organization_id="other"),
            fact("three", generation="3"),
        ]
    )
    await store.sweep(["1"])
    assert await names(store) == ["one"]
    assert await names(store, organization_id="other") == []


async def test_columns_have_the_facts_of_these_generations(store: GraphStore) -> None:
    relation = fact("anna", kind=graph_pb2.GRAPH_FACT_KIND_RELATION, target="bob", label="met")
    relation.id = "relation"
    await store.add([fact("anna"), fact("bob"), relation, fact("eve", generation="other")])
    columns = await store.columns(FactScope("org", dataset_id="dataset"), ["job"])
    assert sorted(columns.source.values[code] for code in columns.source.codes) == ["anna", "anna", "bob"]
    assert sorted(columns.kind.tolist()) == [1, 1, 2]
    assert columns.weight.tolist() == [1.5] * 3
    empty = await store.columns(FactScope("other", dataset_id="dataset"), ["job"])
    assert (len(empty.kind), empty.source.values, len(empty.name.codes)) == (0, [], 0)


async def test_open_again_finds_what_was_added(tmp_path: Path) -> None:
    for expected in ([], ["anna"]):
        async with open_database(tmp_path) as database:
            store = await GraphStore.open(database)
            assert await names(store) == expected
            await store.add([] if expected else [fact("anna")])
            await store.close()
