"""Talks: sub flows run for subscribers, wait for their replies, and go on, whenever the server ends."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from knowflow.store.v1.talk_pb2 import TalkTurn, TalkWaiting
from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection, WhatsAppInbound
from knowflow_server.domain import keeping
from knowflow_server.domain.konversation.journal import Doer
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk import talks
from knowflow_server.domain.talk.content import content_of
from knowflow_server.domain.talk.whatsapp import WhatsAppChannel
from knowflow_server.errors.base import InvalidArgumentError, OverloadedError
from knowflow_server.errors.konversation import FlowTagNotFoundError
from knowflow_server.errors.talk import (
    BotPausedError,
    ChannelUnavailableError,
    NodeNotFoundError,
    SubFlowFailedError,
    SubscriberUnsubscribedError,
)
from tests.domain.canvas.harness import Model, Models
from tests.domain.talk import house as houses
from tests.domain.talk.house import house, node, payloads, send


async def test_first_message_is_answered_by_the_start_flow_and_later_ones_by_keywords(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Welcome", {"hello": send("Welcome, {sys.user.name}!")})
        await h.sub_flow(flow, "Prices", {"f1n9": send("It costs 5.")}, keywords=["Price", "how much?"])
        anna = await h.subscriber(flow, name="Anna")
        await h.says(anna, "hi")
        await h.says(anna, " PRICE ")
        await h.says(anna, "nothing known")

        assert ["Welcome, Anna!", "It costs 5."] == await h.said(anna)
        assert ["hi", " PRICE ", "nothing known"] == await h.said(anna, "in")


async def test_default_reply_answers_what_nothing_else_does(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Welcome", {"hello": send("Welcome!")})
        await h.sub_flow(flow, "Rest", {"rest": send("I do not know {sys.query}.")}, default_reply=True)
        anna = await h.subscriber(flow)
        await h.says(anna, "hi")
        await h.says(anna, "whales")

        assert ["Welcome!", "I do not know whales."] == await h.said(anna)


QUESTION = {
    "ask": node(
        "Question",
        "sort",
        text="How old are you?",
        reply_type="number",
        user_field="age",
        max_attempts=2,
        retry_text="A number, please.",
        skip_text="skip",
        skip_to="skipped",
        timeout_to="late",
        invalid_to="wrong",
        wait_s=60,
    ),
    "sort": node(
        "Condition",
        conditions=[{"items": [{"user_field": "age", "operator": "≥", "value": 18}], "to": ["adult"]}],
        end_cpn_ids=["child"],
    ),
    "adult": node("Actions", "bye", actions=[{"action": "add_tag", "tag_name": "adult"}]),
    "child": send("Ask your parents."),
    "bye": send("You are {ask@value}, field {sys.user_field.age}."),
    "skipped": send("Skipped."),
    "late": send("Too late."),
    "wrong": send("Never mind."),
}


@pytest.mark.parametrize(
    ("replies", "expected", "tags"),
    [
        (["42"], ["You are 42, field 42."], ["adult"]),
        (["12"], ["Ask your parents."], []),
        (["x", "20"], ["A number, please.", "You are 20, field 20."], ["adult"]),
        (["x", "y"], ["A number, please.", "Never mind."], []),
        (["Skip"], ["Skipped."], []),
    ],
)
async def test_question_waits_for_a_reply_that_fits(
    tmp_path: Path, replies: list[str], expected: list[str], tags: list[str]
) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.tags.create(flow, name="adult")
        await h.fields.define(flow, name="Age", var_type="number")
        await h.sub_flow(flow, "Ages", QUESTION)
        anna = await h.subscriber(flow)
        await h.sending.sub_flow(flow, anna, name="ages")
        for reply in replies:
            await h.says(anna, reply)

        assert ["How old are you?", *expected] == await h.said(anna)
        assert tags == h.tags_of(flow, anna)
        assert h.entities.get(TalkWaiting, anna.id) is None
        assert not list(h.entities.all(TalkTurn))


async def test_question_whose_time_is_over_goes_on_without_a_reply(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.fields.define(flow, name="age", var_type="number")
        await h.sub_flow(flow, "Ages", QUESTION)
        anna = await h.subscriber(flow)
        await h.sending.sub_flow(flow, anna, name="Ages")
        h.clock.by = timedelta(seconds=61)
        over = asyncio.Event()
        h.entities.subscribe(TalkWaiting, lambda _, record: over.set() if record is None else None)
        h.talks._wake.set()
        await asyncio.wait_for(over.wait(), 10)

        assert ["How old are you?", "Too late."] == await h.said(anna)


@pytest.mark.parametrize("action", [{"action": "pause_bot"}, {"action": "unsubscribe"}])
async def test_question_whose_time_is_over_while_the_bot_is_silent_ends_unsaid(
    tmp_path: Path, action: dict[str, str]
) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.fields.define(flow, name="age", var_type="number")
        await h.sub_flow(flow, "Ages", QUESTION)
        anna = await h.subscriber(flow)
        await h.sending.sub_flow(flow, anna, name="Ages")
        await h.sending.content(flow, anna, content_of({"content": {"actions": [action]}}))
        over: asyncio.Future[TalkWaiting | None] = asyncio.get_running_loop().create_future()
        h.entities.subscribe(TalkWaiting, lambda _, record: over.done() or over.set_result(record))
        h.clock.by = timedelta(seconds=61)
        h.talks._wake.set()

        assert None is await asyncio.wait_for(over, 10)
        assert ["How old are you?"] == await h.said(anna)


async def test_what_waits_for_its_turn_is_not_sent_to_who_has_unsubscribed_before_it(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        anna = await h.subscriber(flow)
        leave = content_of({"content": {"actions": [{"action": "unsubscribe"}]}})
        ended = await asyncio.gather(
            h.sending.content(flow, anna, leave), h.sending.text(flow, anna, "x"), return_exceptions=True
        )
        assert [type(None), SubscriberUnsubscribedError] == [type(one) for one in ended]
        assert [] == await h.said(anna)


async def test_reply_after_a_restart_goes_on_where_the_question_was(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.tags.create(flow, name="adult")
        await h.fields.define(flow, name="age", var_type="number")
        await h.sub_flow(flow, "Ages", QUESTION)
        anna = await h.subscriber(flow)
        await h.sending.sub_flow(flow, anna, name="Ages")
    async with house(tmp_path) as h:
        await h.says(anna, "30")

        assert ["How old are you?", "You are 30, field 30."] == await h.said(anna)


async def test_message_that_was_kept_is_answered_by_the_next_server(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Welcome", {"hello": send("Welcome!")})
        anna = await h.subscriber(flow)
        # It dies between keeping the message and answering.
        h.talks._begin = lambda answer: answer.close()  # type: ignore[attr-defined,method-assign]
        await h.talks.receive(anna, {"type": "text", "text": "hi"})
    async with house(tmp_path) as h:
        await h.quiet()

        assert ["Welcome!"] == await h.said(anna)
        assert not list(h.entities.all(TalkTurn))


async def test_who_does_not_wait_for_answers_is_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "MAX_WAITING", 2)
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Echo", {"echo": send("{sys.query}")}, default_reply=True)
        anna = await h.subscriber(flow)
        async with h.talks._locks.hold(f"talk/{anna.id}"):
            for text in "ab":
                await h.talks.receive(h.now(anna), {"type": "text", "text": text})
                # The answer stands in the queue when its task has begun.
                await asyncio.sleep(0)
            with pytest.raises(OverloadedError):
                await h.talks.receive(h.now(anna), {"type": "text", "text": "c"})
        await h.quiet()
        assert (["a", "b"], ["a", "b"]) == (await h.said(anna, "in"), await h.said(anna))


async def test_message_that_comes_again_is_answered_once_however_far_it_got(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Welcome", {"hello": send("Welcome!")})
        anna = await h.subscriber(flow, "31612345678")
        channel = WhatsAppChannel(h.entities, h.subscribers, cast("Any", None), cast("Any", None), h.log)
        channel.answer_with(h.talks)
        # Of the first time only its words were kept.
        await h.log.add([h.log.message(anna, "in", {"type": "text", "text": "hi"}, cause="wamid")])
        message = WhatsAppInbound(id="wamid", wa_id="31612345678", type="text", text="hi", attempts=2)
        for _ in range(2):
            await channel.answer(WhatsAppConnection(owner_id=flow.id), message)
            await h.quiet()

        assert (["hi"], ["Welcome!"]) == (await h.said(anna, "in"), await h.said(anna))


async def test_stopping_server_ends_what_it_has_begun_to_answer(tmp_path: Path) -> None:
    model = Model("Whales are mammals.")
    model.gates[0] = asyncio.Event()
    components = {
        "hello": send("One moment.", "think"),
        "think": node("LLM", "say", llm_id="default"),
        "say": node("Message", content=["{think@content}"]),
    }
    async with house(tmp_path, models=Models(default=model)) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Think", components)
        anna = await h.subscriber(flow)
        await h.talks.receive(anna, {"type": "text", "text": "whales"})
        async with asyncio.timeout(10), aclosing(h.log.follow(anna, after=0, rest_s=10)) as news:
            async for messages in news:
                if messages[-1].type == "out":
                    break
        closing = asyncio.create_task(h.talks.close())
        await asyncio.sleep(0)
        model.gates[0].set()
        await closing
    async with house(tmp_path, models=Models(default=model)) as h:
        await h.quiet()

        assert ["One moment.", "Whales are mammals."] == await h.said(anna)


async def test_send_that_does_not_end_keeps_no_server_from_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "CLOSE_S", 0.1)
    asked = asyncio.Event()

    def says(_: object) -> str:
        asked.set()
        return "Never said."

    model = Model(says)
    model.gates[0] = asyncio.Event()
    async with house(tmp_path, models=Models(default=model)) as h:
        flow = await h.flow()
        prompts = [{"role": "user", "content": "Greet them."}]
        await h.sub_flow(flow, "Think", {"think": node("LLM", llm_id="default", prompts=prompts)})
        anna = await h.subscriber(flow)
        sending = asyncio.create_task(h.sending.main_flow(flow, anna))
        async with asyncio.timeout(10):
            await asked.wait()
            await h.talks.close()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_organization_whose_models_are_slow_leaves_places_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talks, "MAX_ANSWERS", 3)
    monkeypatch.setattr(talks, "MAX_OF_ONE", 2)
    model = Model("Slow.")
    model.gates[0] = asyncio.Event()
    async with house(tmp_path, models=Models(default=model)) as h:
        flow = await h.flow()
        slow = {"think": node("LLM", "say", llm_id="default"), "say": node("Message", content=["{think@content}"])}
        await h.sub_flow(flow, "Think", slow)
        people = [await h.subscriber(flow, str(number)) for number in range(4)]
        for one in people:
            await h.talks.receive(one, {"type": "text", "text": "hi"})
        monkeypatch.setattr(houses, "OWNER", Principal("another"))
        other = await h.flow()
        await h.sub_flow(other, "Welcome", {"hello": send("Welcome!")})
        bob = await h.subscriber(other)
        await h.talks.receive(bob, {"type": "text", "text": "hi"})
        async with asyncio.timeout(10), aclosing(h.log.follow(bob, after=0, rest_s=10)) as news:
            async for messages in news:
                if messages[-1].type == "out":
                    break
        assert 2 == len(model.asked)
        model.gates[0].set()
        await h.quiet()
        assert [["Slow."]] * 4 == [await h.said(one) for one in people]


async def test_user_fill_up_of_agents_asks_with_its_tips(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        form = {"city": {"name": "City", "type": "line"}}
        fill = node("UserFillUp", "say", tips="Which city?", inputs=form)
        await h.sub_flow(flow, "City", {"fill": fill, "say": node("Message", content=["{fill@city} it is."])})
        anna = await h.subscriber(flow)
        await h.sending.sub_flow(flow, anna, name="City")
        await h.says(anna, "Oslo")

        assert ["Which city?", "Oslo it is."] == await h.said(anna)


async def test_go_to_leads_to_another_sub_flow_and_ends_after_twenty(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "One", {"one": send("One.", "go"), "go": node("GoTo", sub_flow="Two")})
        await h.sub_flow(flow, "Two", {"two": send("Two.", "f1n3"), "f1n3": send("Three.")})
        await h.sub_flow(flow, "Round", {"round": send("Round.", "go"), "go": node("GoTo", sub_flow="round")})
        anna = await h.subscriber(flow)
        await h.sending.sub_flow(flow, anna, name="One")
        await h.sending.node(flow, anna, "f1n3")
        with pytest.raises(SubFlowFailedError, match="more than 20 sub flows"):
            await h.sending.sub_flow(flow, anna, name="Round")
        with pytest.raises(NodeNotFoundError):
            await h.sending.node(flow, anna, "f1n4")

        assert ["One.", "Two.", "Three.", "Three."] + ["Round."] * 20 == await h.said(anna)


async def test_model_answers_with_the_turns_before(tmp_path: Path) -> None:
    heard = []

    def says(messages):  # type: ignore[no-untyped-def]
        heard.append([(one.role, one.content) for one in messages])
        return "Whales are mammals. [ID:0]"

    async with house(tmp_path, models=Models(default=Model(says))) as h:
        flow = await h.flow()
        components = {
            "think": node("LLM", "say", llm_id="default"),
            "say": node("Message", content=["{think@content}"]),
        }
        await h.sub_flow(flow, "Think", components, default_reply=True)
        anna = await h.subscriber(flow)
        await h.says(anna, "hello")
        await h.says(anna, "What are whales?")

        assert ["Whales are mammals."] * 2 == await h.said(anna)
        assert [("user", "hello"), ("assistant", "Whales are mammals."), ("user", "What are whales?")] == heard[1]


async def test_content_does_actions_sends_every_type_and_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.tags.create(flow, name="vip")
        await h.fields.define(flow, name="size", var_type="number")
        await h.sub_flow(flow, "More", {"f1n7": send("More.")})
        anna = await h.subscriber(flow)
        card = {
            "title": "Shoe",
            "image_url": "https://x.example/shoe.png",
            "buttons": [{"caption": "Buy", "target": "f1n7"}],
        }
        content = {
            "messages": [
                {"type": "text", "text": "Look:"},
                {"type": "image", "url": "https://x.example/a.png"},
                {"type": "cards", "elements": [card]},
            ],
            "actions": [
                {"action": "add_tag", "tag_name": "VIP"},
                {"action": "set_field_value", "field_name": "size", "value": 42.0},
            ],
            "quick_replies": [{"type": "node", "caption": "More", "target": "f1n7"}],
            "goto": "More",
        }
        await h.sending.content(flow, anna, content_of({"version": "v1", "content": content}), agent=Doer(0, "key"))
        messages = await h.messages_of(anna)

        assert ["agent"] * 4 == [one.type for one in messages]
        assert ["text", "image", "cards", "text"] == [one.msg_type for one in messages]
        assert "quick_replies" in payloads(messages)[2]
        assert "quick_replies" not in payloads(messages)[1]
        assert ["vip"] == h.tags_of(flow, anna)
        assert {"size": "42"} == h.values_of(flow, anna)
        await h.says(anna, target="f1n7")
        assert "More." == (await h.said(anna))[-1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"messages": [{"type": "image"}]}, "needs a `url`"),
        ({"messages": [{"type": "smile", "text": "x"}]}, "data.content.messages.0.type"),
        ({}, "needs `messages`, `actions` or `goto`"),
        ({"actions": [{"action": "add_tag"}]}, "needs a `tag_name`"),
        ({"quick_replies": [{"caption": "x"}], "goto": "x"}, "need a message"),
    ],
)
def test_content_of_a_wrong_shape_is_refused_with_its_place(content: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidArgumentError, match=sentence):
        content_of({"version": "v1", "content": content})


async def test_paused_and_unsubscribed_people_are_left_alone(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        await h.sub_flow(flow, "Welcome", {"hello": send("Welcome!")})
        anna, bob = await h.subscriber(flow), await h.subscriber(flow, "2")
        pause = {"actions": [{"action": "pause_bot", "minutes": 5}]}
        await h.sending.content(flow, anna, content_of({"content": pause}))
        await h.sending.content(flow, bob, content_of({"content": {"actions": [{"action": "unsubscribe"}]}}))
        await h.says(anna, "hi")
        await h.says(bob, "hi")

        with pytest.raises(BotPausedError):
            await h.sending.main_flow(flow, h.now(anna))
        with pytest.raises(SubscriberUnsubscribedError):
            await h.sending.text(flow, h.now(bob), "x")
        await h.sending.text(flow, h.now(anna), "A person writes.")
        assert ["A person writes."] == await h.said(anna)
        assert [] == await h.said(bob)


async def test_failure_of_a_sub_flow_is_told_and_noted(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        actions = node("Actions", actions=[{"action": "add_tag", "tag_name": "unknown"}])
        await h.sub_flow(flow, "Broken", {"hello": send("Before.", "tag"), "tag": actions})
        anna = await h.subscriber(flow)
        with pytest.raises(SubFlowFailedError, match="There is no tag unknown"):
            await h.sending.main_flow(flow, anna)
        with pytest.raises(FlowTagNotFoundError):
            await h.sending.content(
                flow, anna, content_of({"content": {"actions": actions["obj"]["params"]["actions"]}})
            )
        await h.says(anna, "hi")

        assert ["Before.", "Before."] == await h.said(anna)
        [note] = await h.said(anna, "system")
        assert "Broken" in note


async def test_channel_without_an_adapter_refuses(tmp_path: Path) -> None:
    async with house(tmp_path) as h:
        flow = await h.flow()
        anna = await h.subscriber(flow)
        await h.subscribers.change(flow, "f1u1", lambda _, record: setattr(record, "channel", "telegram"))
        with pytest.raises(ChannelUnavailableError, match="telegram"):
            await h.sending.text(flow, h.now(anna), "x")
