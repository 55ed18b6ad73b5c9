"""Talks: what subscribers say is answered, and what callers send is sent, one thing at a time for each subscriber."""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow.store.v1.subscriber_pb2 import CHAT_STATUS_DONE, CHAT_STATUS_OPEN, Subscriber
from knowflow.store.v1.talk_pb2 import TalkTurn, TalkWaiting, WebVisitor
from knowflow_server.domain.canvas.components.question import ATTACHED, TIMED_OUT
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.keeping import Keeping
from knowflow_server.domain.konversation.journal import begins, failure_of
from knowflow_server.domain.konversation.subscriber import is_paused, user_ns
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.talk.content import MEDIA
from knowflow_server.domain.talk.conversation import Conversation, Place, Tools
from knowflow_server.domain.talk.log import IN
from knowflow_server.domain.talk.play import Graphs, Player
from knowflow_server.errors.base import KnowFlowError, OverloadedError
from knowflow_server.errors.konversation import SubFlowNotFoundError, SubscriberNotFoundError
from knowflow_server.errors.talk import BotPausedError, SubscriberUnsubscribedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# Answers at the same time, and those of one organization; more wait.
MAX_ANSWERS, MAX_OF_ONE = 400, 200
# A subscriber of whom more waits to be answered is asked to wait, which bounds what waits in memory.
MAX_WAITING = 100
# Of many who are sent the same, so many at a time: what their sub flows write is written together.
SIDE_BY_SIDE = 25

Doing = Callable[[Conversation], Awaitable[TalkWaiting | None]]


