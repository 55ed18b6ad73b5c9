"""Graphs which cannot run are refused in a sentence that names the component."""

from __future__ import annotations

from typing import Any

import pytest

from knowflow_server.domain.canvas.document import complete, load
from knowflow_server.errors.core import AgentDslInvalidError
from tests.domain.canvas.harness import graph, node

EMPTY = [{"items": [{"cpn_id": "sys.query", "operator": "empty"}], "to": ["begin"]}]


def _loop(**switch: Any) -> dict[str, Any]:
    return graph(begin=node("Begin", "a"), a=node("Probe", "s"), s=node("Switch", **switch), out=node("Probe"))


def _inside(*downstream: str, **more: Any) -> dict[str, Any]:
    return graph(
        begin=node("Begin", "each"),
        each=node("Iteration", "out", items_ref="sys.query"),
        item=node("IterationItem", *downstream, parent="each"),
        out=node("Probe"),
        **more,
    )


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "`components` of the DSL is required"),
    ({"components": []}, "`components` of the DSL is required"),
    ({"components": {"begin": 1}}, "The component begin has no `obj.component_name`."),
    (graph(begin=node("Begin"), x=node("Nonsense")), "The component x is of the unknown class Nonsense."),
    (graph(x=node("Message")), "The DSL has no component Begin"),
    (graph(begin=node("Begin"), two=node("Begin")), "several components Begin: begin, two"),
    (graph(begin=node("Begin", "nowhere")), "The component begin leads to nowhere, which does not exist."),
    (graph(begin={**node("Begin"), "downstream": "x"}), "`downstream` of begin should be a list of ids."),
    (
        graph(begin=node("Begin", "c"), c=node("Categorize", category_description={"a": {"to": ["nowhere"]}})),
        "The component c leads to nowhere",
    ),
    (graph(begin=node("Begin", "s"), s=node("Switch", end_cpn_ids=["no"])), "The component s leads to no,"),
    (
        graph(begin=node("Begin", "a"), a=node("Probe", exception_method="g", exception_goto=["no"])),
        "The component a leads to no,",
    ),
    (
        graph(begin=node("Begin", "m"), m=node("Message", content=["{no@content}"])),
        "The component m refers to no@content, but no does not exist.",
    ),
    (
        graph(begin=node("Begin", "m"), m=node("Message", content=["{begin@lang}"])),
        "The component m refers to begin@lang, but begin has no output lang.",
    ),
    (
        graph(begin=node("Begin", "m"), m=node("Switch", conditions=[{"items": [{"cpn_id": "x@y", "operator": "="}]}])),
        "The component m refers to x@y",
    ),
    (
        graph(begin=node("Begin", "s"), s=node("Switch", conditions=[{"items": [{"cpn_id": "x", "operator": "~"}]}])),
        "The component s has a wrong parameter `conditions.0.items.0.operator`",
    ),
    (
        graph(begin=node("Begin", "a"), a=node("LLM", temperature=3)),
        "The component a has a wrong parameter `temperature`",
    ),
    (graph(begin=node("Begin", "a"), a=node("Iteration")), "The component a has a wrong parameter `items_ref`"),
    (
        graph(begin=node("Begin", "a"), a=node("Agent", tools=[{"component_name": "Message"}])),
        "Message is no tool",
    ),
    (graph(begin=node("Begin", "a"), a=node("Probe", max_retries=-1)), "`max_retries`"),
    (graph(begin=node("Begin", "a"), a=node("Probe", "b"), b=node("Probe", "a")), "The loop through a, b has no exit."),
    (_loop(conditions=EMPTY, end_cpn_ids=["a"]), "The loop through"),
    (
        # The loop of a and b passes the switch by.
        graph(
            begin=node("Begin", "a"),
            a=node("Probe", "b", "s"),
            b=node("Probe", "a"),
            s=node("Switch", end_cpn_ids=["a", "out"]),
            out=node("Probe"),
        ),
        "The loop through a, b has no exit.",
    ),
    (_inside("out"), "The component item leads to out across the border of an Iteration."),
    (
        _inside("w", w=node("Probe", "v", parent="each"), v=node("Probe")),
        "The component w leads to v across the border of an Iteration.",
    ),
    (graph(begin=node("Begin"), a=node("Probe", parent="no")), "The component a belongs to no, which is no Iteration"),
    (
        graph(begin=node("Begin", "each"), each=node("Iteration", items_ref="sys.query")),
        "The Iteration each needs exactly one IterationItem.",
    ),
    (_inside("u", u=node("UserFillUp", parent="each")), "The component u is a UserFillUp, which an Iteration cannot"),
    ({**graph(begin=node("Begin")), "history": "abc"}, "`history` of the DSL should be a list."),
    ({**graph(begin=node("Begin")), "history": [["user"]]}, "`history` of the DSL should be a list of pairs"),
    ({**graph(begin=node("Begin")), "path": [1]}, "`path` of the DSL"),
    ({**graph(begin=node("Begin")), "retrieval": {"a": 1}}, "`retrieval` of the DSL"),
    ({**graph(begin=node("Begin")), "globals": {"sys.conversation_turns": "x"}}, "`sys.conversation_turns`"),
    (graph(begin=node("Begin"), **{f"c{n}": node("Probe") for n in range(500)}), "at most 500 components"),
]


@pytest.mark.parametrize(("dsl", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_load_refuses(dsl: dict[str, Any], says: str) -> None:
    with pytest.raises(AgentDslInvalidError) as caught:
        load(dsl)
    assert says in caught.value.sentence


@pytest.mark.parametrize(
    "dsl",
    [
        graph(begin=node("Begin")),
        _loop(conditions=EMPTY, end_cpn_ids=["out"]),
        # A decision for nothing is an exit.
        _loop(conditions=EMPTY),
        # A loop with a question of the user in it ends each turn.
        graph(begin=node("Begin", "u"), u=node("UserFillUp", "a", inputs={"x": {}}), a=node("Probe", "u")),
        # To try again after a failure is no loop without exit.
        graph(begin=node("Begin", "a"), a=node("Probe", exception_method="g", exception_goto=["a"])),
        # An editor writes null for what nobody has filled in.
        graph(
            begin=node("Begin", "a"), a=node("LLM", temperature=None, exception_goto=None, max_retries=None, mcp=None)
        ),
        _inside("w", w=node("Probe", parent="each")),
    ],
)
def test_load_takes(dsl: dict[str, Any]) -> None:
    assert "begin" in load(dsl).nodes


def test_complete_adds_what_is_missing_and_keeps_what_is_there() -> None:
    made = complete({"components": {}, "globals": {"sys.user_id": "u"}, "mine": 1, "history": None})
    assert made == {
        "components": {},
        "graph": {"nodes": [], "edges": []},
        "globals": {"sys.query": "", "sys.user_id": "u", "sys.conversation_turns": 0, "sys.files": []},
        "history": [],
        "path": [],
        "retrieval": [],
        "mine": 1,
    }


def test_load_takes_titles_from_the_editor() -> None:
    dsl = graph(begin=node("Begin")) | {"graph": {"nodes": [{"id": "begin", "data": {"name": "Start"}}, 3, {}]}}
    assert load(dsl).nodes["begin"].title == "Start"
