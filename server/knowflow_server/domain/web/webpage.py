"""Webpages of knowledge bases: what may happen to them."""

from __future__ import annotations

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_WEBPAGE, PARSE_STATE_FAILED, PARSE_STATE_RUNNING, Document
from knowflow_server.domain.clock import iso_milliseconds, microseconds
from knowflow_server.domain.dataset import owned
from knowflow_server.domain.document import Documents, free_name
from knowflow_server.domain.file import FileDraft
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.ports import Clock, WebError, WebFetcher
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.web.items import Items
from knowflow_server.domain.web.reading import READABLE_TYPE, page_name
from knowflow_server.errors.webpage import (
    WebpageNotFoundError,
    WebpageRefreshLimitedError,
    WebpageUpdatingError,
    WebpageUrlRefusedError,
)
from knowflow_server.store.entities import EntityStore
from knowflow_server.store.transaction import Transaction


class Webpages(Items):
    """The webpages of all organizations; each method acts for one caller. A webpage is a document of that kind.

    Args:
        entities: Documents and datasets.
        documents: Adds and deletes them.
        fetcher: Tells whether an address can be used.
        jobs: Is asked for the reading.
        clock: The time.
        refresh_s: Seconds that must pass between two refreshes of a page.
    """

    kind = DOCUMENT_KIND_WEBPAGE

    def __init__(
        self,
        entities: EntityStore,
        documents: Documents,
        fetcher: WebFetcher,
        jobs: Jobs,
        clock: Clock,
        *,
        refresh_s: float,
    ) -> None:
        super().__init__(entities, documents, clock)
        self._fetcher = fetcher
        self._jobs = jobs
        self._refresh_s = refresh_s

    @staticmethod
    def not_found(identifier: str) -> WebpageNotFoundError:
        """Return the error for a webpage that does not exist for the caller."""
        return WebpageNotFoundError(webpage_id=identifier)

    async def create(
        self, principal: Principal, dataset_id: str, *, url: str, name: str = "", notes: str = ""
    ) -> Document:
        """Add a webpage, ask for its reading, and return it.

        Args:
            principal: The caller.
            dataset_id: The dataset.
            url: Its address.
            name: Name for people; empty means the title of the page.
            notes: Notes for people.

        Raises:
            DatasetNotFoundError, WebpageUrlRefusedError: As their sentences say.
        """
        owned(self._entities, principal, dataset_id)
        url = url.strip()
        await self._check(url)
        draft = FileDraft(
            page_name(url, READABLE_TYPE),
            READABLE_TYPE,
            blob_id="",
            size=0,
            sha256="",
            url=url,
            title=name.strip(),
            notes=notes,
            extracts_references=True,
            kind=DOCUMENT_KIND_WEBPAGE,
        )
        [document] = await self._documents.add(principal, dataset_id, [draft])
        return document

    async def update(
        self,
        principal: Principal,
        dataset_id: str,
        webpage_id: str,
        *,
        url: str | None = None,
        name: str | None = None,
        notes: str | None = None,
    ) -> Document:
        """Change a webpage and return it; what is None stays. With another address it is read again.

        Raises:
            DatasetNotFoundError, WebpageNotFoundError, WebpageUrlRefusedError: As their sentences say.
            WebpageUpdatingError: It gets another address at the very moment in which its text is replaced.
        """
        present = self.get(principal, dataset_id, webpage_id)
        target = url.strip() if url is not None else None
        if target is not None and target != present.url:
            await self._check(target)

        def work(transaction: Transaction) -> Document:
            document = self._edit(transaction, principal, dataset_id, webpage_id, name=name, notes=notes)
            # Who gives no address keeps the one of now, whatever it was a moment ago.
            if target is not None and target != document.url:
                self._move(transaction, document, target)
            return document

        document = await self._entities.transact(work)
        self._jobs.wake()
        return document

    async def refresh(self, principal: Principal, dataset_id: str, webpage_id: str) -> Document:
        """Ask for another reading of a webpage, and return it.

        Raises:
            DatasetNotFoundError, WebpageNotFoundError: It does not exist for the caller.
            WebpageUpdatingError: It is being read or parsed.
            WebpageRefreshLimitedError: A refresh has succeeded a short time ago.
        """

        def work(transaction: Transaction) -> Document:
            document = self._of(transaction, principal, dataset_id, webpage_id)
            if document.state == PARSE_STATE_RUNNING:
                raise WebpageUpdatingError(webpage_id=webpage_id)
            available_at = document.refreshed_at + round(self._refresh_s * 1_000_000)
            # One that was read and could not be parsed has failed.
            is_limited = document.refreshed_at and document.state != PARSE_STATE_FAILED
            if is_limited and available_at > microseconds(self._clock):
                raise WebpageRefreshLimitedError(next_available_at=iso_milliseconds(available_at))
            document = transaction.edit(document)
            self._jobs.add_scrape(transaction, document, is_refresh=True)
            return document

        document = await self._entities.transact(work)
        self._jobs.wake()
        return document

    def _move(self, transaction: Transaction, document: Document, url: str) -> None:
        """Give a webpage another address. What it says stays until the new page was read."""
        job = self._jobs.parse_job_of(transaction, document)
        if job is not None and job.id in self._jobs.publishing:
            raise WebpageUpdatingError(webpage_id=document.id)
        is_named_after = document.name == page_name(document.url, document.content_type)
        document.url = url
        document.canonical_url = document.etag = document.last_modified = document.content_sha256 = ""
        dataset = transaction.get(Dataset, document.dataset_id)
        if is_named_after and dataset is not None:
            document.name = free_name(transaction, dataset, page_name(document.url, document.content_type), {})
        if job is not None:
            transaction.delete(job)
        self._jobs.add_scrape(transaction, document)

    async def _check(self, url: str) -> None:
        try:
            await self._fetcher.check(url)
        except WebError as error:
            raise WebpageUrlRefusedError(f"URL cannot be used: {error.sentence}", field="url") from None
