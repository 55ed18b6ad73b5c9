"""Documents: what may happen to them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from knowflow.store.v1 import document_pb2
from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import JOB_KIND_GRAPH
from knowflow_server.domain import parser_config
from knowflow_server.domain.board import Board
from knowflow_server.domain.clock import microseconds
from knowflow_server.domain.dataset import SORT_FIELDS, owned
from knowflow_server.domain.file import MAX_NAME_BYTES, FileDraft, check_name, content_type_of, extension
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.page import Page, PageRequest, page_of
from knowflow_server.domain.ports import Clock, IdSource
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.selection import Selection
from knowflow_server.errors.base import InvalidArgumentError, StoreUnavailableError
from knowflow_server.errors.core import (
    DocumentExtensionChangedError,
    DocumentFieldReadOnlyError,
    DocumentNameExistsError,
    DocumentNotFoundError,
    DocumentNotParsableError,
    DocumentNotParsingError,
    DocumentsNotFoundError,
)
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.entities import EntityStore, ordered
from knowflow_server.store.transaction import Transaction

# From this value on a Unix time is taken as milliseconds; as seconds it would lie in the year 5138.
MILLISECONDS_FROM = 100_000_000_000

RUN_NAMES = {
    document_pb2.PARSE_STATE_UNSTARTED: "UNSTART",
    document_pb2.PARSE_STATE_RUNNING: "RUNNING",
    document_pb2.PARSE_STATE_CANCELLED: "CANCEL",
    document_pb2.PARSE_STATE_SUCCEEDED: "DONE",
    document_pb2.PARSE_STATE_FAILED: "FAIL",
}


def document_of(
    entities: EntityStore | Transaction, principal: Principal, dataset_id: str, document_id: str
) -> Document:
    """Return a document of one of the caller's datasets, read-only.

    Raises:
        DatasetNotFoundError: The dataset does not exist for the caller.
        DocumentNotFoundError: The document is not in it.
    """
    owned(entities, principal, dataset_id)
    document = entities.get(Document, document_id)
    if document is None or document.dataset_id != dataset_id:
        raise DocumentNotFoundError(document_id=document_id)
    return document


def by_hand(document: Document) -> bool:
    """Return whether a document holds questions and answers written by hand, and so no file that could be parsed."""
    return document.kind == document_pb2.DOCUMENT_KIND_MANUAL


def _refuse_by_hand(document: Document) -> None:
    """Refuse to cut a document in another way whose questions and answers were written by hand."""
    if by_hand(document):
        sentence = "These questions and answers were written by hand: they cannot be cut in another way."
        raise InvalidArgumentError(sentence, field="chunk_method")


class Documents:
    """The documents of all organizations; each method acts for one caller."""

    def __init__(
        self, entities: EntityStore, blobs: LanceBlobStore, jobs: Jobs, board: Board, clock: Clock, ids: IdSource
    ) -> None:
        self._entities = entities
        self._blobs = blobs
        self._jobs = jobs
        self._board = board
        self._clock = clock
        self._ids = ids

    async def add(
        self, principal: Principal, dataset_id: str, files: Sequence[FileDraft], *, parse: bool = False
    ) -> list[Document]:
        """Make documents of files, and parse them when asked to; a name that is taken gets a number, `name(1).ext`.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller; the bytes are removed.
        """
        now = microseconds(self._clock)

        def work(transaction: Transaction) -> list[Document]:
            dataset = transaction.edit(owned(transaction, principal, dataset_id))
            numbers: dict[str, int] = {}
            documents = [
                self._new(transaction, dataset, file, now + place, numbers) for place, file in enumerate(files)
            ]
            dataset.document_count += len(documents)
            dataset.updated_at = now
            for document in documents if parse else ():
                self._jobs.add_parse(transaction, document)
            return documents

        adding = asyncio.create_task(self._entities.transact(work))
        adding.add_done_callback(lambda _: self._jobs.wake())
        try:
            added = await asyncio.shield(adding)
        except BaseException:
            # A caller who leaves now does not undo the commit, and the bytes must be there if it succeeds.
            await asyncio.wait([adding])
            if adding.exception() is not None:
                await self.discard(files)
            raise
        self._jobs.wake()
        return added

    async def discard(self, files: Sequence[FileDraft]) -> None:
        """Remove the bytes of files which became no documents."""
        for blob_id in filter(None, (file.blob_id for file in files)):
            await self._blobs.delete(blob_id)

    async def receive(self, name: str, pieces: AsyncIterator[bytes]) -> FileDraft:
        """Stream the bytes of a file to the blob store; when they stop coming, nothing is kept."""
        blob_id = self._ids.new_id()
        info = await self._blobs.write(blob_id, pieces)
        return FileDraft(name, content_type_of(name), blob_id, info.size, info.sha256)

    def list(
        self,
        principal: Principal,
        dataset_id: str,
        page: PageRequest,
        *,
        identifier: str = "",
        name: str = "",
        keywords: str = "",
        states: Sequence[str] = (),
        created_from: float = 0,
        created_to: float = 0,
        orderby: str = "create_time",
        desc: bool = True,
    ) -> Page[Document]:
        """Return one page of the documents of a dataset, with their live progress.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            page: Which page.
            identifier: Only the document with this id, when not empty.
            name: Only the document with this name, when not empty.
            keywords: Only documents with this in their name, without regard to case, when not empty.
            states: Only documents in one of these states, RAGFlow's words, when not empty.
            created_from: Least upload time, Unix seconds or milliseconds; 0 means no limit.
            created_to: Greatest upload time, likewise.
            orderby: `create_time` or `update_time`.
            desc: Whether the newest comes first.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
            DocumentNotFoundError: No document has the id or the name.
        """
        owned(self._entities, principal, dataset_id)
        found = ordered(
            self._entities.children(Document, principal.organization_id, dataset_id), by=SORT_FIELDS[orderby], desc=desc
        )
        for field, wanted in (("id", identifier), ("name", name)):
            if wanted:
                found = [document for document in found if getattr(document, field) == wanted]
                if not found:
                    raise DocumentNotFoundError(document_id=wanted)
        if keywords:
            found = [document for document in found if keywords.casefold() in document.name.casefold()]
        if states:
            found = [document for document in found if RUN_NAMES[document.state] in states]
        if created_from:
            found = [document for document in found if _in_unit_of(created_from, document) >= created_from]
        if created_to:
            found = [document for document in found if _in_unit_of(created_to, document) <= created_to]
        result = page_of(found, page)
        return Page([self._board.overlay(document) for document in result.items], result.total, page)

    def newest(self, principal: Principal, dataset_id: str, page: PageRequest) -> Page[Document]:
        """Return one page of the documents of a dataset with their live progress, newest first.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
        """
        owned(self._entities, principal, dataset_id)
        items, total = self._entities.page(
            Document,
            principal.organization_id,
            dataset_id,
            offset=page.offset,
            size=page.size,
            after=page.after,
            desc=True,
        )
        return Page([self._board.overlay(document) for document in items], total, page)

    def get(self, principal: Principal, dataset_id: str, document_id: str) -> Document:
        """Return a document with its live progress."""
        return self._board.overlay(document_of(self._entities, principal, dataset_id, document_id))

    async def watch(self, principal: Principal, dataset_id: str, document_id: str) -> AsyncIterator[Document]:
        """Yield a document now and at each step of its parsing; end when no parsing runs."""
        shown: Document | None = None
        async for _ in self._board.changes(document_id):
            document = self.get(principal, dataset_id, document_id)
            if document != shown:
                yield document
            shown = document
            if document.state != document_pb2.PARSE_STATE_RUNNING:
                return

    async def read(self, document: Document) -> AsyncIterator[bytes]:
        """Yield the bytes of a document's file; what was written by hand has none."""
        if not document.blob_id:
            return
        missing = document.size
        try:
            async for piece in self._blobs.read(document.blob_id):
                missing -= len(piece)
                yield piece
        except KeyError:
            missing = missing or 1
        if missing:
            # The document was deleted meanwhile: an end that looks whole would be a lie.
            raise StoreUnavailableError(f"The file of document {document.id} is not there any more.")

    async def update(  # noqa: C901 - one early check per documented rule reads best in a row
        self,
        principal: Principal,
        dataset_id: str,
        document_id: str,
        *,
        name: str | None = None,
        chunk_method: str | None = None,
        config: Mapping[str, Any] | None = None,
        meta_fields: Any = None,
        read_only: Mapping[str, float] | None = None,
    ) -> Document:
        """Change a document and return it; a new chunking method drops its chunks.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError, DocumentNameExistsError, DocumentExtensionChangedError,
            DocumentFieldReadOnlyError, InvalidArgumentError: As their sentences say.
        """
        present = document_of(self._entities, principal, dataset_id, document_id)
        for field, value in (read_only or {}).items():
            if value != getattr(present, field):
                raise DocumentFieldReadOnlyError(field=field)
        if meta_fields is not None:
            _check_meta_fields(meta_fields)
        if name is not None:
            if extension(name.strip()) != extension(present.name):
                raise DocumentExtensionChangedError(name=name)
            name = check_name(name)
        parser_config.validate(config or {})

        def work(transaction: Transaction) -> Document:
            document = transaction.edit(document_of(transaction, principal, dataset_id, document_id))
            if name is not None and name != document.name:
                if transaction.holder(
                    Document, organization_id=principal.organization_id, dataset_id=dataset_id, name=name
                ):
                    raise DocumentNameExistsError(name=name)
                document.name = name
            if meta_fields is not None:
                document.meta_fields.CopyFrom(parser_config.struct(meta_fields))
            method_changes = chunk_method is not None and chunk_method != document.chunk_method
            if method_changes:
                _refuse_by_hand(document)
            if chunk_method is not None:
                document.chunk_method = chunk_method
            if config is not None:
                _configure(document, config, method_changes=method_changes)
            elif method_changes:
                _configure(document, {}, method_changes=True)
            if method_changes:
                self._reset(transaction, document)
            document.updated_at = microseconds(self._clock)
            return document

        document = await self._entities.transact(work)
        self._jobs.wake()
        return document

    async def delete(self, principal: Principal, dataset_id: str, selection: Selection) -> Selection:
        """Delete documents with their chunks: those listed, or all of the dataset when none is. Returns the selection.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
            DocumentsNotFoundError: Some ids are unknown; the others are deleted.
        """

        def work(transaction: Transaction) -> list[str]:
            dataset = transaction.edit(owned(transaction, principal, dataset_id))
            present = {
                document.id: document
                for document in transaction.children(Document, principal.organization_id, dataset_id)
            }
            chosen = (
                [present[identifier] for identifier in selection.ids if identifier in present]
                if selection.ids
                else list(present.values())
            )
            for document in chosen:
                self._drop_parse(transaction, document)
                blob_ids = [document.blob_id] if document.blob_id else []
                self._jobs.add_removal(transaction, dataset, document_id=document.id, blob_ids=blob_ids)
                dataset.document_count -= 1
                dataset.chunk_count -= document.chunk_count
                dataset.token_count -= document.token_count
                dataset.search_surplus -= document.search_surplus
                transaction.delete(document)
            dataset.updated_at = microseconds(self._clock)
            return [identifier for identifier in selection.ids if identifier not in present]

        unknown = await self._entities.transact(work)
        self._jobs.wake()
        if unknown:
            raise DocumentsNotFoundError(f"Documents not found: {unknown}", document_ids=",".join(unknown))
        return selection

    async def start_parsing(self, principal: Principal, dataset_id: str, document_ids: Sequence[str]) -> int:
        """Ask for the parsing of documents, and return how many were started.

        Raises:
            DatasetNotFoundError: The dataset does not exist for the caller.
            InvalidArgumentError: The list is empty.
            DocumentNotParsableError: Some do not exist or are being parsed; the others were started.
        """

        def work(transaction: Transaction) -> list[str]:
            owned(transaction, principal, dataset_id)
            if not document_ids:
                raise InvalidArgumentError("`document_ids` is required", field="document_ids")
            refused = []
            for identifier in dict.fromkeys(document_ids):
                document = transaction.get(Document, identifier)
                busy = document is not None and (
                    document.state == document_pb2.PARSE_STATE_RUNNING or by_hand(document)
                )
                if document is None or document.dataset_id != dataset_id or busy:
                    refused.append(identifier)
                else:
                    self._jobs.add_parse(transaction, transaction.edit(document))
            return refused

        refused = await self._entities.transact(work)
        self._jobs.wake()
        if refused:
            raise DocumentNotParsableError(document_ids=",".join(refused))
        return len(set(document_ids))

    async def stop_parsing(self, principal: Principal, dataset_id: str, document_ids: Sequence[str]) -> None:
        """Stop the parsing of documents, all or none.

        Raises:
            DatasetNotFoundError, DocumentNotFoundError, DocumentNotParsingError, InvalidArgumentError: As their
            sentences say.
        """
        if not document_ids:
            raise InvalidArgumentError("`document_ids` is required", field="document_ids")

        def work(transaction: Transaction) -> None:
            for identifier in document_ids:
                document = document_of(transaction, principal, dataset_id, identifier)
                job = self._jobs.parse_job_of(transaction, document)
                running = document.state == document_pb2.PARSE_STATE_RUNNING
                if not running or (job is not None and job.id in self._jobs.publishing):
                    raise DocumentNotParsingError(document_id=identifier)
                stopped = transaction.edit(document)
                stopped.state = document_pb2.PARSE_STATE_CANCELLED
                stopped.progress = 0
                stopped.progress_message = "Parsing was stopped."
                if job is not None and job.kind == JOB_KIND_GRAPH:
                    stopped.progress_message = "The knowledge graph was stopped; the chunks stay."
                    self._jobs.drop_graph(transaction, stopped)
                stopped.updated_at = microseconds(self._clock)
                if job is not None:
                    transaction.delete(job)

        await self._entities.transact(work)
        self._jobs.wake()
        for identifier in document_ids:
            self._board.tell(identifier)

    def _new(
        self, transaction: Transaction, dataset: Dataset, file: FileDraft, now: int, numbers: dict[str, int]
    ) -> Document:
        method = file.chunk_method or dataset.chunk_method
        document = Document(
            id=self._ids.new_id(),
            organization_id=dataset.organization_id,
            dataset_id=dataset.id,
            name=free_name(transaction, dataset, file.name, numbers),
            size=file.size,
            content_type=file.content_type,
            sha256=file.sha256,
            url=file.url,
            kind=file.kind,
            blob_id=file.blob_id,
            chunk_method=method,
            title=file.title,
            notes=file.notes,
            extracts_references=file.extracts_references,
            state=document_pb2.PARSE_STATE_UNSTARTED,
            created_at=now,
            updated_at=now,
        )
        if file.config:
            kept = parser_config.complete(method, file.config)
        elif method == dataset.chunk_method and dataset.HasField("parser_config"):
            kept = parser_config.plain(dataset.parser_config)
        else:
            kept = parser_config.complete(method, None)
        if kept is not None:
            document.parser_config.CopyFrom(parser_config.struct(kept))
        if file.extracts_references:
            self._jobs.add_parse(transaction, document)
        transaction.put(document)
        return document

    def _drop_parse(self, transaction: Transaction, document: Document) -> None:
        job = self._jobs.parse_job_of(transaction, document)
        if job is not None:
            transaction.delete(job)

    def _reset(self, transaction: Transaction, document: Document) -> None:
        """Bring a document back to where it was after its upload; its chunks are removed by a job."""
        self._drop_parse(transaction, document)
        dataset = transaction.get(Dataset, document.dataset_id)
        if dataset is not None and document.chunk_count:
            dataset = transaction.edit(dataset)
            dataset.chunk_count -= document.chunk_count
            dataset.token_count -= document.token_count
            dataset.search_surplus -= document.search_surplus
            self._jobs.add_removal(transaction, dataset, document_id=document.id)
        self._jobs.drop_graph(transaction, document)
        document.chunk_count = document.token_count = document.search_surplus = 0
        document.progress = document.process_duration = document.process_begin_at = 0
        document.progress_message = ""
        document.state = document_pb2.PARSE_STATE_UNSTARTED


