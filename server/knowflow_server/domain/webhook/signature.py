"""Signatures of the Standard Webhooks specification 1.0.0: `v1`, HMAC-SHA256 with a secret of each endpoint.

See https://github.com/standard-webhooks/standard-webhooks, `spec/standard-webhooks.md`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
# The specification asks for 24 to 64 random bytes.
SECRET_BYTES = 32


def new_secret() -> bytes:
    """Return fresh random bytes to sign with."""
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as its owner sees it and libraries take it. Example: `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(message_id: str, timestamp: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """Return the headers which tell a receiver who sent a message, and when.

    Args:
        message_id: Identifier of the event, without a dot; the same for each attempt.
        timestamp: Time of the attempt in seconds since 1970.
        body: The body to the letter.
        keys: The secrets; each signs, so that a receiver may know any of them.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    made = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in made),
    }
