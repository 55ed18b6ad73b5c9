"""Graphs in a test: a component that does what it is told, models that are functions, runs with all their events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from knowflow_server.domain.canvas.component import Component, ComponentError, Params, Result
from knowflow_server.domain.canvas.document import load
from knowflow_server.domain.canvas.engine import Happened, Run
from knowflow_server.domain.canvas.scope import Scope, Services
from knowflow_server.domain.canvas.state import State
from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    Grounding,
    ProviderError,
    ResolvedChatModel,
    UnsupportedModelError,
)
from knowflow_server.domain.principal import Principal
from knowflow_server.workers.render import answered

Pieces = str | Sequence[str] | Callable[[Sequence[ChatMessage]], str]


class ProbeParams(Params):
    """What a probe does: give way to others some times, fail some times, then say its value; `hangs` never ends."""

    gives_way: int = 0
    fails: int = 0
    hangs: bool = False
    value: str = ""


class Probe(Component):
    """A component that does what it is told, and counts."""

    name = "Probe"
    params = ProbeParams
    results = ("result", "count")

    @classmethod
    async def run(cls, scope: Scope, params: ProbeParams) -> Result:
        counts = scope.services.tools["counts"]
        counts[scope.node.id] = counts.get(scope.node.id, 0) + 1
        for _ in range(params.gives_way):
            await asyncio.sleep(0)
        if params.hangs:
            await asyncio.Event().wait()
        if counts[scope.node.id] <= params.fails:
            raise ComponentError("It was told to fail.")
        value = await scope.text(params.value) or scope.node.id
        return Result({"result": value, "count": counts[scope.node.id]})


class Model:
    """A chat model: what it says to messages, as a text (cut at blanks), pieces, or a function.

    Args:
        says: What it says.
        fails_after: After how many pieces it fails; None for never.
        failures: How often it fails.
    """

    context_tokens = 100_000
    follows_instructions = True

    def __init__(self, says: Pieces = "", *, fails_after: int | None = None, failures: int = 1_000) -> None:
        self.name = "model@tests"
        self.asked: list[Sequence[ChatMessage]] = []
        self.gates: dict[int, asyncio.Event] = {}
        """Before which piece it waits for what."""
        self.closed = 0
        self._says = says
        self._fails_after = fails_after
        self._failures = failures

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    async def stream(
        self, messages: Sequence[ChatMessage], options: ChatOptions, *, grounding: Grounding | None = None
    ) -> AsyncGenerator[ChatDelta | ChatDone, None]:
        self.asked.append(messages)
        pieces = [self._says(messages)] if callable(self._says) else list(_cut(self._says))
        try:
            for number, piece in enumerate(pieces):
                if number in self.gates:
                    await self.gates[number].wait()
                self._fail(number)
                yield ChatDelta(piece)
            self._fail(len(pieces))
            yield ChatDone("stop", ChatUsage(2, len(pieces)))
        finally:
            self.closed += 1

    def _fail(self, number: int) -> None:
        if number == self._fails_after and len(self.asked) <= self._failures:
            raise ProviderError("tests", "It is down.")


def _cut(said: str | Sequence[str]) -> Iterator[str]:
    if not isinstance(said, str):
        yield from said
        return
    words = said.split(" ")
    yield from [f"{word} " for word in words[:-1]] + words[-1:]


class Models:
    """A table of models by name; the default one has an empty name."""

    def __init__(self, **models: Model) -> None:
        self._models = models

    def resolve_chat(self, model_id: str) -> ResolvedChatModel:
        model = self._models.get(model_id or "default")
        if model is None:
            raise UnsupportedModelError(model_id)
        return ResolvedChatModel(model, model_id, model.name, is_fallback=False)


class Here:
    """Renders templates in this process."""

    async def render(self, source: str, values: Mapping[str, Any]) -> str:
        return answered({"source": source, "values": dict(values)})


class Nothing:
    """Stands for records of which there are none."""

    def get(self, message: Any, identifier: str) -> None:
        """Return None."""


@dataclass
class Conversation:
    """A session with a graph, kept as JSON between the turns, as a server that starts again finds it.

    Args:
        dsl: The graph.
        models: The models by name.
        counts: How often each probe ran.
    """

    dsl: Mapping[str, Any]
    models: Mapping[str, Model] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    run: Run | None = None

    def begin(self, question: str = "Why?", inputs: Mapping[str, Any] | None = None) -> Run:
        """Return the run of the next turn."""
        state = State(self.dsl)
        state.begin_turn(question, user_id="")
        tools: Any = {"counts": self.counts, "templates": Here()}
        services = Services(cast("Any", Nothing()), cast("Any", Models(**self.models)), cast("Any", None), tools)
        self.run = Run(load(self.dsl), state, services, Principal("organization", "key"), inputs or {})
        return self.run

    async def turn(self, question: str = "Why?", inputs: Mapping[str, Any] | None = None) -> list[Happened]:
        """Ask, and return all events."""
        run = self.begin(question, inputs)
        async with aclosing(run.events()) as events:
            happened = [event async for event in events]
        run.state.history.append(["assistant", run.answer])
        self.dsl = json.loads(json.dumps(run.state.document(), default=str))
        return happened

    @property
    def answer(self) -> str:
        """What the last turn answered."""
        assert self.run is not None
        return self.run.answer


def node(name: str, *downstream: str, parent: str = "", **params: Any) -> dict[str, Any]:
    """Return a component of a graph."""
    made: dict[str, Any] = {
        "obj": {"component_name": name, "params": params},
        "downstream": list(downstream),
        "upstream": [],
    }
    return {**made, "parent_id": parent} if parent else made


def graph(**components: Any) -> dict[str, Any]:
    """Return a graph; `__` in a name stands for a colon."""
    return {"components": {name.replace("__", ":"): component for name, component in components.items()}}


def order_of(events: Sequence[Happened]) -> list[tuple[str, str]]:
    """Return what happened, without data: the event, and the component or the text."""
    return [(event.event, event.data.get("component_id") or event.data.get("content", "")) for event in events]


def started(events: Sequence[Happened]) -> list[str]:
    """Return the components which began, in order."""
    return [event.data["component_id"] for event in events if event.event == "node_started"]


def finished(events: Sequence[Happened]) -> list[str]:
    """Return the components which ended, in order."""
    return [event.data["component_id"] for event in events if event.event == "node_finished"]


def running() -> set[asyncio.Task[Any]]:
    """Return the tasks of the engine; others of the loop, which all tests share, come and go."""
    place = "knowflow_server/domain/canvas"
    return {
        task
        for task in asyncio.all_tasks()
        if place in getattr(task.get_coro(), "cr_code", running.__code__).co_filename
    }
