"""The graph step: from the chunks of a document to its facts in the knowledge graph of the dataset."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from knowflow.store.v1 import document_pb2, graph_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import JOB_KIND_GRAPH, JOB_KIND_GRAPH_REPORTS, Job
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.graph.config import graph_config
from knowflow_server.domain.graph.cues import own_type
from knowflow_server.domain.graph.extraction import Extraction
from knowflow_server.domain.graph.heuristic import Heuristic
from knowflow_server.domain.graph.model_extraction import ModelExtraction, draft_generation
from knowflow_server.domain.graph.reports import Reports
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.parser_config import GraphRag
from knowflow_server.domain.parsing import GRAPH_PERCENT, LAST_PERCENT
from knowflow_server.domain.ports import Clock, ProviderError
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.chunks import ChunkStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.filters import FactScope, Scope
from knowflow_server.store.graph import GraphStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

PAGE = 200
MEMBERS = (
    graph_pb2.GRAPH_FACT_KIND_ENTITY,
    graph_pb2.GRAPH_FACT_KIND_RELATION,
    graph_pb2.GRAPH_FACT_KIND_ALIAS,
)


class GraphWork:
    """Builds the parts which documents have in knowledge graphs, and removes them.

    The facts of a job count from the moment when its id becomes the graph generation of the document, which happens in
    one transaction with the end of the job; what a killed server wrote before is never seen.

    Args:
        entities: Documents, datasets and jobs.
        chunks: Where the texts are.
        store: Where the facts go.
        jobs: Is asked for removals.
        board: Is told of each step.
        clock: The time.
        model: Asks a chat model for entities and relations; None where none is configured, and cues serve.
        reports: Has a chat model write about communities; None likewise.
    """

    def __init__(
        self,
        entities: EntityStore,
        chunks: ChunkStore,
        store: GraphStore,
        jobs: Jobs,
        board: Board,
        clock: Clock,
        *,
        model: ModelExtraction | None = None,
        reports: Reports | None = None,
    ) -> None:
        self._entities = entities
        self._chunks = chunks
        self._store = store
        self._jobs = jobs
        self._board = board
        self._clock = clock
        self._model = model
        self._reports = reports

    async def sweep(self) -> None:
        """Remove the facts which an earlier server left and nobody will ever see."""
        alive = {document.graph_generation for document in self._entities.all(Document)}
        alive.update(dataset.id for dataset in self._entities.all(Dataset))
        for job in self._entities.all(Job):
            alive.update({job.id, draft_generation(job.id)} if job.kind == JOB_KIND_GRAPH else ())
        await self._store.sweep(alive)

    async def build(self, job: Job, dataset: Dataset, document: Document, *, starts: int) -> None:
        """Build the part of a document; `starts` tells how often that was begun."""
        self._resume_board(document)
        config = graph_config(document) or GraphRag()
        try:
            found = await self._extract(job, dataset, document, config)
            await self._keep(job, found, again=starts > 1)
        except ProviderError as error:
            await self.fail(job, error.sentence)
        except KnowFlowError as error:
            await self.fail(job, error.sentence)
        else:
            entities, relations = len(found.entities), len(found.relations)
            self._post(job, line=f"Knowledge graph: {entities} entities and {relations} relations.")
            self._post(job, percent=100, line="Task done")
            await self._end(job, succeeded=True)

    async def fail(self, job: Job, sentence: str) -> None:
        """End a graph step that failed: the document is parsed, its chunks stay, its progress says why."""
        logger.warning("The graph step failed.", extra={"document": job.document_id, "cause": sentence})
        await self.discard(job)
        document = self._entities.get(Document, job.document_id)
        if document is not None:
            self._resume_board(document)
        self._post(job, percent=100, line=f"The knowledge graph was not built: {sentence}")
        await self._end(job, succeeded=False)

    async def discard(self, job: Job) -> None:
        """Remove what a job wrote and nobody has seen."""
        for generation in (job.id, draft_generation(job.id)):
            await self._store.delete(FactScope(job.organization_id, document_id=job.document_id, generation=generation))

    async def remove(self, job: Job) -> None:
        """Remove the facts that a document or a dataset has no use for since a job was made."""
        if not job.document_id:
            await self._remove_all(job)
            return
        document = self._entities.get(Document, job.document_id)
        await self._store.delete(
            FactScope(
                job.organization_id,
                dataset_id=job.dataset_id,
                document_id=job.document_id,
                other_than=document.graph_generation if document else None,
                created_before=job.created_at if document else None,
            )
        )
        if self._reports is not None:
            # What a model wrote about a community may tell what only this document said.
            await self._reports.purge(job.organization_id, job.dataset_id)

    async def _remove_all(self, job: Job) -> None:
        """Remove the facts of a dataset but those of documents which have come into its graph again."""
        scope = FactScope(job.organization_id, dataset_id=job.dataset_id)
        documents = self._entities.children(Document, job.organization_id, job.dataset_id)
        alive = {document.graph_generation for document in documents} - {""}
        for other in self._entities.all(Job):
            if other.kind == JOB_KIND_GRAPH and other.dataset_id == job.dataset_id:
                alive.update({other.id, draft_generation(other.id)})
        if not alive:
            await self._store.delete(scope)
            return
        outdated = sorted(await self._store.generations(scope) - alive)
        for start in range(0, len(outdated), PAGE):
            await self._store.delete(
                FactScope(job.organization_id, dataset_id=job.dataset_id, generations=outdated[start : start + PAGE])
            )

    async def tidy(self, job: Job) -> None:
        """Do a job that no document waits for: a removal, or reports."""
        if job.kind == JOB_KIND_GRAPH_REPORTS:
            if self._reports is not None:
                await self._reports.write(job)
        else:
            await self.remove(job)
        await self._entities.transact(lambda transaction: transaction.delete(job))

    async def _extract(self, job: Job, dataset: Dataset, document: Document, config: GraphRag) -> Extraction:
        if self._model is not None:
            texts = [text async for _, text in self._texts(dataset, document)]
            found = await self._model.extract(
                job, texts, config, post=lambda share, line: self._post(job, percent=_percent(share), line=line)
            )
        else:
            self._post(job, percent=GRAPH_PERCENT, line="Looking for entities and relations without a chat model.")
            reader = Heuristic()
            async for share, text in self._texts(dataset, document):
                await asyncio.to_thread(reader.add, text)
                self._post(job, percent=_percent(share))
            found = await asyncio.to_thread(reader.result)
        if config.resolution:
            await asyncio.to_thread(found.resolve)
        else:
            found.aliases.clear()
        # A chat model was told the types; cues know eight.
        found.keep_types(config.entity_types if self._model is not None else map(own_type, config.entity_types))
        return found

    async def _texts(self, dataset: Dataset, document: Document) -> AsyncIterator[tuple[float, str]]:
        """Yield how far it is, in [0, 1], and the text of each chunk of a document in the order of its text."""
        # A parent holds what its children say.
        scope = Scope(document.organization_id, document_ids=[document.id], listed=True)
        table = await self._chunks.table(dataset.dimension)
        total = await table.count(scope)
        for offset in range(0, total, PAGE):
            chunks = await table.page(scope, offset=offset, limit=PAGE)
            for place, chunk in enumerate(chunks, offset + 1):
                yield place / total, chunk.content

    async def _keep(self, job: Job, found: Extraction, *, again: bool) -> None:
        now = microseconds(self._clock)
        facts = await asyncio.to_thread(found.facts, job.organization_id, job.dataset_id, job.document_id, job.id)
        for fact in facts:
            fact.created_at = now
        if again:
            # A killed server may have come as far as here.
            await self._store.delete(
                FactScope(job.organization_id, document_id=job.document_id, generation=job.id, kinds=MEMBERS)
            )
        await self._store.add(facts)

    async def _end(self, job: Job, *, succeeded: bool) -> None:
        standing = self._board.standing(job.document_id)

        def work(transaction: Transaction) -> None:
            present = transaction.get(Job, job.id)
            document = transaction.get(Document, job.document_id)
            if present is None or document is None:
                return
            transaction.delete(present)
            document = transaction.edit(document)
            now = microseconds(self._clock)
            document.state = document_pb2.PARSE_STATE_SUCCEEDED
            document.progress, document.progress_message = standing.percent, standing.message
            document.process_duration = (now - document.process_begin_at) / 1_000_000
            document.updated_at = now
            if succeeded:
                outdated = document.graph_generation or self._model
                document.graph_generation = job.id
                if outdated:
                    self._jobs.add_graph_removal(transaction, job.organization_id, job.dataset_id, job.document_id)
                config = graph_config(document)
                if self._reports is not None and config is not None and config.community:
                    self._jobs.add_graph_reports(transaction, document)
            else:
                self._jobs.drop_graph(transaction, document)

        await self._entities.transact(work)
        self._board.clear(job.document_id)

    def _resume_board(self, document: Document) -> None:
        """Have the board show what the parse said before."""
        if not self._board.standing(document.id).lines:
            for line in document.progress_message.splitlines():
                self._board.post(document.id, percent=document.progress, line=line)

    def _post(self, job: Job, *, percent: float | None = None, line: str = "") -> None:
        self._board.post(job.document_id, percent=percent, line=line)


def _percent(share: float) -> float:
    return GRAPH_PERCENT + share * (LAST_PERCENT - GRAPH_PERCENT)
