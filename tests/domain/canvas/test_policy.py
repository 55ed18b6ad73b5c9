"""What happens when a component fails: repetitions, default values, other ways, time limits, limits of steps."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from knowflow_server.errors.core import AgentRunFailedError
from tests.domain.canvas.harness import Conversation, Model, finished, graph, node, order_of, running, started


async def test_failure_without_a_policy_fails_the_run_with_the_component_and_the_cause() -> None:
    conversation = Conversation(graph(begin=node("Begin", "a"), a=node("Probe", fails=1)))
    with pytest.raises(AgentRunFailedError, match=r"The component a failed: It was told to fail\."):
        await conversation.turn()


async def test_retries_end_with_success() -> None:
    conversation = Conversation(
        graph(begin=node("Begin", "a"), a=node("Probe", fails=2, max_retries=2, delay_after_error=0))
    )
    await conversation.turn()
    assert conversation.counts == {"a": 3}


async def test_default_value_is_said_and_stands_in_for_the_output() -> None:
    failing = node("Probe", "b", fails=9, exception_method="comment", exception_default_value="Sorry.")
    conversation = Conversation(graph(begin=node("Begin", "a"), a=failing, b=node("Probe", value="Got {a@result}")))
    events = await conversation.turn()
    assert conversation.answer == "Sorry."
    assert conversation.dsl["state"]["outputs"]["b"]["result"] == "Got Sorry."
    (failed,) = [e for e in events if e.event == "node_finished" and e.data["component_id"] == "a"]
    assert failed.data["error"] == "It was told to fail."


async def test_goto_replaces_what_is_downstream() -> None:
    failing = node("Probe", "b", fails=9, exception_method="goto", exception_goto=["c"])
    dsl = graph(begin=node("Begin", "a"), a=failing, b=node("Probe"), c=node("Probe"))
    assert started(await Conversation(dsl).turn()) == ["begin", "a", "c"]


async def test_time_limit_ends_a_component_like_any_failure() -> None:
    slow = node("Probe", hangs=True, timeout_s=0.05, exception_method="comment", exception_default_value="Too slow.")
    conversation = Conversation(graph(begin=node("Begin", "a"), a=slow))
    events = await conversation.turn()
    assert conversation.answer == "Too slow."
    assert [e.data["error"] for e in events if e.event == "node_finished"] == [
        None,
        "It took longer than 0.05 seconds.",
    ]


async def test_loop_that_never_leaves_stops_at_the_limit_of_steps() -> None:
    never = [{"items": [{"cpn_id": "sys.query", "operator": "empty"}], "to": ["end"]}]
    dsl = graph(
        begin=node("Begin", "a"),
        a=node("Probe", "s"),
        s=node("Switch", conditions=never, end_cpn_ids=["a"]),
        end=node("Probe"),
    )
    before = running()
    with pytest.raises(AgentRunFailedError, match="the run takes more than 500 steps"):
        await Conversation(dsl).turn()
    assert running() == before


async def test_iteration_over_a_long_list_is_no_endless_loop() -> None:
    dsl = graph(
        begin=node("Begin", "split"),
        split=node("StringTransform", "each", split_ref="sys.query"),
        each=node("Iteration", items_ref="split@result", outputs={"all": {"ref": "work@result"}}),
        item=node("IterationItem", "work", parent="each"),
        work=node("Probe", parent="each", value="<{item@item} {item@index}>"),
    )
    conversation = Conversation(dsl)
    await conversation.turn(",".join(map(str, range(900))))
    made = conversation.dsl["state"]["outputs"]["each"]["all"]
    assert (len(made), made[0], made[-1]) == (900, "<0 0>", "<899 899>")


async def test_iteration_round_knows_nothing_of_the_round_before() -> None:
    seven = [{"items": [{"cpn_id": "item@item", "operator": "=", "value": "7"}], "to": ["work"]}]
    dsl = graph(
        begin=node("Begin", "each"),
        each=node("Iteration", items_ref="sys.query", outputs={"all": {"ref": "work@result"}}),
        item=node("IterationItem", "choose", parent="each"),
        choose=node("Switch", conditions=seven, parent="each"),
        work=node("Probe", parent="each", value="lucky"),
    )
    conversation = Conversation(dsl)
    await conversation.turn('["7", "8"]')
    assert conversation.dsl["state"]["outputs"]["each"]["all"] == ["lucky", ""]


async def test_failure_inside_an_iteration_follows_the_iteration_s_policy() -> None:
    dsl = graph(
        begin=node("Begin", "each"),
        each=node("Iteration", "after", items_ref="sys.query", exception_method="comment", exception_default_value="-"),
        item=node("IterationItem", "work", parent="each"),
        work=node("Probe", parent="each", fails=9),
        after=node("Probe"),
    )
    conversation = Conversation(dsl)
    assert started(await conversation.turn("a\nb"))[-1] == "after"
    assert conversation.answer == "-"


@pytest.mark.parametrize("after", ["Probe", "Message"])
async def test_model_that_fails_follows_the_policy_whatever_comes_next(after: str) -> None:
    asks = node("LLM", "m", exception_method="comment", exception_default_value="No answer.")
    conversation = Conversation(
        graph(begin=node("Begin", "a"), a=asks, m=node(after, content=["{a@content}"])),
        {"default": Model("never said", fails_after=0)},
    )
    events = await conversation.turn()
    assert conversation.answer == "No answer."
    assert finished(events) == ["begin", "a", "m"]
    assert conversation.dsl["state"]["outputs"]["a"]["_ERROR"] == "The model model@tests failed: It is down."


@pytest.mark.parametrize("after", ["Probe", "Message"])
async def test_model_that_fails_goes_where_the_goto_says(after: str) -> None:
    asks = node("LLM", "m", exception_method="goto", exception_goto=["other"])
    conversation = Conversation(
        graph(begin=node("Begin", "a"), a=asks, m=node(after, content=["{a@content}"]), other=node("Probe")),
        {"default": Model("never said", fails_after=0)},
    )
    assert started(await conversation.turn()) == ["begin", "a", "other"]


@pytest.mark.parametrize("after", ["Probe", "Message"])
async def test_model_is_asked_again_as_often_as_allowed(after: str) -> None:
    model = Model("at last", fails_after=0, failures=2)
    dsl = graph(
        begin=node("Begin", "a"),
        a=node("LLM", "m", max_retries=2, delay_after_error=0),
        m=node(after, content=["{a@content}"]),
    )
    conversation = Conversation(dsl, {"default": model})
    await conversation.turn()
    assert len(model.asked) == 3
    assert conversation.dsl["state"]["outputs"]["a"]["content"] == "at last"


@pytest.mark.parametrize("after", ["Probe", "Message"])
async def test_model_that_fails_without_a_policy_fails_the_run(after: str) -> None:
    dsl = graph(begin=node("Begin", "a"), a=node("LLM", "m"), m=node(after, content=["{a@content}"]))
    conversation = Conversation(dsl, {"default": Model("one two", fails_after=1)})
    before = running()
    with pytest.raises(AgentRunFailedError, match="The component a failed: The model model@tests failed"):
        await conversation.turn()
    assert running() == before
    assert conversation.answer == ("one " if after == "Message" else "")


async def test_text_that_breaks_off_after_it_has_begun_goes_on_with_the_default_value() -> None:
    asks = node(
        "LLM",
        "m",
        exception_method="comment",
        exception_default_value="(broken off)",
        max_retries=3,
        delay_after_error=0,
    )
    model = Model("one two three", fails_after=2)
    dsl = graph(begin=node("Begin", "a"), a=asks, m=node("Message", content=["{a@content}"]))
    conversation = Conversation(dsl, {"default": model})
    await conversation.turn()
    assert conversation.answer == "one two (broken off)"
    assert len(model.asked) == 1


async def test_categorize_that_fails_takes_the_category_its_default_value_names() -> None:
    categories = {"a": {"to": ["left"]}, "b": {"to": ["right"]}}
    asks = node("Categorize", category_description=categories, exception_method="comment", exception_default_value="b")
    dsl = graph(begin=node("Begin", "c"), c=asks, left=node("Probe"), right=node("Probe"))
    conversation = Conversation(dsl, {"default": Model("", fails_after=0)})
    assert started(await conversation.turn())[2:] == ["right"]


async def test_tokens_arrive_while_they_are_made_and_events_have_the_order_of_a_lazy_model() -> None:
    model = Model("one two three")
    model.gates = {2: asyncio.Event()}
    dsl = graph(begin=node("Begin", "a"), a=node("LLM", "m"), m=node("Message", content=["<{a@content}>"]))
    conversation = Conversation(dsl, {"default": model})
    seen: list[Any] = []
    async for event in conversation.begin().events():
        seen.append(event)
        if event.data.get("content") == "two ":
            # The third piece is made only when the first two have arrived.
            model.gates[2].set()
    assert order_of(seen) == [
        ("workflow_started", ""),
        ("node_started", "begin"),
        ("node_finished", "begin"),
        ("node_started", "a"),
        ("node_started", "m"),
        ("message", "<"),
        ("message", "one "),
        ("message", "two "),
        ("message", "three"),
        ("message", ">"),
        ("message_end", ""),
        ("node_finished", "a"),
        ("node_finished", "m"),
        ("workflow_finished", ""),
    ]


async def test_text_that_nobody_says_in_this_turn_is_still_reported() -> None:
    dsl = graph(
        begin=node("Begin", "a", "u"),
        a=node("LLM", "m"),
        u=node("UserFillUp", "m", inputs={"x": {"type": "line"}}),
        m=node("Message", content=["{a@content} {u@x}"]),
    )
    conversation = Conversation(dsl, {"default": Model("made before")})
    events = await conversation.turn()
    assert sorted(finished(events)) == ["a", "begin"]
    await conversation.turn("now")
    assert conversation.answer == "made before now"


async def test_caller_who_leaves_ends_the_request_of_the_model() -> None:
    model = Model("one two three")
    model.gates = {1: asyncio.Event()}
    dsl = graph(begin=node("Begin", "a"), a=node("LLM", "m"), m=node("Message", content=["{a@content}"]))
    conversation = Conversation(dsl, {"default": model})
    before = running()
    events = conversation.begin().events()
    async for event in events:
        if event.event == "message":
            break
    await events.aclose()
    assert (running(), model.closed) == (before, 1)
    assert conversation.answer == "one "


async def test_next_turn_sees_nothing_of_a_branch_of_the_turn_before() -> None:
    left = [{"items": [{"cpn_id": "sys.query", "operator": "=", "value": "left"}], "to": ["a"]}]
    dsl = graph(
        begin=node("Begin", "s"),
        s=node("Switch", conditions=left, end_cpn_ids=["b"]),
        a=node("Probe", "m", value="from a"),
        b=node("Probe", "m", value="from b"),
        m=node("Message", content=["[{a@result}{b@result}]"]),
    )
    conversation = Conversation(dsl)
    await conversation.turn("left")
    assert conversation.answer == "[from a]"
    await conversation.turn("right")
    assert conversation.answer == "[from b]"
