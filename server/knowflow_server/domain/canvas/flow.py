"""Running a part of a graph: components begin as soon as what they need is there, branches side by side.

A component that several others lead to waits for those which still can reach it (live branches), and for no others. A
component whose text streams into a Message counts as done as soon as it begins, so that its text reaches the caller
while it is made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from knowflow_server.domain.canvas.component import ComponentError, Result
from knowflow_server.domain.canvas.document import PAUSE, Canvas, Node
from knowflow_server.domain.canvas.order import Rounds
from knowflow_server.domain.canvas.scope import Scope, Turn
from knowflow_server.domain.canvas.state import Pipe
from knowflow_server.domain.ports import ChatUsage
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.errors.core import AgentRunFailedError

# Most components that begin in one part of a graph: a turn, or one round of an Iteration.
MAX_STEPS = 500


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
    model: str = ""
    trouble: str = ""


@dataclass(slots=True)
class _Done:
    """What became of a component: where it goes on."""

    next: Sequence[str]
    ends_turn: bool = False


class Whole(Turn, Protocol):
    """The run which a part belongs to."""

    canvas: Canvas
    resuming: set[str]
    """Components that waited for the user, whose inputs are there now."""

    async def started(self, node: Node) -> Step:
        """Note that a component begins."""
        ...

    async def finished(self, step: Step) -> None:
        """Note that a component has ended."""
        ...


class Flow:
    """Runs a part of the graph: all that lies outside of Iterations, or the body of one.

    Args:
        run: The run.
        members: The components of the part.
    """

    def __init__(self, run: Whole, members: Iterable[str]) -> None:
        self._run = run
        self._members = frozenset(members)
        self._running: dict[asyncio.Task[_Done], str] = {}
        self._live: dict[str, Rounds] = {}
        """The rounds of the components which run."""
        self._streaming: dict[str, tuple[asyncio.Task[None], Step]] = {}
        """Components whose text is being made, while what follows them runs already."""
        self._steps = 0
        self._waiting: dict[str, Rounds] = {}
        self._paused: dict[str, Rounds] = {}
        self.rests: list[str] = []
        """The components at which the turn ended; the next one begins there."""

    @property
    def waiting(self) -> list[str]:
        """The components which wait for others."""
        return list(self._waiting)

    @property
    def paused(self) -> list[str]:
        """The components which wait for the user."""
        return list(self._paused)

    async def run(self, starts: Sequence[str], *, pending: Sequence[str] = ()) -> None:
        """Run from some components on until nothing is left to do, or everything waits for the user.

        Raises:
            AgentRunFailedError: A component failed.
        """
        self._waiting = {identifier: {} for identifier in dict.fromkeys([*starts, *pending])}
        try:
            for identifier in starts:
                self._start(identifier)
            while True:
                for identifier in self._ready():
                    self._start(identifier)
                if not self._running:
                    break
                done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                # In the order in which they began.
                for task in [task for task in self._running if task in done]:
                    identifier = self._running.pop(task)
                    self._go_on(identifier, self._live.pop(identifier), task.result())
            for identifier in list(self._streaming):
                await self._finish_stream(identifier)
        finally:
            await self._stop()

    def _ready(self) -> list[str]:
        """Return the components which can begin now."""
        free = [identifier for identifier in self._waiting if self._is_free(identifier)]
        if not free and not self._running and not self._paused:
            # Each waits for another, as in loops with several ways in: the one that was reached first goes on.
            return self.waiting[:1]
        return free

    def _is_free(self, identifier: str) -> bool:
        order, rounds = self._run.canvas.order, self._waiting[identifier]
        if identifier in self._live or identifier in self._paused:
            return False
        return not any(
            order.is_before(other, way, identifier, rounds)
            for others in (self._live, self._paused, self._waiting)
            for other, way in others.items()
            if other != identifier
        )

    def _start(self, identifier: str) -> None:
        rounds = self._waiting.pop(identifier)
        node = self._run.canvas.nodes[identifier]
        if node.component.name == PAUSE and identifier not in self._run.resuming:
            self._paused[identifier] = rounds
            return
        self._run.resuming.discard(identifier)
        self._live[identifier] = rounds
        self._running[asyncio.create_task(self._component(node))] = identifier

    def _go_on(self, identifier: str, rounds: Rounds, done: _Done) -> None:
        if done.ends_turn:
            self.rests.append(identifier)
            return
        for successor in done.next:
            if successor in self._members and successor not in self._waiting:
                self._waiting[successor] = self._run.canvas.order.along(identifier, successor, rounds)

    async def _component(self, node: Node) -> _Done:
        """Run one component, with its limits, repetitions and what is to happen after a failure."""
        run = self._run
        if self._steps >= MAX_STEPS:
            raise AgentRunFailedError(component=node.title, cause=f"the run takes more than {MAX_STEPS} steps.")
        self._steps += 1
        step = await run.started(node)
        scope = Scope(node, run)
        began = time.monotonic()
        try:
            result = await self._tried(scope)
        except ComponentError as error:
            step.error = str(error)
            done = self._after_failure(node, step)
        else:
            if result.stream is not None:
                return self._stream(scope, step, result, began)
            step.outputs = dict(result.outputs)
            done = _Done(node.downstream if result.next is None else result.next, result.ends_turn)
        self._keep(scope, step, began)
        if step.error:
            await self._tell(node, done)
        for identifier in self._said_by(node):
            await self._finish_stream(identifier)
        await run.finished(step)
        if done is None:
            raise AgentRunFailedError(component=node.title, cause=step.error)
        return done

    async def _tried(self, scope: Scope) -> Result:
        """Return what a component makes, after as many repetitions as it is allowed.

        The result has a stream only if its pieces may go on as they come; else the stream was read.

        Raises:
            ComponentError: It failed for good.
        """
        node, params = scope.node, scope.node.params
        limit = params.timeout_s or node.component.limit_s
        for attempt in range(params.max_retries + 1):
            try:
                async with asyncio.timeout(limit):
                    return await self._made_by(scope)
            except (ComponentError, KnowFlowError, TimeoutError) as error:
                problem = _sentence(error, limit)
            if attempt < params.max_retries:
                await asyncio.sleep(params.delay_after_error)
        raise ComponentError(problem)

    async def _made_by(self, scope: Scope) -> Result:
        """Return what a component makes in one try; raises as `Component.run`, and when it makes too much."""
        node = scope.node
        result = await node.component.run(scope, node.params)
        if result.stream is not None and self._flows(node):
            return result
        if result.stream is not None:
            text = "".join([piece async for piece in result.stream])
            result = replace(result, outputs={**result.outputs, node.component.streams: text}, stream=None)
        self._run.state.weigh(node.id, result.outputs)
        return result

    def _after_failure(self, node: Node, step: Step) -> _Done | None:
        """Return where to go on after a failure, and put the default value in place; None fails the run."""
        params = node.params
        step.outputs = {"_ERROR": step.error}
        default = params.exception_default_value
        if not params.exception_method or (default is None and not params.exception_goto):
            return None
        if default is not None:
            step.outputs[node.component.error_output] = default
        return _Done(params.exception_goto or node.component.fallback(params, default) or node.downstream)

    async def _tell(self, node: Node, done: _Done | None) -> None:
        """Say the default value, where no Message does."""
        default = node.params.exception_default_value
        if done is not None and default and not node.params.exception_goto and not self._flows(node):
            await self._run.separate()
            await self._run.say(default)
            await self._run.end_message()

    def _flows(self, node: Node) -> bool:
        """Return whether the text of a component goes on into Messages only, which can read it while it is made."""
        if node.params.exception_method and node.params.exception_goto:
            # Whether it goes on there is known when the text is whole.
            return False
        after = [self._run.canvas.nodes[identifier] for identifier in node.downstream]
        return bool(after) and all(other.component.passes_on for other in after)

    def _stream(self, scope: Scope, step: Step, result: Result, began: float) -> _Done:
        node, pipe = scope.node, Pipe()
        self._run.state.outputs[node.id] = {**result.outputs, node.component.streams: pipe}
        self._streaming[node.id] = (asyncio.create_task(self._fill(scope, step, result, pipe, began)), step)
        return _Done(node.downstream)

    async def _fill(self, scope: Scope, step: Step, result: Result, pipe: Pipe, began: float) -> None:
        """Make the text of a component while others read it."""
        node, made = scope.node, list[str]()
        params = node.params
        try:
            for attempt in range(params.max_retries + 1):
                problem = await self._pushed(scope, result, pipe, made)
                # What was said cannot be taken back: a text that has begun is not begun again.
                if not problem or made or attempt == params.max_retries:
                    break
                await asyncio.sleep(params.delay_after_error)
                result = replace(result, stream=None)
            if problem:
                step.error = problem
                self._replaced(node, problem, pipe, made)
        except AgentRunFailedError as failure:
            step.error = step.error or failure.sentence
            self._made(scope, step, result, made, began)
            await self._run.finished(step)
            pipe.end(failure)
            raise
        finally:
            self._made(scope, step, result, made, began)
            pipe.end()

    def _made(self, scope: Scope, step: Step, result: Result, made: Sequence[str], began: float) -> None:
        """Keep a text that was streamed, as far as it was made."""
        step.outputs = {**result.outputs, scope.node.component.streams: "".join(made)}
        if step.error:
            step.outputs["_ERROR"] = step.error
        self._keep(scope, step, began)

    @staticmethod
    def _replaced(node: Node, problem: str, pipe: Pipe, made: list[str]) -> None:
        """Put the default value in the place of what a text lacks.

        Raises:
            AgentRunFailedError: There is none.
        """
        default = node.params.exception_default_value
        if not node.params.exception_method or default is None:
            raise AgentRunFailedError(component=node.title, cause=problem)
        made.append(default)
        pipe.push(default)

    async def _pushed(self, scope: Scope, result: Result, pipe: Pipe, made: list[str]) -> str:
        """Read a stream to its end, or begin a new one when it has none, and return what went wrong, or nothing."""
        node = scope.node
        limit = node.params.timeout_s or node.component.limit_s
        try:
            async with asyncio.timeout(limit):
                stream = result.stream or (await node.component.run(scope, node.params)).stream
                assert stream is not None
                async for piece in stream:
                    made.append(piece)
                    pipe.push(piece)
        except AgentRunFailedError:
            raise
        except (ComponentError, KnowFlowError, TimeoutError) as error:
            return _sentence(error, limit)
        return ""

    def _keep(self, scope: Scope, step: Step, began: float) -> None:
        step.inputs, step.usage = scope.inputs, scope.usage
        step.model, step.trouble = scope.model, scope.trouble
        step.elapsed_s = time.monotonic() - began
        times = {"_created_time": time.time() - step.elapsed_s, "_elapsed_time": step.elapsed_s}
        self._run.state.outputs[scope.node.id] = {**step.outputs, **times}

    def _said_by(self, node: Node) -> list[str]:
        """Return the components whose text this was the last to say: their end is reported before its own."""
        found = []
        for identifier in self._streaming:
            after = set(self._run.canvas.nodes[identifier].downstream)
            if node.id in after and not (after - {node.id}) & {*self._live, *self._waiting}:
                found.append(identifier)
        return found

    async def _finish_stream(self, identifier: str) -> None:
        task, step = self._streaming[identifier]
        await task
        if self._streaming.pop(identifier, None) is not None:
            await self._run.finished(step)

    async def _stop(self) -> None:
        """End everything that still runs."""
        tasks: list[asyncio.Task[Any]] = [*self._running, *(task for task, _ in self._streaming.values())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _sentence(error: BaseException, limit: float) -> str:
    """Return what went wrong, in a sentence.

    Raises:
        AgentRunFailedError: The run has failed elsewhere already.
    """
    if isinstance(error, AgentRunFailedError):
        raise error
    if isinstance(error, TimeoutError):
        return f"It took longer than {limit:g} seconds."
    return error.sentence if isinstance(error, KnowFlowError) else str(error)


def named(node: Node) -> Mapping[str, str]:
    """Return how events name a component."""
    return {"component_id": node.id, "component_name": node.title, "component_type": node.component.name}
