"""Talks: what subscribers say is answered, and what callers send is sent, one thing at a time for each subscriber."""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_journal_pb2 import ConversationStart
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
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.konversation import SubFlowNotFoundError
from knowflow_server.errors.talk import BotPausedError, SubscriberUnsubscribedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# Answers at the same time; more wait.
MAX_ANSWERS = 200

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
        self._opening: set[str] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(MAX_ANSWERS)
        self._ends: list[tuple[int, str]] = []
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
        tasks = [*([self._loop] if self._loop else []), *self._answers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._keeping.close()

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
        self.refuse(record, runs=runs)
        await self._keeping.through(self._do(flow, record.id, doing, runs=runs, **options))

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

    async def _do(self, flow: Flow, identifier: str, doing: Doing, *, runs: bool, **options: str) -> None:
        async with self._locks.hold(f"talk/{identifier}"):
            record = self._entities.get(Subscriber, identifier)
            if record is None:
                return
            talk = self.conversation(flow, record, **options)
            waiting: TalkWaiting | None = None
            try:
                waiting = await doing(talk)
            except KnowFlowError as error:
                # What a broadcast met is noted with the rest of it.
                if not options.get("cause"):
                    await self._tools.journal.failed([(record, failure_of("sending", error))])
                raise
            finally:
                # A sub flow that was sent takes the place of what waited.
                await self._settle(talk, waiting, replaces=runs)

    def conversation(
        self, flow: Flow, record: Subscriber, *, cause: str = "", channel: str = "", agent: str = ""
    ) -> Conversation:
        """Return a turn of the talk with a subscriber; options as of `send`."""
        return Conversation(self._tools, flow, record, self.graphs.place, cause=cause, channel=channel, agent=agent)

    async def send_many(self, flow: Flow, records: Sequence[Subscriber], place: Place, *, cause: str) -> list[str]:
        """Send a sub flow to many, one after the other, and keep what was said to all of them together.

        Returns:
            Why it was not possible, for each; empty where it was.
        """
        messages: list[ChatMessage] = []
        ended: list[tuple[Conversation, TalkWaiting | None]] = []
        problems = []
        for record in records:
            talk = Conversation(self._tools, flow, record, self.graphs.place, cause=cause, later=messages)
            problem, waiting = "", None
            try:
                self.refuse(record, runs=True)
                waiting = await self._player.play(talk, place)
            except KnowFlowError as error:
                problem = error.sentence
            ended.append((talk, waiting))
            problems.append(problem)
            # Other calls are answered in between.
            await asyncio.sleep(0)
        if messages:
            await self._tools.log.add_later(messages)

        def work(transaction: Transaction) -> None:
            for talk, waiting in ended:
                if talk.has_sent or waiting is not None:
                    self._settled(transaction, talk, waiting, replaces=True)

        await self._entities.transact(work)
        return problems

    # What subscribers say.

    async def receive(self, record: Subscriber, message: Mapping[str, Any], *, cause: str = "") -> ChatMessage:
        """Keep what a subscriber said, and have it answered; the answer comes later.

        Args:
            record: The subscriber.
            message: type, text, url, target: what it said, or which component a button it chose leads to.
            cause: Identifier of the message in its channel.
        """
        journal = self._tools.journal
        await journal.ready(record.organization_id)
        kept = self._tools.log.message(record, IN, message, sender_id=user_ns(record), cause=cause)
        present = self._entities.get(Subscriber, record.id) or record
        # A second message that comes before the first is written down belongs to the same conversation.
        opens = record.id not in self._opening and begins(present, kept.created_at)
        if not opens:
            return await self._receive(record, kept, message)
        self._opening.add(record.id)
        try:
            return await self._receive(record, kept, message, [journal.begun(record, kept.created_at)])
        finally:
            self._opening.discard(record.id)

    async def _receive(
        self,
        record: Subscriber,
        kept: ChatMessage,
        message: Mapping[str, Any],
        beside: Sequence[ConversationStart] = (),
    ) -> ChatMessage:
        await self._tools.log.add([kept], beside)

        def work(transaction: Transaction) -> TalkTurn | None:
            present = transaction.get(Subscriber, record.id)
            if present is None:
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

    def _begin(self, answer: Awaitable[None]) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(answer)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, turn: TalkTurn) -> None:
        async with self._locks.hold(f"talk/{turn.subscriber_id}"), self._places:
            if self._entities.get(TalkTurn, turn.id) is None:
                return
            message: dict[str, Any] = json.loads(turn.message)
            try:
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
        waiting = before
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
        if waiting is not None:
            transaction.put(waiting)
        elif replaces and present is not None:
            transaction.delete(present)
        if talk.has_sent:
            transaction.edit(record).last_bot_interaction = microseconds(self._clock)

    # What waits for a reply, but not for ever.

    def _waits(self, identifier: str, waiting: TalkWaiting | None) -> None:
        if waiting is not None and waiting.expires_at:
            heapq.heappush(self._ends, (waiting.expires_at, identifier))
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

    async def _expire(self, expires_at: int, identifier: str) -> None:
        async with self._locks.hold(f"talk/{identifier}"), self._places:
            waiting = self._entities.get(TalkWaiting, identifier)
            if waiting is None or waiting.expires_at != expires_at:
                # The reply has come meanwhile.
                return
            try:
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
