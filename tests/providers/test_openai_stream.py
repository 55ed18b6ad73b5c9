"""What came before a connection broke is part of the answer, however late it is asked for."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.base_protocol import BaseProtocol

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.openai_stream import EventStream

BREAKS = [aiohttp.ClientPayloadError("cut"), aiohttp.ServerDisconnectedError(), ConnectionResetError()]


def stream_of() -> tuple[EventStream, aiohttp.StreamReader]:
    loop = asyncio.get_running_loop()
    reader = aiohttp.StreamReader(BaseProtocol(loop), 2**16, loop=loop)
    response: Any = SimpleNamespace(content=reader, content_type="text/event-stream", close=lambda: None)
    return EventStream("stand-in", response), reader


@pytest.mark.parametrize("error", BREAKS, ids=lambda error: type(error).__name__)
async def test_next_gives_what_came_before_the_connection_broke(error: Exception) -> None:
    stream, reader = stream_of()
    reader.feed_data(b'data: {"number": 1}\n\ndata: {"num')
    assert await stream.next(timeout_s=5, late="late") == {"number": 1}
    reader.feed_data(b'ber": 2}\n\ndata: {"number": 3}\n\n')
    reader.set_exception(error)
    assert await stream.next(timeout_s=5, late="late") == {"number": 2}
    assert await stream.next(timeout_s=5, late="late") == {"number": 3}
    with pytest.raises(ProviderError, match="stand-in"):
        await stream.next(timeout_s=5, late="late")
