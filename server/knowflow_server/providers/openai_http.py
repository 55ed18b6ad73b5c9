"""Requests to an OpenAI-compatible HTTP endpoint: retries, limits, and errors that never show the key."""

import asyncio
import http
import json
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, TypeVarTuple, Unpack
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
    wait_random,
)
from tenacity.stop import stop_base
from yarl import URL

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.openai_errors import refusal, translated
from knowflow_server.providers.openai_stream import EventStream, read_limited

logger = logging.getLogger(__name__)

_BACKOFF = wait_exponential(multiplier=0.5, max=8.0) + wait_random(0.0, 0.5)
# What is read of the body of an error.
_MAX_ERROR_BYTES = 64 * 1024
_OK: Final = range(200, 300)

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLimits:
    """How long and how often a provider is asked.

    Attributes:
        timeout_s: Longest wait in seconds for an answer that does not stream, each attempt.
        connect_timeout_s: Longest wait for a connection.
        first_token_timeout_s: Longest wait for the first piece of a streamed answer, all attempts together.
        stall_timeout_s: Longest silence within a streamed answer.
        max_concurrency: Requests under way at a time, streamed answers apart.
        max_streams: Streamed answers under way at a time.
        max_retries: Attempts after the first, on connection errors and HTTP 408, 429 and 5xx. The pause doubles from
            0.5 s to 8 s, with jitter; a Retry-After header replaces it.
        max_retry_after_s: A Retry-After above it ends the attempts.
    """

    timeout_s: float = 60.0
    connect_timeout_s: float = 10.0
    first_token_timeout_s: float = 60.0
    stall_timeout_s: float = 30.0
    max_concurrency: int = 8
    max_streams: int = 256
    max_retries: int = 4
    max_retry_after_s: float = 30.0


