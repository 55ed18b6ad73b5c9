"""WhatsApp as a channel of chatbots: templates and their values by place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow.store.v1.whatsapp_pb2 import WhatsAppConnection, WhatsAppInbound, WhatsAppOutbound
from knowflow_server.domain.konversation.journal import Failure
from knowflow_server.domain.konversation.subscriber import NewSubscriber, Subscribers, user_ns
from knowflow_server.domain.talk.content import Button, Said
from knowflow_server.domain.talk.conversation import Conversation
from knowflow_server.domain.talk.log import ChatLog
from knowflow_server.domain.whatsapp import cloud
from knowflow_server.domain.whatsapp.cloud import wa_id_of
from knowflow_server.domain.whatsapp.connection import Connections
from knowflow_server.domain.whatsapp.messenger import Messenger
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.errors.konversation import SubscriberExistsError, SubscriberNotFoundError
from knowflow_server.errors.talk import ChannelUnavailableError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

if TYPE_CHECKING:
    from knowflow_server.domain.talk.talks import Talks

# What the owner of a connection is, by which its messages come here.
KIND = "chatbot"
WHATSAPP = "whatsapp_cloud"
CHANNELS = frozenset({WHATSAPP, "whatsapp"})
DAY_US = 24 * 3600 * 1_000_000
# Ids of buttons which lead to components.
TARGET = "to:"
ASKED = "Choose"
# Limits of the Cloud API: captions, bodies with buttons, buttons and their titles, rows of a list and theirs.
MAX_CAPTION, MAX_BODY, MAX_BUTTONS, MAX_TITLE, MAX_ROWS, MAX_ROW = 1024, 1024, 3, 20, 10, 24
MEDIA_OUT = {"image": "image", "audio": "audio", "video": "video", "file": "document"}
KINDS_IN = {"image": "image", "audio": "audio", "voice": "audio", "video": "video", "document": "file"}


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


class WhatsAppChannel:
    """The channel `whatsapp`: messages leave through the connection of the chatbot, and come in by it.

    It is a channel, sends templates, and answers what people write to the connection.

    Args:
        entities: Where chatbots and subscribers are.
        subscribers: Makes those who write for the first time.
        connections: The connections.
        messenger: Sends through them.
        log: What was said.
    """

    leaves = True

    def __init__(
        self,
        entities: EntityStore,
        subscribers: Subscribers,
        connections: Connections,
        messenger: Messenger,
        log: ChatLog,
    ) -> None:
        self._entities = entities
        self._subscribers = subscribers
        self._connections = connections
        self._messenger = messenger
        self._log = log
        self._talks: Talks | None = None
        entities.observe(self._forget)

    def answer_with(self, talks: Talks) -> None:
        """Have talks answer what comes in; they send through this channel, so that they come after it."""
        self._talks = talks

    async def send(self, flow: Flow, subscriber: Subscriber, message: Said, quick_replies: Sequence[Button]) -> None:
        """Send a message to somebody who has written within 24 hours.

        Raises:
            ChannelUnavailableError: It is too late, or the chatbot is not connected.
            KnowFlowError: WhatsApp does not take it; the sentence has its words.
        """
        connection = self._connection(flow, subscriber)
        contact = self._connections.contact(connection, subscriber.user_id)
        if contact is None or not self._messenger.is_open(contact):
            cause = "more than 24 hours have passed since the last message of this person; send a template."
            raise ChannelUnavailableError(user_ns=user_ns(subscriber), cause=cause)
        for body in bodies_of(subscriber.user_id, message, quick_replies):
            await self._messenger.post(connection, body)

    async def send_template(self, talk: Conversation, template: Mapping[str, Any]) -> None:
        """Send a template to the subscriber of a talk.

        Args:
            talk: The talk.
            template: name, lang, params.

        Raises:
            ChannelUnavailableError: The chatbot is not connected, or the subscriber is not on WhatsApp.
            KnowFlowError: WhatsApp does not take it; the sentence has its words.
        """
        connection = self._connection(talk.flow, talk.record)
        components = components_of(template.get("params") or {})
        to = wa_id_of(talk.record.user_id)
        if talk.record.channel not in CHANNELS or to is None:
            raise ChannelUnavailableError(user_ns=user_ns(talk.record), cause="the subscriber is not on WhatsApp.")
        name, language = str(template["name"]), str(template["lang"])
        # Kept before it leaves: whoever goes on after a crash sees that it may have.
        await talk.keep({"type": "text", "text": f"Template {name}", "template": dict(template)})
        await self._messenger.send_template(connection, to, name=name, language=language, components=components)

    async def answer(self, connection: WhatsAppConnection, message: WhatsAppInbound) -> Sequence[Mapping[str, Any]]:
        """Take what somebody wrote as what a subscriber says; the talk sends the answer itself."""
        flow = self._entities.get(Flow, connection.owner_id)
        if flow is None or self._talks is None:
            return []
        record = await self._person(flow, connection, message.wa_id)
        kept = None
        if message.attempts > 1:
            # It comes again when a server has ended, or could not write, in between.
            before = await self._log.of(record, after=message.sent_at - DAY_US)
            kept = next((one for one in before if one.cause == message.id), None)
        await self._talks.receive(record, said_of(message), cause=message.id, kept=kept)
        return []

    async def told(self, connection: WhatsAppConnection, message: WhatsAppOutbound) -> None:
        """Note in the talk that a message did not arrive; the rest is no news there."""
        flow = self._entities.get(Flow, connection.owner_id)
        if message.status != "failed" or flow is None or self._talks is None:
            return
        with suppress(SubscriberNotFoundError):
            record = self._subscribers.by_user_id(flow, message.wa_id)
            text = f"Not delivered: {message.error or message.error_code}"
            failure = Failure("delivery", "", text)
            await self._talks.conversation(flow, record).note(text, failure)

    async def _person(self, flow: Flow, connection: WhatsAppConnection, wa_id: str) -> Subscriber:
        try:
            return self._subscribers.by_user_id(flow, wa_id)
        except SubscriberNotFoundError:
            contact = self._connections.contact(connection, wa_id)
            details = {"name": contact.name if contact else "", "phone": f"+{wa_id}"}
            try:
                return await self._subscribers.create(flow, NewSubscriber(details, channel=WHATSAPP, user_id=wa_id))
            except SubscriberExistsError:
                return self._subscribers.by_user_id(flow, wa_id)

    def _forget(self, transaction: Transaction) -> None:
        """Have the connection of a chatbot go with it."""
        for before, after in transaction.changes():
            if after is None and isinstance(before, Flow):
                connection = self._connections.find(before.organization_id, before.id)
                if connection is not None and transaction.get(WhatsAppConnection, connection.id) is not None:
                    self._connections.take(transaction, connection)

    def _connection(self, flow: Flow, subscriber: Subscriber) -> WhatsAppConnection:
        connection = self._connections.find(flow.organization_id, flow.id)
        if connection is None:
            cause = "the chatbot is not connected with WhatsApp."
            raise ChannelUnavailableError(user_ns=user_ns(subscriber), cause=cause)
        return connection


def said_of(message: WhatsAppInbound) -> dict[str, Any]:
    """Return a received message as what a subscriber says; a button that was chosen is its target."""
    content: dict[str, Any] = json.loads(message.payload) if message.payload else {}
    interactive = content.get("interactive") or {}
    chosen = interactive.get("button_reply") or interactive.get("list_reply") or {}
    target = str(chosen.get("id") or (content.get("button") or {}).get("payload") or "")
    # Ids of ours begin so; others are only choices of words.
    target = target.removeprefix(TARGET) if target.startswith(TARGET) else ""
    kind = KINDS_IN.get(message.type, "text")
    return {"type": kind, "text": message.text or ("" if target else message.type), "target": target}


def bodies_of(to: str, message: Said, quick_replies: Sequence[Button]) -> list[dict[str, Any]]:
    """Return what is posted to the Cloud API for a message; what WhatsApp cannot show becomes text."""
    head: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to}
    bodies: list[dict[str, Any]] = []
    choices = [one for one in (*message.buttons, *quick_replies) if one.type == "node"]
    links = [f"{one.caption}: {one.target}" for one in (*message.buttons, *quick_replies) if one.type == "url"]
    text = "\n".join(filter(None, [message.text, *links]))
    if message.type in MEDIA_OUT:
        kind = MEDIA_OUT[message.type]
        caption = {"caption": text[:MAX_CAPTION]} if text and kind != "audio" else {}
        bodies.append({**head, "type": kind, kind: {"link": message.url, **caption}})
        text = "" if caption else text
    for card in message.elements:
        words = "\n".join(filter(None, [card.title, card.subtitle, card.action_url]))
        if card.image_url:
            image = {"link": card.image_url, "caption": words[:MAX_CAPTION]}
            bodies.append({**head, "type": "image", "image": image})
        else:
            bodies += cloud.texts(to, words)
        choices += [one for one in card.buttons if one.type == "node"]
    if not choices:
        return [*bodies, *cloud.texts(to, text)]
    *before, last = [one["text"]["body"] for one in cloud.texts(to, text or ASKED)]
    if len(last) > MAX_BODY:
        before, last = [*before, last], ASKED
    bodies += [cloud.text(to, one) for one in before]
    return [*bodies, {**head, "type": "interactive", "interactive": _choices(last, choices)}]


def _choices(text: str, choices: Sequence[Button]) -> dict[str, Any]:
    """Return up to three buttons, or up to ten rows of a list."""
    if len(choices) <= MAX_BUTTONS:
        buttons = [
            {"type": "reply", "reply": {"id": f"{TARGET}{one.target}", "title": one.caption[:MAX_TITLE]}}
            for one in choices
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    rows = [{"id": f"{TARGET}{one.target}", "title": one.caption[:MAX_ROW]} for one in choices[:MAX_ROWS]]
    action = {"button": ASKED, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": text}, "action": action}
