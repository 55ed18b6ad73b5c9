"""Times as answers show them; records keep microseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime


def iso(microseconds: int) -> str:
    """Return a time as ISO 8601 in UTC, whole seconds. Example: `2025-01-15T10:30:00Z`."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(microseconds: int) -> float:
    """Return a time in whole milliseconds since 1970."""
    return float(microseconds // 1000)


def rfc1123(microseconds: int) -> str:
    """Return a time as an RFC 1123 date. Example: `Wed, 15 Jan 2025 10:30:00 GMT`."""
    return format_datetime(datetime.fromtimestamp(microseconds // 1_000_000, UTC), usegmt=True)
