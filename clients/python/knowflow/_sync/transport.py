"""Calls over a channel of gRPC."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import grpc

from knowflow.api_error import ApiError, error_of
from knowflow.channel import Target, options
from knowflow.errors import BY_REASON

S = TypeVar("S")


class Transport:
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
            self._channel: Any = grpc.secure_channel(target.address, credentials, options=options(retries))
        else:
            self._channel = grpc.insecure_channel(target.address, options=options(retries))

    def stub(self, kind: type[S]) -> S:
        """Return a generated stub."""
        made: S = kind(self._channel)  # type: ignore[call-arg]
        return made

    def call(self, method: Any, request: Any, *, timeout_s: float | None = None) -> Any:
        """Make a call with one answer; the request may be many messages."""
        try:
            return method(request, metadata=self._target.metadata, timeout=timeout_s or self._timeout_s)
        except grpc.RpcError as failure:
            raise error_of(failure, BY_REASON) from None

    def stream(self, method: Any, request: Any, *, timeout_s: float | None = None) -> Iterator[Any]:
        """Make a call with many answers. Who leaves early ends the call."""
        call = method(request, metadata=self._target.metadata, timeout=timeout_s)
        try:
            yield from call
        except grpc.RpcError as failure:
            raise error_of(failure, BY_REASON) from None
        finally:
            call.cancel()

    def pages(self, method: Any, request: Any, listed: Callable[[Any], tuple[Sequence[Any], int]]) -> Iterator[Any]:
        """Yield what is on all pages, which are fetched as needed.

        Args:
            method: Lists.
            request: The request, with the size of a page.
            listed: Takes from an answer what is on its page, and how much is on all of them.
        """
        seen = 0
        while True:
            request.page += 1
            found, total = listed(self.call(method, request))
            yield from found
            seen += len(found)
            if seen >= total or not found:
                return

    def events(self, method: Any, request: Any) -> Iterator[Any]:
        """Make a call with many answers, of which one may say that it failed.

        Raises:
            ApiError: It did; the class is the one of its reason.
        """
        for message in self.stream(method, request):
            if message.WhichOneof("event") == "failed":
                failed = message.failed
                raise BY_REASON.get(failed.reason, ApiError)(failed.message, reason=failed.reason)
            yield message

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()