class OpenAIEndpoint:
    """One OpenAI-compatible provider; embedding, chat and reranking share its connections and its limits.

    aiohttp, not httpx, because a streamed answer comes in a hundred pieces or more: a piece costs a quarter of the
    processor time.

    Args:
        provider: Its name in the provider table, for errors and logs.
        base_url: Everything before "/embeddings", for example "https://api.openai.com/v1".
        api_key: Sent as a bearer token; empty for none.
        limits: How long and how often it is asked.
    """

    def __init__(
        self, provider: str, base_url: str, *, api_key: str = "", limits: EndpointLimits | None = None
    ) -> None:
        self.provider = provider
        self.limits = limits or EndpointLimits()
        self._base_url = base_url.rstrip("/") + "/"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._slots = asyncio.Semaphore(self.limits.max_concurrency)
        self._stream_slots = asyncio.Semaphore(self.limits.max_streams)
        self._client: aiohttp.ClientSession | None = None
        self._retrying = AsyncRetrying(
            retry=retry_if_exception(_is_retryable),
            wait=_wait_s,
            before_sleep=self._log_retry,
            reraise=True,
        )

    async def post(self, path: str, body: Mapping[str, object]) -> dict[str, object]:
        """Post JSON and return the JSON object that is answered.

        Args:
            path: Relative to the base address, for example "embeddings".
            body: JSON values.

        Raises:
            ProviderError: The last attempt's failure.
        """
        answer = await self.post_any(path, body)
        if not isinstance(answer, dict):
            raise self.error("answered with JSON that is not an object", status=http.HTTPStatus.OK)
        return answer

    async def post_any(self, path: str, body: Mapping[str, object]) -> object:
        """Post JSON and return the JSON value that is answered, whatever it is; otherwise as `post`."""
        return await self.retry(self._attempt, path, body)

    async def retry(
        self,
        attempt: Callable[[Unpack[Arguments]], Coroutine[Any, Any, Result]],
        *args: *Arguments,
        within_s: float | None = None,
    ) -> Result:
        """Return what an attempt gives, repeating it after passing failures as the limits say.

        Args:
            attempt: A coroutine function.
            args: Its arguments.
            within_s: No attempt begins later than this many seconds after the first; None for no such limit.

        Raises:
            ProviderError: The last attempt's failure.
        """
        stop: stop_base = stop_after_attempt(self.limits.max_retries + 1)
        if within_s is not None:
            stop |= stop_before_delay(within_s)
        # A copy, because tenacity keeps the state of a call in the object.
        return await self._retrying.copy(stop=stop)(attempt, *args)

    @asynccontextmanager
    async def stream_slot(self) -> AsyncGenerator[None, None]:
        """Hold one of the `max_streams` places for a streamed answer, its retries included.

        Raises:
            ProviderError: None became free within `first_token_timeout_s`.
        """
        try:
            async with asyncio.timeout(self.limits.first_token_timeout_s):
                await self._stream_slots.acquire()
        except TimeoutError:
            what = f"is answering {self.limits.max_streams} requests already; try again later, or raise max_streams"
            raise self.error(what, is_retryable=True) from None
        try:
            yield
        finally:
            self._stream_slots.release()

    async def open_stream(self, path: str, body: Mapping[str, object], *, deadline: float) -> EventStream:
        """Post JSON and return the events that are answered, once the status and the headers are there; one attempt.

        The caller closes the stream.

        Args:
            path: As for `post`.
            body: As for `post`.
            deadline: When they must be there, in seconds of the loop's clock.

        Raises:
            ProviderError: The provider cannot be reached, refuses, or does not answer in time.
        """
        limits = self.limits
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_timeout_s)
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        with translated(self.provider, late=f"did not begin to answer within {limits.first_token_timeout_s:g} s"):
            async with asyncio.timeout_at(deadline):
                response = await self._session().post(
                    self._base_url + path, json=body, headers=headers, timeout=timeout, allow_redirects=False
                )
                try:
                    await self._check(response)
                except BaseException:
                    response.close()
                    raise
        return EventStream(self.provider, response)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    def error(
        self, what: str, *, status: int | None = None, is_retryable: bool = False, retry_after_s: float | None = None
    ) -> ProviderError:
        """Return an error whose sentence begins with the provider's name."""
        sentence = f"The provider {self.provider} {what}."
        return ProviderError(
            self.provider, sentence, status=status, is_retryable=is_retryable, retry_after_s=retry_after_s
        )

    async def _attempt(self, path: str, body: Mapping[str, object]) -> object:
        limits = self.limits
        timeout = aiohttp.ClientTimeout(total=limits.timeout_s, sock_connect=limits.connect_timeout_s)
        with translated(self.provider, late=f"did not answer within {limits.timeout_s:g} s"):
            async with (
                self._slots,
                self._session().post(
                    self._base_url + path, json=body, timeout=timeout, allow_redirects=False
                ) as response,
            ):
                await self._check(response)
                content = await response.read()
        try:
            answer: object = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self.error("answered with something that is not JSON", status=response.status) from error
        return answer

    async def _check(self, response: aiohttp.ClientResponse) -> None:
        if response.status in _OK:
            return
        body = await read_limited(response, _MAX_ERROR_BYTES)
        raise refusal(
            self.provider, response.status, response.headers, body, max_retry_after_s=self.limits.max_retry_after_s
        )

    def _session(self) -> aiohttp.ClientSession:
        # Made with the first request, because it belongs to the event loop that runs then.
        if self._client is None:
            # The semaphores limit the connections. With `trust_env`, aiohttp would read .netrc at each request, and
            # refuse to send our key where that holds another.
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), headers=self._headers, proxy=_proxy(self._base_url)
            )
        return self._client

    def _log_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        logger.warning("%s Attempt %d; next in %.1f s.", error, state.attempt_number, state.upcoming_sleep)


def _is_retryable(error: BaseException) -> bool:
    return isinstance(error, ProviderError) and error.is_retryable


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ProviderError) and error.retry_after_s is not None:
        return error.retry_after_s
    return _BACKOFF(state)


def _proxy(url: str) -> URL | None:
    """Return the proxy that the environment names for an address (HTTP_PROXY, HTTPS_PROXY, NO_PROXY)."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme, "")
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return URL(proxy if "://" in proxy else f"http://{proxy}")
