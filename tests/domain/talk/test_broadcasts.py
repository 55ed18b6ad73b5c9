"""Broadcasts: everybody once, at their pace, in turns, and whenever the server ends."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowflow.store.v1.broadcast_pb2 import BROADCAST_STATE_COMPLETED, Broadcast, BroadcastPart
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk import broadcast_worker as module
from knowflow_server.domain.talk.broadcast import NewBroadcast, Recipients, status_of
from knowflow_server.domain.talk.conversation import Conversation, Place
from knowflow_server.domain.talk.play import Player
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.talk import BroadcastNotFoundError, BroadcastOverError, ChannelUnavailableError
from tests.domain.canvas.harness import Model, Models
from tests.domain.talk import house as houses
from tests.domain.talk.house import House, house, node, send

FAST = 1_000_000


async def crowd(h: House, size: int) -> tuple[object, list[object]]:
    """Make a chatbot with a sub flow, a tag, and subscribers who have it."""
    flow = await h.flow()
    await h.tags.create(flow, name="all")
    await h.sub_flow(flow, "News", {"news": send("News for {sys.user.name}.")})
    people = await asyncio.gather(*(h.subscriber(flow, str(number), name=f"P{number}") for number in range(size)))

    def tag(_: object, record: object) -> None:
        record.tags.append(1)  # type: ignore[attr-defined]

    await asyncio.gather(*(h.subscribers.change(flow, h.ns(one), tag) for one in people))
    return flow, list(people)


def by_tag(**more: object) -> NewBroadcast:
    return NewBroadcast(Recipients(tags=["f1t1"]), sub_flow_ns="f1s1", max_per_minute=FAST, **more)  # type: ignore[arg-type]


async def test_everybody_with_a_tag_is_sent_to_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART", 20)
    monkeypatch.setattr(module, "BATCH", 7)
    async with house(tmp_path) as h:
        flow, people = await crowd(h, 50)
        await h.tags.create(flow, name="not these")
        await h.subscribers.change(flow, "f1u1", lambda _, one: one.tags.append(2))
        await h.subscribers.change(flow, "f1u2", lambda _, one: setattr(one, "subscribed_at", 0))
        recipients = Recipients(tags=["f1t1"], exclude_tags=["f1t2"])
        made = await h.broadcasts.create(flow, NewBroadcast(recipients, sub_flow_ns="f1s1", max_per_minute=FAST))
        done = await h.completed(made)

        assert (49, 48, 1) == (done.total, done.sent, done.failed)
        assert "f1u2 has unsubscribed" in done.last_error
        counts = [await h.said(one) for one in people]
        assert [[]] * 2 + [[f"News for P{number}."] for number in range(2, 50)] == counts
        assert not list(h.entities.all(BroadcastPart))
        assert h.now(people[3]).last_bot_interaction


async def test_list_with_values_and_its_status(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow, people = await crowd(h, 3)
        await h.fields.define(flow, name="wave", var_type="text")
        await h.bot_fields.define(flow, name="season", var_type="text", value="winter")
        recipients = Recipients(user_ns=["f1u1", "f1u3", "f1u1"])
        new = NewBroadcast(
            recipients,
            sub_flow_ns="f1s1",
            max_per_minute=FAST,
            user_fields=[("f1v1", "first")],
            bot_fields=[("f1v2", "summer")],
        )
        done = await h.completed(await h.broadcasts.create(flow, new))

        assert (2, 2) == (done.total, done.sent)
        assert {"wave": "first"} == h.values_of(flow, people[0])
        assert {} == h.values_of(flow, people[1])
        assert "summer" == h.bot_fields.all(flow)[0].value
        assert ["Completed"] == [status_of(one, 0) for one in h.broadcasts.list(flow, PageRequest(1, 9)).items]
        assert 0 == h.broadcasts.list(flow, PageRequest(1, 9), status="New").total


async def test_pace_lets_one_go_at_a_time(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow, people = await crowd(h, 3)
        new = NewBroadcast(Recipients(tags=["f1t1"]), sub_flow_ns="f1s1", max_per_minute=60)
        made = await h.broadcasts.create(flow, new)
        first, second, third = people
        async with asyncio.timeout(20):
            async for _ in h.log.follow(third, after=0, rest_s=20):
                break
        times = [(await h.messages_of(one))[0].created_at for one in (first, second, third)]
        assert times[2] - times[0] >= 1_700_000
        await h.completed(made)


async def test_cancelled_scheduled_and_deleted_broadcasts_send_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow, people = await crowd(h, 2)
        made = await h.broadcasts.create(flow, by_tag(scheduled_at=4_000_000_000_000_000))
        assert "Scheduled" == status_of(h.broadcasts.get(flow, "f1b1"), 0)
        await h.broadcasts.cancel(flow, "f1b1")
        with pytest.raises(BroadcastOverError):
            await h.broadcasts.cancel(flow, "f1b1")
        assert "Cancelled" == status_of(h.broadcasts.get(flow, h.ns(made)), 0)
        await h.broadcasts.delete(flow, "f1b1")
        with pytest.raises(BroadcastNotFoundError):
            await h.broadcasts.delete(flow, "f1b1")
        with pytest.raises(InvalidArgumentError, match="no provider"):
            await h.broadcasts.create(flow, by_tag(type="SMS"))
        assert [] == await h.said(people[0])


async def test_organizations_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 5)
    monkeypatch.setattr(module, "MAX_STEPS", 1)
    async with house(tmp_path) as h:
        flow, _ = await crowd(h, 200)
        monkeypatch.setattr(houses, "OWNER", Principal("another"))
        other, others = await crowd(h, 5)
        long = await h.broadcasts.create(flow, by_tag())
        short = await h.broadcasts.create(other, by_tag())
        await h.completed(short)
        assert h.entities.get(Broadcast, long.id).state != BROADCAST_STATE_COMPLETED
        assert 200 == (await h.completed(long)).sent
        assert [1] * 5 == [len(await h.said(one)) for one in others]


async def test_broadcast_comes_after_what_is_under_way_and_holds_nobody_else_up(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow, (first, second) = await crowd(h, 2)
        async with h.talks._locks.hold(f"talk/{first.id}"):
            made = await h.broadcasts.create(flow, by_tag())
            async with asyncio.timeout(20), aclosing(h.log.follow(second, after=0, rest_s=20)) as news:
                await anext(news)
            assert [] == await h.said(first)
        await h.completed(made)
        assert [1, 1] == [len(await h.said(one)) for one in (first, second)]


async def test_fault_of_the_server_with_one_recipient_stops_no_broadcast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Player.play

    async def play(self: Player, talk: Conversation, place: Place, **options: Any) -> Any:
        if talk.record.number == 2:
            raise RuntimeError("a fault")
        return await real(self, talk, place, **options)

    monkeypatch.setattr(Player, "play", play)
    async with house(tmp_path) as h:
        flow, _ = await crowd(h, 3)
        done = await h.completed(await h.broadcasts.create(flow, by_tag()))
        assert (2, 1, "Internal error.") == (done.sent, done.failed, done.last_error)


async def test_cancelled_broadcast_asks_no_model_for_those_who_were_to_come(tmp_path: Path) -> None:
    asked = asyncio.Event()

    def says(_: object) -> str:
        asked.set()
        return "Hello."

    model = Model(says)
    model.gates[0] = asyncio.Event()
    async with house(tmp_path, models=Models(default=model)) as h:
        flow, people = await crowd(h, 20)
        think = node("LLM", "say", llm_id="default", prompts=[{"role": "user", "content": "Greet them."}])
        await h.sub_flow(flow, "Think", {"think": think, "say": node("Message", content=["{think@content}"])})
        await h.sub_flow(flow, "Go", {"go": node("GoTo", sub_flow="Think")})
        made = await h.broadcasts.create(flow, replace(by_tag(), sub_flow_ns="f1s3"))
        await asyncio.wait_for(asked.wait(), 20)
        await h.broadcasts.cancel(flow, h.ns(made))
        gone = asyncio.Event()
        h.entities.subscribe(BroadcastPart, lambda _, part: gone.set() if part is None else None)
        model.gates[0].set()
        await asyncio.wait_for(gone.wait(), 20)
        assert 0 < h.broadcasts.get(flow, h.ns(made)).sent <= module.AT_ONCE
        assert len(model.asked) == sum([len(await h.said(one)) for one in people]) <= module.AT_ONCE


@pytest.mark.parametrize("kept", [0, 3])
async def test_those_whom_a_dead_server_was_sending_to_are_sent_to_once(tmp_path: Path, kept: int) -> None:
    async with house(tmp_path, start=False) as h:
        flow, people = await crowd(h, 6)
        made = await h.broadcasts.create(flow, by_tag())
        await h.worker._collect(flow, made)
        part, left_over = await h.entities.transact(lambda t: h.worker._claim(t, made.id, module.BATCH))
        assert (6, False) == (part.sending, left_over)
        for number in range(1, kept + 1):
            await h.worker._send(flow, made, number)
    async with house(tmp_path) as h:
        done = await h.completed(made)

        assert (6, 6, 0) == (done.total, done.sent, done.failed)
        assert [1] * 6 == [len(await h.said(one)) for one in people]


class Post:
    """A channel which leaves the server, and fails for one."""

    leaves = True

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, flow: object, subscriber: object, message: object, quick_replies: object) -> None:
        if subscriber.user_id == "1":  # type: ignore[attr-defined]
            raise ChannelUnavailableError(user_ns="f1u2", cause="the number is gone.")
        self.sent.append(subscriber.user_id)  # type: ignore[attr-defined]


class SlowPost(Post):
    """A channel which takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.gate = asyncio.Event(), asyncio.Event()

    async def send(self, flow: object, subscriber: object, message: object, quick_replies: object) -> None:
        self.asked.set()
        await self.gate.wait()
        self.sent.append(subscriber.user_id)  # type: ignore[attr-defined]


