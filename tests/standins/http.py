"""A small HTTP/1.1 server on loopback whose answers are coroutines, so that a test decides about every byte of them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from typing import Any, Self, TypeVar

Result = TypeVar("Result")


@dataclass(eq=False)
class Exchange:
    """One request, and the way to answer it. `left` is set as soon as the caller has closed the connection."""

    path: str
    headers: Message
    body: bytes
    writer: asyncio.StreamWriter
    left: asyncio.Event
    is_broken: bool = False

    async def send(self, status: int, body: bytes, **headers: str) -> None:
        """Answer with a whole body; `Content_Type="text/html"` gives the header Content-Type."""
        self._head(status, {"Content-Type": "application/json", "Content-Length": str(len(body))}, headers)
        self.writer.write(body)
        await self.writer.drain()

    async def send_json(self, status: int, body: object, **headers: str) -> None:
        await self.send(status, json.dumps(body).encode(), **headers)

    def begin(self, **headers: str) -> None:
        """Begin an event stream."""
        fixed = {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"}
        self._head(200, fixed, headers)

    def write(self, data: bytes) -> None:
        """Send a piece of the body that was begun, as one chunk."""
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))

    async def end(self) -> None:
        """End the body that was begun."""
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def drop(self) -> None:
        """Close the connection, whatever was sent before."""
        self.is_broken = True

    def _head(self, status: int, fixed: dict[str, str], more: dict[str, str]) -> None:
        headers = fixed | {name.replace("_", "-"): value for name, value in more.items()}
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {headers[name]}" for name in headers)]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())


Handler = Callable[[Exchange], Awaitable[None]]


class LoopbackServer:
    """Serves while it is entered, in a thread and an event loop of its own.

    Args:
        handler: Answers a request; it is cancelled when the caller leaves.
        host: Address to listen on.
    """

    def __init__(self, handler: Handler, *, host: str = "127.0.0.1") -> None:
        self._handler = handler
        self._host = host
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.call(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine in the server's event loop, from another thread, and return what it gives."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=30)

    async def _start(self) -> None:
        # A crowd connects at once.
        self._server = await asyncio.start_server(self._connected, self._host, 0, backlog=1_024, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            early: bytes | None = b""
            with suppress(ConnectionError, asyncio.CancelledError):
                while early is not None:
                    early = await self._serve(early, reader, writer)
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, early: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        """Answer one request, whose first byte may have come early; None when the connection cannot have another."""
        try:
            head = early + await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        request_line, _, rest = head.partition(b"\r\n")
        headers = BytesParser().parsebytes(rest, headersonly=True)
        body = await reader.readexactly(int(headers.get("Content-Length", "0")))
        exchange = Exchange(request_line.split()[1].decode(), headers, body, writer, asyncio.Event())
        answer = asyncio.ensure_future(self._handler(exchange))
        # A caller who sends nothing more than its next request, and that after the answer, ends this read by leaving.
        watch = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({answer, watch}, return_when=asyncio.FIRST_COMPLETED)
            if watch.done() and not watch.exception() and watch.result():
                await answer
                return None if exchange.is_broken else watch.result()
            if not answer.done():
                exchange.left.set()
                exchange.drop()
        finally:
            answer.cancel()
            watch.cancel()
            with suppress(ConnectionError, asyncio.CancelledError):
                await answer
            with suppress(ConnectionError, asyncio.CancelledError):
                await watch
        return None if exchange.is_broken else b""
