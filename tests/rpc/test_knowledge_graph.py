"""Knowledge graphs from end to end: built on parse, merged, used by retrieval, taken apart, and nobody else's."""

from __future__ import annotations

from typing import Any

import grpc
import httpx
import pytest

from knowflow.v1 import knowledge_graph_service_pb2 as graph_pb2
from knowflow.v1 import knowledge_graph_service_pb2_grpc as graph_pb2_grpc
from tests.domain.graph.corpus import CURIE, WHO, WHO_EDGES, WHO_NODES
from tests.rpc.calls import chunks_of, data_of, delete_documents, new_dataset, parsed, upload

ON: dict[str, Any] = {"use_graphrag": True, "resolution": True, "community": True}
NAME = "Related content in Knowledge Graph"


async def graph_of(rest: httpx.AsyncClient, dataset: str) -> dict[str, Any]:
    return dict(data_of(await rest.get(f"/api/v1/datasets/{dataset}/knowledge_graph")))


async def labels(rest: httpx.AsyncClient, dataset: str) -> set[str]:
    return {node["label"] for node in (await graph_of(rest, dataset))["nodes"]}


async def retrieved(rest: httpx.AsyncClient, question: str, **fields: Any) -> Any:
    return data_of(await rest.post("/api/v1/retrieval", json={"question": question, "use_kg": True, **fields}))


async def built(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, *texts: str, **config: Any
) -> tuple[str, list[str]]:
    """Return a dataset with a graph, and its documents."""
    dataset = await new_dataset(rest, parser_config={"graphrag": {**ON, **config}})
    documents = [await upload(rest, dataset, f"{number}.md", text) for number, text in enumerate(texts)]
    for document in documents:
        assert (await parsed(rest, channel, dataset, document)).status == "1"
    return dataset, documents


