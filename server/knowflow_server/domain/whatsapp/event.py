"""What WhatsApp posts: signatures, messages and statuses, read from JSON that anybody could have written."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from knowflow_server.domain.whatsapp.messenger import STATUSES, Told

PREFIX = "sha256="
# Longest texts that are kept; WhatsApp allows 4,096 characters.
MAX_TEXT = 10_000
MAX_NAME = 200
MAX_ID = 500
MAX_PAYLOAD = 32_000
# WhatsApp puts at most 1,000 into a body.
MAX_EVENTS = 1_000
OBJECT = "whatsapp_business_account"


@dataclass(frozen=True, slots=True)
class Written:
    """A message that a person has written.

    Args:
        phone_number_id: The number it was written to.
        wamid: WhatsApp's identifier of the message.
        wa_id: Who wrote it.
        name: What the person's profile says; empty when it was not told.
        type: The kind of message. Example: `text`.
        text: What can be read of it; empty for none.
        payload: The message as JSON; empty when it is very long.
        sent_at: When, in microseconds since 1970, UTC; 0 when it was not told.
    """

    phone_number_id: str
    wamid: str
    wa_id: str
    name: str
    type: str
    text: str
    payload: bytes
    sent_at: int


@dataclass(frozen=True, slots=True)
class Status:
    """News of a message that was sent from a number."""

    phone_number_id: str
    told: Told


def is_signed(body: bytes, signature: str, secret: bytes) -> bool:
    """Return whether a body is signed; the header X-Hub-Signature-256 has `sha256=` and the HMAC-SHA256 in hex."""
    if not secret or not signature.startswith(PREFIX) or not signature.isascii():
        return False
    expected = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature.removeprefix(PREFIX))


def read(body: bytes) -> list[Written | Status]:
    """Return what a body tells, in its order; what is of another shape is left out.

    Args:
        body: JSON; its signature was checked.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return []
    if not isinstance(content, dict) or content.get("object") != OBJECT:
        return []
    found = (
        one
        for entry in _objects(content.get("entry"))
        for change in _objects(entry.get("changes"))
        if change.get("field") == "messages"
        for one in _told(change.get("value"))
    )
    return list(islice(found, MAX_EVENTS))


def _told(value: Any) -> Iterator[Written | Status]:
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        return
    number = _text(value["metadata"].get("phone_number_id"), MAX_ID)
    names = {
        _text(contact.get("wa_id"), MAX_ID): _text(contact["profile"].get("name"), MAX_NAME)
        for contact in _objects(value.get("contacts"))
        if isinstance(contact.get("profile"), dict)
    }
    for message in _objects(value.get("messages")):
        wamid, wa_id = _text(message.get("id"), MAX_ID), _text(message.get("from"), MAX_ID)
        if not wamid or not wa_id:
            continue
        payload = json.dumps(message, ensure_ascii=False).encode(errors="replace")
        yield Written(
            number,
            wamid,
            wa_id,
            names.get(wa_id, ""),
            _text(message.get("type"), MAX_ID),
            _readable(message),
            payload if len(payload) <= MAX_PAYLOAD else b"",
            _time(message.get("timestamp")),
        )
    for status in _objects(value.get("statuses")):
        wamid, word = _text(status.get("id"), MAX_ID), _text(status.get("status"), MAX_ID)
        if wamid and word in STATUSES[2:]:
            error = next(iter(_objects(status.get("errors"))), {})
            code = error.get("code")
            words = _text(error.get("title") or error.get("message"), MAX_ID)
            at, wa_id = _time(status.get("timestamp")), _text(status.get("recipient_id"), MAX_ID)
            code = code if isinstance(code, int) and 0 <= code < 2**31 else 0
            yield Status(number, Told(wamid, wa_id, word, at, code, words))


def _readable(message: Mapping[str, Any]) -> str:
    """Return what can be read of a message: text, title of what was chosen, or caption of a file."""
    content = message.get(_text(message.get("type"), MAX_ID))
    if not isinstance(content, dict):
        return ""
    if message["type"] == "interactive":
        chosen = content.get(_text(content.get("type"), MAX_ID))
        content = chosen if isinstance(chosen, dict) else {}
    found = next((content[name] for name in ("body", "text", "title", "caption") if name in content), "")
    return _text(found, MAX_TEXT)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any, limit: int) -> str:
    # Halves of characters, which JSON can carry and UTF-8 cannot.
    return value[:limit].encode(errors="replace").decode() if isinstance(value, str) else ""


def _time(value: Any) -> int:
    """Return a Unix time in seconds, which comes as text, in microseconds; 0 when it is none."""
    digits = str(value) if isinstance(value, str | int) else ""
    return int(digits) * 1_000_000 if digits.isascii() and digits.isdigit() and len(digits) <= 11 else 0
