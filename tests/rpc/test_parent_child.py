"""Parents and children through the front door: parsing, listing, changing, deleting, and above all retrieval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import httpx
import pytest

from knowflow.v1 import retrieval_service_pb2, retrieval_service_pb2_grpc
from tests.reliability.store import chunk_rows, eventually
from tests.rpc.calls import (
    begun,
    chunks_of,
    data_of,
    delete_datasets,
    delete_documents,
    document_of,
    ended,
    new_dataset,
    parsed,
    start_parsing,
    stop_parsing,
    upload,
)
from tests.serving import Server

TIERS = {"use_parent_child": True, "child_token_num": 24, "parent_token_num": 200}
TOPICS = {
    "Tides": ["The moon pulls the sea towards itself twice a day.", "Spring tides come with the full moon.",
              "Harbours publish tables of high water.", "The Bay of Fundy has the highest tides."],
    "Bread": ["Yeast makes the dough of bread rise slowly.", "Salt keeps the yeast in check.",
              "A hot oven gives the loaf its crust.", "Rye needs a sour starter to bake well."],
    "Volcanoes": ["Volcanoes throw out molten rock and ash.", "Basalt flows a long way before it sets.",
                  "Pumice is light enough to float on water.", "Geysers boil where magma heats the ground."],
}  # fmt: skip
TEXT = "".join(f"# {title}\n\n" + "".join(f"{line} {line}\n\n" for line in lines) for title, lines in TOPICS.items())


async def made(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, *, text: str = TEXT, tiers: Any = None, **fields: Any
) -> tuple[str, str]:
    """Return a dataset and a document of it with a parent for each topic."""
    config = {"parent_child": tiers or TIERS}
    dataset = await new_dataset(rest, chunk_method="smart", parser_config=config, **fields)
    document = await upload(rest, dataset, "topics.md", text)
    last = await parsed(rest, channel, dataset, document)
    assert last.status == "1", last.progress_msg
    return dataset, document


async def children_of(rest: httpx.AsyncClient, dataset: str, document: str, parent: str) -> list[dict[str, Any]]:
    path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
    return list(data_of(await rest.get(path, params={"parent_id": parent}))["chunks"])


async def ask(rest: httpx.AsyncClient, dataset: str, question: str, **options: Any) -> dict[str, Any]:
    body = {"question": question, "dataset_ids": [dataset], "similarity_threshold": 0, **options}
    return dict(data_of(await rest.post("/api/v1/retrieval", json=body)))


async def assert_counts(rest: httpx.AsyncClient, server: Server, dataset: str, document: str, children: int) -> None:
    """Check that what the records say is what there is; `children` stand beside the listed chunks on the disk."""
    chunks = await chunks_of(rest, dataset, document)
    record = await document_of(rest, dataset, document)
    assert record["chunk_count"] == len(chunks)
    assert record["token_count"] == sum(chunk["token_count"] for chunk in chunks)
    [kept] = data_of(await rest.get("/api/v1/datasets", params={"id": dataset}))["datasets"]
    assert kept["chunk_count"] == len(chunks)
    await eventually(lambda: chunk_rows(server, document=document) == len(chunks) + children)


async def test_list_chunks_shows_parents_and_their_children_when_asked(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    parents = await chunks_of(rest, dataset, document)
    assert [parent["content"].split("\n")[0] for parent in parents] == ["# Tides", "# Bread", "# Volcanoes"]
    assert "".join(parent["content"] for parent in parents) == TEXT
    assert all(parent["child_count"] > 1 and parent["parent_id"] == "" for parent in parents)
    for parent in parents:
        children = await children_of(rest, dataset, document, parent["id"])
        assert len(children) == parent["child_count"]
        assert "".join(child["content"] for child in children) == parent["content"]
        assert {child["parent_id"] for child in children} == {parent["id"]}
        assert all(child["token_count"] <= 24 for child in children)
        assert children[-1]["headings"] == [parent["content"].split("\n")[0].removeprefix("# ")]
    path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
    [child] = data_of(await rest.get(path, params={"id": children[0]["id"]}))["chunks"]
    assert child == children[0]
    found = data_of(await rest.get(path, params={"keywords": "yeast"}))
    assert [chunk["id"] for chunk in found["chunks"]] == [parents[1]["id"]]
    record = await document_of(rest, dataset, document)
    assert "Made 3 chunks with" in record["progress_msg"]
    assert "Stored 3 chunks." in record["progress_msg"]
    await assert_counts(rest, server, dataset, document, sum(parent["child_count"] for parent in parents))


async def test_retrieve_returns_each_parent_once_with_the_children_that_matched(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    parents = {chunk["id"]: chunk for chunk in await chunks_of(rest, dataset, document)}
    found = await ask(rest, dataset, "What makes the dough of bread rise?", highlight=True)
    assert found["total"] == 3
    assert {chunk["id"] for chunk in found["chunks"]} == parents.keys()
    assert found["doc_aggs"] == [{"doc_name": "topics.md", "doc_id": document, "count": 3}]
    first = found["chunks"][0]
    assert first["content"] == parents[first["id"]]["content"]
    assert first["content"].startswith("# Bread")
    assert "<em>dough</em>" in first["highlight"]
    assert "dough" in first["content_ltks"].split()
    scores = [child["similarity"] for child in first["children"]]
    assert scores == sorted(scores, reverse=True)
    best = first["children"][0]
    assert "Yeast makes the dough" in best["content"]
    for field in ("similarity", "vector_similarity", "term_similarity"):
        assert first[field] == best[field]
    listed = {child["id"] for child in await children_of(rest, dataset, document, first["id"])}
    assert {child["id"] for child in first["children"]} == listed


async def test_retrieve_threshold_is_that_of_the_best_child(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset, _ = await made(rest, channel)
    question = "What makes the dough of bread rise?"
    everything = await ask(rest, dataset, question)
    children = everything["chunks"][0]["children"]
    assert children[0]["similarity"] > children[1]["similarity"]
    threshold = (children[0]["similarity"] + children[1]["similarity"]) / 2
    found = await ask(rest, dataset, question, similarity_threshold=threshold)
    shown = [[child["id"] for child in chunk["children"]] for chunk in found["chunks"]]
    assert shown == [[children[0]["id"]]]
    assert (found["total"], found["doc_aggs"][0]["count"]) == (1, 1)


async def test_retrieve_pages_of_parents_neither_overlap_nor_miss_one(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    text = "".join(f"# Log {n}\n\n" + f"The keeper of lighthouse {n} saw a ship at dawn.\n\n" * 6 for n in range(17))
    tiers = {"use_parent_child": True, "child_token_num": 20, "parent_token_num": 120}
    dataset, document = await made(rest, channel, text=text, tiers=tiers)
    parents = [chunk["id"] for chunk in await chunks_of(rest, dataset, document)]
    assert len(parents) == 17
    question = "Which ship did the keeper see?"
    whole = await ask(rest, dataset, question, page_size=100)
    pages = [await ask(rest, dataset, question, page=n, page_size=5) for n in range(1, 6)]
    assert [len(page["chunks"]) for page in pages] == [5, 5, 5, 2, 0]
    assert {page["total"] for page in pages} == {17} == {whole["total"]}
    assert [chunk for page in pages for chunk in page["chunks"]] == whole["chunks"]
    assert sorted(chunk["id"] for chunk in whole["chunks"]) == sorted(parents)


async def test_retrieve_over_grpc_mixes_parents_and_plain_chunks_and_adds_the_page_rank(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    body = {"content": "Dough of bread rises by itself."}
    plain = data_of(await rest.post(f"/api/v1/datasets/{dataset}/documents/{document}/chunks", json=body))["chunk"][
        "id"
    ]
    stub = retrieval_service_pb2_grpc.RetrievalServiceStub(channel)
    request = retrieval_service_pb2.RetrieveRequest(
        question="What makes the dough of bread rise?", dataset_ids=[dataset], similarity_threshold=0.0
    )
    before = (await stub.Retrieve(request)).data
    assert before.total == 4
    assert [list(chunk.children) for chunk in before.chunks if chunk.id == plain] == [[]]
    assert before.doc_aggs[0].count == 4
    data_of(await rest.put(f"/api/v1/datasets/{dataset}", json={"pagerank": 10}))
    after = (await stub.Retrieve(request)).data
    for old, new in zip(before.chunks, after.chunks, strict=True):
        assert (new.id, round(new.similarity, 6)) == (old.id, round(old.similarity + 0.1, 6))


async def test_update_of_a_parent_s_text_makes_its_children_anew(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    parents = await chunks_of(rest, dataset, document)
    tides = parents[0]
    kept = (await children_of(rest, dataset, document, tides["id"]))[1]
    new = kept["content"] + "Walruses sleep on the ice floe all day. " * 6 + "Narwhals have one long tooth.\n"
    path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks/{tides['id']}"
    data_of(await rest.put(path, json={"content": new}))
    [changed] = [chunk for chunk in await chunks_of(rest, dataset, document) if chunk["id"] == tides["id"]]
    children = await children_of(rest, dataset, document, tides["id"])
    assert changed["content"] == new == "".join(child["content"] for child in children)
    assert changed["child_count"] == len(children) > 1
    found = (await ask(rest, dataset, "Narwhals have one long tooth"))["chunks"][0]
    assert found["id"] == tides["id"]
    assert "Narwhals" in found["children"][0]["content"]
    old = await ask(rest, dataset, "Harbours publish tables of high water", vector_similarity_weight=0)
    texts = [part["content"] for chunk in old["chunks"] for part in [chunk, *chunk["children"]]]
    assert texts
    assert not any("Harbours" in text for text in texts)
    count = sum(parent["child_count"] for parent in parents[1:]) + len(children)
    await assert_counts(server=server, rest=rest, dataset=dataset, document=document, children=count)
    # A short text is one chunk, which has no parts.
    data_of(await rest.put(path, json={"content": "Only walruses remain."}))
    [short] = [chunk for chunk in await chunks_of(rest, dataset, document) if chunk["id"] == tides["id"]]
    assert short["child_count"] == 0
    found = (await ask(rest, dataset, "Only walruses remain"))["chunks"][0]
    assert (found["id"], found["children"]) == (tides["id"], [])
    count = sum(parent["child_count"] for parent in parents[1:])
    await assert_counts(server=server, rest=rest, dataset=dataset, document=document, children=count)


async def test_update_of_a_parent_s_labels_and_availability_reaches_its_children(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    bread = (await chunks_of(rest, dataset, document))[1]["id"]
    path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks/{bread}"
    data_of(await rest.put(path, json={"important_keywords": ["zwieback"], "questions": ["Who is Pumpernickel?"]}))
    for word in ("zwieback", "pumpernickel"):
        found = await ask(rest, dataset, word, vector_similarity_weight=0, similarity_threshold=0.01)
        assert [chunk["id"] for chunk in found["chunks"]] == [bread]
        assert found["chunks"][0]["important_keywords"] == ["zwieback"]
    data_of(await rest.put(path, json={"available": False}))
    assert bread not in {chunk["id"] for chunk in (await ask(rest, dataset, "bread"))["chunks"]}
    data_of(await rest.put(path, json={"available": True}))
    assert (await ask(rest, dataset, "bread"))["chunks"][0]["id"] == bread


async def test_child_by_itself_can_be_neither_changed_nor_deleted(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    parent = (await chunks_of(rest, dataset, document))[0]
    child = (await children_of(rest, dataset, document, parent["id"]))[0]["id"]
    path = f"/api/v1/datasets/{dataset}/documents/{document}/chunks"
    assert (await rest.put(f"{path}/{child}", json={"content": "other"})).status_code == 404
    assert (await rest.request("DELETE", path, json={"chunk_ids": [child]})).status_code == 400
    assert len(await children_of(rest, dataset, document, parent["id"])) == parent["child_count"]


@pytest.mark.parametrize("everywhere", [True, False])
async def test_delete_of_a_parent_takes_its_children_with_it(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel, *, everywhere: bool
) -> None:
    dataset, document = await made(rest, channel)
    parents = await chunks_of(rest, dataset, document)
    path = f"/api/v1/datasets/{dataset}" + ("" if everywhere else f"/documents/{document}") + "/chunks"
    data_of(await rest.request("DELETE", path, json={"chunk_ids": [parents[1]["id"]]}))
    assert parents[1]["id"] not in {chunk["id"] for chunk in (await ask(rest, dataset, "bread"))["chunks"]}
    count = parents[0]["child_count"] + parents[2]["child_count"]
    await assert_counts(rest, server, dataset, document, count)
    data_of(await rest.request("DELETE", f"/api/v1/datasets/{dataset}/documents/{document}/chunks"))
    await assert_counts(rest, server, dataset, document, 0)
    assert (await ask(rest, dataset, "moon"))["chunks"] == []


async def test_reparse_with_other_tiers_replaces_parents_and_children(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, document = await made(rest, channel)
    old = await chunks_of(rest, dataset, document)
    path = f"/api/v1/datasets/{dataset}/documents/{document}"
    data_of(await rest.put(path, json={"parser_config": {"parent_child": {"use_parent_child": False}}}))
    assert (await parsed(rest, channel, dataset, document)).status == "1"
    plain = await chunks_of(rest, dataset, document)
    assert not {chunk["id"] for chunk in plain} & {chunk["id"] for chunk in old}
    await assert_counts(rest, server, dataset, document, 0)
    change = {"parent_child": {"use_parent_child": True, "child_token_num": 12}}
    data_of(await rest.put(path, json={"parser_config": change}))
    await start_parsing(rest, dataset, document)
    await begun(channel, dataset, document)
    await ended(channel, dataset, document)
    parents = await chunks_of(rest, dataset, document)
    await assert_counts(rest, server, dataset, document, sum(parent["child_count"] for parent in parents))
    await delete_documents(rest, dataset, document)
    await eventually(lambda: chunk_rows(server, dataset=dataset) == 0)


async def test_stopped_parse_leaves_neither_parents_nor_children(
    server: Server, rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest, chunk_method="smart", parser_config={"parent_child": TIERS})
    document = await upload(rest, dataset, "long.md", TEXT * 300)
    await start_parsing(rest, dataset, document)
    await begun(channel, dataset, document)
    await eventually(lambda: chunk_rows(server, document=document) > 0)
    await stop_parsing(rest, dataset, document)
    await eventually(lambda: chunk_rows(server, document=document) == 0)
    assert await chunks_of(rest, dataset, document) == []
    await delete_datasets(rest, dataset)


async def test_parse_of_mineru_and_smart_has_parents_without_asking(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest, chunk_method="smart", parser_config={"layout_recognize": "mineru"})
    lines = "".join(f"Line {n} of the chapter tells of lighthouses and of the sea around them.\n\n" for n in range(40))
    document = await upload(rest, dataset, "chapter.md", f"# Chapter\n\n{lines}")
    assert (await parsed(rest, channel, dataset, document)).status == "1"
    [parent] = await chunks_of(rest, dataset, document)
    children = await children_of(rest, dataset, document, parent["id"])
    assert 1 < len(children)
    assert all(child["token_count"] <= 256 for child in children)
    assert parent["token_count"] <= 1024


@pytest.mark.slow
async def test_parse_killed_midway_gives_families_of_an_undisturbed_one(own_server: Callable[..., Server]) -> None:
    server = own_server()
    text = TEXT * 60
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, chunk_method="smart", parser_config={"parent_child": TIERS})
        document = await upload(rest, dataset, "long.md", text)
        await start_parsing(rest, dataset, document)
        await begun(channel, dataset, document)
        await eventually(lambda: chunk_rows(server, document=document) > 50)
    server.kill()
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        last = await ended(channel, dataset, document)
        assert last.status == "1", last.progress_msg
        parents = await chunks_of(rest, dataset, document)
        assert "".join(parent["content"] for parent in parents) == text
        for parent in parents[::20]:
            children = await children_of(rest, dataset, document, parent["id"])
            assert "".join(child["content"] for child in children) == parent["content"]
        await assert_counts(rest, server, dataset, document, sum(parent["child_count"] for parent in parents))