class Talks:
    """The talks of all chatbots. Who may see the chatbot, which callers give, was decided before.

    Args:
        entities: Where subscribers are, and what waits.
        tools: What conversations use.
        graphs: The graphs of sub flows.
        player: Plays them.
        jobs: Has the messages of deleted subscribers removed.
        locks: One thing at a time for each subscriber.
        clock: The time.
    """

    def __init__(
        self,
        entities: EntityStore,
        tools: Tools,
        graphs: Graphs,
        player: Player,
        jobs: Jobs,
        locks: NamedLocks,
        clock: Clock,
    ) -> None:
        self.graphs = graphs
        self._entities = entities
        self._tools = tools
        self._player = player
        self._jobs = jobs
        self._locks = locks
        self._clock = clock
        self._keeping = Keeping()
        self._is_closing = False
        self._opening: set[str] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._places, self._shares = asyncio.Semaphore(MAX_ANSWERS), NamedLocks(MAX_OF_ONE)
        self._ends: list[tuple[int, str, str]] = []
        self._wake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        entities.observe(self._forget)
        entities.subscribe(Subscriber, lambda _, record: jobs.wake() if record is None else None)

    def start(self) -> None:
        """Answer what an earlier server left unanswered, and watch what waits."""
        for waiting in self._entities.all(TalkWaiting):
            self._waits(waiting.id, waiting)
        self._entities.subscribe(TalkWaiting, self._waits)
        for turn in sorted(self._entities.all(TalkTurn), key=lambda one: one.created_at):
            self._begin(self._answer(turn))
        self._loop = asyncio.create_task(self._watch(), name="talks")

    async def close(self) -> None:
        """Stop; what is unanswered is answered by the next server."""
        self._is_closing = True
        # What has begun may end: the next server would say again what was said of it.
        await self._keeping.close()
        tasks = [*([self._loop] if self._loop else []), *self._answers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # What callers send.

    async def send(self, flow: Flow, record: Subscriber, doing: Doing, *, runs: bool, **options: str) -> None:
        """Have something done in the talk with a subscriber, and return when it is; it goes on when the caller leaves.

        Args:
            flow: The chatbot.
            record: The subscriber.
            doing: What is done; returns what waits for a reply then.
            runs: Whether sub flows run, which a paused bot does not do.
            options: `cause`, `channel` and `agent` of the conversation.

        Raises:
            SubscriberUnsubscribedError, BotPausedError, KnowFlowError: As their sentences say.
        """
        await asyncio.shield(self._begin(self._do(flow, record, doing, runs=runs, **options)))

    def refuse(self, record: Subscriber, *, runs: bool) -> None:
        """Refuse what a subscriber is not to be sent.

        Raises:
            SubscriberUnsubscribedError, BotPausedError: As their sentences say.
        """
        if not record.subscribed_at:
            raise SubscriberUnsubscribedError(user_ns=user_ns(record))
        if runs and is_paused(record, microseconds(self._clock)):
            raise BotPausedError(user_ns=user_ns(record))

    async def run(
        self, talk: Conversation, place: Place, values: Mapping[str, Any] | None = None
    ) -> TalkWaiting | None:
        """Play a sub flow, for `send`; `values` are for the inputs of its Begin."""
        return await self._player.play(talk, place, inputs=values)

    async def _do(self, flow: Flow, record: Subscriber, doing: Doing, *, runs: bool, **options: str) -> None:
        async with self._locks.hold(_lock(record.id)):
            # What went before may have unsubscribed them.
            present = self._entities.get(Subscriber, record.id)
            if present is None:
                raise SubscriberNotFoundError(subscriber=user_ns(record))
            self.refuse(present, runs=runs)
            talk = self.conversation(flow, present, **options)
            waiting: TalkWaiting | None = None
            try:
                with self._keeping.answering():
                    waiting = await doing(talk)
            except KnowFlowError as error:
                # What a broadcast met is noted with the rest of it.
                if not options.get("cause"):
                    await self._tools.journal.failed([(present, failure_of("sending", error))])
                raise
            finally:
                # A sub flow that was sent takes the place of what waited.
                await self._settle(talk, waiting, replaces=runs)

    def conversation(
        self, flow: Flow, record: Subscriber, *, cause: str = "", channel: str = "", agent: str = ""
    ) -> Conversation:
        """Return a turn of the talk with a subscriber; options as of `send`."""
        return Conversation(self._tools, flow, record, self.graphs.place, cause=cause, channel=channel, agent=agent)

    async def send_many(self, flow: Flow, records: Sequence[Subscriber], place: Place, *, cause: str) -> dict[int, str]:
        """Send a sub flow to many, and keep what was said to all of them together.

        Those are left out who were deleted, and those in whose talks something is under way, which may take long.

        Returns:
            Why it was not possible, by numbers of subscribers; empty where it was.
        """
        messages: list[ChatMessage] = []
        ended: dict[Conversation, TalkWaiting | None] = {}

        async def play(record: Subscriber) -> None:
            self.refuse(record, runs=True)
            talk = Conversation(self._tools, flow, record, self.graphs.place, cause=cause, later=messages)
            ended[talk] = None
            ended[talk] = await self._player.play(talk, place)

        def work(transaction: Transaction) -> None:
            for talk, waiting in ended.items():
                self._settled(transaction, talk, waiting, replaces=True)

        problems: dict[int, str] = {}
        async with AsyncExitStack() as stack:
            free = [record.id for record in records if not self._locks.users(_lock(record.id))]
            for identifier in free:
                await stack.enter_async_context(self._locks.hold(_lock(identifier)))
            for start in range(0, len(free), SIDE_BY_SIDE):
                found = [self._entities.get(Subscriber, one) for one in free[start : start + SIDE_BY_SIDE]]
                present = [record for record in found if record is not None]
                told = await asyncio.gather(*(problem_of(play(record)) for record in present))
                problems.update(zip((record.number for record in present), told, strict=True))
            if messages:
                await self._tools.log.add_later(messages)
            await self._entities.transact(work)
        return problems

    # What subscribers say.

    async def receive(
        self, record: Subscriber, message: Mapping[str, Any], *, cause: str = "", kept: ChatMessage | None = None
    ) -> ChatMessage:
        """Keep what a subscriber said, and have it answered; the answer comes later.

        Args:
            record: The subscriber.
            message: type, text, url, target: what it said, or which component a button it chose leads to.
            cause: Identifier of the message in its channel.
            kept: What was kept of it when it came before; it may not have got any further then. None for a new one.

        Raises:
            OverloadedError: Too much of the subscriber waits; nothing is kept.
        """
        if self._locks.users(_lock(record.id)) > MAX_WAITING:
            raise OverloadedError
        if kept is not None:
            return await self._take(record, kept, message, is_new=False)
        journal, log = self._tools.journal, self._tools.log
        await journal.ready(record.organization_id)
        kept = log.message(record, IN, message, sender_id=user_ns(record), cause=cause)
        present = self._entities.get(Subscriber, record.id) or record
        # A second message that comes before the first is written down belongs to the same conversation.
        opens = record.id not in self._opening and begins(present, kept.created_at)
        if not opens:
            await log.add([kept])
            return await self._take(record, kept, message, is_new=True)
        self._opening.add(record.id)
        try:
            await log.add([kept], [journal.begun(record, kept.created_at)])
            return await self._take(record, kept, message, is_new=True)
        finally:
            self._opening.discard(record.id)

    async def _take(
        self, record: Subscriber, kept: ChatMessage, message: Mapping[str, Any], *, is_new: bool
    ) -> ChatMessage:
        """Write down that a message is to be answered, unless that was done before, and begin with it."""

        def work(transaction: Transaction) -> TalkTurn | None:
            present = transaction.get(Subscriber, record.id)
            if present is None or not (is_new or present.last_message_at < kept.created_at):
                return None
            edited = transaction.edit(present)
            turn = TalkTurn(
                id=kept.id,
                organization_id=record.organization_id,
                subscriber_id=record.id,
                message=json.dumps(dict(message), ensure_ascii=False),
                is_first=not present.last_message_at,
                created_at=kept.created_at,
            )
            edited.last_interaction = edited.last_message_at = edited.last_seen = kept.created_at
            edited.last_message_type = kept.msg_type
            if edited.status == CHAT_STATUS_DONE:
                edited.status = CHAT_STATUS_OPEN
            transaction.put(turn)
            return turn

        turn = await self._entities.transact(work)
        if turn is not None:
            self._begin(self._answer(turn))
        return kept

    def _begin(self, answer: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(answer)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        return task

    @asynccontextmanager
    async def _place(self, organization_id: str, identifier: str) -> AsyncIterator[None]:
        """Wait until it is a subscriber's turn, and there is a place for it."""
        async with self._locks.hold(_lock(identifier)), self._shares.hold(organization_id), self._places:
            yield

    async def _answer(self, turn: TalkTurn) -> None:
        async with self._place(turn.organization_id, turn.subscriber_id):
            if self._is_closing or self._entities.get(TalkTurn, turn.id) is None:
                return
            message: dict[str, Any] = json.loads(turn.message)
            try:
                with self._keeping.answering():
                    await self._reply(turn.subscriber_id, message, turn=turn)
            except asyncio.CancelledError:
                # The server stops; the next one answers.
                raise
            except Exception:
                logger.exception("A message could not be answered.", extra={"subscriber": turn.subscriber_id})
                await self._entities.transact(lambda transaction: transaction.delete(turn))

    async def _reply(self, identifier: str, message: Mapping[str, Any], *, turn: TalkTurn | None) -> None:
        """Do what follows from a message of a subscriber, or from none having come in time."""
        record = self._entities.get(Subscriber, identifier)
        flow = self._entities.get(Flow, record.flow_id) if record is not None else None
        if record is None or flow is None:
            if turn is not None:
                await self._entities.transact(lambda transaction: transaction.delete(turn))
            return
        talk = self.conversation(flow, record, cause=turn.id if turn else "")
        before = self._entities.get(TalkWaiting, identifier)
        # While the bot is silent, a question goes on waiting for a reply, but not beyond its time.
        waiting = before if turn is not None else None
        try:
            if record.subscribed_at and not is_paused(record, microseconds(self._clock)):
                waiting = await self._next(talk, before, message, is_first=bool(turn and turn.is_first))
        except KnowFlowError as error:
            waiting = None
            await talk.note(error.sentence, failure_of("answer", error))
            logger.warning("A sub flow failed.", extra={"subscriber": identifier, "reason": error.reason})
        await self._settle(talk, waiting, replaces=True, turn=turn)

    async def _next(
        self, talk: Conversation, waiting: TalkWaiting | None, message: Mapping[str, Any], *, is_first: bool
    ) -> TalkWaiting | None:
        """Answer a message: what it chose, what waits for it, what it calls, or what conversations begin with."""
        text, target = str(message.get("text") or ""), str(message.get("target") or "")
        inputs: dict[str, Any] = {TIMED_OUT: True} if message.get(TIMED_OUT) else {}
        if message.get("type") in MEDIA:
            inputs[ATTACHED] = dict(message)
        if target:
            return await self._player.play(talk, await self.graphs.place(talk.flow, target), text=text)
        if waiting is not None:
            sub_flow = self._entities.get(SubFlow, waiting.sub_flow_id)
            if sub_flow is not None:
                return await self._player.resume(talk, waiting, sub_flow, text=text, inputs=inputs)
        if message.get(TIMED_OUT):
            return None
        try:
            place = self.graphs.start(talk.flow) if is_first else await self.graphs.called(talk.flow, text)
        except SubFlowNotFoundError:
            # A chatbot without sub flows listens.
            return None
        return None if place is None else await self._player.play(talk, place, text=text)

    async def _settle(
        self, talk: Conversation, waiting: TalkWaiting | None, *, replaces: bool, turn: TalkTurn | None = None
    ) -> None:
        """Write down how a turn has ended: what waits now, and that the chatbot has written."""

        def work(transaction: Transaction) -> None:
            if turn is not None and transaction.get(TalkTurn, turn.id) is not None:
                transaction.delete(turn)
            self._settled(transaction, talk, waiting, replaces=replaces)

        await self._entities.transact(work)

    def _settled(
        self, transaction: Transaction, talk: Conversation, waiting: TalkWaiting | None, *, replaces: bool
    ) -> None:
        record = transaction.get(Subscriber, talk.record.id)
        present = transaction.get(TalkWaiting, talk.record.id)
        if record is None:
            return
        if waiting is not None and waiting is not present:
            transaction.put(waiting)
        elif waiting is None and replaces and present is not None:
            transaction.delete(present)
        if talk.has_sent:
            transaction.edit(record).last_bot_interaction = microseconds(self._clock)

    # What waits for a reply, but not for ever.

    def _waits(self, identifier: str, waiting: TalkWaiting | None) -> None:
        if waiting is not None and waiting.expires_at:
            heapq.heappush(self._ends, (waiting.expires_at, identifier, waiting.organization_id))
            self._wake.set()

    async def _watch(self) -> None:
        while True:
            now = microseconds(self._clock)
            while self._ends and self._ends[0][0] <= now:
                self._begin(self._expire(*heapq.heappop(self._ends)))
            rest = (self._ends[0][0] - now) / 1_000_000 if self._ends else None
            try:
                async with asyncio.timeout(rest):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def _expire(self, expires_at: int, identifier: str, organization_id: str) -> None:
        async with self._place(organization_id, identifier):
            waiting = self._entities.get(TalkWaiting, identifier)
            if self._is_closing or waiting is None or waiting.expires_at != expires_at:
                # The reply has come meanwhile, or the next server goes on.
                return
            try:
                with self._keeping.answering():
                    await self._reply(identifier, {TIMED_OUT: True}, turn=None)
            except Exception:
                logger.exception("A question could not be ended.", extra={"subscriber": identifier})

    def _forget(self, transaction: Transaction) -> None:
        """Have everything go that belongs to a subscriber who goes."""
        gone = [before for before, after in transaction.changes() if after is None and isinstance(before, Subscriber)]
        for record in gone:
            for kind in (TalkWaiting, WebVisitor):
                present = transaction.get(kind, record.id)
                if present is not None:
                    transaction.delete(present)
        # They are of one chatbot, which is deleted, or one alone.
        if gone:
            self._jobs.add_forgetting(transaction, gone[0].organization_id, [record.id for record in gone])


def _lock(identifier: str) -> str:
    """Return the name of the lock under which the talk with a subscriber goes on."""
    return f"talk/{identifier}"


async def problem_of(sending: Awaitable[None]) -> str:
    """Wait for one of many who are sent something, and return why it was not possible; empty when it was."""
    try:
        await sending
    except KnowFlowError as error:
        return error.sentence
    except Exception:
        logger.exception("A broadcast failed for a recipient.")
        return "Internal error."
    return ""
