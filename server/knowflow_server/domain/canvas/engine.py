"""The engine: one question on its way through a graph, and the events on the way; `flow` says what runs when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.document import PAUSE, START, Canvas, Node
from knowflow_server.domain.canvas.flow import Flow, Step, named
from knowflow_server.domain.canvas.scope import Scope, Services
from knowflow_server.domain.canvas.size import MAX_SAID, refuse_above
from knowflow_server.domain.canvas.state import State
from knowflow_server.domain.ports import ChatUsage
from knowflow_server.domain.principal import Principal
from knowflow_server.errors.core import AgentRunFailedError

# Most steps of a whole run, those of Iterations included.
MAX_STEPS = 20_000
MAX_PATH = 500
# Events which the caller has not taken yet; then the run waits.
QUEUE = 256
# What an answer is when no Message has said anything.
MAIN_OUTPUTS = ("content", "result", "formalized_content", "structured_content")


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened in a run.

    Args:
        event: `workflow_started`, `node_started`, `message`, `message_end`, `node_finished`, `user_inputs` or
            `workflow_finished`.
        data: Its data, JSON values.
    """

    event: str
    data: dict[str, Any]


class Run:
    """One question on its way through the graph of a session.

    Args:
        canvas: The graph.
        state: The session's state, changed by the run; `begin_turn` was called on it.
        services: What components use.
        principal: The caller.
        inputs: What the caller gave with the question, by name.
        starts: The components which the turn begins with; none means Begin, or those which wait.
    """

    def __init__(
        self,
        canvas: Canvas,
        state: State,
        services: Services,
        principal: Principal,
        inputs: Mapping[str, Any],
        *,
        starts: Sequence[str] = (),
    ) -> None:
        self.canvas = canvas
        self.state = state
        self.services = services
        self.principal = principal
        self.inputs = inputs
        self.starts = starts
        self.steps: list[Step] = []
        self.answer = ""
        self.chunks: list[CitedChunk] = []
        self.resuming: set[str] = set()
        self.last_outputs: dict[str, Any] = {}
        self.elapsed_s = 0.0
        self._numbers: dict[str, int] = {}
        self._events: asyncio.Queue[Happened | None] = asyncio.Queue(QUEUE)
        self._began = time.monotonic()
        self._said = False

    @property
    def begun(self) -> Sequence[str]:
        """The components which have begun in this turn."""
        return [step.node.id for step in self.steps]

    @property
    def usage(self) -> ChatUsage:
        """Tokens of all models of the run."""
        return ChatUsage(
            sum(step.usage.prompt_tokens for step in self.steps),
            sum(step.usage.completion_tokens for step in self.steps),
        )

    async def events(self) -> AsyncGenerator[Happened, None]:
        """Run, and yield what happens; closing the generator ends the run and everything in it.

        Raises:
            AgentRunFailedError: A component failed and nothing says what to do then.
        """
        work = asyncio.create_task(self._fed())
        try:
            while (item := await self._events.get()) is not None:
                yield item
            await work
        finally:
            work.cancel()
            with suppress(BaseException):
                await work

    async def _fed(self) -> None:
        try:
            await self.run()
        except asyncio.CancelledError:
            # A caller who has left takes nothing any more.
            raise
        except BaseException:
            await self._events.put(None)
            raise
        await self._events.put(None)

    async def run(self) -> None:
        """Run, for callers who take what happens by `emit` and not as `events`; raises as that."""
        try:
            await self.emit("workflow_started", {"inputs": dict(self.inputs)})
            starts, pending = self._begin()
            flow = Flow(self, [node.id for node in self.canvas.nodes.values() if not node.parent])
            await flow.run(starts, pending=pending)
            self.state.paused = flow.paused + flow.rests
            self.state.pending = flow.waiting if flow.paused else []
            await self._end()
        finally:
            self.elapsed_s = time.monotonic() - self._began

    @property
    def awaited(self) -> list[Node]:
        """The components which wait for the user to fill in something."""
        nodes = map(self.canvas.nodes.__getitem__, self.state.paused)
        return [node for node in nodes if node.component.name == PAUSE]

    def _begin(self) -> tuple[list[str], list[str]]:
        """Return where the turn starts, and what waits for that."""
        if self.starts:
            return list(self.starts), []
        if self.state.paused:
            self.resuming = set(self.state.paused)
            return list(self.state.paused), list(self.state.pending)
        # What an earlier turn has made is no part of this one; only the inputs of the session stay.
        begin = self.canvas.begin.id
        self.state.outputs = {begin: self.state.outputs[begin]} if begin in self.state.outputs else {}
        return [begin], []

    async def _end(self) -> None:
        awaited = self.awaited
        if not self._said and not awaited:
            text = next((self.last_outputs[name] for name in MAIN_OUTPUTS if self.last_outputs.get(name)), "")
            if isinstance(text, str) and text:
                await self.say(text[:MAX_SAID])
                await self.end_message()
        for node in awaited:
            form = {name: dict(item) for name, item in node.params.inputs.items()}
            tips = await Scope(node, self).text(node.params.tips) if node.params.enable_tips else ""
            await self.emit("user_inputs", {"inputs": form, "tips": tips, "component_id": node.id})
        if not awaited:
            elapsed = time.monotonic() - self._began
            data = {"inputs": dict(self.inputs), "outputs": self.last_outputs, "elapsed_time": elapsed}
            await self.emit("workflow_finished", {**data, "created_at": time.time()})

    async def say(self, text: str) -> None:
        """Send the next piece of the answer.

        Raises:
            ComponentError: The answer is too long.
        """
        refuse_above(len(self.answer) + len(text), MAX_SAID)
        self._said = True
        self.answer += text
        await self.emit("message", {"content": text})

    async def end_message(self) -> None:
        """Say that a message is complete."""
        await self.emit("message_end", {"reference": self._reference()})

    async def separate(self) -> None:
        """Put a blank line between two messages."""
        if self.answer and not self.answer.endswith("\n\n"):
            await self.say("\n\n")

    def cited(self) -> Sequence[CitedChunk]:
        """Return what the answer rests on so far."""
        return self.chunks

    def cite(self, chunks: Sequence[CitedChunk]) -> list[int]:
        """Add chunks to what the answer rests on, each once, and return their numbers."""
        for chunk in chunks:
            if chunk.id not in self._numbers:
                self._numbers[chunk.id] = len(self.chunks)
                self.chunks.append(chunk)
        return [self._numbers[chunk.id] for chunk in chunks]

    async def body(self, parent: str, outputs: Mapping[str, Any]) -> None:
        """Run the components inside an Iteration once."""
        members = list(self.canvas.body(parent))
        start = next(node for node in members if node.component.name == START)
        for node in members:
            # What another round has made is no part of this one.
            self.state.outputs.pop(node.id, None)
        self.state.outputs[start.id] = dict(outputs)
        try:
            await Flow(self, [node.id for node in members]).run([start.id])
        except AgentRunFailedError as error:
            # What is to happen then, the Iteration's own parameters say.
            raise ComponentError(error.sentence) from None

    def _reference(self) -> dict[str, Any]:
        chunks = {
            str(number): {
                "id": chunk.id,
                "content": chunk.content,
                "document_id": chunk.document_id,
                "document_name": chunk.document_name,
                "dataset_id": chunk.dataset_id,
                "similarity": chunk.similarity,
                "positions": [list(position.values) for position in chunk.positions],
            }
            for number, chunk in enumerate(self.chunks)
        }
        documents: dict[str, dict[str, Any]] = {}
        for chunk in self.chunks:
            hit = documents.setdefault(
                chunk.document_name, {"doc_name": chunk.document_name, "doc_id": chunk.document_id, "count": 0}
            )
            hit["count"] += 1
        self.state.retrieval[-1] = {"chunks": chunks, "doc_aggs": documents}
        return self.state.retrieval[-1]

    async def emit(self, event: str, data: dict[str, Any]) -> None:
        """Tell what has happened."""
        await self._events.put(Happened(event, data))

    async def started(self, node: Node) -> Step:
        """Note that a component begins."""
        if len(self.steps) >= MAX_STEPS:
            raise AgentRunFailedError(component=node.title, cause=f"the run takes more than {MAX_STEPS} steps.")
        step = Step(node, time.monotonic() - self._began)
        self.steps.append(step)
        self.state.path.append(node.id)
        del self.state.path[:-MAX_PATH]
        data = {**named(node), "thoughts": "", "inputs": None, "created_at": time.time()}
        await self.emit("node_started", data)
        return step

    async def finished(self, step: Step) -> None:
        """Note that a component has ended."""
        self.last_outputs = {name: value for name, value in step.outputs.items() if not name.startswith("_")}
        data = {
            **named(step.node),
            "inputs": step.inputs,
            "outputs": self.last_outputs,
            "error": step.error or None,
            "elapsed_time": step.elapsed_s,
            "created_at": time.time(),
        }
        await self.emit("node_finished", data)
