"""What comes in: taken in at once, handled in the background, each message once, whenever the server ends."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from knowflow.store.v1.whatsapp_pb2 import (
    WHATS_APP_INBOUND_STATE_ANSWERING,
    WHATS_APP_INBOUND_STATE_DONE,
    WHATS_APP_INBOUND_STATE_FAILED,
    WHATS_APP_INBOUND_STATE_RECEIVED,
    WHATS_APP_INBOUND_STATE_REPLYING,
    WHATS_APP_REPLY_STATE_FAILED,
    WHATS_APP_REPLY_STATE_PENDING,
    WHATS_APP_REPLY_STATE_SENDING,
    WHATS_APP_REPLY_STATE_SENT,
    WhatsAppConnection,
    WhatsAppContact,
    WhatsAppInbound,
    WhatsAppOutbound,
    WhatsAppReply,
)
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.keeping import Keeping
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.whatsapp import event
from knowflow_server.domain.whatsapp.connection import Connections
from knowflow_server.domain.whatsapp.messenger import SWEPT, Messenger, message_key, wamid_of
from knowflow_server.errors.base import KnowFlowError, OverloadedError
from knowflow_server.errors.whatsapp import WhatsAppEventRefusedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# People who are answered at the same time.
MAX_CONCURRENT = 16
# A person who writes faster than that is not answered for the rest, which bounds what waits in memory.
MAX_WAITING = 100
# A connection for which more waits takes in no more for now; WhatsApp posts it again.
MAX_LOAD = 5_000
# Messages that are written in one transaction: more would keep others waiting.
PIECE = 100
# What fails for the moment is tried again after so many seconds; the person's later messages wait for it.
DELAYS_S = (2.0, 10.0, 60.0)
PASSING = frozenset({"UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"})
TOO_LATE = "More than 24 hours had passed since the person last wrote."
UNKNOWN = "The server ended while it was sent; whether it was is not known."
UNHANDLED = frozenset(
    {WHATS_APP_INBOUND_STATE_RECEIVED, WHATS_APP_INBOUND_STATE_ANSWERING, WHATS_APP_INBOUND_STATE_REPLYING}
)


class InboundHandler(Protocol):
    """Answers the messages to connections of one kind of owner."""

    async def answer(self, connection: WhatsAppConnection, message: WhatsAppInbound) -> Sequence[Mapping[str, Any]]:
        """Return what is sent in reply: bodies for the Cloud API, as `cloud.texts` makes them; none for no reply.

        It may be called again for the same message, when it raised or the server ended before its replies were kept:
        `message.attempts` counts the calls and `message.id` is the same in each. Replies are sent once at most.

        Raises:
            KnowFlowError: There is no answer. What may pass is tried again.
        """
        ...

    async def told(self, connection: WhatsAppConnection, message: WhatsAppOutbound) -> None:
        """Hear what became of a message that was sent. Nothing waits for it, and nothing is told twice."""
        ...


class Inbound:
    """Takes in what WhatsApp posts, and has it handled in the order in which each person wrote.

    Args:
        entities: Where everything is kept.
        connections: The connections.
        messenger: Sends replies.
        clock: The time.
        delays_s: Seconds before what failed for the moment is tried again.
    """

    def __init__(
        self,
        entities: EntityStore,
        connections: Connections,
        messenger: Messenger,
        clock: Clock,
        *,
        delays_s: Sequence[float] = DELAYS_S,
    ) -> None:
        self._entities = entities
        self._connections = connections
        self._messenger = messenger
        self._clock = clock
        self._delays_s = delays_s
        self._handlers: dict[str, InboundHandler] = {}
        # By person: messages and their connections; and how many wait of each connection.
        self._waiting: dict[str, deque[tuple[str, str]]] = {}
        self._load: Counter[str] = Counter()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(MAX_CONCURRENT)
        self._keeping = Keeping()
        self._last = 0

    def register(self, kind: str, handler: InboundHandler) -> None:
        """Have the messages to connections of a kind of owner answered by a handler; before `start`."""
        self._handlers[kind] = handler

    def start(self) -> None:
        """Take up what an earlier server left; all handlers are registered."""
        left = [one for one in self._entities.all(WhatsAppInbound) if one.state in UNHANDLED]
        for message in sorted(left, key=lambda one: (one.created_at, one.id)):
            self._enqueue(message)
        self._tidy(everywhere=True)
        self._entities.subscribe(WhatsAppConnection, lambda _, record: None if record else self._tidy())

    async def close(self) -> None:
        """Stop; what was under way goes on with the next server."""
        await self._keeping.close()
        tasks = [*self._tasks.values(), *self._telling]
        self._waiting.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _tidy(self, *, everywhere: bool = False) -> None:
        """Begin to delete what is left of connections that are gone."""
        tidying = asyncio.create_task(self._connections.remove_leftovers(everywhere=everywhere))
        self._telling.add(tidying)
        tidying.add_done_callback(self._telling.discard)

    def verify(self, connection_id: str, *, mode: str, token: str, challenge: str) -> str:
        """Return the challenge with which Meta verifies the address of a connection.

        Raises:
            WhatsAppEventRefusedError: There is no such connection, or the token is not its.
        """
        connection = self._connections.get(connection_id)
        expected = connection.verify_token if connection is not None else ""
        if mode != "subscribe" or not expected or not hmac.compare_digest(expected.encode(), token.encode()):
            raise WhatsAppEventRefusedError
        return challenge

    async def receive(self, connection_id: str, body: bytes, *, signature: str) -> None:
        """Take in what WhatsApp posts to the address of a connection; it is on the disk when this returns.

        Args:
            connection_id: The connection.
            body: The body as it came, byte for byte.
            signature: The header X-Hub-Signature-256.

        Raises:
            WhatsAppEventRefusedError: There is no such connection, or the body is not signed with its secret.
            OverloadedError, StoreUnavailableError: It was not kept; WhatsApp posts it again.
        """
        connection = self._connections.get(connection_id)
        if connection is None:
            raise WhatsAppEventRefusedError
        found = await asyncio.to_thread(_read, body, signature, self._connections.app_secret(connection))
        if self._load[connection.id] >= MAX_LOAD:
            raise OverloadedError
        by_number = {
            number: self._connections.beside(connection, number) for number in {one.phone_number_id for one in found}
        }
        known = [(owner, one) for one in found if (owner := by_number[one.phone_number_id]) is not None]
        # What is kept is known when it comes again: who hangs up meanwhile must not keep it from being answered.
        await self._keeping.through(self._take_all(known))

    async def _take_all(self, known: Sequence[tuple[WhatsAppConnection, event.Written | event.Status]]) -> None:
        for start in range(0, len(known), PIECE):
            await self._take_in(known[start : start + PIECE])

    async def _take_in(self, known: Sequence[tuple[WhatsAppConnection, event.Written | event.Status]]) -> None:
        def work(transaction: Transaction) -> tuple[list[WhatsAppInbound], list[WhatsAppOutbound]]:
            written, told = [], []
            for owner, one in known:
                # It may have been removed meanwhile, with everything of it.
                present = transaction.get(WhatsAppConnection, owner.id)
                if present is None:
                    continue
                if isinstance(one, event.Written):
                    kept = self._take(transaction, present, one)
                    written += [kept] if kept is not None else []
                else:
                    news = self._messenger.told(transaction, present, one.told)
                    told += [news] if news is not None else []
            for connection in {owner.id: owner for owner, _ in known}.values():
                self._sweep(transaction, connection)
                self._messenger.sweep(transaction, connection)
            return written, told

        written, told = await self._entities.transact(work)
        for message in written:
            self._enqueue(message)
        for news in told:
            self._tell(news)

    def _take(
        self, transaction: Transaction, connection: WhatsAppConnection, written: event.Written
    ) -> WhatsAppInbound | None:
        """Keep a message; None for one that is known."""
        identifier = message_key(connection, written.wamid)
        if transaction.get(WhatsAppInbound, identifier) is not None:
            return None
        now = microseconds(self._clock)
        # Messages of one body have an order, too.
        self._last = max(self._last + 1, now)
        sent_at = min(written.sent_at or now, now)
        contact = self._connections.contact_of(transaction, connection, written.wa_id, name=written.name)
        contact.last_received_at = max(contact.last_received_at, sent_at)
        message = WhatsAppInbound(
            id=identifier,
            organization_id=connection.organization_id,
            connection_id=connection.id,
            contact_id=contact.id,
            wamid=written.wamid,
            wa_id=written.wa_id,
            type=written.type,
            text=written.text,
            payload=written.payload,
            sent_at=sent_at,
            state=WHATS_APP_INBOUND_STATE_RECEIVED,
            created_at=self._last,
            updated_at=now,
        )
        if len(self._waiting.get(contact.id, ())) >= MAX_WAITING:
            message.state, message.error = WHATS_APP_INBOUND_STATE_FAILED, "Too many messages of this person waited."
        transaction.put(message)
        return message

    def _sweep(self, transaction: Transaction, connection: WhatsAppConnection) -> None:
        """Delete the oldest messages that are over, beyond those that are kept."""
        over = [one for one in self._messenger.oldest(WhatsAppInbound, connection) if one.state not in UNHANDLED]
        for record in over[:SWEPT]:
            transaction.delete(record)

    def _enqueue(self, message: WhatsAppInbound) -> None:
        contact_id = message.contact_id
        self._waiting.setdefault(contact_id, deque()).append((message.id, message.connection_id))
        self._load[message.connection_id] += 1
        if contact_id not in self._tasks:
            self._tasks[contact_id] = asyncio.create_task(self._serve(contact_id), name="whatsapp")

    async def _serve(self, contact_id: str) -> None:
        """Handle what a person wrote, one message after the other."""
        queue = self._waiting[contact_id]
        try:
            while queue:
                delay: float | None = 0.0
                while delay is not None:
                    await asyncio.sleep(delay)
                    async with self._places:
                        delay = await self._attempt(queue[0][0])
                _, connection_id = queue.popleft()
                self._load[connection_id] -= 1
                if not self._load[connection_id]:
                    del self._load[connection_id]
        finally:
            # Nothing waits between the last look at the queue and this, so that nothing is put into it unseen.
            self._waiting.pop(contact_id, None)
            self._tasks.pop(contact_id, None)

    async def _attempt(self, identifier: str) -> float | None:
        """Handle a message; return after how many seconds it wants to be tried again, or None when it is over."""
        try:
            message = self._entities.get(WhatsAppInbound, identifier)
            connection = self._connections.get(message.connection_id) if message is not None else None
            if message is None or connection is None or message.state not in UNHANDLED:
                return None
            if message.state != WHATS_APP_INBOUND_STATE_REPLYING:
                message = await self._begin(identifier)
                if message is None:
                    return None
                replies = await self._answered(connection, message)
                await self._entities.transact(lambda transaction: self._answer(transaction, identifier, replies))
            return await self._reply(connection, identifier)
        except KnowFlowError as error:
            return await self._failed(identifier, error.sentence, is_passing=error.code in PASSING)
        except Exception:
            logger.exception("A message could not be handled.", extra={"inbound": identifier})
            return await self._failed(identifier, "Internal error.", is_passing=False)

    async def _begin(self, identifier: str) -> WhatsAppInbound | None:
        def work(transaction: Transaction) -> WhatsAppInbound | None:
            present = transaction.get(WhatsAppInbound, identifier)
            if present is None or transaction.get(WhatsAppConnection, present.connection_id) is None:
                return None
            message = transaction.edit(present)
            now = microseconds(self._clock)
            message.state = WHATS_APP_INBOUND_STATE_ANSWERING
            message.attempts += 1
            message.answering_since = message.answering_since or now
            message.updated_at = now
            return message

        return await self._entities.transact(work)

    async def _answered(self, connection: WhatsAppConnection, message: WhatsAppInbound) -> Sequence[Mapping[str, Any]]:
        handler = self._handlers.get(connection.owner_kind)
        return await handler.answer(connection, message) if handler is not None else []

    def _answer(self, transaction: Transaction, identifier: str, replies: Sequence[Mapping[str, Any]]) -> None:
        """Keep what is sent in reply; from now on the handler is not asked again."""
        present = transaction.get(WhatsAppInbound, identifier)
        if present is None:
            return
        message = transaction.edit(present)
        message.replies.extend(
            WhatsAppReply(body=json.dumps(reply, ensure_ascii=False).encode(), state=WHATS_APP_REPLY_STATE_PENDING)
            for reply in replies
        )
        message.state = WHATS_APP_INBOUND_STATE_REPLYING if replies else WHATS_APP_INBOUND_STATE_DONE
        message.updated_at = microseconds(self._clock)

    async def _reply(self, connection: WhatsAppConnection, identifier: str) -> float | None:
        """Send the replies to a message, and return what `_attempt` returns."""
        while True:
            claimed = await self._entities.transact(lambda transaction: self._claim(transaction, identifier))
            if claimed is None:
                return None
            message, place = claimed
            reply = json.loads(message.replies[place].body)
            try:
                answer = await self._messenger.post(connection, reply, inbound_id=message.id)
            except KnowFlowError as error:
                # WhatsApp has been asked several times already where that can help.
                settle = partial(self._settle, identifier=identifier, place=place, error=error.sentence)
            else:
                settle = partial(self._settle, identifier=identifier, place=place, wamid=wamid_of(answer))
            await self._entities.transact(settle)

    def _claim(self, transaction: Transaction, identifier: str) -> tuple[WhatsAppInbound, int] | None:
        """Mark the next reply as being sent and return it; None when there is none, and the message is over."""
        present = transaction.get(WhatsAppInbound, identifier)
        if present is None or present.state != WHATS_APP_INBOUND_STATE_REPLYING:
            return None
        message = transaction.edit(present)
        message.updated_at = microseconds(self._clock)
        for reply in message.replies:
            if reply.state == WHATS_APP_REPLY_STATE_SENDING:
                # An earlier server was about to send it: twice would be worse than not at all.
                reply.state, reply.error = WHATS_APP_REPLY_STATE_FAILED, UNKNOWN
        contact = transaction.get(WhatsAppContact, message.contact_id)
        for place, reply in enumerate(message.replies):
            if reply.state != WHATS_APP_REPLY_STATE_PENDING:
                continue
            is_text = json.loads(reply.body).get("type") != "template"
            if is_text and (contact is None or not self._messenger.is_open(contact)):
                reply.state, reply.error = WHATS_APP_REPLY_STATE_FAILED, TOO_LATE
                continue
            reply.state = WHATS_APP_REPLY_STATE_SENDING
            return message, place
        failed = next((one.error for one in message.replies if one.state == WHATS_APP_REPLY_STATE_FAILED), "")
        message.state = WHATS_APP_INBOUND_STATE_FAILED if failed else WHATS_APP_INBOUND_STATE_DONE
        message.error = failed
        return None

    @staticmethod
    def _settle(transaction: Transaction, *, identifier: str, place: int, wamid: str = "", error: str = "") -> None:
        present = transaction.get(WhatsAppInbound, identifier)
        if present is not None:
            reply = transaction.edit(present).replies[place]
            reply.state = WHATS_APP_REPLY_STATE_FAILED if error else WHATS_APP_REPLY_STATE_SENT
            reply.wamid, reply.error = wamid, error

    async def _failed(self, identifier: str, sentence: str, *, is_passing: bool) -> float | None:
        message = self._entities.get(WhatsAppInbound, identifier)
        if message is None or message.state not in UNHANDLED:
            return None
        if is_passing and message.attempts <= len(self._delays_s):
            return self._delays_s[max(0, message.attempts - 1)]

        def work(transaction: Transaction) -> None:
            present = transaction.get(WhatsAppInbound, identifier)
            if present is not None:
                given_up = transaction.edit(present)
                given_up.state, given_up.error = WHATS_APP_INBOUND_STATE_FAILED, sentence
                given_up.updated_at = microseconds(self._clock)

        with suppress(KnowFlowError):
            await self._entities.transact(work)
        logger.warning("A message was not answered.", extra={"connection": message.connection_id, "cause": sentence})
        return None

    def _tell(self, news: WhatsAppOutbound) -> None:
        connection = self._connections.get(news.connection_id)
        handler = self._handlers.get(connection.owner_kind) if connection is not None else None
        if connection is None or handler is None:
            return
        task = asyncio.create_task(self._told(handler, connection, news), name="whatsapp status")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    @staticmethod
    async def _told(handler: InboundHandler, connection: WhatsAppConnection, news: WhatsAppOutbound) -> None:
        try:
            await handler.told(connection, news)
        except Exception:
            logger.exception("News of a message could not be passed on.", extra={"connection": connection.id})


def _read(body: bytes, signature: str, secret: bytes) -> list[event.Written | event.Status]:
    """Return what a signed body tells; a long one takes a while.

    Raises:
        WhatsAppEventRefusedError: It is not signed with the secret.
    """
    if not event.is_signed(body, signature, secret):
        raise WhatsAppEventRefusedError
    return event.read(body)