def _check_meta_fields(meta_fields: Any) -> None:
    if not isinstance(meta_fields, dict):
        raise InvalidArgumentError("meta_fields must be a dictionary", field="meta_fields")
    if len(json.dumps(meta_fields)) > parser_config.MAX_CHARACTERS:
        sentence = f"meta_fields exceeds size limit (max {parser_config.MAX_CHARACTERS:,} characters)"
        raise InvalidArgumentError(sentence, field="meta_fields")


def _configure(document: Document, config: Mapping[str, Any], *, method_changes: bool) -> None:
    present = parser_config.plain(document.parser_config) if document.HasField("parser_config") else {}
    keeps = config and not method_changes
    kept = parser_config.merge(present, config) if keeps else parser_config.complete(document.chunk_method, config)
    document.ClearField("parser_config")
    if kept is not None:
        document.parser_config.CopyFrom(parser_config.struct(kept))


def free_name(transaction: Transaction, dataset: Dataset, name: str, numbers: dict[str, int]) -> str:
    """Return a name like the given one that no document of a dataset has.

    Args:
        transaction: Which documents there are.
        dataset: The dataset.
        name: The name.
        numbers: Where an earlier search for each name ended; it is kept up.
    """
    path = PurePath(name)
    number = numbers.get(name, 0)
    free = name
    while transaction.holder(Document, organization_id=dataset.organization_id, dataset_id=dataset.id, name=free):
        number += 1
        mark = f"({number})"
        # The number must fit into the limit of the name, too.
        stem = path.stem.encode()[: MAX_NAME_BYTES - len(path.suffix.encode()) - len(mark)].decode(errors="ignore")
        free = f"{stem}{mark}{path.suffix}"
    numbers[name] = number
    return free


def _in_unit_of(unix_time: float, document: Document) -> int:
    """Return when a document was uploaded, in whole seconds or milliseconds, whichever a caller's time is in."""
    return document.created_at // (1_000 if unix_time >= MILLISECONDS_FROM else 1_000_000)
