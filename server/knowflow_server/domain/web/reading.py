"""Reading: the step before a parse, which fetches a webpage and keeps the questions and answers of pages and files."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final, Protocol
from urllib.parse import urlsplit

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import PARSE_STATE_FAILED, PARSE_STATE_SUCCEEDED, Document
from knowflow.store.v1.job_pb2 import JOB_KIND_SCRAPE, Job
from knowflow_server.domain import parser_config
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.document import free_name
from knowflow_server.domain.file import MAX_NAME_BYTES, content_type_of, pieces_of
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.pairs.pair import MAX_QUESTION, Extract, Pair
from knowflow_server.domain.ingest.pipeline import ChunkDraft
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.labelling import Labelling
from knowflow_server.domain.on_disk import on_disk
from knowflow_server.domain.ports import Clock, FetchedPage, IdSource, WebError, WebFetcher
from knowflow_server.domain.reference import Pair as ReferencePair
from knowflow_server.domain.reference import References, pair_of
from knowflow_server.errors.base import KnowFlowError
from knowflow_server.store.blob import BlobInfo, LanceBlobStore
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction

logger = logging.getLogger(__name__)

# What a page is called on disk, by its type; the readable text of HTML is Markdown.
ENDINGS: Final = {"text/plain": ".txt", "text/markdown": ".md", "application/pdf": ".pdf"}
HTML: Final = ".html"
READABLE, READABLE_TYPE = ".md", "text/markdown"
FETCHED, EXTRACTED, KEPT = 20.0, 40.0, 70.0
_UNSAFE: Final = str.maketrans(dict.fromkeys('\\/:*?"<>|', "-"))


class ExtractWorkers(Protocol):
    """Finds questions and answers apart from the server, in processes that files cannot harm."""

    async def extract(
        self, path: Path, *, name: str, config: Mapping[str, object], url: str = "", charset: str = ""
    ) -> Extract:
        """Return what a file gives beside its chunks; arguments as of `ingest.pairs.extract.extract`.

        Raises:
            IngestError: It cannot be read, or the worker crashed, took too long or needed too much memory.
            WorkersClosedError: The workers were closed; the file is not to blame.
        """
        ...


class Reading:
    """Reads webpages and files for the jobs that come before a parse; implements `runner.Step`.

    What a page or file says is written before its record changes, and again if the server was killed between: a job
    that is done twice leaves what it leaves when it is done once.

    Args:
        entities: Documents and jobs.
        blobs: Where the files are.
        references: Where questions and answers go.
        workers: Read files.
        fetcher: Fetches pages.
        labelling: Asks a model for questions, where one is named.
        jobs: Is asked for the parse.
        board: Is told of each step.
        clock: The time.
        ids: Identifiers.
        folder: Where a file lies while it is being read.
    """

    def __init__(
        self,
        entities: EntityStore,
        blobs: LanceBlobStore,
        references: References,
        workers: ExtractWorkers,
        fetcher: WebFetcher,
        labelling: Labelling,
        jobs: Jobs,
        board: Board,
        clock: Clock,
        ids: IdSource,
        *,
        folder: Path,
    ) -> None:
        self._entities = entities
        self._blobs = blobs
        self._references = references
        self._workers = workers
        self._fetcher = fetcher
        self._labelling = labelling
        self._jobs = jobs
        self._board = board
        self._clock = clock
        self._ids = ids
        self._folder = folder

    async def build(self, job: Job, dataset: Dataset, document: Document, *, starts: int) -> None:  # noqa: ARG002
        """Read a webpage or a file, and end the job; see `runner.Step`."""
        try:
            if job.kind == JOB_KIND_SCRAPE:
                await self._scrape(job, document)
            else:
                await self._extract(job, document)
        except (WebError, IngestError, KnowFlowError) as error:
            await self.fail(job, error.sentence)

    async def fail(self, job: Job, sentence: str) -> None:
        """End a job that failed: what the document had stays, and its record says why; see `runner.Step`."""
        logger.warning("A document could not be read.", extra={"document": job.document_id, "cause": sentence})
        self._board.post(job.document_id, line=sentence)

        def told(document: Document) -> bool:
            document.last_error = sentence
            # A file is parsed in any case; a page has what was read before, if that was parsed.
            return bool(document.blob_id) and (job.kind != JOB_KIND_SCRAPE or not _is_kept(document))

        await self._end(job, told)

    async def _scrape(self, job: Job, document: Document) -> None:
        self._board.post(document.id, percent=0, line="Reading the page.")
        known = {"etag": document.etag, "last_modified": document.last_modified} if document.content_sha256 else {}
        page = await self._fetcher.fetch(document.url, **known)
        if page.is_unchanged:
            await self._unchanged(job, page)
            return
        self._board.post(document.id, percent=FETCHED, line=f"Received {len(page.body)} bytes.")
        ending = ENDINGS.get(page.content_type, HTML)
        async with on_disk(self._folder, f"{job.id}{ending}", pieces_of(page.body)) as path:
            found = await self._workers.extract(
                path,
                name=path.name,
                config=parser_config.plain(document.parser_config),
                url=page.url,
                charset=page.charset,
            )
        content = found.text.encode() or page.body
        digest = await asyncio.to_thread(_digest, content, found)
        if digest == document.content_sha256 and _is_kept(document):
            await self._unchanged(job, page)
            return
        self._post_found(document, found.pairs)
        pairs = await self._worded(document, found.pairs)
        blob_id = self._ids.new_id()
        info = await self._blobs.write(blob_id, pieces_of(content))
        try:
            await self._references.replace_of_document(document, pairs)
            self._board.post(document.id, percent=KEPT, line=f"Kept {len(pairs)} references.")
            suffix = READABLE if ending == HTML else ending
            await self._end(job, self._changes(job, page, found, info, blob_id, digest, suffix))
        finally:
            # One of the two is not needed any more; after a crash, the next start removes it.
            present = self._entities.get(Document, document.id)
            for unneeded in {document.blob_id, blob_id} - {"", present.blob_id if present is not None else ""}:
                await asyncio.shield(self._blobs.delete(unneeded))

    def _changes(
        self, job: Job, page: FetchedPage, found: Extract, info: BlobInfo, blob_id: str, digest: str, suffix: str
    ) -> Callable[[Document], bool]:
        """Return what writes a page that was read into its record."""

        def changed(document: Document) -> bool:
            document.blob_id, document.size, document.sha256 = blob_id, info.size, info.sha256
            document.content_type = content_type_of(f"page{suffix}")
            document.page_title = found.title
            document.canonical_url = found.canonical_url if found.canonical_url != document.url else ""
            document.content_sha256 = digest
            self._read(job, page, document)
            return True

        return changed

    async def _unchanged(self, job: Job, page: FetchedPage) -> None:
        """End the reading of a page that says what it said before."""
        self._board.post(job.document_id, percent=100, line="The page has not changed.")

        def noted(document: Document) -> bool:
            self._read(job, page, document)
            return not _is_kept(document)

        await self._end(job, noted, is_extracted=False)

    def _read(self, job: Job, page: FetchedPage, document: Document) -> None:
        """Note that a page was read."""
        document.last_error = ""
        document.etag, document.last_modified = page.etag, page.last_modified
        document.scraped_at = microseconds(self._clock)
        if job.is_refresh:
            document.refreshed_at = document.scraped_at

    async def _extract(self, job: Job, document: Document) -> None:
        self._board.post(document.id, percent=0, line="Looking for questions and answers.")
        suffix = PurePath(document.name).suffix
        async with on_disk(self._folder, f"{job.id}{suffix}", self._blobs.read(document.blob_id)) as path:
            found = await self._workers.extract(
                path, name=document.name, config=parser_config.plain(document.parser_config), url=document.url
            )
        self._post_found(document, found.pairs)
        pairs = await self._worded(document, found.pairs)
        await self._references.replace_of_document(document, pairs)
        self._board.post(document.id, percent=KEPT, line=f"Kept {len(pairs)} references.")

        def done(document: Document) -> bool:
            document.last_error = ""
            return True

        await self._end(job, done)

    def _post_found(self, document: Document, pairs: Sequence[Pair]) -> None:
        self._board.post(document.id, percent=EXTRACTED, line=f"Found {len(pairs)} questions and answers.")

    async def _worded(self, document: Document, pairs: Sequence[Pair]) -> list[ReferencePair]:
        """Return references; where a model is named, it words the questions which no author has written.

        A text which has a reference already keeps its question: no model is asked twice for the same.
        """
        made = [pair for pair in pairs if not pair.is_written]
        if self._labelling.has_model and made:
            present = {one.answer: one.question for one in map(pair_of, await self._references.of_document(document))}
            unknown = [pair for pair in made if pair.answer not in present]
            drafts = [ChunkDraft(pair.answer, (), 0, 0) for pair in unknown]
            labelled = await self._labelling.label(drafts, {"auto_questions": 1})
            for pair, draft in zip(unknown, labelled, strict=True):
                present[pair.answer] = next(iter(draft.questions), pair.question)[:MAX_QUESTION]
            pairs = [pair if pair.is_written else replace(pair, question=present[pair.answer]) for pair in pairs]
        return [ReferencePair(pair.question, pair.answer) for pair in pairs]

    async def _end(self, job: Job, change: Callable[[Document], bool], *, is_extracted: bool = True) -> None:
        """End a job, unless it is not wanted any more.

        Args:
            job: The job.
            change: Changes the document, and returns whether it is to be parsed.
            is_extracted: Whether its references were just found.
        """
        standing = self._board.standing(job.document_id)

        def work(transaction: Transaction) -> None:
            present, document = transaction.get(Job, job.id), transaction.get(Document, job.document_id)
            dataset = transaction.get(Dataset, job.dataset_id)
            if present is None or document is None or dataset is None:
                return
            transaction.delete(present)
            document = transaction.edit(document)
            kept = document.content_type
            parse = change(document)
            if document.content_type != kept:
                document.name = free_name(transaction, dataset, page_name(document.url, document.content_type), {})
            now = microseconds(self._clock)
            document.state = PARSE_STATE_SUCCEEDED if _is_kept(document) else PARSE_STATE_FAILED
            document.progress = 100 if _is_kept(document) else standing.percent
            document.progress_message = standing.message
            document.process_duration = (now - document.process_begin_at) / 1_000_000
            document.updated_at = now
            if parse:
                self._jobs.add_parse(transaction, document, is_extracted=is_extracted)

        ending = asyncio.ensure_future(self._entities.transact(work))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            # What comes after looks at the record, which must not change any more.
            await asyncio.wait([ending])
            raise
        self._board.clear(job.document_id)
        self._jobs.wake()


def page_name(url: str, content_type: str) -> str:
    """Return the file name of a webpage: its address as a name, with the ending of its type."""
    parts = urlsplit(url)
    path = parts.path.removesuffix("/")
    query = f"-{parts.query}" if parts.query else ""
    suffix = ENDINGS.get(content_type, READABLE)
    stem = f"{parts.hostname or 'page'}{path}{query}".translate(_UNSAFE)
    stem = "".join(character for character in stem if character.isprintable())
    # A number may follow where two pages share a name.
    return stem.encode()[: MAX_NAME_BYTES - len(suffix) - 8].decode(errors="ignore") + suffix


def _is_kept(document: Document) -> bool:
    """Return whether a document has what an earlier parse made of it."""
    return bool(document.generation and document.chunk_count)


def _digest(content: bytes, found: Extract) -> str:
    digest = hashlib.sha256(content)
    pairs = [[pair.question, pair.answer] for pair in found.pairs]
    digest.update(json.dumps([found.title, found.canonical_url, pairs]).encode())
    return digest.hexdigest()
