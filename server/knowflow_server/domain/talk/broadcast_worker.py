"""Sending broadcasts: durable over restarts, to nobody twice, at their pace, and in turns between organizations.

Recipients lie in parts, in order. Before some of them are sent to, that is written down (`sending`); after that, how
far the part is and how many were reached are written together. What was under way when a server ended is looked up in
the messages of the talks, each of which is kept before it leaves: who has one is not sent to again, everybody else is.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from knowflow.store.v1.broadcast_pb2 import (
    BROADCAST_STATE_COMPLETED,
    BROADCAST_STATE_SENDING,
    BROADCAST_STATE_WAITING,
    Broadcast,
    BroadcastPart,
)
from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.keeping import Keeping
from knowflow_server.domain.konversation.journal import Failure, Journal
from knowflow_server.domain.konversation.naming import identifier, numbered
from knowflow_server.domain.konversation.subscriber import Subscribers, set_value, user_ns
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.talk.broadcast import EMAIL, OPEN, TEMPLATE, Broadcasts, sub_flow_of
from knowflow_server.domain.talk.channel import WEB, Channels
from knowflow_server.domain.talk.conversation import Conversation, Place
from knowflow_server.domain.talk.log import ChatLog
from knowflow_server.domain.talk.mail import EMAIL as MAIL_CHANNEL
from knowflow_server.domain.talk.talks import Talks, problem_of
from knowflow_server.domain.talk.whatsapp import CHANNELS as WHATSAPP_CHANNELS
from knowflow_server.errors.core import AgentDslInvalidError
from knowflow_server.errors.talk import ChannelUnavailableError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# Recipients in one part, and those who are sent to in one step where nothing leaves the server or is waited for: what
# is written of more of them at once holds up other calls for more than 10 ms.
PART = 400
BATCH = 400
# Recipients who are sent to side by side where a sub flow waits for models or other services.
AT_ONCE = 8
# Steps of different organizations at the same time.
MAX_STEPS = 4
# How far a broadcast that was held up catches up at once.
BURST_US = 250_000
MINUTE_US = 60_000_000
# A worker that cannot write rests for so long.
REST_S = 5.0
UNSURE = "the server ended while it sent to {user_ns}, and does not know whether the message left."


class TemplateSender(Protocol):
    """Templates of WhatsApp."""

    async def send_template(self, talk: Conversation, template: Mapping[str, Any]) -> None:
        """Send a template to the subscriber of a talk.

        Raises:
            KnowFlowError: It was not sent; the sentence says why.
        """
        ...


class BroadcastWorker:
    """Sends what is due.

    Args:
        entities: Where broadcasts are.
        broadcasts: Knows who they are for.
        subscribers: Changes fields of recipients.
        talks: Sends to one subscriber.
        channels: Know whether messages leave the server.
        log: What was sent.
        journal: Keeps who could not be sent to.
        templates: Sends templates of WhatsApp.
        clock: The time.
    """

    def __init__(
        self,
        entities: EntityStore,
        broadcasts: Broadcasts,
        subscribers: Subscribers,
        talks: Talks,
        channels: Channels,
        log: ChatLog,
        journal: Journal,
        templates: TemplateSender,
        clock: Clock,
    ) -> None:
        self._entities = entities
        self._broadcasts = broadcasts
        self._subscribers = subscribers
        self._talks = talks
        self._channels = channels
        self._log = log
        self._journal = journal
        self._templates = templates
        self._clock = clock
        self._open: dict[str, Broadcast] = {}
        self._served: dict[str, int] = {}
        self._number = 0
        self._keeping = Keeping()
        self._is_closing = False
        self._running: dict[str, asyncio.Task[None]] = {}
        # First come, first served: organizations take turns.
        self._places = asyncio.Semaphore(MAX_STEPS)
        self._wake = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up what an earlier server left, and begin to send."""
        for broadcast in self._entities.all(Broadcast):
            self._changed(broadcast.id, broadcast)
        self._entities.subscribe(Broadcast, self._changed)
        self._loop = asyncio.create_task(self._run(), name="broadcasts")

    async def close(self) -> None:
        """Stop; what is under way may end, and what does not in time is looked up by the next server."""
        self._is_closing = True
        if self._loop is not None:
            self._loop.cancel()
        await self._keeping.close()
        tasks = [*([self._loop] if self._loop else []), *self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _sweep(self, transaction: Transaction) -> None:
        """Delete the parts which were being sent to when their broadcast was cancelled and a server ended."""
        for part in self._entities.all(BroadcastPart):
            broadcast = transaction.get(Broadcast, part.broadcast_id)
            if broadcast is None or broadcast.state != BROADCAST_STATE_SENDING:
                transaction.delete(part)

    def _changed(self, identifier_: str, broadcast: Broadcast | None) -> None:
        if broadcast is not None and broadcast.state in OPEN:
            self._open[identifier_] = broadcast
        else:
            self._open.pop(identifier_, None)
            self._served.pop(identifier_, None)
        self._wake.set()

    async def _run(self) -> None:
        await self._entities.transact(self._sweep)
        while True:
            now = microseconds(self._clock)
            times = []
            for broadcast in self._open.values():
                at = max(broadcast.scheduled_at, broadcast.next_at)
                organization_id = broadcast.organization_id
                if organization_id in self._running:
                    continue
                if at > now:
                    times.append(at)
                    continue
                task = asyncio.create_task(self._serve(organization_id), name=f"broadcasts {organization_id}")
                self._running[organization_id] = task
                task.add_done_callback(lambda _, one=organization_id: self._ended(one))  # type: ignore[misc]
            rest = (min(times) - now) / 1_000_000 if times else None
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()
            self._wake.clear()

    def _ended(self, organization_id: str) -> None:
        self._running.pop(organization_id, None)
        self._wake.set()

    async def _serve(self, organization_id: str) -> None:
        """Send what is due for an organization, its broadcasts in turns."""
        try:
            while (broadcast := self._next(organization_id)) is not None:
                self._number += 1
                self._served[broadcast.id] = self._number
                async with self._places:
                    if self._is_closing:
                        return
                    with self._keeping.answering():
                        await self._step(broadcast)
        except Exception:
            logger.exception("A broadcast could not go on.", extra={"organization": organization_id})
            await asyncio.sleep(REST_S)

    def _next(self, organization_id: str) -> Broadcast | None:
        now = microseconds(self._clock)
        due = [
            one
            for one in self._open.values()
            if one.organization_id == organization_id and max(one.scheduled_at, one.next_at) <= now
        ]
        return min(due, key=lambda one: (self._served.get(one.id, 0), one.created_at), default=None)

    async def _step(self, broadcast: Broadcast) -> None:
        flow = self._entities.get(Flow, broadcast.flow_id)
        if flow is None:
            # It is being deleted, and its broadcasts with it.
            self._open.pop(broadcast.id, None)
            return
        if broadcast.state == BROADCAST_STATE_WAITING:
            await self._collect(flow, broadcast)
            return
        most = await self._most(flow, broadcast)
        claimed = await self._entities.transact(lambda transaction: self._claim(transaction, broadcast.id, most))
        if claimed is None:
            return
        part, is_left_over = claimed
        numbers = list(part.subscribers[part.done : part.done + part.sending])
        outcomes = await self._left_over(flow, broadcast, numbers) if is_left_over else {}
        rest = [number for number in numbers if number not in outcomes]
        outcomes.update(await self._many(flow, broadcast, rest))
        await self._journal.failed(self._failures(flow, broadcast, outcomes))
        await self._settle(broadcast, part, list(outcomes.values()))

    async def _collect(self, flow: Flow, broadcast: Broadcast) -> None:
        """Look up who a broadcast is for, and begin to send it."""
        numbers = await self._broadcasts.recipients(flow, broadcast)
        parts = []
        for start in range(0, len(numbers), PART):
            part = BroadcastPart(
                id=f"{broadcast.id}/{start // PART:06}",
                organization_id=broadcast.organization_id,
                broadcast_id=broadcast.id,
                subscribers=numbers[start : start + PART],
                created_at=start,
            )
            parts.append(part)
            # Other calls are answered in between.
            await asyncio.sleep(0)

        def work(transaction: Transaction) -> None:
            present = transaction.get(Broadcast, broadcast.id)
            if present is None or present.state != BROADCAST_STATE_WAITING:
                return
            edited, now = transaction.edit(present), microseconds(self._clock)
            edited.state = BROADCAST_STATE_SENDING if parts else BROADCAST_STATE_COMPLETED
            edited.total, edited.next_at, edited.updated_at = len(numbers), now, now
            self._broadcasts.set_bot_fields(transaction, flow, broadcast.bot_fields)
            for part in parts:
                transaction.put(part)

        await self._entities.transact(work)

    def _claim(self, transaction: Transaction, broadcast_id: str, most: int) -> tuple[BroadcastPart, bool] | None:
        """Write down who is sent to next, so many at most, and return their part, and whether it was left over."""
        present = transaction.get(Broadcast, broadcast_id)
        if present is None or present.state != BROADCAST_STATE_SENDING:
            return None
        parts = transaction.children(BroadcastPart, present.organization_id, broadcast_id)
        first = min(parts, key=lambda part: part.created_at, default=None)
        if first is None:
            return None
        part = transaction.edit(first)
        if first.sending:
            return part, True
        interval, now = MINUTE_US / present.max_per_minute, microseconds(self._clock)
        since = max(present.next_at, now - BURST_US)
        allowed = 1 + int((now - since) / interval)
        part.sending = max(1, min(allowed, most, len(part.subscribers) - part.done))
        edited = transaction.edit(present)
        edited.next_at = since + int(part.sending * interval)
        return part, False

    async def _most(self, flow: Flow, broadcast: Broadcast) -> int:
        """Return how many are sent to in one step; cancelling, and other organizations, wait for its end."""
        if broadcast.type or broadcast.template or flow.type not in WEB:
            # Messages may leave the server. Chatbots of the channel `web` may have subscribers of others; few.
            return 1
        sub_flow = sub_flow_of(self._entities, flow, broadcast)
        return BATCH if sub_flow is None or await self._is_light(sub_flow) else AT_ONCE

    async def _is_light(self, sub_flow: SubFlow) -> bool:
        try:
            return (await self._talks.graphs.of(sub_flow)).is_light
        except AgentDslInvalidError:
            # Each recipient is told so.
            return False

    async def _left_over(self, flow: Flow, broadcast: Broadcast, numbers: Sequence[int]) -> dict[int, str]:
        """Return what became of those to whom something was sent before an earlier server ended."""
        found = [self._subscriber(flow, number) for number in numbers]
        records = [record for record in found if record is not None]
        reached = await self._log.caused(records, broadcast.id, since=broadcast.created_at)
        outcomes = {}
        for record in records:
            if record.id in reached:
                over = MAIL_CHANNEL if broadcast.type == EMAIL else ""
                leaves = self._channels.of(record, over=over).leaves
                outcomes[record.number] = UNSURE.format(user_ns=user_ns(record)) if leaves else ""
        return outcomes

    async def _many(self, flow: Flow, broadcast: Broadcast, numbers: Sequence[int]) -> dict[int, str]:
        """Send to recipients, and return for each why that was not possible; empty where it was."""
        sub_flow = None if broadcast.type or broadcast.template else sub_flow_of(self._entities, flow, broadcast)
        found = [self._subscriber(flow, number) for number in numbers]
        here = [record for record in found if record is not None and not self._channels.of(record).leaves]
        outcomes: dict[int, str] = {}
        if sub_flow is not None and here and await self._is_light(sub_flow):
            if broadcast.user_fields:
                here = await self._filled(broadcast, here)
            outcomes = await self._talks.send_many(flow, here, Place(sub_flow), cause=broadcast.id)
        rest = [number for number in numbers if number not in outcomes]
        for start in range(0, len(rest), AT_ONCE):
            several = rest[start : start + AT_ONCE]
            ended = await asyncio.gather(*(problem_of(self._send(flow, broadcast, one)) for one in several))
            outcomes.update(zip(several, ended, strict=True))
        return outcomes

    async def _filled(self, broadcast: Broadcast, records: Sequence[Subscriber]) -> list[Subscriber]:
        """Give recipients the values which the broadcast brings, and return those who are still there."""

        def work(transaction: Transaction) -> list[Subscriber]:
            present = [transaction.get(Subscriber, record.id) for record in records]
            edited = [transaction.edit(record) for record in present if record is not None]
            for record in edited:
                _fill(record, broadcast)
            return edited

        return await self._entities.transact(work)

    async def _send(self, flow: Flow, broadcast: Broadcast, number: int) -> None:
        record = self._subscriber(flow, number)
        ns = numbered(flow, Subscriber, number)
        if record is None:
            raise ChannelUnavailableError(user_ns=ns, cause="the subscriber was deleted.")
        if broadcast.type == EMAIL and not record.opted_in_email:
            raise ChannelUnavailableError(user_ns=ns, cause="the subscriber has not agreed to e-mails.")
        if broadcast.type == TEMPLATE and record.channel not in WHATSAPP_CHANNELS:
            raise ChannelUnavailableError(user_ns=ns, cause="the subscriber is not on WhatsApp.")
        self._talks.refuse(record, runs=not broadcast.template)
        if broadcast.user_fields:
            record = await self._subscribers.change(flow, ns, lambda _, one: _fill(one, broadcast))
        channel = MAIL_CHANNEL if broadcast.type == EMAIL else ""
        if broadcast.template:
            template = json.loads(broadcast.template)

            async def sent(talk: Conversation) -> None:
                await self._templates.send_template(talk, template)

            await self._talks.send(flow, record, sent, runs=False, cause=broadcast.id)
            return
        sub_flow = sub_flow_of(self._entities, flow, broadcast)
        if sub_flow is None:
            raise ChannelUnavailableError(user_ns=ns, cause="the sub flow was deleted.")
        place = Place(sub_flow)
        await self._talks.send(
            flow, record, lambda talk: self._talks.run(talk, place), runs=True, cause=broadcast.id, channel=channel
        )

    def _subscriber(self, flow: Flow, number: int) -> Subscriber | None:
        return self._entities.get(Subscriber, identifier(flow.organization_id, numbered(flow, Subscriber, number)))

    def _failures(
        self, flow: Flow, broadcast: Broadcast, outcomes: Mapping[int, str]
    ) -> list[tuple[Subscriber, Failure]]:
        """Return what is noted of those who could not be sent to; with deleted subscribers goes what is noted."""
        name = ""
        if not broadcast.type and not broadcast.template:
            sub_flow = sub_flow_of(self._entities, flow, broadcast)
            name = sub_flow.name if sub_flow is not None else ""
        found = []
        for number, problem in outcomes.items():
            record = self._subscriber(flow, number)
            if problem and record is not None:
                failure = Failure("broadcast", "", problem, sub_flow=name, broadcast_id=broadcast.id)
                found.append((record, failure))
        return found

    async def _settle(self, broadcast: Broadcast, part: BroadcastPart, problems: Sequence[str]) -> None:
        """Write down together how far a part is and how many were reached."""
        failed = [problem for problem in problems if problem]

        def work(transaction: Transaction) -> None:
            present, present_part = transaction.get(Broadcast, broadcast.id), transaction.get(BroadcastPart, part.id)
            if present is None or present_part is None:
                return
            edited, now = transaction.edit(present), microseconds(self._clock)
            edited.sent += len(problems) - len(failed)
            edited.failed += len(failed)
            edited.last_error = failed[-1] if failed else edited.last_error
            edited.updated_at = now
            is_over = edited.state != BROADCAST_STATE_SENDING
            done = present_part.done + part.sending
            if done < len(present_part.subscribers) and not is_over:
                kept = transaction.edit(present_part)
                kept.done, kept.sending = done, 0
                return
            transaction.delete(present_part)
            if not is_over and edited.sent + edited.failed >= edited.total:
                edited.state = BROADCAST_STATE_COMPLETED

        await self._entities.transact(work)


def _fill(record: Subscriber, broadcast: Broadcast) -> None:
    for value in broadcast.user_fields:
        set_value(record, value.field, value.value)
