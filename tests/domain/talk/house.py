"""A chatbot on a real store: sub flows, subscribers, what is said to them, and the worker of broadcasts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from knowflow.store.v1.broadcast_pb2 import Broadcast
from knowflow.store.v1.chat_message_pb2 import ChatMessage
from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow.store.v1.flow_segment_pb2 import Segment
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.domain.clock import Uuid1Source
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.konversation.field import BotFields, UserFields
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.journal import Journal
from knowflow_server.domain.konversation.journal_reading import JournalReading
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.konversation.subscriber import NewSubscriber, Subscribers
from knowflow_server.domain.konversation.subscriber_index import SubscriberIndex
from knowflow_server.domain.konversation.tag import FlowTags
from knowflow_server.domain.konversation.team import Team
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk.broadcast import Broadcasts
from knowflow_server.domain.talk.broadcast_worker import BroadcastWorker
from knowflow_server.domain.talk.channel import Channel, Channels
from knowflow_server.domain.talk.conversation import Conversation, Tools
from knowflow_server.domain.talk.log import ChatLog
from knowflow_server.domain.talk.mail import SubscriberMail
from knowflow_server.domain.talk.play import Graphs, Player
from knowflow_server.domain.talk.sending import Sending
from knowflow_server.domain.talk.talks import Talks
from knowflow_server.store.database import Database
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from tests.domain.canvas.harness import Model, Models

OWNER = Principal("organization")


class Ahead:
    """The machine's clock, and what a test has put it forward by."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


class Nothing:
    """Custom events, segments and templates which a test does not look at."""

    def __init__(self) -> None:
        self.logged: list[tuple[str, str]] = []

    async def log(self, flow: Flow, user_ns: str, *, name: str, **_: Any) -> None:
        self.logged.append((user_ns, name))

    def get(self, flow: Flow, ns: str) -> Segment:
        raise NotImplementedError

    async def of_segment(self, flow: Flow, segment: Segment) -> Collection[int]:
        return ()

    async def send_template(self, talk: Conversation, template: Mapping[str, Any]) -> None:
        raise NotImplementedError


