"""The journal of chatbots: when conversations begin and end, what is noted of failures, and how much is kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from knowflow.store.v1.flow_journal_pb2 import AgentAction, ConversationStart, FlowErrorEntry
from knowflow.store.v1.job_pb2 import Job
from knowflow.store.v1.subscriber_pb2 import CHAT_STATUS_DONE, CHAT_STATUS_OPEN, Subscriber
from knowflow_server.domain.konversation import journal as module
from knowflow_server.domain.konversation.journal import Doer, Failure
from knowflow_server.domain.konversation.journal_reading import Span
from knowflow_server.domain.konversation.subscriber_change import values
from knowflow_server.domain.talk.broadcast import NewBroadcast, Recipients
from tests.domain.talk.house import OWNER, House, house, node, send

ALL = Span(0, 0, 0, 1000)
BROKEN = {"tag": node("Actions", actions=[{"action": "add_tag", "tag_name": "unknown"}])}


async def test_conversation_ends_after_a_day_of_silence_and_the_next_message_begins_another(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Welcome", {"hello": send("Welcome!")}, default_reply=True)
        anna = await h.subscriber(flow)
        await h.says(anna, "hi")
        h.clock.by = timedelta(hours=23)
        await h.says(anna, "still me")
        h.clock.by = timedelta(hours=46)
        [one] = await h.reading.conversations(flow, ALL)
        assert ("open", 0, 2, 2) == (one.status, one.closed_at, one.messages["in"], one.messages["out"])
        h.clock.by = timedelta(hours=48)
        [one] = await h.reading.conversations(flow, ALL)
        assert "expired" == one.status
        await h.says(anna, "back")

        first, second = await h.reading.conversations(flow, ALL)
        assert (one.closed_at, "expired", 2) == (first.closed_at, first.status, first.messages["in"])
        assert ("open", 1) == (second.status, second.messages["in"])
        counts = await h.reading.counts(flow, "today")
        assert (1, 1, 1) == (counts.messages["in"], counts.conversations, len(counts.active))


async def test_message_takes_a_conversation_back_from_done(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        anna = await h.subscriber(flow)
        await h.says(anna, "hi")
        await h.subscribers.change(flow, h.ns(anna), values(status=CHAT_STATUS_DONE))
        await h.journal.acted(anna, Doer(3, ""), AgentAction(action="moved", status="done"))
        await h.says(anna, "one more thing")

        assert CHAT_STATUS_OPEN == h.now(anna).status
        assert ["done", "open"] == [one.status for one in await h.reading.conversations(flow, ALL)]
        [counts] = await h.reading.agent_counts(flow, "today")
        assert (3, 1, 1) == (counts.agent, counts.done, counts.actions)


async def test_messages_of_one_moment_begin_one_conversation(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        anna = await h.subscriber(flow)
        await asyncio.gather(*(h.talks.receive(anna, {"type": "text", "text": str(n)}) for n in range(5)))
        await h.quiet()
        [one] = await h.reading.conversations(flow, ALL)
        assert 5 == one.messages["in"]


async def test_failed_answer_and_failed_recipients_are_noted(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        broken = await h.sub_flow(flow, "Broken", BROKEN)
        anna, bert = await h.subscriber(flow, "1"), await h.subscriber(flow, "2")
        await h.says(anna, "hi")
        new = NewBroadcast(Recipients(user_ns=[h.ns(bert)]), sub_flow_ns=h.ns(broken), max_per_minute=600)
        broadcast = await h.completed(await h.broadcasts.create(flow, new))

        one, other = await h.reading.entries(FlowErrorEntry, flow, ALL)
        assert ("answer", "Broken", "tag", "SUB_FLOW_FAILED") == (one.type, one.sub_flow, one.component, one.reason)
        assert (anna.id, bert.id) == (one.subscriber_id, other.subscriber_id)
        assert ("broadcast", "Broken", broadcast.id) == (other.type, other.sub_flow, other.broadcast_id)
        assert "There is no tag unknown." in other.sentence
        counts = await h.reading.counts(flow, "today")
        assert (1, 0, 2) == (counts.broadcasts, counts.recipients, counts.errors)


async def noted(h: House, record: Subscriber, count: int) -> None:
    for number in range(count):
        await h.journal.failed([(record, Failure("sending", "X", f"{number}."))])


async def test_newest_failures_of_each_chatbot_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ERRORS", 5)
    monkeypatch.setattr(module, "LOOK_EVERY", 3)
    async with house(tmp_path) as h:
        flow, other = await h.flow(), await h.flows.create(OWNER, name="Other")
        anna, cara = await h.subscriber(flow), await h.subscriber(other)
        await noted(h, cara, 2)
        await h.says(anna, "hi")
        await noted(h, anna, 25)
        # What is to go goes with a later write.
        await h.says(anna, "hi again")
        kept = [one.sentence for one in await h.reading.entries(FlowErrorEntry, flow, ALL)]
        assert [f"{number}." for number in range(25)][-len(kept) :] == kept
        assert 5 <= len(kept) <= 9
        assert 2 == len(await h.reading.entries(FlowErrorEntry, other, ALL))
        assert 1 == len(await h.reading.entries(ConversationStart, flow, ALL))


async def test_numbers_grow_over_restarts_and_pages_end_where_the_next_begin(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        anna = await h.subscriber(flow)
        await noted(h, anna, 3)
    async with house(tmp_path) as h:
        await noted(h, anna, 2)
        seen: list[int] = []
        while page := await h.reading.entries(FlowErrorEntry, flow, Span(0, 0, seen[-1] if seen else 0, 2)):
            seen += [one.number for one in page]
        assert 5 == len(seen)
        assert sorted(set(seen)) == seen


async def test_journal_goes_with_its_chatbot(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow, other = await h.flow(), await h.flows.create(OWNER, name="Other")
        anna, cara = await h.subscriber(flow), await h.subscriber(other)
        for record in (anna, cara):
            await h.says(record, "hi")
            await noted(h, record, 1)
        await h.flows.delete(OWNER, h.ns(flow))
        asked = [name for job in h.entities.all(Job) for name in job.session_ids]
        assert [anna.id] == asked
        # What the job does.
        await h.messages.delete(OWNER.organization_id, asked)
        for kind in (ConversationStart, FlowErrorEntry):
            assert [] == await h.reading.entries(kind, flow, ALL)
            assert 1 == len(await h.reading.entries(kind, other, ALL))
