"""The engine: components run as soon as what they need is there, branches side by side.

A component that several others lead to waits for those which still can reach it (live branches), and for no others. A
component whose text streams into a Message counts as done as soon as it begins, so that its text reaches the caller
while it is made. Each run has a limit of steps, each component a limit of time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from knowflow.store.v1.chat_pb2 import CitedChunk
from knowflow_server.domain.canvas.component import ComponentError, Result
from knowflow_server.domain.canvas.document import START, Canvas, Node
from knowflow_server.domain.canvas.scope import Scope, Services
from knowflow_server.domain.canvas.state import Pipe, State
from knowflow_server.domain.ports import ChatUsage
from knowflow_server.domain.principal import Principal
from knowflow_server.errors import AgentRunFailedError, KnowFlowError

MAX_STEPS = 500
# Events which the caller has not taken yet; then the run waits.
QUEUE = 256
PAUSE = "UserFillUp"
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


@dataclass(slots=True)
class Step:
    """One component of a run, as its trace keeps it."""

    node: Node
    started_after_s: float
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    elapsed_s: float = 0.0
    usage: ChatUsage = field(default_factory=lambda: ChatUsage(0, 0))


@dataclass(slots=True)
class _Done:
    """What became of a component: where it goes on."""

    next: Sequence[str]
    ends_turn: bool = False


class Run:
    """One question on its way through the graph of a session.

    Args:
        canvas: The graph.
        state: The session's state, changed by the run; `begin_turn` was called on it.
        services: What components use.
        principal: The caller.
        inputs: What the caller gave with the question, by name.
    """

    def __init__(
        self, canvas: Canvas, state: State, services: Services, principal: Principal, inputs: Mapping[str, Any]
    ) -> None:
        self.canvas = canvas
        self.state = state
        self.services = services
        self.principal = principal
        self.inputs = inputs
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
        work = asyncio.create_task(self._work())
        try:
            while (item := await self._events.get()) is not None:
                yield item
            await work
        finally:
            work.cancel()
            with suppress(BaseException):
                await work

    async def _work(self) -> None:
        try:
            await self._emit("workflow_started", {"inputs": dict(self.inputs)})
            starts = self._starts()
            flow = _Flow(self, [node.id for node in self.canvas.nodes.values() if not node.parent])
            await flow.run(starts, pending=self.state.pending)
            self.state.paused, self.state.pending = flow.paused, flow.waiting if flow.paused else []
            await self._end()
        except asyncio.CancelledError:
            # A caller who has left takes nothing any more.
            raise
        except BaseException:
            await self._events.put(None)
            raise
        else:
            await self._events.put(None)
        finally:
            self.elapsed_s = time.monotonic() - self._began

    def _starts(self) -> list[str]:
        if self.state.paused:
            self.resuming = set(self.state.paused)
            return list(self.state.paused)
        return [self.canvas.begin.id]

    async def _end(self) -> None:
        if not self._said and not self.state.paused:
            text = next((self.last_outputs[name] for name in MAIN_OUTPUTS if self.last_outputs.get(name)), "")
            if isinstance(text, str) and text:
                await self.say(text)
                await self.end_message()
        for identifier in self.state.paused:
            node = self.canvas.nodes[identifier]
            form = {name: dict(item) for name, item in node.params.inputs.items()}
            tips = await Scope(node, self).text(node.params.tips) if node.params.enable_tips else ""
            await self._emit("user_inputs", {"inputs": form, "tips": tips, "component_id": identifier})
        if not self.state.paused:
            elapsed = time.monotonic() - self._began
            data = {"inputs": dict(self.inputs), "outputs": self.last_outputs, "elapsed_time": elapsed}
            await self._emit("workflow_finished", {**data, "created_at": time.time()})

    async def say(self, text: str) -> None:
        """Send the next piece of the answer."""
        self._said = True
        self.answer += text
        await self._emit("message", {"content": text})

    async def end_message(self) -> None:
        """Say that a message is complete."""
        await self._emit("message_end", {"reference": self._reference()})

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
        self.state.outputs[start.id] = dict(outputs)
        flow = _Flow(self, [node.id for node in members])
        await flow.run([start.id])
        if flow.paused:
            raise ComponentError("A component inside an Iteration cannot wait for the user.")

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

    async def _emit(self, event: str, data: dict[str, Any]) -> None:
        await self._events.put(Happened(event, data))

    async def started(self, node: Node) -> Step:
        """Note that a component begins."""
        if len(self.steps) >= MAX_STEPS:
            raise AgentRunFailedError(component=node.id, cause=f"the run takes more than {MAX_STEPS} steps.")
        step = Step(node, time.monotonic() - self._began)
        self.steps.append(step)
        self.state.path.append(node.id)
        del self.state.path[:-MAX_STEPS]
        data = {**_named(node), "thoughts": "", "inputs": None, "created_at": time.time()}
        await self._emit("node_started", data)
        return step

    async def finished(self, step: Step) -> None:
        """Note that a component has ended."""
        self.last_outputs = {name: value for name, value in step.outputs.items() if not name.startswith("_")}
        data = {
            **_named(step.node),
            "inputs": step.inputs,
            "outputs": self.last_outputs,
            "error": step.error or None,
            "elapsed_time": step.elapsed_s,
            "created_at": time.time(),
        }
        await self._emit("node_finished", data)


def _named(node: Node) -> dict[str, Any]:
    return {"component_id": node.id, "component_name": node.title, "component_type": node.component.name}


class _Flow:
    """Runs a part of the graph: all that lies outside of Iterations, or the body of one."""

    def __init__(self, run: Run, members: Iterable[str]) -> None:
        self._run = run
        self._members = frozenset(members)
        self._running: dict[asyncio.Task[_Done], str] = {}
        self._streaming: dict[str, tuple[asyncio.Task[None], Step]] = {}
        """Components whose text is being made, while what follows them runs already."""
        self.waiting: list[str] = []
        self.paused: list[str] = []

    async def run(self, starts: Sequence[str], *, pending: Sequence[str] = ()) -> None:
        """Run from some components on until nothing is left to do, or everything waits for the user.

        Raises:
            AgentRunFailedError: A component failed.
        """
        self.waiting = [*starts, *(identifier for identifier in pending if identifier not in starts)]
        try:
            while True:
                for identifier in self._ready():
                    self._start(identifier)
                if not self._running:
                    break
                done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                for task in sorted(done, key=lambda task: self._run.state.path.index(self._running[task])):
                    del self._running[task]
                    self._go_on(task.result())
            for filling, _ in list(self._streaming.values()):
                await filling
        finally:
            await self._stop()

    def _ready(self) -> list[str]:
        """Return the components which can begin now."""
        if not self._running and self.waiting and not any(map(self._free, self.waiting)) and not self.paused:
            # Each waits for another, as in loops that cross: the one that was reached first goes on.
            return self.waiting[:1]
        return [identifier for identifier in self.waiting if self._free(identifier)]

    def _free(self, identifier: str) -> bool:
        reach = self._run.canvas.reach
        live = [*self._running.values(), *self.paused]
        if any(identifier in reach[other] for other in live if other != identifier) or identifier in live:
            return False
        return not any(
            identifier in reach[other] and other not in reach[identifier]
            for other in self.waiting
            if other != identifier
        )

    def _start(self, identifier: str) -> None:
        self.waiting.remove(identifier)
        node = self._run.canvas.nodes[identifier]
        if node.component.name == PAUSE and identifier not in self._run.resuming:
            self.paused.append(identifier)
            return
        self._run.resuming.discard(identifier)
        self._running[asyncio.create_task(self._component(node))] = identifier

    def _go_on(self, done: _Done) -> None:
        if done.ends_turn:
            return
        for successor in done.next:
            if successor in self._members and successor not in self.waiting:
                self.waiting.append(successor)

    async def _component(self, node: Node) -> _Done:
        """Run one component, with its limits, repetitions and what is to happen after a failure."""
        run = self._run
        step = await run.started(node)
        scope = Scope(node, run)
        began = time.monotonic()
        params = node.params
        try:
            result = await self._tried(scope, params)
        except ComponentError as error:
            step.error = str(error)
            done = await self._failed(node, step)
        else:
            if result.stream is not None and self._flows(node):
                return self._stream(scope, step, result, began)
            outputs = dict(result.outputs)
            if result.stream is not None:
                outputs[node.component.streams] = "".join([piece async for piece in result.stream])
            step.outputs = outputs
            done = _Done(node.downstream if result.next is None else result.next, result.ends_turn)
        step.inputs, step.usage = scope.inputs, scope.usage
        step.elapsed_s = time.monotonic() - began
        self._keep(node, step)
        await self._finish_streams(node)
        await run.finished(step)
        return done

    async def _tried(self, scope: Scope, params: Any) -> Result:
        """Return what a component makes, after as many repetitions as it is allowed.

        Raises:
            ComponentError: It failed for good.
        """
        component = scope.node.component
        limit = params.timeout_s or component.limit_s
        for attempt in range(params.max_retries + 1):
            try:
                async with asyncio.timeout(limit):
                    return await component.run(scope, params)
            except TimeoutError:
                problem = ComponentError(f"It took longer than {limit:g} seconds.")
            except ComponentError as error:
                problem = error
            except AgentRunFailedError:
                raise
            except KnowFlowError as error:
                problem = ComponentError(error.sentence)
            if attempt < params.max_retries:
                await asyncio.sleep(params.delay_after_error)
        raise problem

    async def _failed(self, node: Node, step: Step) -> _Done:
        """Do what a component's parameters say of its failure."""
        params = node.params
        step.outputs = {"_ERROR": step.error}
        default = params.exception_default_value
        if params.exception_method and params.exception_goto:
            if default is not None:
                step.outputs[node.component.error_output] = default
            return _Done(params.exception_goto)
        if params.exception_method and default is not None:
            step.outputs[node.component.error_output] = default
            if not self._flows(node) and default:
                await self._run.separate()
                await self._run.say(default)
                await self._run.end_message()
            return _Done(node.downstream)
        await self._run.finished(step)
        raise AgentRunFailedError(component=node.title, cause=step.error)

    def _flows(self, node: Node) -> bool:
        """Return whether the text of a component goes on into Messages only, which can read it while it is made."""
        after = [self._run.canvas.nodes[identifier] for identifier in node.downstream]
        return bool(after) and all(other.component.name == "Message" for other in after)

    def _stream(self, scope: Scope, step: Step, result: Result, began: float) -> _Done:
        node, pipe = scope.node, Pipe()
        self._run.state.outputs[node.id] = {**result.outputs, node.component.streams: pipe}
        self._streaming[node.id] = (asyncio.create_task(self._fill(scope, step, result, pipe, began)), step)
        return _Done(node.downstream)

    async def _fill(self, scope: Scope, step: Step, result: Result, pipe: Pipe, began: float) -> None:
        """Make the text of a component while others read it."""
        node, made = scope.node, ""
        limit = node.params.timeout_s or node.component.limit_s
        assert result.stream is not None
        try:
            async with asyncio.timeout(limit):
                async for piece in result.stream:
                    made += piece
                    pipe.push(piece)
        except (ComponentError, KnowFlowError, TimeoutError) as error:
            step.error = _sentence(error, limit)
            default = node.params.exception_default_value
            if node.params.exception_method and default is not None:
                made += default
                pipe.push(default)
            else:
                failure = AgentRunFailedError(component=node.title, cause=step.error)
                pipe.end(failure)
                raise failure from None
        finally:
            step.inputs, step.usage = scope.inputs, scope.usage
            step.elapsed_s = time.monotonic() - began
            step.outputs = {**result.outputs, node.component.streams: made}
            if step.error:
                step.outputs["_ERROR"] = step.error
            self._keep(node, step)
            pipe.end()

    def _keep(self, node: Node, step: Step) -> None:
        times = {"_created_time": time.time() - step.elapsed_s, "_elapsed_time": step.elapsed_s}
        self._run.state.outputs[node.id] = {**step.outputs, **times}

    async def _finish_streams(self, node: Node) -> None:
        """Report the components whose text a Message has just said: their end comes before the Message's own."""
        for identifier in [key for key in self._streaming if node.id in self._run.canvas.nodes[key].downstream]:
            others = set(self._run.canvas.nodes[identifier].downstream) - {node.id}
            busy = {*self._running.values(), *self.waiting}
            if others & busy:
                continue
            task, step = self._streaming.pop(identifier)
            await task
            await self._run.finished(step)

    async def _stop(self) -> None:
        """End everything that still runs."""
        tasks: list[asyncio.Task[Any]] = [*self._running, *(task for task, _ in self._streaming.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _sentence(error: BaseException, limit: float) -> str:
    if isinstance(error, TimeoutError):
        return f"It took longer than {limit:g} seconds."
    return error.sentence if isinstance(error, KnowFlowError) else str(error)
