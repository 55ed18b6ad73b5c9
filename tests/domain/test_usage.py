"""Which days callers ask about, at the borders where a day more or less decides."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from knowflow_server.domain.usage import open_range, usage_range
from knowflow_server.errors.flowgent import UsageRangeInvalidError

TODAY = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("", "", date(2025, 6, 24), date(2025, 6, 30)),
        ("2025-06-30", "", date(2025, 6, 30), date(2025, 6, 30)),
        ("2025-05-31", "", date(2025, 5, 31), date(2025, 6, 30)),
        ("2024-02-29", "2024-03-30", date(2024, 2, 29), date(2024, 3, 30)),
    ],
)
def test_range_of_usage(start: str, end: str, first: date, last: date) -> None:
    assert usage_range(start, end, today=TODAY) == (first, last)


@pytest.mark.parametrize(
    ("start", "end", "title"),
    [
        ("", "2025-06-30", "Invalid date range"),
        ("2025-07-01", "", "Invalid date range"),
        ("2025-06-30", "2025-07-01", "Invalid end date"),
        ("2025-05-30", "2025-06-30", "Date range too large"),
        ("2025-05-30", "", "Date range too large"),
        ("2025-06-30", "2025-06-29", "Invalid date range"),
        ("2025-6-30", "", "Invalid date format"),
        ("２０２５-06-30", "", "Invalid date format"),
        ("2025-06-30\n", "", "Invalid date format"),
        ("2025-06-31", "", "Invalid dates"),
        ("0000-01-01", "", "Invalid dates"),
    ],
)
def test_range_that_cannot_be(start: str, end: str, title: str) -> None:
    with pytest.raises(UsageRangeInvalidError) as caught:
        usage_range(start, end, today=TODAY)
    assert caught.value.metadata["title"] == title


def microseconds(*day: int) -> int:
    return int(datetime(*day, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


def test_open_range_goes_from_a_first_midnight_to_a_last_one() -> None:
    assert open_range("", "") is None
    assert open_range("2025-06-30", "2025-06-30") == (microseconds(2025, 6, 30), microseconds(2025, 7, 1))
    first, last = open_range("2025-06-30", "9999-12-31") or (0, 0)
    assert (first, last) == (microseconds(2025, 6, 30), microseconds(9999, 12, 31))
    first, last = open_range("", "2025-06-30") or (0, 0)
    assert first < microseconds(1970, 1, 1) < last == microseconds(2025, 7, 1)
