"""One attempt: a signed POST to an address which a user gave."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from knowflow.store.v1.webhook_pb2 import CallbackSigner, WebhookAttempt, WebhookEndpoint
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.outgoing import OutgoingError, OutgoingHttp, OutgoingRequest
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.sealing import SecretBox, UnsealError
from knowflow_server.domain.webhook import signature

EXCERPT = 500
GONE = 410
UNREADABLE = "The secret of this webhook cannot be read, because the key of the server has changed; give it a new one."


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of an attempt.

    Args:
        attempt: As it is kept.
        retry_after_s: How long the receiver asks to be left alone, in seconds; 0 when it does not say.
    """

    attempt: WebhookAttempt
    retry_after_s: float = 0

    @property
    def succeeded(self) -> bool:
        """Whether the receiver took the event."""
        return taken(self.attempt)


def taken(attempt: WebhookAttempt) -> bool:
    """Return whether the receiver of an attempt took the event."""
    return 200 <= attempt.status < 300


class WebhookSender:
    """Signs and posts; knows nothing of what is kept.

    Args:
        http: Sends to allowed addresses only.
        box: Reads the secrets.
        clock: The time.
        timeout_s: Longest time of an attempt in seconds.
    """

    def __init__(self, http: OutgoingHttp, box: SecretBox, clock: Clock, *, timeout_s: float) -> None:
        self._http = http
        self._box = box
        self._clock = clock
        self._timeout_s = timeout_s

    @property
    def timeout_s(self) -> float:
        """Longest time of an attempt in seconds."""
        return self._timeout_s

    async def check(self, url: str) -> None:
        """Look whether events can be sent to an address.

        Raises:
            OutgoingError: They cannot; its sentence says why.
        """
        await self._http.check(self._request(url, {}, b""))

    async def send(
        self, endpoint: WebhookEndpoint, event_id: str, body: bytes, signer: CallbackSigner | None = None
    ) -> Sent:
        """Attempt to deliver an event to an endpoint; whatever goes wrong is part of the answer.

        Args:
            endpoint: Where it goes.
            event_id: Identifier of the event.
            body: What is sent.
            signer: Whose secrets sign; None means the endpoint's own.
        """
        now = microseconds(self._clock)
        owner = endpoint if signer is None else signer
        try:
            keys = [
                self._box.unseal(secret.sealed, owner=owner.id)
                for secret in owner.secrets
                if not secret.expires_at or secret.expires_at > now
            ]
        except UnsealError:
            return Sent(WebhookAttempt(at=now, error=UNREADABLE))
        return await self.post(endpoint.url, event_id, body, keys)

    async def post(self, url: str, event_id: str, body: bytes, keys: Sequence[bytes]) -> Sent:
        """Attempt to deliver a body to an address, signed with keys; whatever goes wrong is part of the answer."""
        now, began = microseconds(self._clock), time.perf_counter()
        headers = {"Content-Type": "application/json", **signature.headers(event_id, now // 1_000_000, body, keys)}
        attempt = WebhookAttempt(at=now)
        later = 0.0
        try:
            answer = await self._http.request(self._request(url, headers, body))
        except OutgoingError as error:
            attempt.error = error.sentence
        else:
            attempt.status, attempt.excerpt = answer.status, _printable(answer.text)
            later = self._seconds(answer.retry_after)
        attempt.elapsed_s = time.perf_counter() - began
        return Sent(attempt, later)

    def _request(self, url: str, headers: dict[str, str], body: bytes) -> OutgoingRequest:
        return OutgoingRequest(
            "POST",
            url,
            headers=headers,
            body=body,
            timeout_s=self._timeout_s,
            is_final=True,
            is_secure=True,
            excerpt_bytes=4 * EXCERPT,
        )

    def _seconds(self, later: str) -> float:
        """Return the seconds of a Retry-After, which gives a number or a date (RFC 9110, section 10.2.3)."""
        if later.isascii() and later.isdigit():
            return float(later[:9])
        try:
            at = parsedate_to_datetime(later)
        except ValueError:
            return 0
        # A date without a zone is one in UTC.
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - self._clock.now()).total_seconds())


def _printable(text: str) -> str:
    """Return the beginning of an answer; characters that only a terminal understands are left out."""
    return "".join(c for c in text[: 2 * EXCERPT] if c.isprintable() or c in "\n\t")[:EXCERPT]
