"""Jobs: work that survives the process, kept beside the records it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_WEBPAGE, PARSE_STATE_RUNNING, PARSE_STATE_SUCCEEDED, Document
from knowflow.store.v1.job_pb2 import (
    JOB_KIND_EXTRACT,
    JOB_KIND_GRAPH,
    JOB_KIND_GRAPH_REPORTS,
    JOB_KIND_PARSE,
    JOB_KIND_REMOVE,
    JOB_KIND_REMOVE_GRAPH,
    JOB_KIND_SCRAPE,
    Job,
    JobKind,
)
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.store.transaction import Transaction

# One job removes the messages of this many sessions at most: a longer list makes a slow predicate.
MAX_SESSIONS = 1000


# The jobs for which a document counts as running.
DOCUMENT_JOBS = (JOB_KIND_PARSE, JOB_KIND_GRAPH, JOB_KIND_SCRAPE, JOB_KIND_EXTRACT)


class Jobs:
    """Adds jobs inside transactions, and wakes those who run them afterwards."""

    def __init__(self, clock: Clock, ids: IdSource) -> None:
        self._clock = clock
        self._ids = ids
        self.added = asyncio.Event()
        self.publishing: set[str] = set()
        """The parse jobs whose chunks are being made visible; it is too late to stop them."""

    def wake(self) -> None:
        """Tell the runners that jobs were added or taken away."""
        self.added.set()

    def add_parse(self, transaction: Transaction, document: Document, *, is_extracted: bool = False) -> None:
        """Ask for the parsing of a document, which the transaction edits.

        A webpage which was never read is read first. Where references are wanted, they are found before, unless that
        has just been done.
        """
        if document.kind == DOCUMENT_KIND_WEBPAGE and not document.blob_id:
            self.add_scrape(transaction, document)
            return
        kind = JOB_KIND_EXTRACT if document.extracts_references and not is_extracted else JOB_KIND_PARSE
        self._begin(document, "Waiting for a free worker.")
        self._add(transaction, kind, document.organization_id, document.dataset_id, document.id)

    def add_scrape(self, transaction: Transaction, document: Document, *, is_refresh: bool = False) -> None:
        """Ask for the reading of a webpage, which the transaction edits; its parse follows when it has changed.

        Where the last one came to no good end, the page counts as changed: its text may not be what was read last.
        """
        if document.state != PARSE_STATE_SUCCEEDED:
            document.content_sha256 = ""
        self._begin(document, "Waiting to be read.")
        of = document.organization_id, document.dataset_id, document.id
        self._add(transaction, JOB_KIND_SCRAPE, *of, is_refresh=is_refresh)

    def _begin(self, document: Document, message: str) -> None:
        now = microseconds(self._clock)
        document.state = PARSE_STATE_RUNNING
        document.progress = 0
        document.progress_message = message
        document.process_begin_at = now
        document.process_duration = 0
        document.updated_at = now

    def add_graph(self, transaction: Transaction, document: Document) -> None:
        """Ask for a document's part in the knowledge graph; the document counts as running until that is done."""
        document.state = PARSE_STATE_RUNNING
        self._add(transaction, JOB_KIND_GRAPH, document.organization_id, document.dataset_id, document.id)

    def drop_graph(self, transaction: Transaction, document: Document) -> None:
        """Take a document, which the transaction edits, out of the knowledge graph; a job removes its facts."""
        if document.graph_generation:
            document.graph_generation = ""
            self.add_graph_removal(transaction, document.organization_id, document.dataset_id, document.id)

    def add_graph_removal(
        self, transaction: Transaction, organization_id: str, dataset_id: str, document_id: str = ""
    ) -> None:
        """Ask for the removal of the facts that a document, or a whole dataset, has no use for any more."""
        self._add(transaction, JOB_KIND_REMOVE_GRAPH, organization_id, dataset_id, document_id)

    def add_graph_reports(self, transaction: Transaction, document: Document) -> None:
        """Ask for reports about the communities of a document's dataset, unless somebody has."""
        waiting = transaction.children(Job, document.organization_id)
        if not any(job.kind == JOB_KIND_GRAPH_REPORTS and job.dataset_id == document.dataset_id for job in waiting):
            self._add(transaction, JOB_KIND_GRAPH_REPORTS, document.organization_id, document.dataset_id, "")

    def _add(
        self,
        transaction: Transaction,
        kind: JobKind,
        organization_id: str,
        dataset_id: str,
        document_id: str,
        *,
        is_refresh: bool = False,
    ) -> None:
        now = microseconds(self._clock)
        transaction.put(
            Job(
                id=self._ids.new_id(),
                organization_id=organization_id,
                kind=kind,
                dataset_id=dataset_id,
                document_id=document_id,
                is_refresh=is_refresh,
                created_at=now,
                updated_at=now,
            )
        )

    def add_removal(
        self, transaction: Transaction, dataset: Dataset, *, document_id: str = "", blob_ids: Sequence[str] = ()
    ) -> None:
        """Ask for the removal of the chunks of a document, or of a whole dataset, and of files."""
        now = microseconds(self._clock)
        transaction.put(
            Job(
                id=self._ids.new_id(),
                organization_id=dataset.organization_id,
                kind=JOB_KIND_REMOVE,
                dataset_id=dataset.id,
                document_id=document_id,
                blob_ids=blob_ids,
                dimension=dataset.dimension,
                created_at=now,
                updated_at=now,
            )
        )

    def add_forgetting(self, transaction: Transaction, organization_id: str, session_ids: Sequence[str]) -> None:
        """Ask for the removal of the messages of sessions."""
        now = microseconds(self._clock)
        for start in range(0, len(session_ids), MAX_SESSIONS):
            transaction.put(
                Job(
                    id=self._ids.new_id(),
                    organization_id=organization_id,
                    kind=JOB_KIND_REMOVE,
                    session_ids=session_ids[start : start + MAX_SESSIONS],
                    created_at=now,
                    updated_at=now,
                )
            )

    @staticmethod
    def parse_job_of(transaction: Transaction, document: Document) -> Job | None:
        """Return the job for which a document counts as running, or None: its parse, or a step before or after it."""
        if document.state != PARSE_STATE_RUNNING:
            return None
        jobs = transaction.children(Job, document.organization_id, document.id)
        return next((job for job in jobs if job.kind in DOCUMENT_JOBS), None)
