"""The journal of chatbots, written: conversations that begin, what agents do, what fails.

Entries belong to subscribers and go with them. Their numbers are taken from blocks, so that an entry costs no write of
its own; and no call comes in between taking a number and handing the entry over to the store, which writes in this
order, so that who has seen a number has seen all before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from knowflow.store.v1.flow_journal_pb2 import AgentAction, ConversationStart, FlowErrorEntry
from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import CHAT_STATUS_DONE, Subscriber
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.naming import next_numbers
from knowflow_server.domain.ports import Clock
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Parents
from knowflow_server.store.messages import MessageStore

logger = logging.getLogger(__name__)

Entry = ConversationStart | AgentAction | FlowErrorEntry

# Who has not written for so long begins another conversation.
SILENCE_US = 24 * 3600 * 1_000_000
# Numbers which are taken at once; what is left of them when the server ends is never given.
BLOCK = 1000
# Failures of a chatbot that are kept, and how many come between two looks whether there are more.
MAX_ERRORS, LOOK_EVERY = 10_000, 500
MAX_SENTENCE = 1000


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something.

    Args:
        agent: Number of the agent; 0 for an API key.
        api_key_id: The API key; empty for an agent.
    """

    agent: int
    api_key_id: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not work.

    Args:
        type: `answer`, `sending`, `broadcast` or `delivery`.
        reason: Reason, as of errors; empty where no error said it.
        sentence: What happened.
        sub_flow: Name of the sub flow; empty where none ran.
        component: Title of the component; empty where none failed.
        broadcast_id: The broadcast, by its identifier; empty for none.
    """

    type: str
    reason: str
    sentence: str
    sub_flow: str = ""
    component: str = ""
    broadcast_id: str = ""


def failure_of(kind: str, error: KnowFlowError, *, broadcast_id: str = "") -> Failure:
    """Return what an error was, as a failure of a type."""
    sub_flow, component = error.metadata.get("sub_flow", ""), str(getattr(error, "component", ""))
    return Failure(kind, error.reason, error.sentence, sub_flow, component, broadcast_id)


def begins(record: Subscriber, now: int) -> bool:
    """Return whether a message of a subscriber, as the record was before it, begins a conversation."""
    silent = now - record.last_message_at >= SILENCE_US
    return silent or record.status == CHAT_STATUS_DONE


def subscribers_of(flow: Flow) -> Parents:
    """Return the span of identifiers of all subscribers of a chatbot."""
    return _span(flow.id)


def _span(flow_id: str) -> Parents:
    # `u` stands before their numbers; `v` is the next letter.
    return Parents(f"{flow_id}u", f"{flow_id}v")


def entry_id(flow: str, number: int) -> str:
    """Return the identifier of an entry, given the name of the chatbot; the order of identifiers is that of numbers."""
    return f"{flow}.{number:010d}"


class Journal:
    """The journals of all chatbots. Who may see the chatbot was decided before.

    Args:
        entities: Where numbers come from.
        messages: Where entries are kept.
        clock: The time.
    """

    def __init__(self, entities: EntityStore, messages: MessageStore, clock: Clock) -> None:
        self._entities = entities
        self._messages = messages
        self._clock = clock
        self._blocks: dict[str, range] = {}
        self._lock = asyncio.Lock()
        self._until_look: dict[str, int] = {}

    def begun(self, subscriber: Subscriber, at: int) -> ConversationStart:
        """Return the beginning of a conversation, at a time.

        The caller has had a number made ready, and writes it before it waits for anything.
        """
        start = ConversationStart(created_at=at)
        self._address(start, subscriber)
        return start

    async def acted(self, subscriber: Subscriber, doer: Doer, action: AgentAction, *, reopens: bool = False) -> None:
        """Keep what somebody did, now, and that a conversation begins again with it, if it does.

        Raises:
            OverloadedError, StoreUnavailableError: As the store says.
        """
        await self.ready(subscriber.organization_id, 2)
        now = microseconds(self._clock)
        entries: list[Entry] = [action]
        action.agent, action.api_key_id, action.created_at = doer.agent, doer.api_key_id, now
        if reopens:
            entries.append(ConversationStart(created_at=now))
        for entry in entries:
            self._address(entry, subscriber)
        await self._messages.add(entries)

    async def failed(self, failures: Sequence[tuple[Subscriber, Failure]]) -> None:
        """Keep failures of subscribers of one chatbot, now; that this fails itself is only logged."""
        if not failures:
            return
        try:
            await self.ready(failures[0][0].organization_id, len(failures))
            await self._messages.add([self.failure(record, failure) for record, failure in failures])
            await self.look(failures[0][0], len(failures))
        except KnowFlowError:
            logger.exception("Failures could not be kept.", extra={"rows": len(failures)})

    async def look(self, subscriber: Subscriber, added: int = 1) -> None:
        """Have the oldest failures of a subscriber's chatbot go when there are too many; called after some came."""
        flow_id = subscriber.flow_id
        left = self._until_look.get(flow_id, 0) - added
        self._until_look[flow_id] = LOOK_EVERY if left < 0 else left
        if left < 0:
            span = _span(flow_id)
            await self._messages.trim(FlowErrorEntry, subscriber.organization_id, span, keep=MAX_ERRORS)

    def failure(self, subscriber: Subscriber, failure: Failure) -> FlowErrorEntry:
        """Return a failure, now; as `begun`."""
        entry = FlowErrorEntry(
            type=failure.type,
            sub_flow=failure.sub_flow,
            component=failure.component,
            reason=failure.reason,
            sentence=failure.sentence[:MAX_SENTENCE],
            broadcast_id=failure.broadcast_id,
            created_at=microseconds(self._clock),
        )
        self._address(entry, subscriber)
        return entry

    def _address(self, entry: Entry, subscriber: Subscriber) -> None:
        """Give an entry its number and its place; enough numbers are ready."""
        organization_id = subscriber.organization_id
        block = self._blocks[organization_id]
        entry.number, self._blocks[organization_id] = block[0], block[1:]
        entry.id = entry_id(subscriber.flow_id.rpartition(".")[2], entry.number)
        entry.organization_id, entry.subscriber_id = organization_id, subscriber.id

    async def ready(self, organization_id: str, count: int = 1) -> None:
        """Have so many numbers ready when this returns, until the caller waits for something again."""
        while len(self._blocks.get(organization_id, ())) < count:
            async with self._lock:
                if len(self._blocks.get(organization_id, ())) < count:
                    self._blocks[organization_id] = await self._block(organization_id, max(BLOCK, count))

    async def _block(self, organization_id: str, size: int) -> range:
        first = await self._entities.transact(lambda one: next_numbers(one, organization_id, AgentAction, size))
        return range(first, first + size)
