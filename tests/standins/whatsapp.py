"""The Cloud API of WhatsApp on loopback: messages as Meta takes them, its errors, and events signed as Meta signs.

Answers and errors have the shapes of Meta's reference. A template whose name is `error_<code>` is refused with that
error; `passing_<code>` is refused once for each recipient and taken afterwards; `slow` is never answered.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tests.standins.http import Exchange, LoopbackServer

TOKEN = "token-of-the-stand-in"
SECRET = "secret-of-the-app"
PATH = re.compile(r"/v\d+\.\d+/(\d+)/messages")
NAME = re.compile(r"(error|passing)_(\d+)")
# HTTP status, message and details by code, as Meta's list of error codes has them.
ERRORS: Mapping[int, tuple[int, str, str]] = {
    0: (401, "AuthException", "We were unable to authenticate the app user."),
    2: (503, "Service temporarily unavailable", "Please retry your request later."),
    3: (500, "(#3) API Method", "Capability or permissions issue."),
    4: (400, "(#4) Application request limit reached", "The app has reached its API call rate limit."),
    10: (403, "(#10) Permission Denied", "Permission is either not granted or has been removed."),
    100: (400, "(#100) Invalid parameter", "Unexpected key on param."),
    190: (401, "Error validating access token: Session has expired", "The access token token-of… has expired."),
    200: (403, "(#200) Permissions error", "You do not have the necessary permissions."),
    368: (403, "(#368) Temporarily blocked for policies violations", "The account was disabled."),
    80007: (400, "(#80007) Rate limit issues", "The account has reached its rate limit."),
    130429: (429, "(#130429) Rate limit hit", "Cloud API message throughput has been reached."),
    130497: (403, "(#130497) Business account is restricted", "Messaging users in this country is restricted."),
    131000: (500, "(#131000) Something went wrong", "Message failed to send due to an unknown error."),
    131008: (400, "(#131008) Required parameter is missing", "Parameter of type text is missing text value."),
    131009: (400, "(#131009) Parameter value is not valid", "Components sub_type invalid."),
    131016: (503, "(#131016) Service unavailable", "A service is temporarily unavailable."),
    131026: (400, "(#131026) Message undeliverable", "Unable to deliver message."),
    131030: (400, "(#131030) Recipient phone number not in allowed list", "Add the number to the allowed list."),
    131031: (403, "(#131031) Account has been locked", "The account has been restricted or disabled."),
    131047: (400, "(#131047) Re-engagement message", "More than 24 hours have passed since the last reply."),
    131048: (400, "(#131048) Spam rate limit hit", "Too many messages have been blocked or flagged as spam."),
    131051: (400, "(#131051) Unsupported message type", "Unsupported message type."),
    131052: (400, "(#131052) Media download error", "Unable to download the media sent by the user."),
    131053: (400, "(#131053) Media upload error", "Unable to upload the media used in the message."),
    131056: (400, "(#131056) Pair rate limit hit", "Too many messages to the same recipient."),
    132000: (
        400,
        "(#132000) Number of parameters does not match the expected number of params",
        "body: number of localizable_params (1) does not match the expected number of params (2)",
    ),
    132001: (
        404,
        "(#132001) Template name does not exist in the translation",
        "template name (error_132001) does not exist in en_US",
    ),
    132005: (400, "(#132005) Translated text too long", "Translated text is too long."),
    132007: (400, "(#132007) Template format character policy violated", "Template content violates a policy."),
    132008: (400, "(#132008) Parameter value does not match", "Components sub_type invalid at index: 0."),
    132012: (400, "(#132012) Parameter format does not match", "Format mismatch, expected TEXT, received IMAGE."),
    132015: (400, "(#132015) Template is paused", "Template is paused due to low quality."),
    132016: (400, "(#132016) Template is disabled", "Template has been paused too many times."),
}


@dataclass(frozen=True)
class Posted:
    """A request as the Cloud API saw it."""

    phone_number_id: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Return the headers with which Meta posts a body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json", "x-hub-signature-256": f"sha256={digest}"}


def event(phone_number_id: str, **value: Any) -> bytes:
    """Return a body as Meta posts it: `messages` and `contacts`, or `statuses`."""
    metadata = {"display_phone_number": "31201234567", "phone_number_id": phone_number_id}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
    content = {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}
    return json.dumps(content).encode()


def written(text: str, *, sender: str, wamid: str, at: int, name: str = "Ada") -> dict[str, Any]:
    """Return the value of an event of a text message."""
    message = {"from": sender, "id": wamid, "timestamp": str(at), "type": "text", "text": {"body": text}}
    return {"contacts": [{"profile": {"name": name}, "wa_id": sender}], "messages": [message]}


def status(wamid: str, word: str, *, recipient: str, at: int, **more: Any) -> dict[str, Any]:
    """Return the value of an event of a status."""
    return {"statuses": [{"id": wamid, "status": word, "timestamp": str(at), "recipient_id": recipient, **more}]}


@dataclass
class WhatsAppStandIn:
    """Keeps what is posted, in order; while set, `fails` refuses all with a code, and `stalls` answers none."""

    posted: list[Posted] = field(default_factory=list)
    fails: int | None = None
    stalls: bool = False

    def __post_init__(self) -> None:
        self._server = LoopbackServer(self._answer)
        self._numbers = itertools.count(1)
        self._refused: set[tuple[str, str]] = set()

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.__exit__(*exception)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def of(self, phone_number_id: str) -> list[Posted]:
        """Return what was posted for a phone number."""
        return [one for one in self.posted if one.phone_number_id == phone_number_id]

    async def until(self, check: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(60):
            while not check():  # noqa: ASYNC110 - the event is in another thread
                await asyncio.sleep(0.02)

    async def _answer(self, exchange: Exchange) -> None:
        path = exchange.path.partition("?")[0]
        match = PATH.fullmatch(path)
        if match is None:
            await exchange.send_json(404, _error(100, "Unknown path components", ""))
            return
        headers = {name.lower(): value for name, value in exchange.headers.items()}
        self.posted.append(Posted(match[1], exchange.path, headers, exchange.body))
        if headers.get("authorization") != f"Bearer {TOKEN}":
            await exchange.send_json(401, _error(190, "Invalid OAuth access token - Cannot parse access token", ""))
            return
        content = json.loads(exchange.body)
        if self.stalls or content.get("template", {}).get("name") == "slow":
            await exchange.left.wait()
            return
        code = self._refusal(content)
        if code is not None:
            http, message, details = ERRORS[code]
            await exchange.send_json(http, _error(code, message, details))
            return
        wamid = f"wamid.{next(self._numbers):08d}"
        contact = {"input": content["to"], "wa_id": content["to"].removeprefix("+")}
        answer: dict[str, Any] = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": wamid}]}
        if content["type"] == "template":
            answer["messages"][0]["message_status"] = "accepted"
        await exchange.send_json(200, answer)

    def _refusal(self, content: Mapping[str, Any]) -> int | None:
        if self.fails is not None:
            return self.fails
        name = NAME.fullmatch(content.get("template", {}).get("name", ""))
        if name is None:
            return None
        key = (name[0], content["to"])
        if name[1] == "passing" and key in self._refused:
            return None
        self._refused.add(key)
        return int(name[2])


def _error(code: int, message: str, details: str) -> dict[str, Any]:
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AdeOFn1W0gTB"}
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return {"error": error}
