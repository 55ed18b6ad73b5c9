"""Requests to an OpenAI-compatible HTTP endpoint: retries, limits, and errors that never show the key."""

import asyncio
import email.utils
import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn

import httpx
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from knowflow_server.domain.ports import ProviderError

logger = logging.getLogger(__name__)

_CONNECT_TIMEOUT_S = 10.0
_LONGEST_RETRY_AFTER_S = 60.0
_BACKOFF = wait_exponential(multiplier=0.5, max=8.0) + wait_random(0.0, 0.5)
_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS, _SERVER_ERROR = 408, 429, 500
_SENTENCES = {
    401: "refused the API key; check it in the settings",
    403: "does not allow this API key to use the model",
    404: "does not know the model or the address; check both in the settings",
    408: "took too long",
    413: "was sent more than it accepts",
    429: "is overloaded, or its quota is used up; try again later",
}
# OpenAI's code for an empty account, which waiting does not fill.
_NO_QUOTA = "insufficient_quota"
_CODE = re.compile(r"[a-z0-9_.-]{1,64}")


class _AttemptError(ProviderError):
    """One failed attempt; `retry_after_s` is what the provider asked for, or None."""

    retry_after_s: float | None = None


class OpenAIEndpoint:
    """One OpenAI-compatible provider; embedding, chat and reranking share its connections and its limits.

    Args:
        provider: Its name in the provider table, for errors and logs.
        base_url: Everything before "/embeddings", for example "https://api.openai.com/v1".
        api_key: Sent as a bearer token; empty for none.
        timeout_s: Longest wait in seconds for an answer, each attempt.
        max_concurrency: Requests under way at a time.
        max_retries: Attempts after the first, on connection errors and HTTP 408, 429 and 5xx. The pause doubles from
            0.5 s to 8 s, with jitter; a Retry-After header replaces it, and one above 60 s ends the attempts.
    """

    def __init__(
        self,
        provider: str,
        base_url: str,
        *,
        api_key: str = "",
        timeout_s: float = 60.0,
        max_concurrency: int = 8,
        max_retries: int = 4,
    ) -> None:
        self.provider = provider
        self.max_concurrency = max_concurrency
        self._timeout_s = timeout_s
        self._slots = asyncio.Semaphore(max_concurrency)
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {api_key}"} if api_key else {},
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_TIMEOUT_S)),
            limits=httpx.Limits(max_connections=max_concurrency),
        )
        self._retrying = AsyncRetrying(
            stop=stop_after_attempt(max_retries + 1),
            retry=retry_if_exception(lambda error: isinstance(error, ProviderError) and error.is_retryable),
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
            raise self._error("answered with JSON that is not an object", status=httpx.codes.OK)
        return answer

    async def post_any(self, path: str, body: Mapping[str, object]) -> object:
        """Post JSON and return the JSON value that is answered, whatever it is; otherwise as `post`."""
        # A copy, because tenacity keeps the state of a call in the object.
        return await self._retrying.copy()(self._attempt, path, body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _attempt(self, path: str, body: Mapping[str, object]) -> object:
        try:
            async with self._slots:
                response = await self._client.post(path, json=body)
        except httpx.TimeoutException as error:
            raise self._error(f"did not answer within {self._timeout_s:g} s", is_retryable=True) from error
        except httpx.TransportError as error:
            raise self._error("cannot be reached or broke the connection", is_retryable=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._error("cannot be asked; check its address in the settings") from error
        if not response.is_success:
            self._refuse(response)
        try:
            answer: object = response.json()
        except ValueError as error:
            raise self._error("answered with something that is not JSON", status=response.status_code) from error
        return answer

    def _refuse(self, response: httpx.Response) -> NoReturn:
        status = response.status_code
        code = _error_code(response)
        can_wait = status in (_REQUEST_TIMEOUT, _TOO_MANY_REQUESTS) or status >= _SERVER_ERROR
        retry_after_s = _retry_after_s(response.headers.get("Retry-After"))
        is_too_long = retry_after_s is not None and retry_after_s > _LONGEST_RETRY_AFTER_S
        text = _SENTENCES.get(status, "failed" if status >= _SERVER_ERROR else "refused the request")
        # The provider's own words are left out: some repeat the key or the texts.
        detail = f"HTTP {status}, {code}" if code else f"HTTP {status}"
        error = self._error(
            f"{text} ({detail})", status=status, is_retryable=can_wait and not is_too_long and code != _NO_QUOTA
        )
        error.retry_after_s = retry_after_s
        raise error

    def _error(self, what: str, *, status: int | None = None, is_retryable: bool = False) -> _AttemptError:
        sentence = f"The provider {self.provider} {what}."
        return _AttemptError(self.provider, sentence, status=status, is_retryable=is_retryable)

    def _log_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        logger.warning("%s Attempt %d; next in %.1f s.", error, state.attempt_number, state.upcoming_sleep)


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _AttemptError) and error.retry_after_s is not None:
        return error.retry_after_s
    return _BACKOFF(state)


def _retry_after_s(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3), or None."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _error_code(response: httpx.Response) -> str:
    """Return OpenAI's `error.code` (or `error.type`) where it is a plain word, else an empty string."""
    try:
        error = json.loads(response.content)["error"]
        words = [error.get("code"), error.get("type")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return next((word for word in words if isinstance(word, str) and _CODE.fullmatch(word)), "")
