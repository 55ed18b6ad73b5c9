"""The journal of chatbots, read: conversations with what was said in them, actions, failures, and counts."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from knowflow.store.v1.broadcast_pb2 import Broadcast
from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_journal_pb2 import AgentAction, ConversationStart, FlowErrorEntry
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.custom_event import DEFAULT_RANGE, RANGES, midnight
from knowflow_server.domain.konversation.journal import SILENCE_US, entry_id, subscribers_of
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.konversation.team import Team
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import InvalidArgumentError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore

E = TypeVar("E", ConversationStart, AgentAction, FlowErrorEntry)

SECOND_US = 1_000_000
# Subscribers whose messages are read together.
AT_ONCE = 100
IN, OUT, AGENT = "in", "out", "agent"
OPEN, DONE, EXPIRED = "open", "done", "expired"


@dataclass(frozen=True, slots=True)
class Span:
    """Which entries of a journal are asked for.

    Args:
        since_s: From when, in seconds since 1970.
        until_s: Before when, in seconds since 1970; 0 for no end.
        after: Only those with a larger number.
        size: Most of them.
    """

    since_s: int
    until_s: int
    after: int
    size: int


@dataclass(frozen=True, slots=True)
class Told:
    """A conversation. Times are microseconds since 1970; 0 for none.

    Args:
        start: How it began.
        status: `open`, `done` or `expired`.
        closed_at: When it ended.
        agent: Number of the agent who looked after it last; 0 for none.
        messages: Number of messages by who speaks.
        first_agent_at: When an agent first wrote.
        last_at: Time of its last message.
    """

    start: ConversationStart
    status: str
    closed_at: int
    agent: int
    messages: Mapping[str, int]
    first_agent_at: int
    last_at: int


@dataclass(slots=True)
class FlowCounts:
    """What happened in a chatbot on some days.

    Args:
        since: From when, in microseconds since 1970.
        until: Before when.
        subscribers: Number of subscribers there are now.
        new_subscribers: Number of those who came.
        active: Who wrote, by their identifiers.
        messages: Number of messages by who speaks.
        conversations: Number of conversations that began.
        broadcasts: Number of broadcasts that began.
        recipients: Number of subscribers whom they reached.
        errors: Number of failures.
    """

    since: int
    until: int
    subscribers: int = 0
    new_subscribers: int = 0
    active: set[str] = field(default_factory=set)
    messages: Counter[str] = field(default_factory=Counter)
    conversations: int = 0
    broadcasts: int = 0
    recipients: int = 0
    errors: int = 0


@dataclass(slots=True)
class AgentCounts:
    """What an agent did on some days.

    Args:
        agent: Number of the agent; 0 for API keys.
        name: Name of the agent; empty where there is none any more.
        assigned: How often a conversation was given to the agent.
        done: How often the agent moved one to `done`.
        messages: Number of messages sent.
        actions: Number of all that was done.
        subscribers: For whom, by their identifiers.
    """

    agent: int
    name: str
    assigned: int = 0
    done: int = 0
    messages: int = 0
    actions: int = 0
    subscribers: set[str] = field(default_factory=set)


class JournalReading:
    """Reads the journals of all chatbots. Who may see the chatbot, which callers give, was decided before."""

    def __init__(self, entities: EntityStore, messages: MessageStore, team: Team, clock: Clock) -> None:
        self._entities = entities
        self._messages = messages
        self._team = team
        self._clock = clock

    async def entries(self, kind: type[E], flow: Flow, span: Span) -> list[E]:
        """Return entries of a kind, oldest first.

        Raises:
            InvalidArgumentError: The end lies before the beginning.
        """
        if span.until_s and span.until_s <= span.since_s:
            raise InvalidArgumentError("`end_time` must be later than `start_time`.", field="end_time")
        return await self._messages.entries(
            kind,
            flow.organization_id,
            subscribers_of(flow),
            since=span.since_s * SECOND_US,
            until=span.until_s * SECOND_US,
            after=entry_id(name_of(flow), span.after) if span.after else "",
            size=span.size,
        )

    async def conversations(self, flow: Flow, span: Span) -> list[Told]:
        """Return conversations, those first which began first; errors as of `entries`."""
        starts = await self.entries(ConversationStart, flow, span)
        of: defaultdict[str, list[ConversationStart]] = defaultdict(list)
        for start in starts:
            of[start.subscriber_id].append(start)
        found: dict[int, Told] = {}
        identifiers, now = list(of), microseconds(self._clock)
        for place in range(0, len(identifiers), AT_ONCE):
            some = identifiers[place : place + AT_ONCE]
            since = min(of[one][0].created_at for one in some) - 1
            organization_id = flow.organization_id
            every = await self._messages.records(ConversationStart, organization_id, some, after=since)
            actions = await self._messages.records(AgentAction, organization_id, some)
            said = await self._messages.records(ChatMessage, organization_id, some, after=since)
            agents = {one: record.agent for one in some if (record := self._entities.get(Subscriber, one)) is not None}
            told = await asyncio.to_thread(_told, [of[one] for one in some], every, actions, said, agents, now)
            found.update((one.start.number, one) for one in told)
        return [found[start.number] for start in starts]

    async def counts(self, flow: Flow, days: str) -> FlowCounts:
        """Return what happened on some days, one of `RANGES`, of UTC."""
        counts = FlowCounts(*self._days(days))
        since, until = counts.since, counts.until
        for number, record in enumerate(self._entities.children(Subscriber, flow.organization_id, flow.id), 1):
            counts.subscribers = number
            counts.new_subscribers += since <= record.created_at < until
            if number % 2000 == 0:
                # Other calls are answered in between.
                await asyncio.sleep(0)
        for broadcast in self._entities.children(Broadcast, flow.organization_id, flow.id):
            began = max(broadcast.created_at, broadcast.scheduled_at)
            if since <= began < until and broadcast.sent + broadcast.failed:
                counts.broadcasts += 1
                counts.recipients += broadcast.sent

        def take(message: ChatMessage) -> None:
            counts.messages[message.type] += 1
            if message.type == IN:
                counts.active.add(message.subscriber_id)

        organization_id, whose = flow.organization_id, subscribers_of(flow)
        await self._messages.each(ChatMessage, organization_id, whose, take, since=since, until=until)
        starts = await self._messages.count(ConversationStart, organization_id, whose, since=since, until=until)
        errors = await self._messages.count(FlowErrorEntry, organization_id, whose, since=since, until=until)
        counts.conversations, counts.errors = starts, errors
        return counts

    async def agent_counts(self, flow: Flow, days: str) -> list[AgentCounts]:
        """Return what each agent did on some days, one of `RANGES`, of UTC; by number."""
        since, until = self._days(days)
        names = self._team.names(flow.organization_id)
        found: dict[int, AgentCounts] = {}

        def of(agent: int) -> AgentCounts:
            return found.setdefault(agent, AgentCounts(agent, names.get(agent, "")))

        def take(action: AgentAction) -> None:
            counts = of(action.agent)
            counts.actions += 1
            counts.messages += action.messages
            counts.done += action.status == DONE
            counts.subscribers.add(action.subscriber_id)
            if action.action == "assigned":
                of(action.assignee).assigned += 1

        whose = subscribers_of(flow)
        await self._messages.each(AgentAction, flow.organization_id, whose, take, since=since, until=until)
        return [found[agent] for agent in sorted(found)]

    def _days(self, days: str) -> tuple[int, int]:
        today: date = self._clock.now().date()
        first, end = RANGES[days or DEFAULT_RANGE](today)
        return midnight(first), midnight(end)


def _told(
    asked: Sequence[Sequence[ConversationStart]],
    every: Sequence[ConversationStart],
    actions: Sequence[AgentAction],
    said: Sequence[ChatMessage],
    agents: Mapping[str, int],
    now: int,
) -> list[Told]:
    """Return conversations of some subscribers; the lists hold what there is of all of them, oldest first."""
    begun: defaultdict[str, list[int]] = defaultdict(list)
    done: defaultdict[str, list[AgentAction]] = defaultdict(list)
    messages: defaultdict[str, list[ChatMessage]] = defaultdict(list)
    for start in every:
        begun[start.subscriber_id].append(start.created_at)
    for action in actions:
        done[action.subscriber_id].append(action)
    for message in said:
        messages[message.subscriber_id].append(message)
    found = []
    for starts in asked:
        for start in starts:
            whose = start.subscriber_id
            times = begun[whose]
            following = bisect_right(times, start.created_at)
            limit = times[following] if following < len(times) else 0
            found.append(_one(start, limit, done[whose], messages[whose], agents.get(whose, 0), now))
    return found


def _one(
    start: ConversationStart,
    limit: int,
    actions: Sequence[AgentAction],
    said: Sequence[ChatMessage],
    agent: int,
    now: int,
) -> Told:
    """Return a conversation; the next one begins at `limit`, 0 for none, and `agent` looks after the subscriber now."""

    def within(time: int) -> bool:
        return start.created_at <= time and (not limit or time < limit)

    moves = (one.created_at for one in actions if one.status == DONE and within(one.created_at))
    closed_at, status = next(moves, 0), DONE
    here = [one for one in said if within(one.created_at) and (not closed_at or one.created_at <= closed_at)]
    if not closed_at:
        last_in = max((one.created_at for one in here if one.type == IN), default=start.created_at)
        ends = min(last_in + SILENCE_US, limit or last_in + SILENCE_US)
        closed_at, status = (ends, EXPIRED) if limit or ends <= now else (0, OPEN)
    given = [one for one in actions if one.action in ("assigned", "unassigned")]
    if given:
        known = [one for one in given if not closed_at or one.created_at <= closed_at]
        agent = known[-1].assignee if known else 0
    by_agent = [one.created_at for one in here if one.type == AGENT]
    return Told(
        start,
        status,
        closed_at,
        agent,
        Counter(one.type for one in here),
        by_agent[0] if by_agent else 0,
        max((one.created_at for one in here if one.type in (IN, OUT, AGENT)), default=0),
    )
