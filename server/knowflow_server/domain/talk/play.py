"""Playing sub flows: each is a run of the engine of agents whose words go to a subscriber."""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowflow.store.v1.flow_pb2 import Flow, SubFlow
from knowflow.store.v1.talk_pb2 import TalkWaiting
from knowflow_server.domain.canvas.conversing import CONVERSING
from knowflow_server.domain.canvas.document import Canvas, load
from knowflow_server.domain.canvas.engine import Run
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.domain.canvas.state import State
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.konversation.naming import found, name_of
from knowflow_server.domain.konversation.sub_flow import SubFlows
from knowflow_server.domain.ports import Clock
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.talk.content import MAX_TEXT, Said
from knowflow_server.domain.talk.conversation import Conversation, Place
from knowflow_server.domain.talk.log import IN, OUT, ChatLog
from knowflow_server.errors.core import AgentRunFailedError
from knowflow_server.errors.konversation import SubFlowNotFoundError
from knowflow_server.errors.talk import NodeNotFoundError, SubFlowFailedError
from knowflow_server.store.entities import EntityStore

# Most sub flows one after the other in one turn: each leads to the next.
MAX_HOPS = 20
# Graphs that are kept ready.
MAX_GRAPHS = 2_000
# Turns of the talk which models are told, and the components that ask models.
MAX_HISTORY, HISTORY_US = 20, 24 * 3600 * 1_000_000
ASKING = frozenset({"LLM", "Agent", "Categorize"})
# Components which ask nobody, and lead to no sub flow that may: many such runs are waited for together.
LIGHT = frozenset({"Begin", "Send", "Message", "Question", "Condition", "Switch", "Actions"})
# Marks of cited passages: a talk has no list of them.
MARKS = re.compile(r" ?\[ID:\d+\]")


@dataclass(frozen=True, slots=True)
class Graph:
    """A sub flow that is ready to run.

    Args:
        updated_at: The version of the sub flow.
        canvas: Its graph.
        kept: What a new run begins with: globals of the definition.
        keywords: Texts which call it, folded.
        answers_rest: Whether it answers what nothing else does.
        asks_models: Whether earlier turns must be known.
        is_light: Whether it waits for nothing but itself.
    """

    updated_at: int
    canvas: Canvas
    kept: Mapping[str, Any]
    keywords: frozenset[str]
    answers_rest: bool
    asks_models: bool
    is_light: bool


class Graphs:
    """The graphs of sub flows.

    Args:
        entities: Where chatbots are.
        sub_flows: Their sub flows.
    """

    def __init__(self, entities: EntityStore, sub_flows: SubFlows) -> None:
        self._entities = entities
        self._sub_flows = sub_flows
        self._ready: OrderedDict[str, Graph] = OrderedDict()

    async def of(self, sub_flow: SubFlow) -> Graph:
        """Return the graph of a sub flow.

        Raises:
            AgentDslInvalidError: An older version took it, and this one cannot run it.
        """
        present = self._ready.get(sub_flow.id)
        if present is None or present.updated_at != sub_flow.updated_at:
            present = await asyncio.to_thread(_graph, sub_flow.dsl, sub_flow.updated_at)
            self._ready[sub_flow.id] = present
            while len(self._ready) > MAX_GRAPHS:
                self._ready.popitem(last=False)
        self._ready.move_to_end(sub_flow.id)
        return present

    async def node(self, flow: Flow, node_ns: str) -> Place:
        """Return the place of a component, by its id in a graph.

        Raises:
            NodeNotFoundError: No sub flow has it.
        """
        for sub_flow in self._sub_flows.all(flow):
            if node_ns in (await self.of(sub_flow)).canvas.nodes:
                return Place(sub_flow, (node_ns,))
        raise NodeNotFoundError(node_ns=node_ns[:100])

    async def called(self, flow: Flow, text: str) -> Place | None:
        """Return what a text calls: the sub flow with this keyword, else the one that answers the rest, if any."""
        word, rest = text.strip().casefold(), None
        for sub_flow in self._sub_flows.all(flow):
            graph = await self.of(sub_flow)
            if word and word in graph.keywords:
                return Place(sub_flow)
            rest = rest or (Place(sub_flow) if graph.answers_rest else None)
        return rest

    def start(self, flow: Flow) -> Place:
        """Return where conversations begin.

        Raises:
            SubFlowNotFoundError: There is no sub flow at all.
        """
        sub_flow = self._sub_flows.start(flow)
        if sub_flow is None:
            raise SubFlowNotFoundError(sub_flow="main")
        return Place(sub_flow)

    async def place(self, flow: Flow, name: str) -> Place:
        """Return where a name leads to: of a sub flow or a component, by id, or of a sub flow, by name.

        Raises:
            NodeNotFoundError: There is nothing of this name.
        """
        sub_flow = found(self._entities, SubFlow, flow, name)
        if sub_flow is not None:
            return Place(sub_flow)
        try:
            return Place(self._sub_flows.by_name(flow, name))
        except SubFlowNotFoundError:
            return await self.node(flow, name)


