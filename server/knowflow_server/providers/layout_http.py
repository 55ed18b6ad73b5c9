"""Requests to a layout service: limits on time and size, retries, and errors that a document's owner can read."""

import asyncio
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential

from knowflow_server.domain.ports import ProviderError

logger = logging.getLogger(__name__)

_CONNECT_TIMEOUT_S = 10.0
_ATTEMPTS = 5
_BACKOFF = wait_exponential(multiplier=0.5, max=8.0)
_LONGEST_RETRY_AFTER_S = 60.0
# What passes by itself. A plain 500 is a file that the service cannot take, and would cost minutes again.
_PASSING = frozenset({408, 425, 429, 502, 503, 504})
_SENTENCES = {
    401: "refused the request; it wants a key, which this server does not send",
    403: "refused the request",
    404: "is not at its address; check it in the settings",
    408: "took too long",
    413: "was sent more than it accepts",
    429: "is overloaded; try again later",
    503: "is at its capacity; try again later",
}
_SERVER_ERROR = 500


class _AttemptError(ProviderError):
    """One failed attempt; `retry_after_s` is what the service asked for, or None."""

    retry_after_s: float | None = None


class LayoutEndpoint:
    """One layout service. Its address is the operator's choice and is not restricted.

    Args:
        service: Its name, for errors and logs.
        base_url: Where it listens, for example "http://localhost:8000".
        timeout_s: Longest time in seconds for one request and its answer, each attempt.
        max_concurrency: Requests under way at a time; others wait.
        max_bytes: Largest answer in bytes.
    """

    def __init__(self, service: str, base_url: str, *, timeout_s: float, max_concurrency: int, max_bytes: int) -> None:
        self._service = service
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._slots = asyncio.Semaphore(max_concurrency)
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S)),
            limits=httpx.Limits(max_connections=max_concurrency),
        )
        self._retrying = AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS),
            retry=retry_if_exception(lambda error: isinstance(error, ProviderError) and error.is_retryable),
            wait=_wait_s,
            before_sleep=self._log_retry,
            reraise=True,
        )

    async def post_file(self, path: str, file: Path, *, name: str, fields: Mapping[str, str], answer: Path) -> None:
        """Post a file as multipart form data and write the body of the answer to another file.

        Args:
            path: Relative to the base address.
            file: Sent as the part `files`, read piece by piece.
            name: What the service is told that the file is called.
            fields: Further parts.
            answer: Is written anew by each attempt.

        Raises:
            ProviderError: The last attempt's failure.
        """

        async def attempt() -> None:
            with file.open("rb") as content, answer.open("wb") as sink:
                await self._attempt("POST", path, sink, files={"files": (name, content)}, data=dict(fields))

        await self._retrying.copy()(attempt)

    async def json(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Send JSON and return the JSON object that is answered.

        Raises:
            ProviderError: The last attempt's failure.
        """

        async def attempt() -> bytes:
            sink = bytearray()
            await self._attempt(method, path, sink, json=body)
            return bytes(sink)

        content: bytes = await self._retrying.copy()(attempt)
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise self.error("answered with something that is not JSON") from error
        if not isinstance(answer, dict):
            raise self.error("answered with JSON that is not an object")
        return answer

    def error(self, what: str, *, status: int | None = None, is_retryable: bool = False) -> ProviderError:
        """Return an error whose sentence begins with the service's name."""
        sentence = f"The {self._service} service {what}."
        return _AttemptError(self._service, sentence, status=status, is_retryable=is_retryable)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _attempt(self, method: str, path: str, sink: BinaryIO | bytearray, **request: Any) -> None:
        try:
            async with (
                self._slots,
                asyncio.timeout(self._timeout_s),
                self._client.stream(method, path, **request) as response,
            ):
                if not response.is_success:
                    self._refuse(response)
                await self._receive(response, sink)
        except (TimeoutError, httpx.TimeoutException) as error:
            # Not again: the next attempt would take as long.
            raise self.error(f"did not answer within {self._timeout_s:g} s") from error
        except httpx.TransportError as error:
            raise self.error("cannot be reached or broke the connection", is_retryable=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self.error("cannot be asked; check its address in the settings") from error

    async def _receive(self, response: httpx.Response, sink: BinaryIO | bytearray) -> None:
        size = 0
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > self._max_bytes:
                raise self.error(f"answered with more than {self._max_bytes // 2**20} MB")
            if isinstance(sink, bytearray):
                sink += piece
            else:
                await asyncio.to_thread(sink.write, piece)

    def _refuse(self, response: httpx.Response) -> NoReturn:
        status = response.status_code
        after = response.headers.get("Retry-After", "")
        after_s = float(after) if after.isascii() and after.isdigit() else None
        is_too_long = after_s is not None and after_s > _LONGEST_RETRY_AFTER_S
        text = _SENTENCES.get(status, "failed on the file" if status >= _SERVER_ERROR else "refused the file")
        # The service's own words are left out: they may hold paths and parts of the file.
        error = self.error(
            f"{text} (HTTP {status})", status=status, is_retryable=status in _PASSING and not is_too_long
        )
        if isinstance(error, _AttemptError):
            error.retry_after_s = after_s
        raise error

    def _log_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        logger.warning("%s Attempt %d; next in %.1f s.", error, state.attempt_number, state.upcoming_sleep)


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _AttemptError) and error.retry_after_s is not None:
        return error.retry_after_s
    return _BACKOFF(state)
