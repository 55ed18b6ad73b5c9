"""The runner: takes jobs, leases them, runs them, and brings every document to an end that its record shows."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from knowflow.store.v1 import document_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import (
    JOB_KIND_EXTRACT,
    JOB_KIND_GRAPH,
    JOB_KIND_GRAPH_REPORTS,
    JOB_KIND_PARSE,
    JOB_KIND_REMOVE,
    JOB_KIND_SCRAPE,
    Job,
    JobKind,
)
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.graph.config import graph_config
from knowflow_server.domain.graph.job import GraphWork
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.job_queue import JobQueue
from knowflow_server.domain.jobs import DOCUMENT_JOBS, Jobs
from knowflow_server.domain.locks import NamedLocks
from knowflow_server.domain.parsing import Parser
from knowflow_server.domain.ports import Clock, WorkersClosedError
from knowflow_server.domain.tidying import recount, remove_orphans
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import Scope
from knowflow_server.store.messages import MessageStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

LEASE_S = 60
RENEW_S = 20
# A job that failed for a reason outside itself, for example a full disk, is tried again after this time.
RETRY_S = 30
MAX_ATTEMPTS = 3
# Removals at the same time; more would only queue up before the one writer of a table.
MAX_REMOVALS = 8
# Graph steps at the same time: with a model they wait for its provider, which has limits of its own.
MAX_GRAPHS = 2
# Webpages that are being read at the same time: they mostly wait for websites.
MAX_READS = 8
# A document whose parse killed the server this often would do so for ever.
MAX_STARTS = 5

# What parses on a core, waits for a layout service or for a website, builds a graph, or does anything else.
_PARSE, _REMOTE, _WEB, _GRAPH, _OTHER = "parse", "remote", "web", "graph", "other"
# Steps before the parse, which another surface brings.
FIRST_STEPS = (JOB_KIND_SCRAPE, JOB_KIND_EXTRACT)


class Step(Protocol):
    """A step before or after the parse of a document."""

    async def build(self, job: Job, dataset: Dataset, document: Document, *, starts: int) -> None:
        """Do it, and end the job."""
        ...

    async def fail(self, job: Job, sentence: str) -> None:
        """End a job that failed; the document says why."""
        ...


class Runner:
    """Runs the jobs of all organizations, several at a time, fairly between organizations.

    Args:
        owner: Name of this runner in leases, different from that of every earlier one.
        concurrency: Parse jobs that run at the same time.
        remote_concurrency: Further ones that run at the same time and mostly wait for a layout service.
    """

    def __init__(
        self,
        entities: EntityStore,
        chunks: ChunkStore,
        blobs: LanceBlobStore,
        messages: MessageStore,
        jobs: Jobs,
        parser: Parser,
        board: Board,
        locks: NamedLocks,
        graphs: GraphWork,
        clock: Clock,
        *,
        owner: str,
        concurrency: int,
        remote_concurrency: int = 0,
    ) -> None:
        self._entities = entities
        self._chunks = chunks
        self._blobs = blobs
        self._messages = messages
        self._jobs = jobs
        self._parser = parser
        self._board = board
        self._locks = locks
        self._graphs = graphs
        self._clock = clock
        self._owner = owner
        self._concurrency = concurrency
        self._remote_concurrency = remote_concurrency
        self._running: dict[str, tuple[Job, asyncio.Task[None]]] = {}
        self._resting: set[str] = set()
        self._steps: dict[JobKind, Step] = {JOB_KIND_GRAPH: graphs}
        self._queues = {sort: JobQueue() for sort in (_PARSE, _REMOTE, _WEB, _GRAPH, _OTHER)}
        self._sorts: dict[str, str] = {}
        """Which places each job takes that waits or runs."""
        self._loop: asyncio.Task[None] | None = None

    def first_step(self, step: Step) -> None:
        """Have a step done for the jobs that come before a parse; they wait until it is known."""
        self._steps |= dict.fromkeys(FIRST_STEPS, step)
        self._jobs.wake()

    async def start(self) -> None:
        """Clean up after an earlier server, and begin to run jobs; those it left are taken up first."""
        alive = [job.id for job in self._entities.all(Job) if job.kind == JOB_KIND_PARSE]
        for table in await self._chunks.open_all():
            await table.sweep(alive)
        await self._graphs.sweep()
        await recount(self._entities, self._chunks)
        await remove_orphans(self._entities, self._blobs)
        for job in self._entities.all(Job):
            self._queue(job.id, job)
        self._entities.subscribe(Job, self._queue)
        self._jobs.wake()
        self._loop = asyncio.create_task(self._run(), name="runner")

    async def close(self) -> None:
        """Stop, and hand back the leases of what runs: the next server goes on where this one stood."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        running = list(self._running.values())
        for _, task in running:
            task.cancel()
        await asyncio.gather(*(task for _, task in running), return_exceptions=True)
        if running:
            await self._entities.transact(lambda transaction: self._release(transaction, [job for job, _ in running]))

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        renewal = loop.time() + RENEW_S
        while True:
            # Not `wait_for`: before Python 3.12 it swallows a cancellation that comes together with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, renewal - loop.time())):
                    await self._jobs.added.wait()
            self._jobs.added.clear()
            # Jobs may come so fast that nobody ever waits for the next one in vain.
            if loop.time() >= renewal:
                renewal = loop.time() + RENEW_S
                await self._renew()
            self._board.tell_all()
            self._cancel_dropped()
            for job in self._next():
                task = asyncio.create_task(self._do(job), name=f"job {job.id}")
                self._running[job.id] = (job, task)
                task.add_done_callback(lambda _, identifier=job.id: self._ended(identifier))  # type: ignore[misc]

    def _ended(self, identifier: str) -> None:
        self._running.pop(identifier, None)
        # One that is still there was handed back, or is to be tried again.
        self._queue(identifier, self._entities.get(Job, identifier))
        self._jobs.publishing.discard(identifier)
        self._jobs.wake()

    def _cancel_dropped(self) -> None:
        for identifier, (_, task) in self._running.items():
            if self._entities.get(Job, identifier) is None and not task.cancelling():
                task.cancel()

    def _next(self) -> Iterable[Job]:
        """Return jobs to start now, out of their queues; see `JobQueue` for whose turn it is."""
        running = [job for job, _ in self._running.values()]
        chosen: list[Job] = []
        # Jobs of a layout service have places of their own: they wait for it, and must not keep others from a core.
        places = ((_PARSE, self._concurrency), (_REMOTE, self._remote_concurrency), (_GRAPH, MAX_GRAPHS))
        for sort, most in ((_OTHER, MAX_REMOVALS), (_WEB, MAX_READS), *places):
            busy = Counter(job.organization_id for job in running if self._sorts.get(job.id) == sort)
            chosen += self._queues[sort].take(most - busy.total(), busy, self._is_blocked)
        return chosen

    def _queue(self, identifier: str, job: Job | None) -> None:
        """Take in what became of a job: it waits, or there is none any more."""
        if job is None:
            for queue in self._queues.values():
                queue.drop(identifier)
            self._sorts.pop(identifier, None)
        elif identifier not in self._running and identifier not in self._resting:
            sort = self._sort(job)
            self._sorts[identifier] = sort
            self._queues[sort].put(job)

    def _sort(self, job: Job) -> str:
        """Return which places a job takes."""
        if job.kind in {JOB_KIND_GRAPH, JOB_KIND_SCRAPE}:
            return _GRAPH if job.kind == JOB_KIND_GRAPH else _WEB
        if job.kind not in {JOB_KIND_PARSE, JOB_KIND_EXTRACT}:
            return _OTHER
        document = self._entities.get(Document, job.document_id) if self._remote_concurrency else None
        return _REMOTE if document is not None and self._parser.is_remote(document) else _PARSE

    def _is_blocked(self, job: Job) -> bool:
        if job.kind in FIRST_STEPS and job.kind not in self._steps:
            return True
        if job.kind == JOB_KIND_GRAPH_REPORTS:
            # Each document changes the communities, and each report costs a call of a model.
            coming = (other for other in self._entities.all(Job) if other.kind in DOCUMENT_JOBS)
            return any(other.dataset_id == job.dataset_id for other in coming)
        # A job waits until the parse it follows has ended: a late write would escape a removal, and the end of the old
        # parse would clear the board of the new one.
        parses = (
            other
            for other, _ in self._running.values()
            if other.kind in DOCUMENT_JOBS and other.dataset_id == job.dataset_id
        )
        return any(not job.document_id or other.document_id == job.document_id for other in parses)

    async def _do(self, job: Job) -> None:
        try:
            if job.kind == JOB_KIND_REMOVE:
                await self._remove(job)
            elif job.kind == JOB_KIND_PARSE:
                await self._parse(job)
            elif job.kind in self._steps:
                await self._step(job)
            else:
                await self._graphs.tidy(job)
        except WorkersClosedError:
            # The server is stopping; the job stays for the next one.
            return
        except asyncio.CancelledError:
            if self._entities.get(Job, job.id) is None:
                await self._clean_up(job)
            raise
        except Exception:
            logger.exception("A job failed.", extra={"job": job.id})
            await asyncio.shield(self._after_failure(job))

    async def _clean_up(self, job: Job) -> None:
        """Remove what a parse that was dropped has left; a second cancellation does not cut that short."""
        discarding = asyncio.ensure_future(self._discard(job))
        while not discarding.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([discarding])
        if error := discarding.exception():
            # Nobody sees what is left, and the next start removes it.
            logger.error("What a parse had written could not be removed.", exc_info=error, extra={"job": job.id})
        self._board.clear(job.document_id)

    async def _after_failure(self, job: Job) -> None:
        """Tell the owner of an unforeseen failure; what cannot even be told, and a removal, is tried again."""
        if job.kind in DOCUMENT_JOBS:
            fail = self._fail if job.kind == JOB_KIND_PARSE else self._steps[job.kind].fail
            try:
                await fail(job, "Internal error; the server's log has the details.")
            except Exception:
                logger.exception("The failure of a job could not be written.", extra={"job": job.id})
            else:
                return
        self._resting.add(job.id)
        asyncio.get_running_loop().call_later(RETRY_S, self._end_rest, job.id)

    def _end_rest(self, identifier: str) -> None:
        self._resting.discard(identifier)
        self._queue(identifier, self._entities.get(Job, identifier))
        self._jobs.wake()

    async def _parse(self, job: Job) -> None:
        claimed = await self._entities.transact(lambda transaction: self._claim(transaction, job))
        if claimed is None:
            return
        dataset, document, starts = claimed
        if starts > MAX_STARTS:
            await self._fail(
                job, f"Parsing was given up: the server stopped {MAX_STARTS} times while it parsed this document."
            )
            return
        self._board.post(document.id, percent=0, line="Parsing started.")
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                dimension, tokens = await self._parser.parse(job, dataset, document)
                break
            except IngestError as error:
                await self._fail(job, error.sentence)
                return
            except KnowFlowError as error:
                if attempt == MAX_ATTEMPTS or error.code != "UNAVAILABLE":
                    await self._fail(job, error.sentence)
                    return
                self._board.post(document.id, line=f"{error.sentence} Trying again.")
        await self._finish(job, document, dimension=dimension, tokens=tokens)

    async def _step(self, job: Job) -> None:
        claimed = await self._entities.transact(lambda transaction: self._claim(transaction, job))
        if claimed is None:
            return
        dataset, document, starts = claimed
        if starts > MAX_STARTS:
            await self._steps[job.kind].fail(job, f"The server stopped {MAX_STARTS} times meanwhile.")
        else:
            await self._steps[job.kind].build(job, dataset, document, starts=starts)

    def _claim(self, transaction: Transaction, job: Job) -> tuple[Dataset, Document, int] | None:
        present = transaction.get(Job, job.id)
        document = transaction.get(Document, job.document_id)
        dataset = transaction.get(Dataset, job.dataset_id)
        if present is None or document is None or dataset is None:
            return None
        claimed = transaction.edit(present)
        claimed.attempts += 1
        claimed.lease_owner = self._owner
        claimed.lease_until = microseconds(self._clock) + LEASE_S * 1_000_000
        return dataset, document, claimed.attempts

    async def _finish(self, job: Job, document: Document, *, dimension: int, tokens: int) -> None:
        scope = Scope(job.organization_id, document_ids=[job.document_id], generation=job.id)
        everything = Scope(job.organization_id, document_ids=[job.document_id])
        async with self._locks.hold(job.document_id):
            chunks = surplus = 0
            if dimension:
                table = await self._chunks.table(dimension)
                if not await self._entities.transact(lambda transaction: self._begin_publishing(transaction, job)):
                    raise asyncio.CancelledError
                await table.publish(scope, before=job.created_at)
                chunks = await table.count(replace(everything, listed=True))
                surplus = await table.count(replace(everything, searched=True)) - chunks
                # Those that a caller added while the document was parsed have no generation, and stay.
                tokens += sum(
                    chunk.token_count for chunk in await table.read(replace(everything, generation="", listed=True))
                )
            self._board.post(
                document.id,
                line=f"Stored {chunks} chunk{'s' * (chunks != 1)}." if chunks else "The document holds no text.",
            )
            follows = bool(chunks) and graph_config(document) is not None
            if not follows:
                self._board.post(document.id, percent=100, line="Task done")
            counts = {"chunks": chunks, "surplus": surplus, "tokens": tokens}
            await self._end(
                job, document_pb2.PARSE_STATE_SUCCEEDED, **counts, dimension=dimension, graph_follows=follows
            )

    def _begin_publishing(self, transaction: Transaction, job: Job) -> bool:
        """Return whether the job is still wanted. From now on it cannot be stopped: the old chunks are about to go."""
        wanted = transaction.get(Job, job.id) is not None
        if wanted:
            self._jobs.publishing.add(job.id)
        return wanted

    async def _fail(self, job: Job, sentence: str) -> None:
        logger.warning("Parsing failed.", extra={"document": job.document_id, "cause": sentence})
        await self._discard(job)
        self._board.post(job.document_id, line=sentence)
        await self._end(job, document_pb2.PARSE_STATE_FAILED)

    async def _end(
        self,
        job: Job,
        state: document_pb2.ParseState,
        *,
        chunks: int | None = None,
        surplus: int = 0,
        tokens: int = 0,
        dimension: int = 0,
        graph_follows: bool = False,
    ) -> None:
        """Write how a parse ended; without a number of chunks those of an earlier parse stay."""
        standing = self._board.standing(job.document_id)

        def work(transaction: Transaction) -> None:
            present = transaction.get(Job, job.id)
            document = transaction.get(Document, job.document_id)
            dataset = transaction.get(Dataset, job.dataset_id)
            if present is None or document is None or dataset is None:
                return
            transaction.delete(present)
            document, dataset = transaction.edit(document), transaction.edit(dataset)
            now = microseconds(self._clock)
            document.state = state
            document.progress = standing.percent
            document.progress_message = standing.message
            document.process_duration = (now - document.process_begin_at) / 1_000_000
            document.updated_at = now
            if chunks is not None:
                follow = self._jobs.add_graph if graph_follows else self._jobs.drop_graph
                follow(transaction, document)
                dataset.chunk_count += chunks - document.chunk_count
                dataset.token_count += tokens - document.token_count
                dataset.search_surplus += surplus - document.search_surplus
                document.search_surplus = surplus
                dataset.dimension = dimension or dataset.dimension
                document.chunk_count, document.token_count, document.generation = chunks, tokens, job.id

        await self._entities.transact(work)
        self._board.clear(job.document_id)

    async def _discard(self, job: Job) -> None:
        """Remove what a job wrote and nobody has seen."""
        if job.kind == JOB_KIND_GRAPH:
            await self._graphs.discard(job)
        if job.kind != JOB_KIND_PARSE:
            return
        for table in await self._chunks.open_all():
            await table.delete(
                Scope(job.organization_id, document_ids=[job.document_id], generation=job.id, live=False)
            )

    async def _remove(self, job: Job) -> None:
        if job.session_ids:
            await self._messages.delete(job.organization_id, job.session_ids)
            await self._entities.transact(lambda transaction: transaction.delete(job))
            return
        document_ids = [job.document_id] if job.document_id else None
        # A document that stays, because only its chunks are removed, may have new ones by now.
        stays = document_ids is not None and self._entities.get(Document, job.document_id) is not None
        before = job.created_at if stays else None
        scope = Scope(
            job.organization_id,
            dataset_ids=[job.dataset_id],
            document_ids=document_ids,
            live=None,
            created_before=before,
        )
        # Who writes a chunk by hand holds this lock and looks for the document; after this, nothing of it can appear.
        async with self._locks.hold(job.document_id or job.dataset_id):
            for table in await self._chunks.open_all():
                await table.delete(scope)
        await self._graphs.remove(job)
        for blob_id in job.blob_ids:
            await self._blobs.delete(blob_id)
        await self._entities.transact(lambda transaction: transaction.delete(job))

    async def _renew(self) -> None:
        """Renew the leases of running parses, and keep how far they are."""
        parses = [job for job, _ in self._running.values() if job.kind in DOCUMENT_JOBS]
        if not parses:
            return

        def work(transaction: Transaction) -> None:
            for job in parses:
                present, document = transaction.get(Job, job.id), transaction.get(Document, job.document_id)
                if present is None or document is None:
                    continue
                transaction.edit(present).lease_until = microseconds(self._clock) + LEASE_S * 1_000_000
                standing = self._board.standing(document.id)
                kept = transaction.edit(document)
                kept.progress, kept.progress_message = standing.percent, standing.message

        try:
            await self._entities.transact(work)
        except KnowFlowError:
            # The next renewal comes long before a lease has run out.
            logger.exception("Leases could not be renewed.")

    @staticmethod
    def _release(transaction: Transaction, jobs: Iterable[Job]) -> None:
        for job in jobs:
            present = transaction.get(Job, job.id)
            if present is not None:
                released = transaction.edit(present)
                released.lease_until, released.lease_owner = 0, ""
                released.attempts = max(0, released.attempts - 1)