async def test_stopping_server_waits_for_what_is_leaving(tmp_path: Path) -> None:
    post = SlowPost()
    async with house(tmp_path, adapters={"web": post}) as h:
        flow, _ = await crowd(h, 12)
        made = await h.broadcasts.create(flow, by_tag())
        await asyncio.wait_for(post.asked.wait(), 20)
        closing = asyncio.create_task(h.worker.close())
        await asyncio.sleep(0)
        post.gate.set()
        await closing
        assert not any(part.sending for part in h.entities.all(BroadcastPart))
    async with house(tmp_path, adapters={"web": post}) as h:
        done = await h.completed(made)
        assert (12, 0) == (done.sent, done.failed)
        assert sorted(map(str, range(12))) == sorted(post.sent)


async def test_message_that_may_have_left_is_not_sent_again(tmp_path: Path) -> None:
    post = Post()
    async with house(tmp_path, start=False, adapters={"web": post}) as h:
        flow, people = await crowd(h, 3)
        made = await h.broadcasts.create(flow, by_tag())
        await h.worker._collect(flow, made)
        await h.entities.transact(lambda t: h.worker._claim(t, made.id, module.BATCH))
        await h.worker._send(flow, made, 1)
    async with house(tmp_path, adapters={"web": post}) as h:
        done = await h.completed(made)

        assert ["0", "2"] == post.sent
        assert (1, 2) == (done.sent, done.failed)
        assert 1 == len(await h.said(people[0]))
        assert ["Not delivered: Nothing can be sent to f1u2: the number is gone."] == await h.said(people[1], "system")
