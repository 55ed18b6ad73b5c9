"""Values of databases as JSON has them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

MAX_TEXT = 100_000


def plain(value: Any) -> Any:
    """Return a value of a database as a JSON value: a text for what JSON has no type for."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value[: MAX_TEXT // 2]).hex()
    return value if value is None or isinstance(value, bool | int) else str(value)[:MAX_TEXT]


def _number(value: float | Decimal) -> int | float | str:
    """Return a number, or a text where JSON's would not be the same."""
    if not math.isfinite(value):
        return str(value)
    if isinstance(value, float):
        return value
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else str(value)
