"""How much a run may make: weights, and graphs that would fill the memory."""

from __future__ import annotations

from typing import Any

from knowflow_server.domain.canvas.size import ITEM, MAX_MADE, weight


def test_weight_counts_what_is_written_down() -> None:
    assert ITEM + 3 == weight("abc")
    shared = "x" * 100
    assert 3 * ITEM + 200 == weight([shared, shared])
    assert 2 * ITEM + len("name") + 1 == weight({"name": "a"})
    assert 2 * ITEM == weight([None])


def test_weight_of_what_shares_its_parts_ends_at_the_limit() -> None:
    value: Any = "x"
    for _ in range(200):
        value = [value, value]
    assert MAX_MADE < weight(value) < 2 * MAX_MADE
