"""The messages of talks: kept before anybody is told of them, read again by time, and told to those who listen."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_journal_pb2 import ConversationStart, FlowErrorEntry
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.store.messages import MessageStore

# Who speaks.
IN, OUT, AGENT, SYSTEM = "in", "out", "agent", "system"
# Messages which are held for a listener who is slow to take them; more are read again.
MAX_HELD = 100


class _Listener:
    """What somebody who follows a talk has not taken yet."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self._held: list[ChatMessage] = []

    def hear(self, message: ChatMessage) -> None:
        """Take in the next message."""
        if len(self._held) <= MAX_HELD:
            self._held.append(message)
        self.news.set()

    def take(self) -> tuple[bool, list[ChatMessage]]:
        """Return whether nothing was left out, and what came since the last call."""
        held, self._held = self._held, []
        self.news.clear()
        return len(held) <= MAX_HELD, held


class ChatLog:
    """The messages of all talks.

    Args:
        messages: Where they are kept.
        clock: The time.
        ids: Identifiers of messages.
    """

    def __init__(self, messages: MessageStore, clock: Clock, ids: IdSource) -> None:
        self._messages = messages
        self._clock = clock
        self._ids = ids
        self._last = 0
        self._listeners: defaultdict[str, set[_Listener]] = defaultdict(set)
        self._has_ended = False

    def message(
        self, subscriber: Subscriber, kind: str, payload: Mapping[str, Any], *, sender_id: str = "", cause: str = ""
    ) -> ChatMessage:
        """Return a message that is about to be kept; no two have the same time.

        Args:
            subscriber: Whose talk it belongs to.
            kind: Who speaks.
            payload: The message: type, text, url, and what else there is of it.
            sender_id: Who sent it.
            cause: The broadcast or the turn it belongs to.
        """
        return ChatMessage(
            id=self._ids.new_id(),
            organization_id=subscriber.organization_id,
            subscriber_id=subscriber.id,
            type=kind,
            msg_type=str(payload.get("type") or "text"),
            content=str(payload.get("text") or payload.get("url") or ""),
            payload=json.dumps({name: value for name, value in payload.items() if value}, ensure_ascii=False),
            sender_id=sender_id,
            cause=cause,
            created_at=self._time(),
        )

    def _time(self) -> int:
        """Return a time that no message has had.

        None ends in 0: times are the ids of messages, and of such a number the gateway makes 1.76722560000001e+15.
        """
        self._last = max(self._last + 1, microseconds(self._clock))
        self._last += not self._last % 10
        return self._last

    async def add_later(self, messages: Sequence[ChatMessage]) -> None:
        """Keep messages that were made some time ago, with new times; as `add`.

        Who follows a talk reads on from the last time it has seen, so that none may come with an earlier one.
        """
        for message in messages:
            message.created_at = self._time()
        await self.add(messages)

    async def add(
        self, messages: Sequence[ChatMessage], beside: Sequence[ConversationStart | FlowErrorEntry] = ()
    ) -> None:
        """Keep messages, and tell those who listen; what is kept beside them comes in the same write.

        Raises:
            OverloadedError, StoreUnavailableError: As the store says; nothing is kept, and nobody is told.
        """
        await self._messages.add([*messages, *beside])
        for message in messages:
            for listener in self._listeners.get(message.subscriber_id, ()):
                listener.hear(message)

    async def of(self, subscriber: Subscriber, *, after: int = 0, until: int = 0) -> list[ChatMessage]:
        """Return the messages of a talk, oldest first; `after` and `until` are microseconds since 1970."""
        return await self._messages.records(
            ChatMessage, subscriber.organization_id, [subscriber.id], after=after, until=until
        )

    async def caused(self, subscribers: Sequence[Subscriber], cause: str, *, since: int) -> set[str]:
        """Return those of some subscribers, by their ids, to whom something was sent for a cause."""
        if not subscribers:
            return set()
        organization_id = subscribers[0].organization_id
        found = await self._messages.records(ChatMessage, organization_id, [one.id for one in subscribers], after=since)
        return {message.subscriber_id for message in found if message.cause == cause}

    async def follow(
        self, subscriber: Subscriber, *, after: int, rest_s: float
    ) -> AsyncGenerator[list[ChatMessage], None]:
        """Yield the messages of a talk that are later than a time, those to come as well, as lists.

        An empty list is a sign of life: nothing has come for `rest_s` seconds.
        """
        with self._listening(subscriber.id) as listener:
            found = await self.of(subscriber, after=after)
            while not self._has_ended:
                if found:
                    after = found[-1].created_at
                    yield found
                else:
                    try:
                        async with asyncio.timeout(rest_s):
                            await listener.news.wait()
                    except TimeoutError:
                        yield []
                is_whole, heard = listener.take()
                found = [one for one in heard if one.created_at > after]
                if not is_whole:
                    found = await self.of(subscriber, after=after)

    def end(self) -> None:
        """Have everybody who follows a talk hear no more: the server stops, and they read on from the next one."""
        self._has_ended = True
        for listener in chain.from_iterable(self._listeners.values()):
            listener.news.set()

    @contextmanager
    def _listening(self, identifier: str) -> Iterator[_Listener]:
        listener = _Listener()
        self._listeners[identifier].add(listener)
        try:
            yield listener
        finally:
            self._listeners[identifier].discard(listener)
            if not self._listeners[identifier]:
                del self._listeners[identifier]