class Player:
    """Plays sub flows.

    Args:
        graphs: The graphs.
        services: What components use.
        log: What was said before.
        clock: The time.
    """

    def __init__(self, graphs: Graphs, services: Services, log: ChatLog, clock: Clock) -> None:
        self._graphs = graphs
        self._services = services
        self._log = log
        self._clock = clock

    async def play(
        self, talk: Conversation, place: Place, *, text: str = "", inputs: Mapping[str, Any] | None = None
    ) -> TalkWaiting | None:
        """Play a sub flow, and those which it leads to, and return what waits for a reply, if anything does.

        Raises:
            SubFlowFailedError: A component failed; what was sent before stays sent.
        """
        for _ in range(MAX_HOPS):
            graph = await self._graphs.of(place.sub_flow)
            state = State({**graph.kept, "history": await self._history(talk, graph)})
            waiting = await self._turn(talk, place, graph, state, text=text, inputs=inputs or {})
            if waiting is not None or talk.next_place is None:
                return waiting
            place, talk.next_place = talk.next_place, None
        cause = f"it leads to more than {MAX_HOPS} sub flows, one after the other."
        raise SubFlowFailedError(sub_flow=place.sub_flow.name, cause=cause)

    async def resume(
        self, talk: Conversation, waiting: TalkWaiting, sub_flow: SubFlow, *, text: str, inputs: Mapping[str, Any]
    ) -> TalkWaiting | None:
        """Go on with a sub flow that waits, as `play`; one whose components are gone begins no more."""
        graph = await self._graphs.of(sub_flow)
        state = State(json.loads(waiting.state))
        state.paused = [node for node in state.paused if node in graph.canvas.nodes]
        state.pending = [node for node in state.pending if node in graph.canvas.nodes]
        if not state.paused:
            return None
        following = await self._turn(talk, Place(sub_flow), graph, state, text=text, inputs=inputs)
        if following is not None or talk.next_place is None:
            return following
        place, talk.next_place = talk.next_place, None
        return await self.play(talk, place, text=text)

    async def _turn(
        self,
        talk: Conversation,
        place: Place,
        graph: Graph,
        state: State,
        *,
        text: str,
        inputs: Mapping[str, Any],
    ) -> TalkWaiting | None:
        state.begin_turn(text, user_id=name_of(talk.record))
        talk.fill(state.globals)
        tools = {**self._services.tools, CONVERSING: talk}
        services = Services(self._services.entities, self._services.models, self._services.retrieval, tools)
        principal = Principal(talk.flow.organization_id)
        run = _Spoken(graph.canvas, state, services, principal, inputs, starts=place.starts)
        run.talk = talk
        try:
            await run.run()
        except AgentRunFailedError as error:
            failed = SubFlowFailedError(sub_flow=place.sub_flow.name, cause=error.sentence)
            failed.component = error.metadata.get("component", "")
            raise failed from None
        return self._waiting(talk, place.sub_flow, state) if state.paused else None

    def _waiting(self, talk: Conversation, sub_flow: SubFlow, state: State) -> TalkWaiting:
        now = microseconds(self._clock)
        return TalkWaiting(
            id=talk.record.id,
            organization_id=talk.record.organization_id,
            sub_flow_id=sub_flow.id,
            state=json.dumps(state.document(), ensure_ascii=False, default=str),
            expires_at=now + talk.wait_s * 1_000_000 if talk.wait_s else 0,
            created_at=now,
        )

    async def _history(self, talk: Conversation, graph: Graph) -> list[list[str]]:
        """Return the last turns before this one, as models are told them."""
        if not graph.asks_models:
            return []
        since = microseconds(self._clock) - HISTORY_US
        said = await self._log.of(talk.record, after=since)
        roles = {IN: "user", OUT: "assistant"}
        turns = [[roles[one.type], one.content] for one in said if one.type in roles and one.content]
        # The last thing the subscriber said is the question of this turn.
        last = max((place for place, turn in enumerate(turns) if turn[0] == "user"), default=len(turns))
        return turns[:last][-MAX_HISTORY:]


class _Spoken(Run):
    """A run whose messages go to a subscriber, one by one, while it goes on."""

    talk: Conversation
    _text = ""

    async def emit(self, event: str, data: dict[str, Any]) -> None:
        """Say what the subscriber is to fill in; nobody else listens."""
        if event == "user_inputs" and data["tips"]:
            await self.talk.send([Said(text=data["tips"][:MAX_TEXT])])

    async def say(self, text: str) -> None:
        """Take the next piece of a message."""
        await super().say(text)
        self._text += text

    async def end_message(self) -> None:
        """Send what was said since the last message."""
        await super().end_message()
        text, self._text = MARKS.sub("", self._text).strip(), ""
        await self.talk.send([Said(text=text[start : start + MAX_TEXT]) for start in range(0, len(text), MAX_TEXT)])

    async def separate(self) -> None:
        """Do nothing: each message stands by itself."""


def _graph(dsl: str, updated_at: int) -> Graph:
    document = json.loads(dsl)
    canvas = load(document)
    keywords = document.get("keywords")
    words: Sequence[Any] = keywords if isinstance(keywords, list) else []
    return Graph(
        updated_at,
        canvas,
        {"globals": document.get("globals") or {}},
        frozenset(word.strip().casefold() for word in words if isinstance(word, str) and word.strip()),
        document.get("default_reply") is True,
        any(node.component.name in ASKING for node in canvas.nodes.values()),
        all(node.component.name in LIGHT for node in canvas.nodes.values()),
    )
