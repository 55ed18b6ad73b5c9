"""Times as the Konversation API writes them."""

from __future__ import annotations

from datetime import UTC, datetime

FORMAT = "%Y-%m-%d %H:%M:%S"


def time_text(microseconds: int) -> str:
    """Return a time, in microseconds since 1970, as text in UTC; empty for none. Example: `2026-01-15 10:30:00`."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime(FORMAT) if microseconds else ""
