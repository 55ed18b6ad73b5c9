"""Which days callers ask about: ranges of days in UTC, as users write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from knowflow_server.errors.flowgent import UsageRangeInvalidError

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DEFAULT_DAYS = 7
MAX_DAYS = 31
# Days before it have no usage.
FIRST_DAY = date(2025, 5, 28)


def usage_range(start_date: str, end_date: str, *, today: date) -> tuple[date, date]:
    """Return the first and the last day whose usage is asked for; by default the seven days which end yesterday.

    Raises:
        UsageRangeInvalidError: They cannot be asked for; the sentence says why.
    """
    yesterday = today - timedelta(days=1)
    if end_date and not start_date:
        raise UsageRangeInvalidError(
            "start_date is required when end_date is provided (format: YYYY-MM-DD)", title="Invalid date range"
        )
    if not start_date:
        return yesterday - timedelta(days=DEFAULT_DAYS - 1), yesterday
    first, last = _days(start_date, end_date)
    last = last or yesterday
    assert first is not None
    _refuse_order(first, last)
    if last >= today:
        raise UsageRangeInvalidError(
            "end_date cannot be today or in the future. Data is only available up to yesterday.",
            title="Invalid end date",
        )
    if (last - first).days >= MAX_DAYS:
        raise UsageRangeInvalidError("Date range cannot exceed 31 days", title="Date range too large")
    return first, last


def open_range(start_date: str, end_date: str) -> tuple[int, int] | None:
    """Return the time from the begin of one day to the end of another in microseconds since 1970, UTC, or None.

    Either of the days may be left out.

    Raises:
        UsageRangeInvalidError: They are no days, or not in order.
    """
    first, last = _days(start_date, end_date)
    if first is None and last is None:
        return None
    if first is not None and last is not None:
        _refuse_order(first, last)
    end = date.max if last is None or last == date.max else last + timedelta(days=1)
    return _microseconds(first or date.min), _microseconds(end)


def _days(*texts: str) -> list[date | None]:
    if any(text and not DAY.fullmatch(text) for text in texts):
        raise UsageRangeInvalidError("Dates must be in YYYY-MM-DD format", title="Invalid date format")
    try:
        return [date.fromisoformat(text) if text else None for text in texts]
    except ValueError:
        raise UsageRangeInvalidError("Provided dates are not valid", title="Invalid dates") from None


def _refuse_order(first: date, last: date) -> None:
    if first > last:
        raise UsageRangeInvalidError("start_date must not be after end_date", title="Invalid date range")


def _microseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000
