"""Values of fields: one form for each value, whatever it was given as."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1 import flow_field_pb2 as store
from knowflow_server.domain.konversation.field_value import TYPES, canonical, parsed
from knowflow_server.errors.konversation import FlowFieldValueInvalidError

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=5), children, max_size=4),
    max_leaves=10,
)


@given(kind=st.sampled_from(sorted(TYPES.values())), value=JSON)
def test_canonical_value_is_its_own_canonical_value(kind: int, value: object) -> None:
    try:
        text = canonical(kind, value, name="field")
    except FlowFieldValueInvalidError:
        return
    assert canonical(kind, text, name="field") == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_number_keeps_its_value_to_the_last_digit(number: Decimal) -> None:
    text = canonical(store.FIELD_TYPE_NUMBER, str(number), name="field")
    assert Decimal(text) == number
    assert "e" not in text.lower()
    assert not text.endswith(".")


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9000, 1, 1)))  # noqa: DTZ001 - naive times are UTC
def test_times_in_both_forms_are_the_same(time: datetime) -> None:
    kind = store.FIELD_TYPE_DATETIME
    assert canonical(kind, time.isoformat(), name="a") == canonical(kind, f"{time:%Y-%m-%d %H:%M:%S}", name="a")


@given(st.lists(st.integers(-(2**50), 2**50) | st.text(max_size=10), max_size=20))
def test_list_is_the_same_as_json(items: list[object]) -> None:
    kind = store.FIELD_TYPE_ARRAY
    # Numbers come as floats from protobuf.
    floats = [float(item) if isinstance(item, int) else item for item in items]
    assert canonical(kind, floats, name="a") == canonical(kind, json.dumps(items), name="a")
    assert parsed(kind, canonical(kind, floats, name="a")) == items


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "1_000"),
        ("number", "٣"),
        ("number", float("nan")),
        ("number", "0x10"),
        ("boolean", 2),
        ("boolean", [True]),
        ("date", "2030-W01-1"),
        ("date", "20300115"),
        ("datetime", "9999-12-31T23:59:59-10:00"),
        ("datetime", 1e30),
        ("datetime", True),
        ("array", {"a": 1}),
        ("array", "[" * 100_000),
        ("array", [1] * 1001),
        ("text", "x" * 2001),
        ("longtext", "x" * 20_001),
    ],
)
def test_value_that_does_not_fit_is_refused(kind: str, value: object) -> None:
    with pytest.raises(FlowFieldValueInvalidError):
        canonical(TYPES[kind], value, name="field")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("number", "1e3", 1000),
        ("number", "-0.0", 0),
        ("number", 12.99, 12.99),
        ("boolean", "On", True),
        ("boolean", 0.0, False),
        ("date", "2030-01-15T23:30:00-02:00", "2030-01-16"),
        ("datetime", 0, "1970-01-01 00:00:00"),
        ("text", "", None),
    ],
)
def test_value_is_read_back_as_json_has_it(kind: str, value: object, shown: object) -> None:
    assert parsed(TYPES[kind], canonical(TYPES[kind], value, name="field")) == shown