class House:
    """Everything that takes part in talks, on one store."""

    def __init__(
        self, entities: EntityStore, messages: MessageStore, models: Models, adapters: Mapping[str, Channel]
    ) -> None:
        self.entities, self.messages, self.clock = entities, messages, Ahead()
        clock, ids, self.nothing = self.clock, Uuid1Source(), Nothing()
        self.flows = Flows(entities, clock)
        self.flows.own(Broadcast)
        self.tags, self.fields, self.bot_fields = (
            FlowTags(entities, clock),
            UserFields(entities, clock),
            BotFields(entities, clock),
        )
        self.sub_flows = SubFlows(entities, clock)
        self.subscribers = Subscribers(entities, self.tags, self.fields, clock)
        self.log = ChatLog(messages, clock, ids)
        channels = Channels(adapters)
        self.journal = journal = Journal(entities, messages, clock)
        self.reading = JournalReading(entities, messages, Team(entities, clock), clock)
        tools = Tools(self.subscribers, self.tags, self.bot_fields, self.nothing, self.log, journal, channels, clock)
        graphs = Graphs(entities, self.sub_flows)
        services = Services(entities, cast("Any", models), cast("Any", None), {})
        player = Player(graphs, services, self.log, clock)
        self.talks = Talks(entities, tools, graphs, player, Jobs(clock, ids), NamedLocks(), clock)
        index = SubscriberIndex(entities)
        nothing = self.nothing
        self.broadcasts = Broadcasts(
            entities,
            self.subscribers,
            self.sub_flows,
            self.tags,
            nothing,
            nothing,
            self.fields,
            self.bot_fields,
            index,
            clock,
        )
        self.worker = BroadcastWorker(
            entities,
            self.broadcasts,
            self.subscribers,
            self.talks,
            channels,
            self.log,
            journal,
            nothing,
            clock,
        )
        mail = SubscriberMail(cast("Any", None), None, "")
        self.sending = Sending(self.subscribers, self.sub_flows, self.talks, mail, nothing, journal)

    async def flow(self) -> Flow:
        """Make a chatbot."""
        return await self.flows.create(OWNER, name="Shop")

    async def sub_flow(self, flow: Flow, name: str, components: Mapping[str, Any], **members: Any) -> SubFlow:
        """Make a sub flow; `begin` is added, and leads to the first component."""
        begin = {"obj": {"component_name": "Begin", "params": {}}, "downstream": [next(iter(components))]}
        definition = {"components": {"begin": begin, **components}, **members}
        return await self.sub_flows.define(flow, name=name, definition=definition)

    async def subscriber(self, flow: Flow, user_id: str = "1", **details: str) -> Subscriber:
        """Make a subscriber."""
        return await self.subscribers.create(flow, NewSubscriber(details, user_id=user_id))

    async def says(self, record: Subscriber, text: str = "", **message: Any) -> None:
        """Have a subscriber say something, and wait for the answer."""
        await self.talks.receive(self.now(record), {"type": "text", "text": text, **message})
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until everything is answered."""
        while self.talks._answers:
            await asyncio.gather(*self.talks._answers)

    def now(self, record: Subscriber) -> Subscriber:
        """Return a subscriber as it is now."""
        found = self.entities.get(Subscriber, record.id)
        assert found is not None
        return found

    async def messages_of(self, record: Subscriber) -> list[ChatMessage]:
        """Return the whole talk."""
        return await self.log.of(record)

    async def said(self, record: Subscriber, *kinds: str) -> list[str]:
        """Return what was said to a subscriber."""
        return [one.content for one in await self.messages_of(record) if one.type in (kinds or ("out", "agent"))]

    def tags_of(self, flow: Flow, record: Subscriber) -> list[str]:
        """Return the names of a subscriber's tags."""
        return [tag.name for tag in self.subscribers.tags_of(flow, self.now(record))]

    def values_of(self, flow: Flow, record: Subscriber) -> dict[str, str]:
        """Return a subscriber's values by name of the field."""
        return {field.name: value for field, value in self.subscribers.values_of(flow, self.now(record))}

    def ns(self, record: Any) -> str:
        """Return the name of a record."""
        return name_of(record)

    async def completed(self, broadcast: Broadcast, *, seconds: float = 30) -> Broadcast:
        """Wait until a broadcast is over, and return it."""
        over: asyncio.Event = asyncio.Event()

        def look(_: str, record: Broadcast | None) -> None:
            if record is not None and record.id == broadcast.id and record.state > 2:
                over.set()

        self.entities.subscribe(Broadcast, look)
        present = self.entities.get(Broadcast, broadcast.id)
        if present is None or present.state <= 2:
            await asyncio.wait_for(over.wait(), seconds)
        found = self.entities.get(Broadcast, broadcast.id)
        assert found is not None
        return found


@asynccontextmanager
async def house(
    folder: Path, *, models: Models | None = None, adapters: Mapping[str, Channel] | None = None, start: bool = True
) -> AsyncIterator[House]:
    """Open what lies in a folder."""
    database = await Database.open(folder, durable=False)
    entities, messages = await EntityStore.open(database), await MessageStore.open(database)
    made = House(entities, messages, models or Models(default=Model("I do.")), adapters or {})
    if start:
        made.talks.start()
        made.worker.start()
    try:
        yield made
    finally:
        await made.worker.close()
        await made.talks.close()
        await messages.close()
        await entities.close()
        database.close()


def node(name: str, *downstream: str, **params: Any) -> dict[str, Any]:
    """Return a component."""
    return {"obj": {"component_name": name, "params": params}, "downstream": list(downstream)}


def send(text: str, *downstream: str, **params: Any) -> dict[str, Any]:
    """Return a component that says a text."""
    return node("Send", *downstream, messages=[{"type": "text", "text": text}], **params)


def payloads(messages: Sequence[ChatMessage]) -> list[dict[str, Any]]:
    """Return messages as they are kept."""
    return [json.loads(one.payload) for one in messages]
