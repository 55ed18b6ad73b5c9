"""Entities and relations through a chat model, part by part; what was answered is not asked again after a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xxhash

from knowflow.store.v1 import graph_pb2
from knowflow.store.v1.graph_pb2 import GraphFact
from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.graph import prompts
from knowflow_server.domain.graph.answers import UnreadableAnswerError, read_answer, written
from knowflow_server.domain.graph.asking import GraphModel, ask
from knowflow_server.domain.graph.extraction import Extraction, fact_id
from knowflow_server.domain.parser_config import GraphRag
from knowflow_server.domain.ports import ChatMessage, ChatUsage, Clock, ProviderError, ResolvedChatModel
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.filters import FactScope
from knowflow_server.store.graph import GraphStore

# Tokens of text a call reads: more would be skimmed, fewer would repeat the instructions too often.
PART_TOKENS = 1_500
ANSWER_TOKENS = 2_048
SUMMARY_TOKENS = 256
# Calls of one document at the same time; the provider has a limit of its own for all.
CONCURRENT_CALLS = 4
# A description made of more passages or characters than these is summarised.
MANY_PASSAGES = 4
MANY_CHARACTERS = 600

Post = Callable[[float, str], None]


def draft_generation(job_id: str) -> str:
    """Return the generation of what a job was answered before it ends; it never becomes that of a document."""
    return f"{job_id}-draft"


@dataclass(slots=True)
class _Run:
    """One document's calls.

    Args:
        job: The job.
        model: Who answers.
        config: What is asked for.
        post: Is told how far it is, in [0, 1], and what happened.
    """

    job: Job
    model: ResolvedChatModel
    config: GraphRag
    post: Post
    calls: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    unreadable: int = 0

    @property
    def in_depth(self) -> bool:
        return self.config.method == "general"

    def count(self, usage: ChatUsage) -> None:
        self.calls += 1
        self.prompt_tokens += usage.prompt_tokens
        self.answer_tokens += usage.completion_tokens


class ModelExtraction:
    """Asks a chat model what the parts of a document say.

    Args:
        model: The model.
        store: Keeps answers until the job ends.
        clock: The time.
    """

    def __init__(self, model: GraphModel, store: GraphStore, clock: Clock) -> None:
        self._model = model
        self._store = store
        self._clock = clock

    async def extract(self, job: Job, texts: Sequence[str], config: GraphRag, *, post: Post) -> Extraction:
        """Return what the chunks of a document say.

        Args:
            job: The graph job of the document.
            texts: Its chunks in order.
            config: Types, and `light` (one call a part) or `general` (a second call for what was missed, and
                descriptions summarised).
            post: Is told how far it is, in [0, 1], and what happens: first what it will cost.

        Raises:
            ProviderError: The model failed, or none of its answers could be read.
            StoreUnavailableError, OverloadedError: An answer could not be kept.
        """
        run = _Run(job, self._model.resolve(), config, post)
        parts = await asyncio.to_thread(parts_of, texts, run.model)
        known = await self._known(run)
        self._preview(run, parts, known)
        found = await self._all(run, parts, known)
        if run.unreadable and run.unreadable == len(parts):
            raise ProviderError(run.model.served_by, f"No answer of {run.model.served_by} could be read as JSON.")
        if run.in_depth:
            await self._summarise(run, found)
        post(1.0, f"Asked {run.calls} times: {run.prompt_tokens:,} tokens in, {run.answer_tokens:,} out.")
        if run.unreadable:
            post(1.0, f"The answers about {run.unreadable} of {len(parts)} parts could not be read.")
        return found

    @staticmethod
    def _preview(run: _Run, parts: Sequence[str], known: dict[str, str]) -> None:
        """Tell what the calls will cost, before the first of them."""
        left = [part for part in parts if _key(part) not in known]
        passes = 2 if run.in_depth else 1
        instructions = run.model.model.count_tokens(
            prompts.extraction("", run.config.entity_types, in_depth=run.in_depth)[0].content
        )
        tokens = sum(run.model.model.count_tokens(part) + instructions for part in left) * passes
        line = (
            f"Asking {run.model.served_by} for entities and relations ({run.config.method}): "
            f"{len(left) * passes} calls, "
            f"about {tokens:,} tokens in, at most {len(left) * passes * ANSWER_TOKENS:,} out."
        )
        if run.in_depth:
            line += " Long descriptions are summarised by further calls."
        if len(left) < len(parts):
            line += f" {len(parts) - len(left)} of {len(parts)} parts were answered before."
        run.post(0.0, line)

    async def _known(self, run: _Run) -> dict[str, str]:
        """Return the answers which an earlier start of the job was given, by key of the part."""
        scope = FactScope(
            run.job.organization_id,
            document_id=run.job.document_id,
            generation=draft_generation(run.job.id),
            kinds=[graph_pb2.GRAPH_FACT_KIND_DRAFT],
        )
        return {fact.source: fact.description for fact in await self._store.read(scope)}

    async def _all(self, run: _Run, parts: Sequence[str], known: dict[str, str]) -> Extraction:
        gate = asyncio.Semaphore(CONCURRENT_CALLS)
        done = 0
        results: list[Extraction] = [Extraction()] * len(parts)

        async def one(place: int, part: str) -> None:
            nonlocal done
            async with gate:
                results[place] = await self._part(run, part, known)
            done += 1
            run.post(done / len(parts), "")

        try:
            async with asyncio.TaskGroup() as group:
                for place, part in enumerate(parts):
                    group.create_task(one(place, part))
        except* (ProviderError, KnowFlowError) as failures:
            # The first failure ended the others; its sentence is the one to read.
            raise _first(failures) from None
        found = Extraction()
        # In the order of the text, whatever came first: the same answers give the same graph.
        for result in results:
            found.merge(result)
        return found

    async def _part(self, run: _Run, part: str, known: dict[str, str]) -> Extraction:
        if (kept := known.get(_key(part))) is not None:
            return read_answer(kept, part)
        messages = prompts.extraction(part, run.config.entity_types, in_depth=run.in_depth)
        answer = await self._ask(run, messages)
        try:
            found = read_answer(answer, part)
        except UnreadableAnswerError:
            messages = prompts.again(messages, answer, prompts.ONLY_JSON)
            answer = await self._ask(run, messages)
            try:
                found = read_answer(answer, part)
            except UnreadableAnswerError:
                run.unreadable += 1
                return Extraction()
        if run.in_depth:
            more = await self._ask(run, prompts.again(messages, answer, prompts.MORE))
            # Together: what was missed may relate to what was found.
            found = read_answer(f"{written(found)}\n{more}", part)
        await self._remember(run, part, found)
        return found

    async def _ask(self, run: _Run, messages: Sequence[ChatMessage], *, max_tokens: int = ANSWER_TOKENS) -> str:
        answer, usage = await ask(run.model, messages, max_tokens=max_tokens)
        run.count(usage)
        return answer

    async def _remember(self, run: _Run, part: str, found: Extraction) -> None:
        job, generation = run.job, draft_generation(run.job.id)
        draft = GraphFact(
            id=fact_id(generation, graph_pb2.GRAPH_FACT_KIND_DRAFT, _key(part), ""),
            organization_id=job.organization_id,
            dataset_id=job.dataset_id,
            document_id=job.document_id,
            generation=generation,
            kind=graph_pb2.GRAPH_FACT_KIND_DRAFT,
            source=_key(part),
            description=written(found),
            created_at=microseconds(self._clock),
        )
        await self._store.add([draft])

    async def _summarise(self, run: _Run, found: Extraction) -> None:
        """Have long descriptions of entities written anew; those that cannot be stay as they are."""
        long = [
            entity
            for entity in found.entities.values()
            if len(entity.descriptions) >= MANY_PASSAGES or sum(map(len, entity.descriptions)) > MANY_CHARACTERS
        ]
        gate = asyncio.Semaphore(CONCURRENT_CALLS)

        async def one(name: str, descriptions: list[str]) -> None:
            async with gate:
                answer = await self._ask(run, prompts.summary(name, descriptions), max_tokens=SUMMARY_TOKENS)
            if answer.strip():
                descriptions[:] = [" ".join(answer.split())]

        try:
            async with asyncio.TaskGroup() as group:
                for entity in long:
                    group.create_task(one(entity.name, entity.descriptions))
        except* ProviderError as failures:
            raise _first(failures) from None


def parts_of(texts: Sequence[str], model: ResolvedChatModel) -> list[str]:
    """Return texts put together, or cut, into parts of a size that a model reads well; none of them twice."""
    limit = max(64, min(PART_TOKENS, model.model.context_tokens // 4))
    parts: list[str] = []
    size = limit
    for text in filter(str.strip, texts):
        tokens = model.model.count_tokens(text)
        if tokens > limit:
            step = max(1, len(text) * limit // tokens)
            parts += [text[place : place + step] for place in range(0, len(text), step)]
            size = limit
        elif not parts or size + tokens > limit:
            parts.append(text)
            size = tokens
        else:
            parts[-1] += f"\n\n{text}"
            size += tokens
    return list(dict.fromkeys(part for part in parts if part.strip()))


def _key(part: str) -> str:
    return xxhash.xxh64(part.encode()).hexdigest()


def _first(failures: BaseExceptionGroup[Exception]) -> Exception:
    error: BaseException = failures
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Exception)
    return error
