"""WhatsApp as a channel of chatbots: templates and their values by place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from knowflow_server.domain.konversation.subscriber import user_ns
from knowflow_server.domain.talk.conversation import Conversation
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.talk import ChannelUnavailableError

_PLACE = re.compile(
    r"(BODY|HEADER)_\{\{([1-9][0-9]?|[a-z_][a-z0-9_]*)\}\}|HEADER_(IMAGE|VIDEO|DOCUMENT)"
    r"|(QUICK_REPLY|URL|COPY_CODE)_([1-9]|10)"
)
BUTTONS = {"QUICK_REPLY": ("quick_reply", "payload"), "URL": ("url", "text"), "COPY_CODE": ("copy_code", "coupon_code")}


def components_of(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the components of a template message for the Cloud API, from values by place.

    Args:
        params: `BODY_{{1}}`, `HEADER_{{1}}`, `HEADER_IMAGE`, `HEADER_VIDEO`, `HEADER_DOCUMENT`, `QUICK_REPLY_1`,
            `URL_1`, `COPY_CODE_1`; numbers of buttons count all buttons of the template from 1.

    Raises:
        InvalidArgumentError: There is no such place.
    """
    texts: dict[str, dict[str, dict[str, Any]]] = {"header": {}, "body": {}}
    header: list[dict[str, Any]] = []
    buttons: list[tuple[int, dict[str, Any]]] = []
    for place, value in params.items():
        match = _PLACE.fullmatch(place)
        if match is None:
            raise InvalidArgumentError(f"There is no place {place[:50]!r} in a template.", field="params")
        text = _text(value)
        if match[1]:
            named = {} if match[2].isdigit() else {"parameter_name": match[2]}
            texts[match[1].lower()][match[2]] = {"type": "text", "text": text, **named}
        elif match[3]:
            kind = match[3].lower()
            header.append({"type": kind, kind: {"link": text}})
        else:
            sub_type, member = BUTTONS[match[4]]
            parameter = {"type": member, member: text}
            button = {"type": "button", "sub_type": sub_type, "index": str(int(match[5]) - 1)}
            buttons.append((int(match[5]), {**button, "parameters": [parameter]}))
    found = []
    for kind, parameters in (("header", [*header, *_ordered(texts["header"])]), ("body", _ordered(texts["body"]))):
        if parameters:
            found.append({"type": kind, "parameters": parameters})
    return found + [button for _, button in sorted(buttons, key=lambda one: one[0])]


def _ordered(texts: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return values in the order of their numbers; named ones have no order."""
    return [texts[name] for name in sorted(texts, key=lambda name: (int(name) if name.isdigit() else 0, name))]


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


class WhatsAppTemplates:
    """Sends templates of WhatsApp."""

    async def send(self, talk: Conversation, template: Mapping[str, Any]) -> None:  # noqa: ARG002 - of all senders
        """Send a template to the subscriber of a talk.

        Raises:
            ChannelUnavailableError: The chatbot is not connected with WhatsApp.
        """
        cause = "the chatbot is not connected with WhatsApp."
        raise ChannelUnavailableError(user_ns=user_ns(talk.record), cause=cause)