async def test_graph_of_a_document_is_what_a_reader_draws(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset, [document] = await built(rest, channel, WHO)
    graph = await graph_of(rest, dataset)
    types = {node["label"]: node["type"] for node in graph["nodes"]}
    assert WHO_NODES.items() <= types.items()
    names = {node["id"]: node["label"] for node in graph["nodes"]}
    shown = {(names[edge["source"]], edge["relation"], names[edge["target"]]) for edge in graph["edges"]}
    assert shown >= WHO_EDGES
    linked = graph["graph"]
    assert (linked["directed"], linked["multigraph"]) == (False, False)
    assert linked["graph"] == {
        "source_id": [document],
        "node_count": len(names),
        "edge_count": len(graph["edges"]),
    }
    assert [(node["id"], node["entity_name"]) for node in linked["nodes"]] == [
        (node["id"], node["label"]) for node in graph["nodes"]
    ]
    ranks = [node["pagerank"] for node in linked["nodes"]]
    assert ranks == sorted(ranks, reverse=True)
    assert sum(ranks) == pytest.approx(1)
    organization = next(node for node in linked["nodes"] if node["id"] == "world health organization")
    assert organization["rank"] == 2
    assert "is based in Geneva" in organization["description"]
    edge = next(edge for edge in linked["edges"] if edge["target"] == "geneva")
    assert (edge["src_id"], edge["tgt_id"], edge["keywords"], edge["weight"], edge["source_id"]) == (
        "world health organization",
        "geneva",
        ["is based in"],
        1,
        [document],
    )
    assert {"id", "children"} == set(graph["mind_map"])
    stub = graph_pb2_grpc.KnowledgeGraphServiceStub(channel)
    typed = (await stub.GetKnowledgeGraph(graph_pb2.GetKnowledgeGraphRequest(dataset_id=dataset))).data
    assert [node.label for node in typed.nodes] == [node["label"] for node in graph["nodes"]]


async def test_documents_without_the_setting_have_no_part(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset, [document] = await built(rest, channel, WHO, use_graphrag=False)
    assert (await graph_of(rest, dataset))["nodes"] == []
    # Switched on for the document alone.
    change = {"parser_config": {"graphrag": {"use_graphrag": True}}}
    data_of(await rest.put(f"/api/v1/datasets/{dataset}/documents/{document}", json=change))
    await parsed(rest, channel, dataset, document)
    assert "World Health Organization" in await labels(rest, dataset)
    # Switched off again, the next parse takes its part away.
    change["parser_config"]["graphrag"]["use_graphrag"] = False
    data_of(await rest.put(f"/api/v1/datasets/{dataset}/documents/{document}", json=change))
    await parsed(rest, channel, dataset, document)
    assert await labels(rest, dataset) == set()


async def test_entity_types_limit_what_is_looked_for(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset, _ = await built(rest, channel, WHO, entity_types=["Location", "person"])
    assert {node["type"] for node in (await graph_of(rest, dataset))["nodes"]} == {"geo", "person"}


async def test_deleting_a_document_removes_what_only_it_supported(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    other = "The WHO met Anna Lee in Oslo. Anna Lee works for the European Commission."
    dataset, [first, second] = await built(rest, channel, WHO, other)
    both = await graph_of(rest, dataset)
    # The second document says "WHO" alone; the first explains it.
    assert "WHO" not in {node["label"] for node in both["nodes"]}
    commission = next(node for node in both["graph"]["nodes"] if node["id"] == "european commission")
    assert sorted(commission["source_id"]) == sorted([first, second])
    alone, _ = await built(rest, channel, other)
    await delete_documents(rest, dataset, first)
    left, expected = await graph_of(rest, dataset), await graph_of(rest, alone)
    assert (left["nodes"], left["edges"]) == (expected["nodes"], expected["edges"])
    assert left["graph"]["graph"]["source_id"] == [second]
    await delete_documents(rest, dataset)
    assert (await graph_of(rest, dataset))["nodes"] == []


async def test_changing_the_method_of_a_document_takes_its_part_away_until_it_is_parsed(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, [document, _] = await built(rest, channel, WHO, "Anna Lee lives in Oslo.")
    change = {"chunk_method": "manual", "parser_config": {"graphrag": ON}}
    data_of(await rest.put(f"/api/v1/datasets/{dataset}/documents/{document}", json=change))
    assert await labels(rest, dataset) == {"Anna Lee", "Oslo"}
    await parsed(rest, channel, dataset, document)
    assert "Geneva" in await labels(rest, dataset)


async def test_deleting_the_graph_leaves_documents_and_chunks_and_parsing_builds_it_anew(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, [document] = await built(rest, channel, WHO)
    before, chunks = await graph_of(rest, dataset), await chunks_of(rest, dataset, document)
    answer = await rest.delete(f"/api/v1/datasets/{dataset}/knowledge_graph")
    assert (answer.status_code, answer.json()) == (200, {"code": 0})
    assert (await graph_of(rest, dataset))["nodes"] == []
    assert await chunks_of(rest, dataset, document) == chunks
    # Deleting what is not there is no mistake.
    data_of(await rest.delete(f"/api/v1/datasets/{dataset}/knowledge_graph"))
    await parsed(rest, channel, dataset, document)
    again = await graph_of(rest, dataset)
    assert (again["nodes"], again["edges"]) == (before["nodes"], before["edges"])


async def test_retrieval_with_the_graph_begins_with_what_it_says(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, [curie, who] = await built(rest, channel, CURIE, WHO)
    page = await retrieved(rest, "What did Marie Curie discover?", dataset_ids=[dataset], highlight=True)
    first = page["chunks"][0]
    assert (first["document_name"], first["document_keyword"], first["similarity"]) == (NAME, NAME, 1)
    assert (first["document_id"], first["dataset_id"]) == ("", dataset)
    for line in (
        "---- Entities ----",
        "---- Relations ----",
        "- Marie Curie - discovered - Polonium",
        "# 1. Marie Curie",
    ):
        assert line in first["content"]
    assert "Geneva" not in first["content"]
    assert [chunk["document_name"] for chunk in page["chunks"][1:]] != []
    assert NAME not in {chunk["document_name"] for chunk in page["chunks"][1:]}
    assert page["total"] == len(page["chunks"]) - 1
    # An alias of the question is understood.
    assert (
        "World Health Organization"
        in (await retrieved(rest, "Where is the WHO?", dataset_ids=[dataset]))["chunks"][0]["content"]
    )
    # Without a name of the graph, and without the wish, nothing is added.
    assert NAME not in str(await retrieved(rest, "What makes dough rise?", dataset_ids=[dataset]))
    assert NAME not in str(await retrieved(rest, "Marie Curie", dataset_ids=[dataset], use_kg=False))
    # Only what the chosen documents say is told.
    assert NAME not in str(await retrieved(rest, "Marie Curie", dataset_ids=[dataset], document_ids=[who]))
    own = await retrieved(rest, "Marie Curie", document_ids=[curie])
    assert own["chunks"][0]["content"].startswith("---- Entities ----")


async def test_pages_of_a_retrieval_with_the_graph_are_those_without_it(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    texts = [f"Anna Lee wrote about Oslo {number} times. " * 3 for number in range(7)]
    dataset, _ = await built(rest, channel, *texts)
    given = {"dataset_ids": [dataset], "page_size": 3, "similarity_threshold": 0}
    pages = [await retrieved(rest, "Anna Lee", page=number, **given) for number in (1, 2, 3)]
    plain = [await retrieved(rest, "Anna Lee", page=number, use_kg=False, **given) for number in (1, 2, 3)]
    assert pages[0]["chunks"][0]["document_name"] == NAME
    assert [pages[0]["chunks"][1:], *(page["chunks"] for page in pages[1:])] == [page["chunks"] for page in plain]
    assert {page["total"] for page in [*pages, *plain]} == {7}
    assert [page["doc_aggs"] for page in pages] == [page["doc_aggs"] for page in plain]


async def test_graph_of_another_organization_is_not_seen_nor_counted(
    rest: httpx.AsyncClient, stranger: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset, _ = await built(rest, channel, "Anna Lee works for Acme Inc. in Oslo.")
    for method in ("GET", "DELETE"):
        answer = await stranger.request(method, f"/api/v1/datasets/{dataset}/knowledge_graph")
        assert (answer.status_code, answer.json()) == (
            404,
            {"code": 404, "message": f"You don't own the dataset {dataset}."},
        )
    refused = await stranger.post(
        "/api/v1/retrieval", json={"question": "Anna Lee", "dataset_ids": [dataset], "use_kg": True}
    )
    assert refused.status_code == 404
    assert await labels(rest, dataset) == {"Anna Lee", "Acme Inc", "Oslo"}


async def test_graph_of_parents_reads_each_text_once(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    graphs = []
    for tiers in ({}, {"parent_child": {"use_parent_child": True, "child_token_num": 16}}):
        dataset = await new_dataset(rest, chunk_method="one", parser_config={"graphrag": ON, **tiers})
        document = await upload(rest, dataset, "who.md", WHO)
        assert (await parsed(rest, channel, dataset, document)).status == "1"
        [chunk] = await chunks_of(rest, dataset, document)
        assert bool(chunk["child_count"]) is bool(tiers)
        graph = (await graph_of(rest, dataset))["graph"]
        nodes = {node["entity_name"]: (node["description"], node["rank"]) for node in graph["nodes"]}
        graphs.append((nodes, sorted((edge["description"], edge["weight"]) for edge in graph["edges"])))
    assert graphs[0] == graphs[1]
