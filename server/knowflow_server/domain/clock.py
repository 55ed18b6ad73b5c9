"""Time and ids, as the records keep them."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from knowflow_server.domain.ports import Clock


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present time in UTC."""
        return datetime.now(UTC)


class Uuid1Source:
    """Ids as UUID version 1 in hex. The node is random: an id must not tell the address of the machine."""

    def __init__(self) -> None:
        # The multicast bit marks a node that is no hardware address (RFC 9562, section 6.10).
        self._node = secrets.randbits(48) | 1 << 40

    def new_id(self) -> str:
        """Return a fresh id of 32 hex digits."""
        return uuid.uuid1(node=self._node).hex


def microseconds(clock: Clock) -> int:
    """Return the present time in microseconds since 1970, UTC, as records keep it."""
    return int(clock.now().timestamp() * 1_000_000)


def iso_milliseconds(time_us: int) -> str:
    """Return a time of a record as ISO 8601 in UTC, whole milliseconds. Example: `2024-01-15T10:00:00.000Z`."""
    time = datetime.fromtimestamp(time_us // 1_000_000, UTC)
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time_us // 1000 % 1000:03}Z"
