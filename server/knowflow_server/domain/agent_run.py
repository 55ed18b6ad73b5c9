"""Runs of agents: a question, the events on the way, and what is kept of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from typing import Any

from knowflow.store.v1.agent_pb2 import Agent, AgentActivity, CanvasState, RunTrace, TraceStep
from knowflow.store.v1.chat_pb2 import CitedChunk, Message, Session
from knowflow_server.domain.agent import Agents, agent_session, owned_agent
from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.domain.canvas.document import Canvas, load
from knowflow_server.domain.canvas.engine import Happened, Run
from knowflow_server.domain.canvas.flow import Step
from knowflow_server.domain.canvas.scope import Scope, Services
from knowflow_server.domain.canvas.state import State
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.keeping import Keeping
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.ports import ChatUsage, Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.simple_agent import resumed
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.errors.base import InvalidArgumentError, KnowFlowError
from knowflow_server.errors.credits import AgentPausedError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

MAX_ASKED = 100_000
# Long texts of a trace are cut: a trace is for looking at.
TRACED = 4_000
TRACED_STEPS = 1_000
# How runs end that are not cut off.
ANSWERED = frozenset({"finished", "waiting"})


@dataclass(frozen=True, slots=True)
class AgentAsk:
    """A question to an agent.

    Args:
        agent_id: The agent.
        question: The question; empty where the agent waits for inputs, or asks for nothing.
        session_id: The session to go on with; empty begins a new one.
        inputs: Values of the agent's inputs, or of those it waits for.
        user_id: Who asks; kept with a new session.
        files: What `sys.files` holds.
        history: Turns before this one, `[role, text]`, for a new session.
        message_id: Identifier of the message which answers; empty means a new one.
        price: Credits which the answer costs; its activity says so.
    """

    agent_id: str
    question: str
    session_id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    user_id: str = ""
    files: Sequence[Any] = ()
    history: Sequence[Sequence[str]] = ()
    message_id: str = ""
    price: int = 0


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something happened in a run."""

    happened: Happened
    session_id: str
    run_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over, or waits for the user.

    Args:
        answer: The whole answer.
        chunks: What it rests on; `[ID:n]` is the n-th.
        message_id: Identifier of the stored answer.
        session_id: The session.
        run_id: The run, whose trace can be read.
        outputs: The outputs of the last component.
        awaited: What the agent waits for: component, tips, form.
        usage: Tokens.
        said: Whether the answer was sent piece by piece; what the user is told to fill in is not.
        model: The chat model that was asked last; empty when none was.
        elapsed_s: How long it took.
        created_at: Microseconds since 1970, UTC.
    """

    answer: str
    chunks: Sequence[CitedChunk]
    message_id: str
    session_id: str
    run_id: str
    outputs: Mapping[str, Any]
    awaited: Sequence[Mapping[str, Any]]
    usage: ChatUsage
    said: bool
    model: str
    elapsed_s: float
    created_at: int


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The run was cut off, perhaps after it had said something.

    Args:
        error: Why.
        answer: What was said.
        trouble: How a model's provider failed it, if one did: `overloaded` or `unavailable`.
    """

    error: KnowFlowError
    answer: str
    trouble: str = ""


AgentEvent = RunEvent | RunFinished | RunFailed


@dataclass(slots=True)
class _Current:
    agent: Agent
    session: Session
    run: Run
    ask: AgentAsk
    run_id: str
    message_id: str
    asked_at: int
    awaited: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def answer(self) -> str:
        """What was said; where nothing was, what the user is told to fill in."""
        return self.run.answer or "\n\n".join(item["tips"] for item in self.awaited if item["tips"])


