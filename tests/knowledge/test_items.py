"""Knowledge items: what is embedded, where it stands, what goes, and how many there may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from knowflow.store.v1.agent_pb2 import Agent
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.knowledge_item_pb2 import KnowledgeChange, KnowledgeItem, KnowledgeShelf
from knowflow_server.domain.agent_links import AgentLinks
from knowflow_server.domain.page import PageRequest
from knowflow_server.errors.base import ModelUnavailableError
from knowflow_server.errors.knowledge_item import KnowledgeItemNotFoundError, KnowledgeLimitReachedError
from tests.knowledge.bench import CALLER, Bench, opened
from tests.reliability.store import eventually
from tests.store.records import ORGANIZATION, put

FIRST = PageRequest(1, 100)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with opened(tmp_path, most=5) as bench:
        for agent_id in ("agent-1", "agent-2"):
            await bench.agent(agent_id)
        yield bench


async def test_description_is_embedded_in_place_of_the_content_and_dropped_with_it(bench: Bench) -> None:
    item = await bench.items.create(
        CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"], description="How to call us"
    )
    assert bench.embedder.asked == ["How to call us"]
    [chunk] = await bench.chunks()
    assert chunk.content == "How to call us\nDial 1."
    await bench.items.update(CALLER, item.id, content="Dial 2.")
    assert bench.embedder.asked[1:] == ["Dial 2."]
    await bench.items.update(CALLER, item.id, content="Dial 3.", description="Our number")
    assert bench.embedder.asked[2:] == ["Our number"]
    await bench.items.update(CALLER, item.id, description="")
    assert bench.embedder.asked[3:] == ["Dial 3."]
    [chunk] = await bench.chunks()
    assert (chunk.content, chunk.question) == ("Phone\nDial 3.", "Phone")
    assert await bench.faults() == []


async def test_links_move_chunks_and_embed_for_new_places_alone(bench: Bench) -> None:
    item = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"])
    await bench.items.update(CALLER, item.id, agent_ids=["agent-1", "agent-2"])
    assert bench.embedder.asked == ["Dial 1.", "Dial 1."]
    assert [bench.dataset_of(agent).chunk_count for agent in ("agent-1", "agent-2")] == [1, 1]
    await bench.items.update(CALLER, item.id, agent_ids=["agent-2"])
    assert len(bench.embedder.asked) == 2
    assert [bench.dataset_of(agent).chunk_count for agent in ("agent-1", "agent-2")] == [0, 1]
    assert await bench.faults() == []
    await bench.items.delete(CALLER, item.id)
    assert await bench.chunks() == []
    assert await bench.faults() == []
    with pytest.raises(KnowledgeItemNotFoundError):
        bench.items.get(CALLER, item.id)


async def test_agents_with_one_knowledge_base_share_one_chunk(bench: Bench) -> None:
    await bench.items.create(CALLER, content="First", name="", agent_ids=["agent-1"])
    shared = bench.dataset_of("agent-1").id
    await bench.items._agents.assign_knowledge_base(CALLER, "agent-2", shared)
    item = await bench.items.create(CALLER, content="Second", name="", agent_ids=["agent-1", "agent-2"])
    assert len(await bench.chunks()) == 2
    assert list(bench.items.get(CALLER, item.id).agent_ids) == ["agent-1", "agent-2"]
    assert await bench.faults() == []


async def test_knowledge_base_is_made_once_for_many_items_at_a_time(bench: Bench) -> None:
    items = [bench.items.create(CALLER, content=f"Text {n}", name="", agent_ids=["agent-1"]) for n in range(5)]
    await asyncio.gather(*items)
    assert [dataset.name for dataset in bench.entities.all(Dataset)] == ["agent-1"]
    assert await bench.faults() == []


async def test_no_more_items_than_the_plan_allows_however_many_come_at_a_time(bench: Bench) -> None:
    creating = [bench.items.create(CALLER, content=f"Text {n}", name="", agent_ids=["agent-1"]) for n in range(12)]
    outcomes = await asyncio.gather(*creating, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, KnowledgeLimitReachedError)]
    assert (len(refused), len(outcomes) - len(refused)) == (7, 5)
    assert {error.metadata["minimal_plan"] for error in refused} == {"pro"}
    assert bench.items.list(CALLER, FIRST).total == 5
    other = await bench.items.create(CALLER, content="Elsewhere", name="", agent_ids=["agent-2"])
    with pytest.raises(KnowledgeLimitReachedError):
        await bench.items.update(CALLER, other.id, agent_ids=["agent-1"])
    gone = bench.items.list(CALLER, FIRST, agent_id="agent-1").items[0]
    await bench.items.delete(CALLER, gone.id)
    await bench.items.update(CALLER, other.id, agent_ids=["agent-1"])
    assert await bench.faults() == []


async def test_what_cannot_be_embedded_leaves_nothing(bench: Bench) -> None:
    item = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"])
    bench.embedder.fails = True
    with pytest.raises(ModelUnavailableError):
        await bench.items.create(CALLER, content="Dial 2.", name="", agent_ids=["agent-1"])
    with pytest.raises(ModelUnavailableError):
        await bench.items.update(CALLER, item.id, content="Dial 3.")
    assert bench.items.get(CALLER, item.id).content == "Dial 1."
    assert list(bench.entities.all(KnowledgeChange)) == []
    assert await bench.faults() == []


async def test_agent_that_goes_is_linked_no_more(bench: Bench) -> None:
    item = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1", "agent-2"])
    agent = bench.entities.get(Agent, "agent-1")
    await bench.entities.transact(lambda transaction: transaction.delete(agent))
    assert bench.items.linked(bench.items.get(CALLER, item.id)) == ["agent-2"]
    changed = await bench.items.update(CALLER, item.id, name="Call us")
    assert list(changed.agent_ids) == ["agent-2"]
    assert await bench.faults() == []


async def test_pages_are_newest_first_and_of_one_organization(bench: Bench) -> None:
    made = [
        (await bench.items.create(CALLER, content=f"Text {n}", name="", agent_ids=["agent-1"])).id for n in range(3)
    ]
    await put(bench.entities, KnowledgeItem(id="theirs", organization_id="organization-2"))
    pages = [bench.items.list(CALLER, PageRequest(number, 2)) for number in (1, 2, 3)]
    assert [[item.id for item in page.items] for page in pages] == [[made[2], made[1]], [made[0]], []]
    assert {page.total for page in pages} == {3}
    with pytest.raises(KnowledgeItemNotFoundError):
        bench.items.get(CALLER, "theirs")
    assert ORGANIZATION == CALLER.organization_id


async def test_caller_who_leaves_when_a_change_is_written_down_does_not_stop_it(bench: Bench) -> None:
    first = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"])
    calls = [
        lambda: bench.items.create(CALLER, content="Dial 2.", name="Fax", agent_ids=["agent-1"]),
        lambda: bench.items.update(CALLER, first.id, content="Dial 3."),
        lambda: bench.items.delete(CALLER, first.id),
    ]
    task: asyncio.Task[object]

    def leave(_: str, change: KnowledgeChange | None) -> None:
        if change is not None:
            task.cancel()

    bench.entities.subscribe(KnowledgeChange, leave)
    for call in calls:
        task = asyncio.ensure_future(call())
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
    await bench.shelving.close()
    assert list(bench.entities.all(KnowledgeChange)) == []
    assert [chunk.content for chunk in await bench.chunks()] == ["Fax\nDial 2."]
    assert await bench.faults() == []


async def test_change_that_is_finished_twice_counts_once(bench: Bench) -> None:
    item = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"])
    [document] = [placement.document_id for placement in item.placements]
    locks = bench.items._locks
    async with locks.hold(document):
        first = asyncio.ensure_future(bench.items.create(CALLER, content="Dial 2.", name="", agent_ids=["agent-1"]))
        await eventually(lambda: locks._locks[document][1] == 2)
        [change] = bench.entities.all(KnowledgeChange)
        # Its caller leaves, and somebody else finishes it while it goes on.
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        second = asyncio.ensure_future(bench.shelving.finish(change.id))
        await eventually(lambda: locks._locks[document][1] >= 3)
    await second
    await bench.shelving.close()
    assert list(bench.entities.all(KnowledgeChange)) == []
    assert await bench.faults() == []


async def test_item_of_a_dataset_that_is_gone_can_move_and_go_and_leaves_nothing(bench: Bench) -> None:
    items = [await bench.items.create(CALLER, content=f"Text {n}", name="", agent_ids=["agent-1"]) for n in range(2)]
    dataset = bench.dataset_of("agent-1")
    await bench.entities.transact(lambda transaction: transaction.delete(dataset))
    await bench.items.delete(CALLER, items[0].id)
    await bench.items.update(CALLER, items[1].id, agent_ids=["agent-2"])
    assert [shelf.id for shelf in bench.entities.all(KnowledgeShelf)] == [bench.dataset_of("agent-2").id]


async def test_items_of_an_agent_are_those_it_has_now_newest_first(bench: Bench) -> None:
    made = [
        (await bench.items.create(CALLER, content=f"Text {n}", name="", agent_ids=["agent-1"])).id for n in range(4)
    ]

    def listed(agent_id: str, number: int = 1, size: int = 100) -> list[str]:
        return [item.id for item in bench.items.list(CALLER, PageRequest(number, size), agent_id=agent_id).items]

    await bench.items.update(CALLER, made[1], agent_ids=["agent-2", "agent-1"])
    await bench.items.update(CALLER, made[2], agent_ids=["agent-2"])
    await bench.items.delete(CALLER, made[3])
    assert (listed("agent-1"), listed("agent-2")) == ([made[1], made[0]], [made[2], made[1]])
    assert [listed("agent-1", number, 1) for number in (1, 2, 3)] == [[made[1]], [made[0]], []]
    # A server that starts finds what is there.
    agent = bench.entities.get(Agent, "agent-2")
    assert agent is not None
    nobody: Any = None
    assert [item.id for item in AgentLinks(bench.entities, nobody).knowledge(agent)] == [made[1], made[2]]
