"""The log of talks: the times of its messages, which are their ids."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import Uuid1Source
from knowflow_server.domain.talk import log
from knowflow_server.domain.talk.log import OUT, ChatLog
from tests.domain.talk.house import house


class Stopped:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


async def test_who_follows_a_talk_hears_no_more_when_the_server_stops(tmp_path: Path) -> None:
    async with house(tmp_path, start=False) as h:
        anna = await h.subscriber(await h.flow())
        async with asyncio.timeout(10), aclosing(h.log.follow(anna, after=0, rest_s=0.01)) as news:
            assert [] == await anext(news)
            h.log.end()
            assert [] == [found async for found in news if found]


async def test_slow_listener_hears_everything_once_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_HELD", 3)
    async with house(tmp_path, start=False) as h:
        anna = await h.subscriber(await h.flow())

        async def say(*texts: str) -> None:
            await h.log.add([h.log.message(anna, OUT, {"type": "text", "text": text}) for text in texts])

        await say("0")
        heard: list[str] = []
        async with asyncio.timeout(10), aclosing(h.log.follow(anna, after=0, rest_s=10)) as news:
            async for found in news:
                heard += [one.content for one in found]
                # While it is away, one comes, then more than is held for it, then one.
                if len(heard) in {1, 7}:
                    await say(str(len(heard)))
                elif len(heard) == 2:
                    for text in "23456":
                        await say(text)
                elif len(heard) == 8:
                    break
        assert list("01234567") == heard


def test_no_id_is_written_with_an_exponent() -> None:
    """A gateway writes doubles as short as possible, and 1767225600000010 is longer than 1.76722560000001e+15."""
    kept = ChatLog(cast("Any", None), Stopped(), Uuid1Source())
    times = [kept.message(Subscriber(id="one"), OUT, {"text": "hi"}).created_at for _ in range(40)]
    assert sorted(set(times)) == times
    assert [time for time in times if time % 10 == 0] == []
