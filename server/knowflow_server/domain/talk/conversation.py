"""A turn of a talk: what a sub flow, or a caller, says to one subscriber and does with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.canvas.components.condition import global_name
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.field import BotFields
from knowflow_server.domain.konversation.field_value import parsed
from knowflow_server.domain.konversation.journal import Failure, Journal
from knowflow_server.domain.konversation.subscriber import Subscribers, add_number, remove_number, user_ns
from knowflow_server.domain.konversation.subscriber_index import shown_name
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.talk.channel import Channels, shown
from knowflow_server.domain.talk.content import SETTING, TAGGING, Action, Button, Said
from knowflow_server.domain.talk.log import AGENT, OUT, SYSTEM, ChatLog
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.transaction import Transaction

ATTRIBUTES = (
    *("first_name", "last_name", "email", "phone", "gender", "profile_pic", "locale", "language", "channel", "user_id"),
)
MINUTE_US = 60_000_000
FOR_EVER = -1


class EventLog(Protocol):
    """Custom events of subscribers."""

    async def log(
        self, flow: Flow, user_ns: str, *, name: str, text: str = "", number: Any = None, price: Any = None
    ) -> object:
        """Note that a subscriber has gone through an event.

        Raises:
            KnowFlowError: There is no such event, or a value is no number.
        """
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sub flow begins.

    Args:
        sub_flow: The sub flow.
        starts: Its components to begin with; none means its beginning.
    """

    sub_flow: SubFlow
    starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What every conversation uses.

    Args:
        subscribers: Changes them.
        tags: Tags by name.
        bot_fields: Fields of chatbots.
        events: Custom events.
        log: Keeps what is said.
        journal: Keeps what fails.
        channels: Ways to subscribers.
        clock: The time.
    """

    subscribers: Subscribers
    tags: FlowTags
    bot_fields: BotFields
    events: EventLog
    log: ChatLog
    journal: Journal
    channels: Channels
    clock: Clock


class Conversation:
    """One turn of a talk with a subscriber; implements `Conversing`.

    Args:
        tools: What it uses.
        flow: The chatbot.
        record: The subscriber, as it is now.
        places: Returns where a name leads to, a sub flow's or a component's.
        cause: The broadcast or the turn it belongs to; empty for none.
        channel: The channel, where it is not the subscriber's own.
        agent: The person in whose name it speaks; empty for the bot.
        later: Takes the messages which the caller keeps itself, with those of others, where nothing leaves the
            server; None keeps each at once.
    """

    def __init__(
        self,
        tools: Tools,
        flow: Flow,
        record: Subscriber,
        places: Callable[[Flow, str], Awaitable[Place]],
        *,
        cause: str = "",
        channel: str = "",
        agent: str = "",
        later: list[ChatMessage] | None = None,
    ) -> None:
        self.flow = flow
        self.record = record
        self.has_sent = False
        self.wait_s = 0
        self.next_place: Place | None = None
        self.globals: dict[str, Any] | None = None
        """Those of the run, which change with the subscriber; None while nothing runs."""
        self._tools = tools
        self._places = places
        self._cause = cause
        self._later = later
        self._channel = tools.channels.of(record, over=channel)
        self._kind, self._sender = (AGENT, agent) if agent else (OUT, flow.id.rpartition(".")[2])

    async def send(self, messages: Sequence[Said], quick_replies: Sequence[Button] = ()) -> None:
        """Keep messages, and send them; quick replies belong to the last one.

        Raises:
            KnowFlowError: The channel refuses, which is noted in the talk; messages before are sent.
        """
        last = len(messages) - 1
        ready = [(one, quick_replies if place == last else ()) for place, one in enumerate(messages)]
        if ready and not self._channel.leaves:
            # Nothing can get lost between them.
            await self.keep(*(shown(message, reply) for message, reply in ready))
        for message, reply in ready:
            if self._channel.leaves:
                await self.keep(shown(message, reply))
            try:
                await self._channel.send(self.flow, self.record, message, reply)
            except KnowFlowError as error:
                await self.note(f"Not delivered: {error.sentence}")
                raise

    async def note(self, text: str, failure: Failure | None = None) -> None:
        """Write something about the talk into it, for those who look after it; and a failure into the journal."""
        log, journal = self._tools.log, self._tools.journal
        if failure is None:
            await log.add([log.message(self.record, SYSTEM, {"type": "text", "text": text})])
            return
        await journal.ready(self.record.organization_id)
        message = log.message(self.record, SYSTEM, {"type": "text", "text": text})
        await log.add([message], [journal.failure(self.record, failure)])
        await journal.look(self.record)

    async def keep(self, *payloads: Mapping[str, Any]) -> None:
        """Keep messages which are sent in other ways than by `send`, as they are about to be."""
        log, kind, sender = self._tools.log, self._kind, self._sender
        made = [log.message(self.record, kind, one, sender_id=sender, cause=self._cause) for one in payloads]
        self.has_sent = True
        if self._later is not None and not self._channel.leaves:
            self._later += made
            return
        await log.add(made)

    async def act(self, action: Action) -> None:
        """Do something with the subscriber.

        Raises:
            KnowFlowError: A tag, a field or an event does not exist, or a value does not fit.
        """
        if action.action == "log_event":
            await self._tools.events.log(
                self.flow,
                user_ns(self.record),
                name=action.event_name,
                text=action.text_value,
                number=action.number_value,
                price=action.price_value,
            )
            return

        def work(transaction: Transaction, record: Subscriber) -> None:
            if action.action in TAGGING:
                tag = self._tools.tags.by_name(self.flow, action.tag_name, entities=transaction)
                (add_number if action.action == "add_tag" else remove_number)(record.tags, tag.number)
            elif action.action in SETTING:
                value = action.value if action.action == "set_field_value" else None
                values = [(action.field_name, value)]
                self._tools.subscribers.assign(transaction, self.flow, record, values, by_name=True)
            else:
                self._switch(record, action)

        self.record = await self._tools.subscribers.change(self.flow, user_ns(self.record), work)
        if self.globals is not None:
            self.fill(self.globals)

    def _switch(self, record: Subscriber, action: Action) -> None:
        now = microseconds(self._tools.clock)
        if action.action == "subscribe":
            record.subscribed_at = record.subscribed_at or now
        elif action.action == "unsubscribe":
            record.subscribed_at = 0
        elif action.action == "pause_bot":
            record.paused_until = now + action.minutes * MINUTE_US if action.minutes else FOR_EVER
        else:
            record.paused_until = 0

    def tags(self) -> frozenset[str]:
        """Return the names of the subscriber's tags, folded."""
        tags = self._tools.subscribers.tags_of(self.flow, self.record)
        return frozenset(tag.name.casefold() for tag in tags)

    def values(self) -> Mapping[str, Any]:
        """Return what is known of the subscriber and the chatbot, by the names of `sys.` globals."""
        record = self.record
        found: dict[str, Any] = {f"sys.user.{name}": getattr(record, name) for name in ATTRIBUTES}
        found["sys.user.name"], found["sys.user.user_ns"] = shown_name(record), user_ns(record)
        found["sys.tags"] = [tag.name for tag in self._tools.subscribers.tags_of(self.flow, record)]
        for user_field, value in self._tools.subscribers.values_of(self.flow, record):
            found[f"sys.user_field.{global_name(user_field.name)}"] = parsed(user_field.type, value)
        for bot_field in self._tools.bot_fields.all(self.flow):
            found[f"sys.bot_field.{global_name(bot_field.name)}"] = parsed(bot_field.type, bot_field.value)
        return found

    def fill(self, values: dict[str, Any]) -> None:
        """Put what is known into the globals of a run, which change with it from now on."""
        for name in [name for name in values if name.startswith("sys.user_field.")]:
            del values[name]
        values.update(self.values())
        self.globals = values

    def wait(self, seconds: int) -> None:
        """Have the next turn come without a reply, after a time; 0 waits for ever."""
        self.wait_s = seconds

    async def go_to(self, place: str) -> None:
        """Go on elsewhere when the sub flow has ended.

        Raises:
            KnowFlowError: There is nothing of this name.
        """
        self.next_place = await self._places(self.flow, place)
