"""Properties of the engine on random graphs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.errors.core import AgentRunFailedError
from tests.domain.canvas.harness import Conversation, finished, node, running, started

MOST = 9
FORM = {"x": {"type": "line", "optional": True}}


@dataclass(frozen=True)
class Drawn:
    """A random graph without loops, and what must become of it.

    Args:
        components: The components, of which the first is Begin.
        leads: Where each component goes on when it runs.
        edges: Where each component might go on.
        fails: Whether some component that runs fails the run.
    """

    components: Mapping[str, Any]
    leads: Mapping[str, list[str]]
    edges: Mapping[str, list[str]]
    failing: frozenset[str]

    @property
    def reached(self) -> set[str]:
        """The components which run."""
        return _closure(self.leads, ["begin"]) | {"begin"}

    @property
    def dsl(self) -> dict[str, Any]:
        return {"components": self.components}


def _closure(edges: Mapping[str, list[str]], starts: list[str]) -> set[str]:
    seen: set[str] = set()
    todo = [after for start in starts for after in edges[start]]
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo += edges[place]
    return seen


@st.composite
def graphs(draw: st.DrawFn, *, kinds: tuple[str, ...]) -> Drawn:
    """Draw a graph: every component but the first has at least one before it."""
    count = draw(st.integers(1, MOST))
    names = ["begin", *(f"c{number}" for number in range(1, count + 1))]
    after: dict[str, list[str]] = {name: [] for name in names}
    for place in range(1, count + 1):
        sources = draw(st.lists(st.integers(0, place - 1), min_size=1, max_size=3, unique=True))
        for source in sources:
            after[names[source]].append(names[place])
    components: dict[str, Any] = {"begin": node("Begin", *after["begin"])}
    leads, edges, failing = {"begin": after["begin"]}, dict(after), set()
    for name in names[1:]:
        kind = draw(st.sampled_from(kinds))
        gives_way = draw(st.integers(0, 4))
        leads[name] = after[name]
        if kind == "switch" and after[name]:
            chosen = draw(st.lists(st.sampled_from(after[name]), unique=True))
            condition = {"items": [{"cpn_id": "sys.query", "operator": "not empty"}], "to": chosen}
            components[name] = node("Switch", conditions=[condition], end_cpn_ids=after[name])
            leads[name] = chosen
        elif kind == "form":
            components[name] = node("UserFillUp", *after[name], inputs=FORM)
        elif kind == "retried":
            components[name] = node(
                "Probe", *after[name], gives_way=gives_way, fails=2, max_retries=2, delay_after_error=0
            )
        elif kind == "default":
            components[name] = node(
                "Probe", *after[name], fails=99, exception_method="comment", exception_default_value="d"
            )
        elif kind == "goto" and after[name]:
            goto = draw(st.lists(st.sampled_from(after[name]), min_size=1, unique=True))
            components[name] = node("Probe", *after[name], fails=99, exception_method="goto", exception_goto=goto)
            leads[name] = goto
        elif kind == "failing":
            components[name] = node("Probe", *after[name], gives_way=gives_way, fails=99)
            failing.add(name)
        else:
            components[name] = node("Probe", *after[name], gives_way=gives_way)
    return Drawn(components, leads, edges, frozenset(failing))


def assert_ordered(drawn: Drawn, happened: list[tuple[str, str]]) -> None:
    """Each component began after all had ended which lead to it, of those that ran."""
    ended: set[str] = set()
    ran = {name for event, name in happened if event == "node_started"}
    ancestors = {name: {other for other in ran if name in _closure(drawn.edges, [other])} for name in ran}
    for event, name in happened:
        if event == "node_started":
            assert ancestors[name] <= ended, f"{name} began before {ancestors[name] - ended}"
        else:
            ended.add(name)
    assert ended == ran


def _steps(events: Any) -> list[tuple[str, str]]:
    return [(event.event, event.data["component_id"]) for event in events if event.event.startswith("node_")]


@given(graphs(kinds=("probe", "switch", "retried", "default", "goto")))
async def test_run_reaches_every_component_once_and_in_order(drawn: Drawn) -> None:
    conversation = Conversation(drawn.dsl)
    events = await conversation.turn()
    assert drawn.reached == set(started(events))
    assert len(drawn.reached) == len(started(events))
    assert sorted(started(events)) == sorted(finished(events))
    assert_ordered(drawn, _steps(events))
    assert "workflow_started" == events[0].event
    assert "workflow_finished" == events[-1].event
    assert set(conversation.dsl["state"]["outputs"]) == drawn.reached


@given(graphs(kinds=("probe", "switch", "failing", "default")))
async def test_run_with_a_component_that_fails_for_good_fails_and_leaves_nothing(drawn: Drawn) -> None:
    conversation = Conversation(drawn.dsl)
    before = running()
    if not drawn.reached & drawn.failing:
        await conversation.turn()
        return
    with pytest.raises(AgentRunFailedError) as caught:
        await conversation.turn()
    assert "It was told to fail." in caught.value.sentence
    assert before == running()
    assert conversation.run is not None
    assert {step.node.id for step in conversation.run.steps if step.error} & drawn.failing


@given(graphs(kinds=("probe", "form", "switch")))
async def test_run_that_waits_for_the_user_does_each_component_once_over_all_turns(drawn: Drawn) -> None:
    conversation = Conversation(drawn.dsl)
    happened: list[tuple[str, str]] = []
    for _ in range(MOST + 2):
        events = await conversation.turn("Yes", {"x": "y"})
        happened += _steps(events)
        assert conversation.run is not None
        asked = [event.data["component_id"] for event in events if event.event == "user_inputs"]
        assert sorted(asked) == sorted(conversation.run.state.paused)
        assert ("workflow_finished" == events[-1].event) == (not asked)
        if not asked:
            break
    began = [name for event, name in happened if event == "node_started"]
    assert drawn.reached == set(began)
    assert len(drawn.reached) == len(began)
    assert_ordered(drawn, happened)


@given(graphs(kinds=("probe",)), st.integers(1, 4))
async def test_loop_does_each_component_once_a_round_and_joins_wait_for_their_round(drawn: Drawn, rounds: int) -> None:
    ends = [name for name, after in drawn.edges.items() if not after]
    again = {"items": [{"cpn_id": "begin2@count", "operator": "<", "value": str(rounds)}], "to": ["begin2"]}
    components = {
        **drawn.components,
        "begin": node("Begin", "begin2"),
        "begin2": node("Probe", *drawn.edges["begin"]),
        **{name: {**drawn.components[name], "downstream": ["again"]} for name in ends if name != "begin"},
        "again": node("Switch", conditions=[again], end_cpn_ids=["done"]),
        "done": node("Probe"),
    }
    conversation = Conversation({"components": components})
    events = await conversation.turn()
    body = set(drawn.components) - {"begin"}
    assert ["begin", "done"] == [started(events)[0], started(events)[-1]]
    edges = {**drawn.edges, "begin2": drawn.edges["begin"], "begin": [], **{name: [] for name in ends}}
    turns = _rounds(_steps(events)[2:-2])
    assert rounds == len(turns)
    for turn in turns:
        assert body | {"begin2", "again"} == {name for event, name in turn if event == "node_started"}
        assert 2 * (len(body) + 2) == len(turn)
        *rest, (_, first), (_, second) = turn
        assert "again" == first == second
        assert_ordered(Drawn(components, edges, edges, frozenset()), rest)


def _rounds(happened: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    turns: list[list[tuple[str, str]]] = []
    for step in happened:
        if step == ("node_started", "begin2"):
            turns.append([])
        turns[-1].append(step)
    return turns


@given(graphs(kinds=("probe", "switch")), st.data())
async def test_caller_who_leaves_at_any_event_leaves_nothing_running(drawn: Drawn, data: st.DataObject) -> None:
    hanging = data.draw(st.sampled_from(sorted(drawn.components)))
    components = {**drawn.components}
    if components[hanging]["obj"]["component_name"] == "Probe":
        components[hanging] = node("Probe", *drawn.edges[hanging], hangs=True)
    conversation = Conversation({"components": components})
    before = running()
    left = data.draw(st.integers(1, 2 * MOST))
    async with aclosing(conversation.begin().events()) as events:
        async for _ in events:
            left -= 1
            started_all = {step.node.id for step in conversation.run.steps} if conversation.run else set()
            if not left or hanging in started_all:
                break
    assert before == running()
