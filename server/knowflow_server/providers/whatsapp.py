"""The Cloud API of WhatsApp over HTTP."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from knowflow_server.domain.whatsapp.cloud import KIND_OF_CODE, WhatsAppAccount, WhatsAppError

logger = logging.getLogger(__name__)

# Meta's answers are some hundred bytes.
MAX_BYTES = 64 * 1024
ATTEMPTS = 3
CONNECT_TIMEOUT_S = 10.0
# Statuses that come without a code of Meta's: of what stands before the API, which has not passed the message on.
REFUSED_BY_FRONT = frozenset({502, 503})
_BACKOFF = wait_exponential(multiplier=0.5, max=4.0) + wait_random(0.0, 0.25)


class WhatsAppCloud:
    """Implements `WhatsApp`.

    The API takes a message twice when it is posted twice. So an attempt is repeated only when nothing can have been
    sent: when the connection could not be made, or Meta says that it failed.

    Args:
        base_url: Address of the Graph API, which the operator sets: it is trusted.
        version: Version of the Graph API. Example: `v25.0`.
        timeout_s: Longest time of an attempt in seconds.
    """

    def __init__(self, base_url: str, version: str, *, timeout_s: float) -> None:
        self._base = f"{base_url.rstrip('/')}/{version.strip('/')}"
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(timeout_s, CONNECT_TIMEOUT_S))
        self._client: aiohttp.ClientSession | None = None
        self._retrying = AsyncRetrying(
            retry=retry_if_exception(_is_retryable),
            wait=_BACKOFF,
            stop=stop_after_attempt(ATTEMPTS),
            before_sleep=_log_retry,
            reraise=True,
        )

    async def send(self, account: WhatsAppAccount, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post a message, again when Meta says that it failed for the moment, and return Meta's answer.

        Raises:
            WhatsAppError: The message was not taken.
        """
        # A copy, because tenacity keeps the state of a call in the object.
        answer: Mapping[str, Any] = await self._retrying.copy()(self._attempt, account, message)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def _attempt(self, account: WhatsAppAccount, message: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {account.access_token}", "Content-Type": "application/json"}
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        url = f"{self._base}/{account.phone_number_id}/messages"
        try:
            async with self._session().post(
                url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                status, content = response.status, await response.content.read(MAX_BYTES)
                while not response.content.at_eof() and len(content) < MAX_BYTES:
                    content += await response.content.read(MAX_BYTES - len(content))
        except aiohttp.ClientConnectorError:
            raise WhatsAppError("temporary", None) from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise WhatsAppError("temporary", None, is_unsure=True) from None
        return _answer(status, content)

    def _session(self) -> aiohttp.ClientSession:
        # Made with the first request, because it belongs to the event loop that runs then.
        if self._client is None:
            self._client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._client


def _answer(status: int, content: bytes) -> Mapping[str, Any]:
    """Return Meta's answer.

    Raises:
        WhatsAppError: It is an error, or none of Meta's answers.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict):
        raise _failure(error)
    if 200 <= status < 300 and isinstance(answer, dict) and isinstance(answer.get("messages"), list):
        return answer
    # Neither a message nor an error: a server in between, or one that is no Cloud API.
    if 300 <= status < 500:
        raise WhatsAppError("refused", None, f"HTTP status {status} without an explanation.")
    raise WhatsAppError("temporary", None, is_unsure=status not in REFUSED_BY_FRONT)


def _failure(error: Mapping[str, Any]) -> WhatsAppError:
    code = error.get("code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    kind = KIND_OF_CODE.get(code, "refused") if code is not None else "refused"
    if kind == "token":
        # Words about a token may repeat parts of it.
        return WhatsAppError(kind, code)
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    words = [word for word in (error.get("message"), details) if isinstance(word, str) and word]
    return WhatsAppError(kind, code, ": ".join(dict.fromkeys(words)))


def _is_retryable(error: BaseException) -> bool:
    return isinstance(error, WhatsAppError) and error.kind == "temporary" and not error.is_unsure


def _log_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    logger.warning("%s Attempt %d; next in %.1f s.", error, state.attempt_number, state.upcoming_sleep)
