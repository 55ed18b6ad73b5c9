"""Calls over a channel of gRPC, for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar

import grpc

from knowflow.api_error import error_of
from knowflow.channel import Target, options
from knowflow.errors import BY_REASON

S = TypeVar("S")


class AsyncTransport:
    """A connection to a server.

    Args:
        target: Where to call, and as whom.
        timeout_s: How long a call may take.
        retries: How often calls that only read are tried again.
    """

    def __init__(self, target: Target, *, timeout_s: float, retries: int) -> None:
        self._target = target
        self._timeout_s = timeout_s
        if target.secure:
            credentials = grpc.ssl_channel_credentials()
            self._channel: Any = grpc.aio.secure_channel(target.address, credentials, options=options(retries))
        else:
            self._channel = grpc.aio.insecure_channel(target.address, options=options(retries))

    def stub(self, kind: type[S]) -> S:
        """Return a generated stub."""
        made: S = kind(self._channel)  # type: ignore[call-arg]
        return made

    async def call(self, method: Any, request: Any, *, timeout_s: float | None = None) -> Any:
        """Make a call with one answer; the request may be many messages."""
        try:
            return await method(request, metadata=self._target.metadata, timeout=timeout_s or self._timeout_s)
        except grpc.RpcError as failure:
            raise error_of(failure, BY_REASON) from None

    async def stream(self, method: Any, request: Any, *, timeout_s: float | None = None) -> AsyncIterator[Any]:
        """Make a call with many answers. Who leaves early ends the call."""
        call = method(request, metadata=self._target.metadata, timeout=timeout_s)
        try:
            async for message in call:
                yield message
        except grpc.RpcError as failure:
            raise error_of(failure, BY_REASON) from None
        finally:
            call.cancel()

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close()
