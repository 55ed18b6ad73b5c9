"""Conditions on metadata: each operator, on values of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from knowflow_server.domain.metadata import condition_of
from knowflow_server.errors.base import InvalidArgumentError


def one(operator: str | None, wanted: Any, present: Any) -> bool:
    condition = {"name": "key", "value": wanted}
    if operator is not None:
        condition["comparison_operator"] = operator
    test = condition_of({"logic": "and", "conditions": [condition]})
    assert test is not None
    return test({"key": present, "other": "x"})


@pytest.mark.parametrize(
    ("operator", "wanted", "holds", "fails"),
    [
        ("=", "Moon", ["moon", "MOON"], ["moons", "", 3, None]),
        (None, "moon", ["Moon"], ["sea"]),
        ("is", 3, [3, 3.0, "3", "3.0", " 3 "], [4, "three", True]),
        ("==", True, [True, "true"], [1, False]),
        ("≠", "moon", ["sea", 3], ["Moon"]),
        ("not is", 3, [4, "x"], [3, "3.0"]),
        ("!=", "x", ["y"], ["X"]),
        (">", 10, [11, "11", "10.5"], [10, 9, "9"]),
        ("<", "2025-02-01", ["2025-01-31"], ["2025-02-01", "2026-01-01"]),
        ("≥", 10, [10, 11, "10"], [9]),
        (">=", 10, [10], [9.9]),
        ("≤", 10, [10, "9"], [11]),
        ("<=", 10, [-1], [11]),
        ("contains", "oo", ["Moon", "OOZE"], ["sea", ""]),
        ("not contains", "oo", ["sea"], ["Moon"]),
        ("start with", "mo", ["Moon"], ["a moon"]),
        ("end with", "ON", ["Moon"], ["moons"]),
    ],
)
def test_operator(operator: str | None, wanted: Any, holds: list[Any], fails: list[Any]) -> None:
    assert [present for present in holds if not one(operator, wanted, present)] == []
    assert [present for present in fails if one(operator, wanted, present)] == []


@pytest.mark.parametrize("name", ["nan", "NaN", "inf", "Infinity", "-inf"])
def test_operator_takes_words_that_look_like_odd_numbers_as_words(name: str) -> None:
    assert one("=", name, name.upper())
    assert not one("=", 5, name)
    assert not one("=", name, 5)
    assert one("≠", 5, name)


@pytest.mark.parametrize(
    ("operator", "wanted", "present", "expected"),
    [
        ("=", "b", ["a", "B"], True),
        ("=", "c", ["a", "b"], False),
        ("≠", "b", ["a", "b"], False),
        ("≠", "c", ["a", "b"], True),
        (">", 5, [1, 9], True),
        ("contains", "oo", ["sea", "moon"], True),
        ("not contains", "oo", ["sea", "moon"], False),
        ("not contains", "oo", ["sea", "salt"], True),
        ("=", "a", [], False),
        ("≠", "a", [], True),
    ],
)
def test_operator_on_a_list_asks_one_item_and_a_negation_all(
    operator: str, wanted: Any, present: list[Any], expected: bool
) -> None:
    assert one(operator, wanted, present) is expected


@pytest.mark.parametrize(
    "operator", ["=", "≠", ">", "<", "≥", "≤", "contains", "not contains", "start with", "end with"]
)
def test_operator_without_the_key_fails(operator: str) -> None:
    test = condition_of({"conditions": [{"name": "missing", "comparison_operator": operator, "value": "x"}]})
    assert test is not None
    assert not test({"key": "x"})


@pytest.mark.parametrize(("present", "empty"), [("", True), ([], True), (None, True), ("x", False), (0, False)])
def test_empty_and_not_empty(present: Any, empty: bool) -> None:
    assert one("empty", None, present) is empty
    assert one("not empty", None, present) is not empty


def test_empty_holds_for_a_missing_key() -> None:
    for operator, expected in (("empty", True), ("not empty", False)):
        test = condition_of({"conditions": [{"name": "missing", "comparison_operator": operator}]})
        assert test is not None
        assert test({}) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"author": "mei"}, True),
        ({"author": "MEI", "year": 2024}, True),
        ({"author": "mei", "year": 2023}, False),
        ({"author": ["jo", "mei"]}, True),
        ({"tags": "sea"}, True),
        ({"tags": ["sky", "SEA"]}, True),
        ({"tags": "sky"}, False),
        ({"missing": "x"}, False),
        ({"logic": "mei"}, False),
    ],
)
def test_plain_keys_and_values_must_all_equal(given: dict[str, Any], expected: bool) -> None:
    test = condition_of(given)
    assert test is not None
    assert test({"author": "Mei", "year": 2024, "tags": ["moon", "sea"]}) is expected


@pytest.mark.parametrize(("logic", "expected"), [("and", False), ("or", True), (None, False)])
def test_logic_joins_conditions(logic: str | None, expected: bool) -> None:
    conditions = [{"name": "a", "value": 1}, {"key": "b", "operator": "=", "value": 2}]
    given: dict[str, Any] = {"conditions": conditions} | ({"logic": logic} if logic else {})
    test = condition_of(given)
    assert test is not None
    assert test({"a": 1, "b": 3}) is expected
    assert test({"a": 1, "b": 2}) is True


@pytest.mark.parametrize("given", [{}, {"conditions": []}, {"logic": "or", "conditions": []}])
def test_condition_of_nothing_is_none(given: dict[str, Any]) -> None:
    assert condition_of(given) is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"conditions": [{"name": "a", "comparison_operator": "~", "value": 1}]}, "Unknown comparison operator '~'"),
        ({"conditions": [{"name": "a", "comparison_operator": ["="], "value": 1}]}, "Unknown comparison operator"),
        ({"conditions": [{"name": "a", "comparison_operator": {"x": 1}, "value": 1}]}, "Unknown comparison operator"),
        ({"conditions": [{"value": 1}]}, "needs a `name`"),
        ({"conditions": [{"name": "", "value": 1}]}, "needs a `name`"),
        ({"conditions": [{"name": 3, "value": 1}]}, "needs a `name`"),
        ({"conditions": ["author"]}, "needs a `name`"),
        ({"logic": "xor", "conditions": [{"name": "a", "value": 1}]}, "should be 'and' or 'or'"),
        ({"logic": ["and"], "conditions": [{"name": "a", "value": 1}]}, "should be 'and' or 'or'"),
    ],
)
def test_condition_of_a_wrong_shape_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidArgumentError, match=sentence) as caught:
        condition_of(given)
    assert caught.value.metadata == {"field": "metadata_condition"}
