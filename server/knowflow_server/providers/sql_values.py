"""Values of databases as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from knowflow_server.domain.outgoing import Table

MAX_TEXT = 100_000
# All rows of a table together; what is beyond is cut, so that a few wide rows do not fill the memory.
MAX_BYTES = 16 * 1024 * 1024


class Rows:
    """Takes the rows of a table until there are enough.

    Args:
        columns: Names of the columns.
        max_rows: Most rows.
    """

    def __init__(self, columns: Sequence[str], max_rows: int) -> None:
        self._columns = columns
        self._max_rows = max_rows
        self._rows: list[list[Any]] = []
        self._bytes = 0
        self._is_cut = False

    def take(self, row: Iterable[Any]) -> bool:
        """Take a row; returns False, and leaves it out, when there are enough."""
        values = list(row)
        self._bytes += sum(len(value) for value in values if isinstance(value, str | bytes | bytearray | memoryview))
        if len(self._rows) >= self._max_rows or self._bytes > MAX_BYTES:
            self._is_cut = True
            return False
        self._rows.append([plain(value) for value in values])
        return True

    def table(self) -> Table:
        """Return what was taken."""
        return Table(self._columns, self._rows, self._is_cut)


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
