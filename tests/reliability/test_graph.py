"""Knowledge graphs when things go wrong: kills, stops, providers that fail; nothing twice, nothing left over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import httpx
import lance
import pytest

from tests.graph_provider import GraphProvider, settings
from tests.providers.openai_stand_in import OpenAIStandIn
from tests.reliability.store import eventually
from tests.rpc.calls import (
    chunks_of,
    data_of,
    delete_datasets,
    delete_documents,
    document_of,
    ended,
    new_dataset,
    parsed,
    reached,
    start_parsing,
    stop_parsing,
    upload,
    watch,
)
from tests.serving import Server

GRAPH = {"chunk_token_num": 256, "graphrag": {"use_graphrag": True, "community": True}}
PARTS = 6


def long_text(mark: str = "") -> str:
    """A text of several parts, each of which names two people."""
    filler = "and so they went on and on through the long night without a word " * 110
    return "\n\n".join(f"Ann{mark}{place} met Bob{mark}{place}. {filler}" for place in range(PARTS))


def rows(server: Server, document: str = "") -> int:
    """Return the number of facts on the disk, of a document or of all, those that nobody sees included."""
    assert not document or document.isalnum()
    table = lance.dataset(str(server.folder / "data" / "db" / "graph_00.lance"))
    return int(table.count_rows(filter=f"document = '{document}'" if document else None))


def holds(server: Server, number: int) -> Callable[[], bool]:
    """Return a check whether so many facts are on the disk."""
    return lambda: rows(server) == number


async def graph_of(rest: httpx.AsyncClient, dataset: str) -> dict[str, Any]:
    return dict(data_of(await rest.get(f"/api/v1/datasets/{dataset}/knowledge_graph")))


async def names_of(rest: httpx.AsyncClient, dataset: str) -> list[str]:
    return sorted(node["label"] for node in (await graph_of(rest, dataset))["nodes"])


async def building(channel: grpc.aio.Channel, dataset: str, document: str) -> Any:
    """Return a document when its graph step asks the model."""
    call = watch(channel, dataset, document)
    async for message in call:
        if "Asking" in message.document.progress_msg:
            call.cancel()
            return message.document
    raise AssertionError("The watch ended before the graph step began.")


@pytest.fixture
def provider() -> Iterator[tuple[GraphProvider, dict[str, str]]]:
    made = GraphProvider()
    with OpenAIStandIn() as stand_in:
        stand_in.default = made
        yield made, settings(stand_in.url)
        made.open()


EXPECTED = sorted(f"{name}{place}" for name in ("Ann", "Bob") for place in range(PARTS))


@pytest.mark.slow
async def test_graph_step_killed_twice_goes_on_where_it_stood(
    own_server: Callable[..., Server], provider: tuple[GraphProvider, dict[str, str]]
) -> None:
    answers, given = provider
    answers.close_after(3)
    server = own_server(settings=given)
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config=GRAPH)
        document = await upload(rest, dataset, "long.txt", long_text())
        await start_parsing(rest, dataset, document)
        await building(channel, dataset, document)
        # The chunks can be searched while the graph is being built.
        question = {"question": "Ann0 met Bob0", "dataset_ids": [dataset], "use_kg": True}
        assert data_of(await rest.post("/api/v1/retrieval", json=question))["chunks"][0]["document_id"] == document
        assert (await document_of(rest, dataset, document))["status"] == "0"
        await eventually(lambda: rows(server) == 3)
        assert await names_of(rest, dataset) == []
    for more in (1, 100):
        server.kill()
        answers.close_after(more)
        server = own_server(settings=given)
        if more == 1:
            await eventually(holds(server, 4))
    async with server.rest() as rest, server.channel() as channel:
        last = await ended(channel, dataset, document)
        assert (last.status, last.progress) == ("1", 100.0), last.progress_msg
        lines = last.progress_msg.splitlines()
        assert lines[0] == "Parsing started."
        [told] = [line for line in lines if line.endswith(" parts were answered before.")]
        answered, _, parts = told.partition("out. ")[2].split()[:3]
        assert answered == "4"
        # No part was asked for twice.
        assert f"Asked {int(parts) - 4} times: " in last.progress_msg
        assert lines[-1] == "Task done"
        graph = await graph_of(rest, dataset)
        assert sorted(node["label"] for node in graph["nodes"]) == EXPECTED
        assert len(graph["edges"]) == PARTS
        assert {edge["relation"] for edge in graph["edges"]} == {"met"}
        # The drafts are gone, and no fact is there twice: twelve entities and six relations.
        await eventually(lambda: rows(server, document) == 18)


@pytest.mark.slow
async def test_graph_step_that_fails_stops_or_is_deleted_leaves_the_chunks(
    own_server: Callable[..., Server], provider: tuple[GraphProvider, dict[str, str]]
) -> None:
    answers, given = provider
    server = own_server(settings=given)
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config=GRAPH)
        document = await upload(rest, dataset, "long.txt", long_text())
        answers.fails = True
        failed = await parsed(rest, channel, dataset, document)
        assert (failed.status, failed.run) == ("1", "DONE")
        [line] = [line for line in failed.progress_msg.splitlines() if line.startswith("The knowledge graph was not")]
        assert "test" in line
        count = len(await chunks_of(rest, dataset, document))
        assert count == failed.chunk_count > 1
        answers.fails = False
        assert (await parsed(rest, channel, dataset, document)).status == "1"
        assert await names_of(rest, dataset) == EXPECTED

        for way in ("stop", "delete"):
            answers.close_after(2)
            await start_parsing(rest, dataset, document)
            await building(channel, dataset, document)
            # What was there stays until something new takes its place.
            assert await names_of(rest, dataset) == EXPECTED
            if way == "stop":
                await stop_parsing(rest, dataset, document)
            else:
                data_of(await rest.delete(f"/api/v1/datasets/{dataset}/knowledge_graph"))
            last = await ended(channel, dataset, document)
            assert last.status == ("1" if way == "delete" else last.status)
            assert ("stopped" if way == "stop" else "deleted") in last.progress_msg
            assert await names_of(rest, dataset) == []
            assert len(await chunks_of(rest, dataset, document)) == count
            await eventually(lambda: rows(server) == 0)
            answers.open()
            assert (await parsed(rest, channel, dataset, document)).status == "1"
            assert await names_of(rest, dataset) == EXPECTED

        answers.close_after(2)
        await start_parsing(rest, dataset, document)
        await building(channel, dataset, document)
        await delete_documents(rest, dataset, document)
        assert await names_of(rest, dataset) == []
        await eventually(lambda: rows(server) == 0)


@pytest.mark.slow
async def test_reports_are_written_once_and_go_with_what_they_tell(
    own_server: Callable[..., Server], provider: tuple[GraphProvider, dict[str, str]]
) -> None:
    answers, given = provider
    server = own_server(settings=given)
    chain = "Ann1 met Bob1. Bob1 met Cid1. Cid1 met Ann1."
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config=GRAPH)
        one = await upload(rest, dataset, "one.txt", chain)
        await parsed(rest, channel, dataset, one)
        question = {"question": "Whom did Ann1 meet?", "dataset_ids": [dataset], "use_kg": True}
        # Three entities and two relations, and then the report.
        await eventually(lambda: rows(server) == 6)
        # The row is there a moment before the transaction which lets it count.
        async with asyncio.timeout(30):
            told = ""
            while "# 1. A written title\nA written summary." not in told:
                told = data_of(await rest.post("/api/v1/retrieval", json=question))["chunks"][0]["content"]
        calls = answers.calls
        two = await upload(rest, dataset, "two.txt", "Xan9 met Yod9.")
        await parsed(rest, channel, dataset, two)
        # One more document, one more call; the community of the first is as it was.
        await delete_documents(rest, dataset, two)
        await eventually(lambda: rows(server, two) == 0)
        assert answers.calls == calls + 1
        await delete_documents(rest, dataset, one)
        await eventually(lambda: rows(server) == 0)


@pytest.mark.slow
async def test_parallel_documents_merge_and_leave_one_by_one(own_server: Callable[..., Server]) -> None:
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config=GRAPH)
        texts = [f"Anna Lee works for Acme Inc. in Oslo. Anna Lee met Guest Number{n} Smith." for n in range(12)]
        documents = [await upload(rest, dataset, f"{n}.txt", text) for n, text in enumerate(texts)]
        await start_parsing(rest, dataset, *documents)
        for document in documents:
            assert (await ended(channel, dataset, document)).status == "1"
        nodes = {node["entity_name"]: node for node in (await graph_of(rest, dataset))["graph"]["nodes"]}
        assert len(nodes) == 3 + 12
        assert sorted(nodes["Anna Lee"]["source_id"]) == sorted(documents)
        await delete_documents(rest, dataset, *documents[1:])
        nodes = {node["entity_name"]: node for node in (await graph_of(rest, dataset))["graph"]["nodes"]}
        assert sorted(nodes) == ["Acme Inc", "Anna Lee", "Guest Number0 Smith", "Oslo"]
        assert nodes["Anna Lee"]["source_id"] == documents[:1]
        await delete_datasets(rest, dataset)
        await eventually(lambda: rows(server) == 0)


@pytest.mark.slow
async def test_server_killed_before_it_cleans_up_sweeps_at_its_next_start(
    own_server: Callable[..., Server], provider: tuple[GraphProvider, dict[str, str]]
) -> None:
    answers, given = provider
    server = own_server(settings=given)
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config=GRAPH)
        document = await upload(rest, dataset, "long.txt", long_text())
        answers.close_after(2)
        await start_parsing(rest, dataset, document)
        await building(channel, dataset, document)
        await eventually(lambda: rows(server) == 2)
        await reached(channel, dataset, document, 80)
        await delete_datasets(rest, dataset)
    server.kill()
    server = own_server(settings=given)
    await eventually(lambda: rows(server) == 0)
