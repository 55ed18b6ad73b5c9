"""A streamed answer of an OpenAI-compatible endpoint, event by event."""

import asyncio
import json
from collections import deque

import aiohttp

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.openai_errors import stream_refusal, translated
from knowflow_server.providers.sse import EventParser, EventTooLongError

_DONE = "[DONE]"
# How long the end of the connection's message is waited for, so that the connection can serve the next request.
_TAIL_S = 0.1
_MAX_WHOLE_BYTES = 8 * 1024 * 1024


class EventStream:
    """The JSON objects of an event stream; `close` ends the request at once.

    Args:
        provider: Name in the provider table, for errors.
        response: A good answer whose body has not been read.

    Attributes:
        is_done: True when `[DONE]` has come.
    """

    def __init__(self, provider: str, response: aiohttp.ClientResponse) -> None:
        self._provider = provider
        self._response = response
        self._parser = EventParser()
        self._events: deque[str] = deque()
        self._is_empty = True
        self.is_done = False

    @property
    def is_whole(self) -> bool:
        """True when the provider did not stream, but answered with one JSON object: see `read_whole`."""
        return self._response.content_type == "application/json"

    async def next(self, *, timeout_s: float, late: str) -> dict[str, object] | None:
        """Return the next object, or None after the last: after `[DONE]`, or where the body ends.

        Args:
            timeout_s: Longest wait in seconds; comments do not end it.
            late: What the provider did when it took longer, such as "fell silent".

        Raises:
            ProviderError: The connection broke, nothing came in time, or what came is no JSON object or an error.
        """
        if not self._events and not await self._fill(timeout_s, late):
            if self._is_empty and self._response.content_type != "text/event-stream":
                raise self._garbage()
            return None
        self._is_empty = False
        data = self._events.popleft()
        if data.strip() == _DONE:
            self.is_done = True
            return None
        try:
            item = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self._garbage() from error
        if not isinstance(item, dict):
            raise self._garbage()
        if item.get("error"):
            raise stream_refusal(self._provider, item["error"])
        return item

    async def read_whole(self, *, timeout_s: float) -> dict[str, object]:
        """Return the object of an answer that is not streamed.

        Raises:
            ProviderError: As for `next`.
        """
        with translated(self._provider, late=f"did not answer within {timeout_s:g} s"):
            async with asyncio.timeout(timeout_s):
                body = await read_limited(self._response, _MAX_WHOLE_BYTES)
        try:
            item = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise self._garbage() from error
        if not isinstance(item, dict):
            raise self._garbage()
        if item.get("error"):
            raise stream_refusal(self._provider, item["error"])
        return item

    async def finish(self) -> None:
        """Read what follows the last event, which is next to nothing, so that the connection can be used again."""
        try:
            async with asyncio.timeout(_TAIL_S):
                while await self._response.content.readany():
                    pass
        except (TimeoutError, aiohttp.ClientError):
            self.close()

    def close(self) -> None:
        """End the request: the connection is closed unless the answer was read to its end."""
        self._response.close()

    async def _fill(self, timeout_s: float, late: str) -> bool:
        """Wait for events; return False where the body ends."""
        try:
            with translated(self._provider, late=late):
                async with asyncio.timeout(timeout_s):
                    while not self._events:
                        piece = await self._read()
                        if not piece:
                            return False
                        # Empty data keeps a connection alive.
                        self._events.extend(filter(str.strip, self._parser.feed(piece)))
        except EventTooLongError as error:
            raise self._garbage() from error
        return True

    async def _read(self) -> bytes:
        """Return what has come, or nothing where the body ends."""
        content = self._response.content
        try:
            return await content.readany()
        except (aiohttp.ClientError, OSError):
            # Once a connection has broken aiohttp keeps to itself what came before; it belongs to the answer.
            rest = content._read_nowait(-1)  # noqa: SLF001 - there is no other way to it
            if not rest:
                raise
            return rest

    def _garbage(self) -> ProviderError:
        sentence = f"The provider {self._provider} sent something that is not an answer in OpenAI's format."
        return ProviderError(self._provider, sentence)


async def read_limited(response: aiohttp.ClientResponse, most: int) -> bytes:
    """Return the body of an answer, or its first `most` bytes."""
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) >= most:
            break
    return bytes(body[:most])
