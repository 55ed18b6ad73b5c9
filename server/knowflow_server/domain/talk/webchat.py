"""The channel `web`: what the client of a subscriber may do, which shows a visitor's token."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.subscriber import NewSubscriber, Subscribers
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk.content import MEDIA, offered
from knowflow_server.domain.talk.log import IN, SYSTEM, ChatLog
from knowflow_server.domain.talk.talks import Talks
from knowflow_server.domain.talk.visitor import Visitors
from knowflow_server.errors.base import ApiKeyInvalidError, InvalidArgumentError
from knowflow_server.errors.konversation import SubscriberNotFoundError
from knowflow_server.store.entities import EntityStore

ADDRESSES = ("http://", "https://")
WEB = frozenset({"web", "apichat"})
# How far back a client sees.
SEEN_US = 30 * 24 * 3600 * 1_000_000
# A stream on which nothing happens says so, before anything between closes it.
REST_S = 15.0


class Webchat:
    """Visitors and their talks.

    Args:
        entities: Where subscribers are.
        subscribers: Makes them.
        visitors: Their tokens.
        talks: Answers what they say.
        log: What was said.
        clock: The time.
    """

    def __init__(
        self,
        entities: EntityStore,
        subscribers: Subscribers,
        visitors: Visitors,
        talks: Talks,
        log: ChatLog,
        clock: Clock,
    ) -> None:
        self._entities = entities
        self._subscribers = subscribers
        self._visitors = visitors
        self._talks = talks
        self._log = log
        self._clock = clock

    async def create(self, flow: Flow, *, user_ns: str, details: Mapping[str, str]) -> tuple[Subscriber, str]:
        """Return a subscriber of the channel with a new token; a new one, unless `user_ns` names one.

        Raises:
            SubscriberNotFoundError: There is none of the name in this channel.
        """
        if user_ns:
            record = self._subscribers.get(flow, user_ns)
            if record.channel not in WEB:
                raise SubscriberNotFoundError(subscriber=user_ns[:100])
        else:
            # Several people may share an address or a number; visitors are told apart by an id of their own.
            new = NewSubscriber(details, channel="web", user_id=f"web-{uuid.uuid4().hex}")
            record = await self._subscribers.create(flow, new)
        return record, await self._visitors.renew(record)

    async def say(self, principal: Principal, *, kind: str, text: str, url: str, target: str) -> ChatMessage:
        """Take what a visitor says or chooses, and return it as it is kept; the answer comes later.

        Raises:
            InvalidArgumentError: There is nothing in it, or something that a visitor may not say or choose.
        """
        if kind in MEDIA and not url.startswith(ADDRESSES):
            # Those who look after the chatbot see it, and click on it.
            raise InvalidArgumentError(f"A message of the type `{kind}` needs a `url`, http or https.", field="url")
        if kind == "text" and not text.strip() and not target:
            raise InvalidArgumentError("`text` must not be blank, unless there is a `target`.", field="text")
        message = {"type": kind, "text": text, "url": url if kind in MEDIA else "", "target": target}
        record = self._subscriber(principal)
        if target and not await self._is_offered(record, target):
            raise InvalidArgumentError(
                "`target` must be that of a button or a quick reply which the chatbot has sent.", field="target"
            )
        return await self._talks.receive(record, message)

    async def messages(self, principal: Principal, *, after: int, limit: int) -> Sequence[ChatMessage]:
        """Return the newest messages of a visitor's talk that are later than a time, oldest first."""
        found = await self._log.of(self._subscriber(principal), after=self._since(after))
        return [one for one in found if one.type != SYSTEM][-limit:]

    async def follow(self, principal: Principal, *, after: int) -> AsyncGenerator[Sequence[ChatMessage], None]:
        """Yield the messages of a visitor's talk, those to come as well; an empty list is a sign of life."""
        record = self._subscriber(principal)
        token = self._visitors.token_of(record)
        async with aclosing(self._log.follow(record, after=self._since(after), rest_s=REST_S)) as news:
            async for found in news:
                # The subscriber was deleted, or the page has a new token.
                if self._visitors.token_of(record) != token:
                    return
                shown = [one for one in found if one.type != SYSTEM]
                if shown or not found:
                    yield shown

    async def _is_offered(self, record: Subscriber, target: str) -> bool:
        """Return whether a visitor was sent a choice: none begins in the middle of a sub flow as it likes."""
        found = await self._log.of(record, after=self._since(0))
        return any(one.type != IN and target in offered(json.loads(one.payload)) for one in found)

    def _since(self, after: int) -> int:
        return max(after, microseconds(self._clock) - SEEN_US)

    def _subscriber(self, principal: Principal) -> Subscriber:
        record = self._entities.get(Subscriber, principal.subscriber_id)
        if record is None:
            # It was deleted since the token was looked at.
            raise ApiKeyInvalidError
        return record