class AgentRuns:
    """Runs agents; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        agents: Agents,
        services: Services,
        outbox: Outbox,
        jobs: Jobs,
        locks: NamedLocks,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._agents = agents
        self._services = services
        self._outbox = outbox
        self._jobs = jobs
        self._locks = locks
        self._clock = clock
        self._ids = ids
        self._keeping = Keeping()

    async def close(self) -> None:
        """Wait until every run that was cut off is kept."""
        await self._keeping.close()

    async def stream(self, principal: Principal, ask: AgentAsk) -> AsyncGenerator[AgentEvent, None]:
        """Run an agent: events, then `RunFinished` or `RunFailed`; wrap it in `contextlib.aclosing`.

        A caller who leaves ends the run; what was said up to there is kept in the session.

        Raises:
            AgentNotFoundError, AgentPausedError, SessionNotFoundError, InvalidArgumentError: As their sentences say;
                nothing was yielded.
        """
        if len(ask.question) > MAX_ASKED:
            raise InvalidArgumentError(f"`question` should have at most {MAX_ASKED} characters", field="question")
        agent = owned_agent(self._entities, principal, ask.agent_id, "Agent not found.")
        if agent.simple.paused:
            raise AgentPausedError(agent_id=agent.id)
        async with AsyncExitStack() as stack:
            session = None
            if ask.session_id:
                agent_session(self._entities, agent, ask.session_id)
                # One question at a time: the next one follows the answer to this one.
                await stack.enter_async_context(self._locks.hold(f"session/{ask.session_id}"))
                session = agent_session(self._entities, agent, ask.session_id)
            run = await self._prepared(principal, agent, session, ask)
            if session is None:
                # What is refused leaves no session behind.
                session = (await self._agents.begin_session(principal, agent.id, user_id=ask.user_id)).session
                # Its id goes out with the first event.
                await stack.enter_async_context(self._locks.hold(f"session/{session.id}"))
            now = microseconds(self._clock)
            current = _Current(agent, session, run, ask, self._ids.new_id(), ask.message_id or self._ids.new_id(), now)
            with self._keeping.answering():
                async with aclosing(self._events(current)) as events:
                    async for event in events:
                        yield event

    async def _prepared(self, principal: Principal, agent: Agent, session: Session | None, ask: AgentAsk) -> Run:
        states: Sequence[CanvasState] = ()
        if session is not None:
            states = await self._messages.records(CanvasState, session.organization_id, [session.id])
        canvas, state = await asyncio.to_thread(_loaded, agent, states[-1].dsl if states else "")
        state.history += [list(turn) for turn in ask.history]
        if not ask.question.strip() and not state.paused and not ask.inputs and canvas.begin.params.mode != "task":
            raise InvalidArgumentError("`question` is required.", field="question")
        state.begin_turn(ask.question, user_id=ask.user_id, files=ask.files)
        run = Run(canvas, state, self._services, principal, ask.inputs)
        await self._refuse_inputs(run)
        return run

    @staticmethod
    async def _refuse_inputs(run: Run) -> None:
        """Refuse inputs which the components cannot take that the turn begins with: that is the caller's mistake."""
        for node in run.awaited or ([] if run.state.paused else [run.canvas.begin]):
            try:
                await node.component.run(Scope(node, run), node.params)
            except ComponentError as error:
                raise InvalidArgumentError(str(error), field="inputs") from None

    async def _events(self, current: _Current) -> AsyncGenerator[AgentEvent, None]:
        run, failure = current.run, None
        ended = "cancelled"
        try:
            async with aclosing(run.events()) as events:
                async for happened in events:
                    if happened.event == "user_inputs":
                        current.awaited.append(happened.data)
                    yield RunEvent(happened, current.session.id, current.run_id, current.message_id)
            ended = "waiting" if run.awaited else "finished"
        except KnowFlowError as error:
            failure, ended = error, "failed"
        except Exception:
            ended = "failed"
            raise
        finally:
            await self._keeping.through(self._keep(current, ended, failure))
        if failure is not None:
            yield RunFailed(failure, run.answer, _trouble(run))
            return
        yield RunFinished(
            current.answer,
            run.chunks,
            current.message_id,
            current.session.id,
            current.run_id,
            run.last_outputs,
            current.awaited,
            run.usage,
            bool(run.answer),
            _model(run),
            run.elapsed_s,
            microseconds(self._clock),
        )

    async def _keep(self, current: _Current, ended: str, failure: KnowFlowError | None) -> None:
        session, run = current.session, current.run
        now = max(microseconds(self._clock), current.asked_at + 1)
        shared: dict[str, Any] = {"organization_id": session.organization_id, "session_id": session.id}
        # What components read and made may be long.
        steps = await asyncio.to_thread(list, map(_traced, run.steps[:TRACED_STEPS]))
        trace = RunTrace(
            id=current.run_id,
            agent_id=current.agent.id,
            question=current.ask.question,
            answer=current.answer,
            state=ended,
            error="" if failure is None else failure.sentence,
            steps=steps,
            elapsed_s=run.elapsed_s,
            created_at=current.asked_at,
            message_id=current.message_id,
            model=_model(run),
            **shared,
        )
        activity = AgentActivity(
            id=self._ids.new_id(),
            organization_id=session.organization_id,
            agent_id=current.agent.id,
            run_id=current.run_id,
            session_id=session.id,
            status_code=_status(ended, _trouble(run)),
            model=_model(run),
            elapsed_s=run.elapsed_s,
            used_credits=current.ask.price if ended in ANSWERED else 0,
            created_at=current.asked_at,
        )
        records: list[Message | RunTrace | AgentActivity] = [trace, activity]
        said = bool(run.answer) or ended in ANSWERED
        if said:
            records += self._turn(current, ended, now, shared)
        if said and ended != "failed":
            run.state.history.append(["assistant", current.answer])
            dsl = await asyncio.to_thread(json.dumps, run.state.document(), ensure_ascii=False, default=str)
            state = CanvasState(id=self._ids.new_id(), dsl=dsl, created_at=now, **shared)
            await self._messages.replace(state, records)
        else:
            # A run that failed changes nothing the next question could stumble over.
            await self._messages.add(records)
        added = [record for record in records if isinstance(record, Message)]

        def work(transaction: Transaction) -> None:
            present = transaction.get(Session, session.id)
            if present is None:
                # The session was deleted while it was answered; so is what it left behind.
                gone = [session.id] if transaction.get(Agent, current.agent.id) else [session.id, current.agent.id]
                self._jobs.add_forgetting(transaction, session.organization_id, gone)
                return
            edited = transaction.edit(present)
            edited.message_count += len(added)
            edited.updated_at = now
            self._outbox.said(transaction, added)

        await self._entities.transact(work)
        self._jobs.wake()

    def _turn(self, current: _Current, ended: str, now: int, shared: Mapping[str, Any]) -> list[Message]:
        run = current.run
        question = Message(
            id=self._ids.new_id(), role="user", content=current.ask.question, created_at=current.asked_at, **shared
        )
        endings = {"cancelled": "cancelled", "failed": "error"}
        answer = Message(
            id=current.message_id,
            role="assistant",
            content=current.answer,
            chunks=run.chunks,
            finish_reason=endings.get(ended, "stop"),
            prompt_tokens=run.usage.prompt_tokens,
            completion_tokens=run.usage.completion_tokens,
            created_at=now,
            **shared,
        )
        return [question, answer]


