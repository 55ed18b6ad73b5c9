"""The Cloud API of WhatsApp as the domain knows it: a protocol, its failures, and the messages posted to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import phonenumbers

from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.whatsapp import (
    WhatsAppForbiddenError,
    WhatsAppLimitReachedError,
    WhatsAppMessageRefusedError,
    WhatsAppTemplateNotFoundError,
    WhatsAppTokenRefusedError,
    WhatsAppUnavailableError,
)

# Most characters of a text message (Cloud API reference, text object).
MAX_TEXT = 4096
MAX_DETAILS = 500

Kind = Literal["token", "permission", "rate", "policy", "template", "refused", "temporary"]
# What the codes of the Cloud API mean (its list of error codes); those which are not here are refusals.
KINDS: Mapping[Kind, frozenset[int]] = {
    "token": frozenset({0, 190}),
    "permission": frozenset({3, 10, *range(200, 300)}),
    "rate": frozenset({4, 80007, 130429, 131048, 131056}),
    "policy": frozenset({368, 131031, 130497}),
    "template": frozenset({132001}),
    "temporary": frozenset({2, 131000, 131016}),
}
KIND_OF_CODE = {code: kind for kind, codes in KINDS.items() for code in codes}


class WhatsAppError(Exception):
    """The Cloud API did not take a message.

    Attributes:
        kind: What it means.
        code: Meta's code; None where there was no answer, or none that has one.
        details: Meta's words, in English and without secrets; empty for none.
        is_unsure: Whether the message may have gone out all the same.
    """

    def __init__(self, kind: Kind, code: int | None, details: str = "", *, is_unsure: bool = False) -> None:
        super().__init__(f"WhatsApp: {kind}, code {code}.")
        self.kind: Kind = kind
        self.code = code
        self.details = details[:MAX_DETAILS]
        self.is_unsure = is_unsure

    @property
    def error(self) -> KnowFlowError:
        """What the caller is told."""
        code = "none" if self.code is None else str(self.code)
        said = f"WhatsApp says (code {code}): {self.details}" if self.details else f"WhatsApp says code {code}."
        if self.kind == "token":
            return WhatsAppTokenRefusedError(code=code)
        if self.kind in {"permission", "policy"}:
            return WhatsAppForbiddenError(said, code=code)
        if self.kind == "rate":
            return WhatsAppLimitReachedError(f"{said} Try again later.", code=code)
        if self.kind == "template":
            return WhatsAppTemplateNotFoundError(said, code=code)
        if self.kind == "temporary":
            sentence = "WhatsApp cannot be reached, or failed; try again later."
            if self.is_unsure:
                sentence = "WhatsApp did not answer in time; the message may have been sent all the same."
            return WhatsAppUnavailableError(sentence, code=code)
        return WhatsAppMessageRefusedError(said, code=code)


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """A phone number to send from, and the token that allows it."""

    phone_number_id: str
    access_token: str = field(repr=False)


class WhatsApp(Protocol):
    """Posts messages to the Cloud API."""

    async def send(self, account: WhatsAppAccount, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post a message, again when Meta says that it failed for the moment, and return Meta's answer.

        Args:
            account: Where to send from.
            message: The body, as `template` and `text` make it.

        Returns:
            `messaging_product`, `contacts` and `messages`, as they came.

        Raises:
            WhatsAppError: The message was not taken.
        """
        ...


def template(to: str, name: str, language: str, components: Sequence[Any] = ()) -> dict[str, Any]:
    """Return the body of a template message.

    Args:
        to: The recipient, digits only.
        name: Name of the template.
        language: Its language. Example: `en_US`.
        components: Its parameters by component, as Meta wants them.
    """
    content: dict[str, Any] = {"name": name, "language": {"code": language}}
    if components:
        # Members come in any order out of protobuf; in one of their own, equal messages are equal bytes.
        content["components"] = json.loads(json.dumps(list(components), sort_keys=True))
    return {**_head(to), "type": "template", "template": content}


def text(to: str, body: str) -> dict[str, Any]:
    """Return the body of a text message, at most `MAX_TEXT` characters of text."""
    return {**_head(to), "type": "text", "text": {"preview_url": False, "body": body}}


def texts(to: str, body: str) -> list[dict[str, Any]]:
    """Return the bodies of the text messages that a text of any length takes, cut at the ends of lines or words."""
    pieces = []
    rest = body.strip()
    while len(rest) > MAX_TEXT:
        head = rest[:MAX_TEXT]
        place = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or MAX_TEXT
        pieces.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [text(to, piece) for piece in [*pieces, rest] if piece]


def wa_id_of(phone_number: str) -> str | None:
    """Return a phone number with its country code as digits only; None when it cannot be one."""
    digits = phone_number.strip()
    try:
        parsed = phonenumbers.parse(digits if digits.startswith("+") else f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def _head(to: str) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to}
