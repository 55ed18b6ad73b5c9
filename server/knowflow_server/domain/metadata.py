"""Conditions on the metadata of documents."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from knowflow_server.errors.base import InvalidArgumentError

# Each is tried on each document.
MAX_CONDITIONS = 100

Condition = Callable[[Mapping[str, Any]], bool]


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    # "Nan" is a name and "Infinity" a title; as a number, the first would equal everything.
    return number if math.isfinite(number) else None


def _compare(left: Any, right: Any) -> int:
    """Return -1, 0 or 1: as numbers when both are, else as text without regard to case."""
    a, b = _number(left), _number(right)
    if a is not None and b is not None:
        return (a > b) - (a < b)
    x, y = str(left).casefold(), str(right).casefold()
    return (x > y) - (x < y)


def _text(value: Any) -> str:
    return str(value).casefold()


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: _compare(left, right) == 0,
    "≠": lambda left, right: _compare(left, right) != 0,
    ">": lambda left, right: _compare(left, right) > 0,
    "<": lambda left, right: _compare(left, right) < 0,
    "≥": lambda left, right: _compare(left, right) >= 0,
    "≤": lambda left, right: _compare(left, right) <= 0,
    "contains": lambda left, right: _text(right) in _text(left),
    "not contains": lambda left, right: _text(right) not in _text(left),
    "start with": lambda left, right: _text(left).startswith(_text(right)),
    "end with": lambda left, right: _text(left).endswith(_text(right)),
}
ALIASES = {"is": "=", "==": "=", "not is": "≠", "!=": "≠", ">=": "≥", "<=": "≤"}


def _values(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _equality(key: str, wanted: Any) -> Condition:
    """Equality with a value, or with one of a list; a list in the document counts when one of its items does."""

    def holds(fields: Mapping[str, Any]) -> bool:
        if key not in fields:
            return False
        return any(_compare(present, value) == 0 for present in _values(fields[key]) for value in _values(wanted))

    return holds


def _operation(given: object) -> Condition:
    entry = given if isinstance(given, Mapping) else {}
    key = entry.get("name", entry.get("key"))
    # Anything may stand here; as text it is at least a wrong operator.
    operator = str(entry.get("comparison_operator", entry.get("operator", "=")))
    operator = ALIASES.get(operator, operator)
    wanted = entry.get("value")
    if not isinstance(key, str) or not key:
        raise InvalidArgumentError("Each condition of `metadata_condition` needs a `name`", field="metadata_condition")
    if operator in {"empty", "not empty"}:
        return lambda fields: (fields.get(key) in (None, "", [])) == (operator == "empty")
    if operator not in OPERATORS:
        known = ", ".join([*OPERATORS, "empty", "not empty"])
        raise InvalidArgumentError(
            f"Unknown comparison operator '{operator}'; use one of {known}", field="metadata_condition"
        )
    compare = OPERATORS[operator]
    # A negation must hold for every item of a list, everything else for one.
    quantifier = all if operator in {"≠", "not contains"} else any
    return lambda fields: key in fields and quantifier(compare(present, wanted) for present in _values(fields[key]))


def condition_of(given: Mapping[str, Any]) -> Condition | None:
    """Return the test which a `metadata_condition` describes, or None when it describes none.

    Args:
        given: Either keys and the values they must have, or `{"logic": "and" | "or", "conditions": [...]}`.

    Raises:
        InvalidArgumentError: An operator is unknown or a condition has no name.
    """
    if isinstance(given.get("conditions"), list) and set(given) <= {"logic", "conditions"}:
        tests = [_operation(entry) for entry in given["conditions"]]
        logic = given.get("logic", "and")
        if logic not in ("and", "or"):
            raise InvalidArgumentError(
                "`logic` of `metadata_condition` should be 'and' or 'or'", field="metadata_condition"
            )
        quantifier = any if logic == "or" else all
    else:
        tests = [_equality(key, value) for key, value in given.items()]
        quantifier = all
    if len(tests) > MAX_CONDITIONS:
        sentence = f"`metadata_condition` should have at most {MAX_CONDITIONS} conditions"
        raise InvalidArgumentError(sentence, field="metadata_condition")
    if not tests:
        return None
    return lambda fields: quantifier(test(fields) for test in tests)
