"""Subscribers in the store: nobody twice, no number twice, and the same again after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from knowflow.store.v1.flow_pb2 import Flow
from knowflow_server.domain.clock import SystemClock
from knowflow_server.domain.konversation.field import UserFields
from knowflow_server.domain.konversation.naming import found, next_number, numbered
from knowflow_server.domain.konversation.subscriber import NewSubscriber, Subscribers, add_number
from knowflow_server.domain.konversation.subscriber_change import values
from knowflow_server.domain.konversation.subscriber_index import SubscriberIndex
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.errors.konversation import SubscriberExistsError, SubscriberNotFoundError
from knowflow_server.store.entities import EntityStore
from tests.store.records import open_entities

CALLERS = 20


def made(entities: EntityStore) -> tuple[Subscribers, FlowTags]:
    clock = SystemClock()
    tags = FlowTags(entities, clock)
    return Subscribers(entities, tags, UserFields(entities, clock), clock), tags


async def chatbot(entities: EntityStore, number: int = 1) -> Flow:
    flow = Flow(id=f"o.f{number}", organization_id="o", number=number, name="a", type="web", created_at=1)
    await entities.transact(lambda transaction: transaction.put(flow))
    return flow


def new(phone: str) -> NewSubscriber:
    return NewSubscriber({"phone": phone})


async def test_of_twenty_who_subscribe_the_same_person_one_does(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        subscribers, _ = made(entities)
        flow, other = await chatbot(entities), await chatbot(entities, 2)
        answers = await asyncio.gather(
            *(subscribers.create(flow, new("+1 555 0100")) for _ in range(CALLERS)), return_exceptions=True
        )
        assert sum(isinstance(one, SubscriberExistsError) for one in answers) == CALLERS - 1
        # In another chatbot it is another subscriber.
        assert (await subscribers.create(other, new("15550100"))).flow_id == other.id


async def test_numbers_are_given_once_also_after_a_deletion(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        subscribers, _ = made(entities)
        flow = await chatbot(entities)
        some = await asyncio.gather(*(subscribers.create(flow, new(str(place))) for place in range(CALLERS)))
        assert sorted(one.number for one in some) == list(range(1, CALLERS + 1))
        await subscribers.delete(flow, f"f1u{CALLERS}")
    async with open_entities(tmp_path) as entities:
        subscribers, _ = made(entities)
        assert (await subscribers.create(flow, new("99"))).number == CALLERS + 1


async def test_changes_of_many_at_once_are_all_kept(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        subscribers, tags = made(entities)
        flow = await chatbot(entities)
        record = await subscribers.create(flow, new("1"))
        made_tags = [await tags.create(flow, name=f"t{place}") for place in range(CALLERS)]

        async def tag(number: int) -> None:
            await subscribers.change(flow, "f1u1", lambda _, one: add_number(one.tags, number))

        await asyncio.gather(*(tag(one.number) for one in made_tags))
        assert sorted(subscribers.get(flow, "f1u1").tags) == [one.number for one in made_tags]
        unchanged = await subscribers.change(flow, "f1u1", values(phone=record.phone))
        assert unchanged is subscribers.get(flow, "f1u1")


async def test_index_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        subscribers, tags = made(entities)
        flow, index = await chatbot(entities), SubscriberIndex(entities)
        tag = await tags.create(flow, name="t")
        for place in range(5):
            await subscribers.create(flow, NewSubscriber({"phone": str(place)}, tags=["T"] if place % 2 else []))
        await subscribers.delete(flow, "f1u2")
        before = set(index.of(flow.id).having(("tag", str(tag.number))))
        assert before == {4}
    async with open_entities(tmp_path) as entities:
        crowd = SubscriberIndex(entities).of(flow.id)
        assert set(crowd.having(("tag", str(tag.number)))) == before
        assert len(crowd) == 4


async def test_a_name_stands_for_nothing_in_another_chatbot(tmp_path: Path) -> None:
    async with open_entities(tmp_path) as entities:
        subscribers, tags = made(entities)
        flow, other = await chatbot(entities), await chatbot(entities, 2)
        record = await subscribers.create(flow, new("1"))
        tag = await tags.create(flow, name="t")
        name = numbered(flow, type(tag), tag.number)
        assert found(entities, type(tag), flow, name) is not None
        assert found(entities, type(tag), other, name) is None
        for ns in ("f2u1", "f1u01", "f1t1", "f1", "", "f1u1 ", "f1u9999999999"):
            assert found(entities, type(record), other if ns == "f2u1" else flow, ns) is None, ns
        with pytest.raises(SubscriberNotFoundError):
            subscribers.get(other, "f1u1")
        first = await entities.transact(lambda transaction: next_number(transaction, "another", type(tag)))
        assert first == 1
