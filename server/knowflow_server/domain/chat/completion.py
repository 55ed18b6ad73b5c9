"""Completions: a question to an assistant, searched for, put to a model, answered piece by piece, and kept."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace

from knowflow.store.v1.chat_pb2 import Assistant, CitedChunk, Message, Session
from knowflow_server.domain.chat.assistant import Assistants, owned_assistant
from knowflow_server.domain.chat.citation import Citer, cited, without_marks
from knowflow_server.domain.chat.failures import provider_errors
from knowflow_server.domain.chat.followup import related_by_model, related_by_words, self_contained
from knowflow_server.domain.chat.intent import ASKS_OVERVIEW, is_about_the_whole
from knowflow_server.domain.chat.overview import Overview
from knowflow_server.domain.chat.prompt import CITE, GRAPH, KNOWLEDGE, Passage, build, filled, placeholder
from knowflow_server.domain.chat.session import Sessions, owned_session
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.keeping import Keeping
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.page import PageRequest
from knowflow_server.domain.ports import (
    ChatDelta,
    ChatDone,
    ChatMessage,
    ChatOptions,
    ChatUsage,
    Clock,
    Grounding,
    IdSource,
    ResolvedChatModel,
)
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.retrieval import MAX_QUESTION, Query, Retrieval, ScoredChunk
from knowflow_server.domain.webhook.outbox import Outbox
from knowflow_server.errors.base import InvalidArgumentError, KnowFlowError
from knowflow_server.errors.core import ChatDatasetsGoneError, SessionNotFoundError
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

MAX_ASKED = 100_000
RELATED_CHUNKS = 8


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to an assistant.

    Args:
        chat_id: The assistant.
        question: The question.
        session_id: The session to go on with; empty begins a new one.
        variables: Values of the prompt's variables.
        document_ids: Documents to search in; empty means all of the assistant's datasets.
        history: The turns before, when the caller keeps the conversation itself; then there is no session.
        told: What the caller tells the model beside the assistant's prompt.
        options: How to answer; what is None is the assistant's.
        frozen: The assistant as it was, which then answers in its place; None means as it is.
    """

    chat_id: str
    question: str
    session_id: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    document_ids: Sequence[str] = ()
    history: Sequence[ChatMessage] | None = None
    told: str = ""
    options: ChatOptions = field(default_factory=ChatOptions)
    frozen: Assistant | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The answer begins.

    Args:
        session_id: The session; empty when the caller keeps the conversation.
        chunks: What the model was given, best first.
        search_question: What was searched for; empty when nothing was.
    """

    session_id: str
    chunks: Sequence[CitedChunk]
    search_question: str


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is whole.

    Args:
        answer: The whole answer.
        started: As it was sent first.
        message_id: Identifier of the stored answer; empty when the caller keeps the conversation.
        usage: Tokens.
        finish_reason: `stop` or `length`.
        model_served: Who answered; empty when no model was asked.
        created_at: Microseconds since 1970, UTC.
    """

    answer: str
    started: Started
    message_id: str
    usage: ChatUsage
    finish_reason: str
    model_served: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer was cut off.

    Args:
        error: Why.
        answer: What was answered up to there.
    """

    error: KnowFlowError
    answer: str


Event = Started | Delta | Finished | Failed


@dataclass(slots=True)
class _Turn:
    """One question on its way through."""

    principal: Principal
    ask: Ask
    assistant: Assistant
    resolved: ResolvedChatModel
    session: Session | None
    history: Sequence[ChatMessage]
    asked_at: int
    search_question: str = ""
    chunks: Sequence[ScoredChunk] = ()
    graph: str = ""
    answer: str = ""
    usage: ChatUsage = field(default_factory=lambda: ChatUsage(0, 0))
    finish_reason: str = "cancelled"
    model_served: str = ""


class Completions:
    """Answers questions; each method acts for one caller."""

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        assistants: Assistants,
        sessions: Sessions,
        retrieval: Retrieval,
        overview: Overview,
        outbox: Outbox,
        jobs: Jobs,
        locks: NamedLocks,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._assistants = assistants
        self._sessions = sessions
        self._retrieval = retrieval
        self._overview = overview
        self._outbox = outbox
        self._jobs = jobs
        self._locks = locks
        self._clock = clock
        self._ids = ids
        self._keeping = Keeping()

    async def close(self) -> None:
        """Wait until every answer that was cut off is kept."""
        await self._keeping.close()

    async def stream(self, principal: Principal, ask: Ask) -> AsyncGenerator[Event, None]:
        """Answer a question: `Started`, pieces, and `Finished` or `Failed`; wrap it in `contextlib.aclosing`.

        Nothing is sent before the model's first piece, so that everything that goes wrong until then is raised. A
        caller who leaves ends the model's work; what was answered up to there is kept in the session.

        Raises:
            ChatNotFoundError, SessionNotFoundError, ChatDatasetsGoneError, PromptVariableMissingError,
            ContextTooLongError, ModelOverloadedError, ModelUnavailableError, InvalidArgumentError: As they say.
        """
        if not ask.question.strip():
            raise InvalidArgumentError("`question` is required.", field="question")
        if len(ask.question) > MAX_ASKED:
            raise InvalidArgumentError(f"`question` should have at most {MAX_ASKED} characters", field="question")
        assistant = owned_assistant(self._entities, principal, ask.chat_id)
        assistant = ask.frozen if ask.frozen is not None else assistant
        # The values are looked at before anything is spent.
        text = filled(assistant.prompt, ask.variables)
        resolved = self._assistants.resolve(assistant.llm.model_name, assistant.organization_id)
        async with AsyncExitStack() as stack:
            session = None
            if ask.session_id:
                owned_session(self._entities, assistant, ask.session_id)
                # One question at a time: the next one follows the answer to this one.
                await stack.enter_async_context(self._locks.hold(f"session/{ask.session_id}"))
                session = owned_session(self._entities, assistant, ask.session_id)
            history = ask.history if ask.history is not None else await self._history(session)
            now = microseconds(self._clock)
            turn = _Turn(principal, ask, assistant, resolved, session, history, now)
            await self._search(turn)
            async with aclosing(self._answer(turn, text)) as events:
                async for event in events:
                    yield event

    async def related(self, principal: Principal, session_id: str, question: str) -> list[str]:
        """Return questions to go on with in a session, the best first.

        Raises:
            SessionNotFoundError: The session does not exist for the caller.
            InvalidArgumentError: The question is blank.
            ModelUnavailableError: The model failed.
        """
        if not question.strip():
            raise InvalidArgumentError("`question` is required.", field="question")
        if not session_id:
            raise InvalidArgumentError("`session_id` is required.", field="session_id")
        session = self._entities.get(Session, session_id)
        if session is None or session.organization_id != principal.organization_id:
            raise SessionNotFoundError(session_id=session_id)
        assistant = owned_assistant(self._entities, principal, session.assistant_id)
        resolved = self._assistants.resolve(assistant.llm.model_name, assistant.organization_id)
        ask = Ask(assistant.id, question)
        turn = _Turn(principal, ask, assistant, resolved, session, await self._history(session), 0)
        await self._search(turn, top_n=RELATED_CHUNKS)
        passages = [found.chunk.content for found in turn.chunks]
        if not resolved.model.follows_instructions:
            known = [asked for found in turn.chunks for asked in found.chunk.questions]
            return related_by_words(question, passages, known)
        with provider_errors(resolved.model):
            return await related_by_model(resolved.model, question, passages)

    async def _history(self, session: Session | None) -> list[ChatMessage]:
        if session is None or not session.message_count:
            return []
        said = await self._messages.of(session.organization_id, [session.id])
        # The marks of earlier answers name passages which are not there any more.
        return [ChatMessage(message.role, without_marks(message.content)) for message in said[session.id]]

    async def _search(self, turn: _Turn, *, top_n: int | None = None) -> None:
        """Find the chunks for the model."""
        assistant, prompt = turn.assistant, turn.assistant.prompt
        wanted = any(variable.key == KNOWLEDGE for variable in prompt.variables)
        if not assistant.dataset_ids or not wanted:
            return
        datasets = self._assistants.datasets(assistant)
        if not datasets:
            raise ChatDatasetsGoneError(chat_id=assistant.id)
        if len(datasets) < len(assistant.dataset_ids):
            logger.warning("Some datasets of a chat assistant were deleted.", extra={"chat_id": assistant.id})
        turn.search_question = turn.ask.question
        if prompt.refine_multiturn and turn.history:
            with provider_errors(turn.resolved.model):
                turn.search_question = await self_contained(turn.resolved.model, turn.ask.question, turn.history)
        query = Query(
            turn.search_question[:MAX_QUESTION],
            threshold=prompt.similarity_threshold,
            vector_weight=1 - prompt.keywords_similarity_weight,
            top_k=prompt.top_k,
            rerank_id=prompt.rerank_model,
            languages=prompt.cross_languages,
            use_kg=prompt.use_kg,
        )
        found = await self._retrieval.retrieve(
            turn.principal,
            query,
            PageRequest(1, top_n or prompt.top_n),
            dataset_ids=[dataset.id for dataset in datasets],
            document_ids=turn.ask.document_ids,
        )
        turn.chunks, turn.graph = found.chunks, found.graph
        asked = turn.ask.question
        # What a search finds for "summarize the document" has those words by chance.
        if is_about_the_whole(asked) or (not turn.chunks and ASKS_OVERVIEW.search(asked)):
            whole = await self._overview.chunks(
                datasets, number=top_n or prompt.top_n, document_ids=turn.ask.document_ids
            )
            turn.chunks = whole or turn.chunks

    async def _answer(self, turn: _Turn, text: str) -> AsyncGenerator[Event, None]:
        prompt = turn.assistant.prompt
        if turn.search_question and not turn.chunks and not turn.graph and prompt.empty_response:
            turn.answer, turn.finish_reason = prompt.empty_response, "stop"
            started = await self._begin(turn)
            yield started
            yield Delta(turn.answer)
            yield await self._finished(turn, started)
            return
        model = turn.resolved.model
        options = _options(turn.assistant, turn.ask.options)
        passages = [Passage(found.document.name, found.chunk.content) for found in turn.chunks]
        # A prompt that leaves the passages out has nothing to name.
        cites = prompt.show_quote and bool(passages) and placeholder(KNOWLEDGE) in text
        further = [f"{GRAPH}\n{turn.graph}"] if turn.graph else []
        further += [CITE] if cites and model.follows_instructions else []
        built = build(
            model,
            text if passages or turn.search_question else _without_knowledge(text),
            question=turn.ask.question,
            passages=passages,
            history=turn.history,
            further="\n\n".join([*further, *([turn.ask.told] if turn.ask.told else [])]),
            max_tokens=options.max_tokens,
        )
        turn.chunks = turn.chunks[: built.passages]
        grounding = None
        if turn.chunks:
            texts = tuple(passage.text for passage in passages[: built.passages])
            grounding = Grounding(turn.search_question, texts)
        turn.model_served = turn.resolved.served_by
        stream = model.stream(built.messages, options, grounding=grounding)
        citer = Citer([found.chunk.content for found in turn.chunks]) if cites else None
        with self._keeping.answering():
            async with aclosing(self._forward(turn, stream, citer)) as events:
                async for event in events:
                    yield event

    async def _forward(
        self, turn: _Turn, stream: AsyncGenerator[ChatDelta | ChatDone, None], citer: Citer | None
    ) -> AsyncGenerator[Event, None]:
        """Pass the pieces of a model on, and keep the answer however it ends."""
        started: Started | None = None
        try:
            with provider_errors(turn.resolved.model):
                async with aclosing(stream) as items:
                    async for item in items:
                        if isinstance(item, ChatDone):
                            turn.usage, turn.finish_reason = item.usage, item.finish_reason
                            piece = citer.finish() if citer else ""
                        else:
                            piece = citer.feed(item.text) if citer else item.text
                        if started is None:
                            started = await self._begin(turn)
                            yield started
                        if piece:
                            turn.answer += piece
                            yield Delta(piece)
        except KnowFlowError as error:
            if started is None:
                raise
            turn.finish_reason = "error"
            await self._kept(turn)
            yield Failed(error, turn.answer)
            return
        except BaseException:
            if started is not None:
                await self._kept(turn)
            raise
        if started is None:
            started = await self._begin(turn)
            yield started
        yield await self._finished(turn, started)

    async def _begin(self, turn: _Turn) -> Started:
        """Return the first event; a question without a session gets one now, when an answer is there."""
        if turn.session is None and turn.ask.history is None:

            def work(transaction: Transaction) -> Session:
                assistant = owned_assistant(transaction, turn.principal, turn.assistant.id)
                return self._sessions.begin(transaction, assistant, name=_title(turn.ask.question))

            turn.session = await self._entities.transact(work)
        return Started(turn.session.id if turn.session else "", list(map(cited, turn.chunks)), turn.search_question)

    async def _finished(self, turn: _Turn, started: Started) -> Finished:
        identifier = await self._kept(turn)
        return Finished(
            turn.answer,
            started,
            identifier,
            turn.usage,
            turn.finish_reason,
            turn.model_served,
            microseconds(self._clock),
        )

    async def _kept(self, turn: _Turn) -> str:
        """Keep question and answer, also when the caller leaves meanwhile, and return the answer's id."""
        if turn.session is None:
            return ""
        return await self._keeping.through(self._keep(replace(turn), turn.session))

    async def _keep(self, turn: _Turn, session: Session) -> str:
        now = max(microseconds(self._clock), turn.asked_at + 1)
        question = Message(id=self._ids.new_id(), role="user", content=turn.ask.question, created_at=turn.asked_at)
        answer = Message(
            id=self._ids.new_id(),
            role="assistant",
            content=turn.answer,
            chunks=map(cited, turn.chunks),
            model_served=turn.model_served,
            finish_reason=turn.finish_reason,
            prompt_tokens=turn.usage.prompt_tokens,
            completion_tokens=turn.usage.completion_tokens,
            created_at=now,
        )
        for message in (question, answer):
            message.organization_id, message.session_id = session.organization_id, session.id
        await self._messages.add([question, answer])

        def work(transaction: Transaction) -> None:
            present = transaction.get(Session, session.id)
            if present is None:
                # The session was deleted while it was answered; so are its messages.
                self._jobs.add_forgetting(transaction, session.organization_id, [session.id])
                return
            edited = transaction.edit(present)
            edited.message_count += 2
            edited.updated_at = now
            self._outbox.said(transaction, [question, answer])

        await self._entities.transact(work)
        self._jobs.wake()
        return answer.id


def _options(assistant: Assistant, wanted: ChatOptions) -> ChatOptions:
    """Return how to answer: what the caller wants, else what the assistant says."""
    llm = assistant.llm

    def either(value: float | None, kept: float) -> float:
        return kept if value is None else value

    return ChatOptions(
        temperature=either(wanted.temperature, llm.temperature),
        top_p=either(wanted.top_p, llm.top_p),
        presence_penalty=either(wanted.presence_penalty, llm.presence_penalty),
        frequency_penalty=either(wanted.frequency_penalty, llm.frequency_penalty),
        max_tokens=wanted.max_tokens or (llm.max_tokens if llm.HasField("max_tokens") else None),
        stop=wanted.stop,
    )


def _without_knowledge(text: str) -> str:
    """Return the prompt of an assistant without datasets: nothing, where it speaks of nothing but the knowledge."""
    return "" if placeholder(KNOWLEDGE) in text else text


def _title(question: str) -> str:
    """Return the name of a session which a question began."""
    line = " ".join(question.split())
    return line if len(line) <= 60 else line[:59] + "…"
