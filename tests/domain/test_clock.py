"""Time and ids as records keep them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from knowflow_server.domain.clock import SystemClock, Uuid1Source, microseconds


class FixedClock:
    def now(self) -> datetime:
        return datetime(2025, 1, 15, 10, 30, 0, 250_000, tzinfo=UTC)


def test_microseconds_since_1970() -> None:
    assert microseconds(FixedClock()) == 1_736_937_000_250_000


def test_system_clock_is_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_new_id_is_uuid_1_in_hex_with_a_random_node() -> None:
    source = Uuid1Source()
    ids = [source.new_id() for _ in range(1_000)]
    assert len(set(ids)) == 1_000
    parsed = [uuid.UUID(hex=identifier) for identifier in ids]
    assert {one.version for one in parsed} == {1}
    assert {one.hex for one in parsed} == set(ids)
    # The multicast bit: no address of the machine.
    assert all(one.node >> 40 & 1 for one in parsed)
    assert all(one.node != uuid.getnode() for one in parsed)
