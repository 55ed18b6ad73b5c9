"""Switch: every operator, and both ways to put comparisons together."""

from __future__ import annotations

from typing import Any

import pytest

from knowflow_server.domain.canvas.components.switch import holds
from tests.domain.canvas.harness import Conversation, graph, node, started


@pytest.mark.parametrize(
    ("text", "operator", "value", "expected"),
    [
        ("Knowledge", "contains", "LEDGE", True),
        ("Knowledge", "contains", "x", False),
        ("Knowledge", "not contains", "x", True),
        ("Knowledge", "not contains", "know", False),
        ("Knowledge", "start with", "know", True),
        ("Knowledge", "start with", "edge", False),
        ("Knowledge", "end with", "EDGE", True),
        ("Knowledge", "end with", "know", False),
        ("", "empty", "", True),
        ("a", "empty", "", False),
        ("a", "not empty", "", True),
        ("", "not empty", "", False),
        ("a", "=", "a", True),
        ("a", "=", "b", False),
        ("1.0", "=", "1", True),
        ("a", "≠", "b", True),
        ("1.0", "≠", "1", False),
        ("10", ">", "9", True),
        ("10", ">", "10", False),
        ("b", ">", "a", True),
        ("9", "<", "10", True),
        ("a", "<", "b", True),
        ("10", "<", "9", False),
        ("10", "≥", "10", True),
        ("9", "≥", "10", False),
        ("10", "≤", "10", True),
        ("11", "≤", "10", False),
        ("10", "<", "9 apples", True),
    ],
)
def test_operator_holds(text: str, operator: Any, value: str, expected: bool) -> None:
    assert holds(text, operator, value) == expected


@pytest.mark.parametrize(
    ("logical", "items", "expected"),
    [
        ("and", ["contains", "start with"], "yes"),
        ("and", ["contains", "empty"], "no"),
        ("or", ["empty", "contains"], "yes"),
        ("or", ["empty", "end with"], "no"),
        ("or", [], "no"),
        ("and", [], "yes"),
    ],
)
async def test_switch_puts_comparisons_together(logical: str, items: list[str], expected: str) -> None:
    compared = [{"cpn_id": "sys.query", "operator": operator, "value": "wh"} for operator in items]
    conditions = [{"logical_operator": logical, "items": compared, "to": ["yes"]}]
    dsl = graph(
        begin=node("Begin", "s"),
        s=node("Switch", conditions=conditions, end_cpn_ids=["no"]),
        yes=node("Probe"),
        no=node("Probe"),
    )
    assert started(await Conversation(dsl).turn("why"))[-1] == expected


async def test_switch_takes_the_first_condition_that_holds_and_all_its_targets() -> None:
    item = {"cpn_id": "{{begin@n}}", "operator": ">", "value": 2}
    conditions = [{"items": [item], "to": ["a", "b"]}, {"items": [item], "to": ["c"]}]
    dsl = graph(
        begin=node("Begin", "s", inputs={"n": {"type": "integer"}}),
        s=node("Switch", conditions=conditions),
        a=node("Probe"),
        b=node("Probe"),
        c=node("Probe"),
    )
    events = await Conversation(dsl).turn(inputs={"n": {"value": 3}})
    assert sorted(started(events)) == ["a", "b", "begin", "s"]