def _loaded(agent: Agent, kept: str) -> tuple[Canvas, State]:
    """Return graph and state of a session, or of a new one when nothing is kept; a long one takes a while."""
    dsl = json.loads(resumed(agent, kept) if kept else agent.dsl)
    return load(dsl), State(dsl)


def _model(run: Run) -> str:
    """Return the chat model that was asked last; empty when none was."""
    return next((step.model for step in reversed(run.steps) if step.model), "")


def _trouble(run: Run) -> str:
    """Return how a model's provider failed a run that failed, if one did."""
    return next((step.trouble for step in reversed(run.steps) if step.trouble), "")


def _status(ended: str, trouble: str) -> int:
    """Return what came of a run, in the manner of HTTP."""
    if ended == "failed":
        return 503 if trouble else 500
    return 499 if ended == "cancelled" else 200


def _traced(step: Step) -> TraceStep:
    return TraceStep(
        component_id=step.node.id,
        component_name=step.node.title,
        component_type=step.node.component.name,
        inputs=_json(step.inputs),
        outputs=_json(step.outputs),
        error=step.error,
        started_after_s=step.started_after_s,
        elapsed_s=step.elapsed_s,
        prompt_tokens=step.usage.prompt_tokens,
        completion_tokens=step.usage.completion_tokens,
    )


def _json(values: Mapping[str, Any]) -> str:
    """Return values as JSON, with long texts cut so that it stays JSON."""
    return json.dumps({name: _short(value) for name, value in values.items()}, ensure_ascii=False, default=str)


def _short(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if len(text) <= TRACED:
        return value
    return text[:TRACED] + " …"


def envelope(event: RunEvent) -> dict[str, Any]:
    """Return an event in the form that clients of RAGFlow know."""
    return {
        "event": event.happened.event,
        "message_id": event.message_id,
        "created_at": int(time.time()),
        "task_id": event.run_id,
        "session_id": event.session_id,
        "data": event.happened.data,
    }
