"""Webpages: changes that meet each other lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from knowflow.store.v1.document_pb2 import DOCUMENT_KIND_WEBPAGE, Document
from knowflow.store.v1.job_pb2 import JOB_KIND_SCRAPE, Job
from knowflow_server.domain.clock import SystemClock, Uuid1Source
from knowflow_server.domain.jobs import Jobs
from knowflow_server.domain.principal import Principal
from knowflow_server.domain.web.webpage import Webpages
from knowflow_server.errors.webpage import WebpageUpdatingError
from knowflow_server.store.entities import EntityStore
from tests.store.records import ORGANIZATION, dataset, document, open_entities, put

CALLER = Principal(ORGANIZATION)
PAGE = ("dataset-1", "page-1")
OLD, NEW = "https://old.example/faq", "https://new.example/faq"


class AnyAddress:
    """Takes every address."""

    async def check(self, url: str) -> None:
        """Refuse nothing."""


@pytest.fixture
async def entities(tmp_path: Path) -> AsyncIterator[EntityStore]:
    async with open_entities(tmp_path) as store:
        page = document("page-1", "dataset-1", "old.example-faq.md", kind=DOCUMENT_KIND_WEBPAGE, url=OLD)
        await put(store, dataset("dataset-1", "Docs"), page)
        yield store


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(SystemClock(), Uuid1Source())


@pytest.fixture
def webpages(entities: EntityStore, jobs: Jobs) -> Webpages:
    fetcher: Any = AnyAddress()
    documents: Any = None
    return Webpages(entities, documents, fetcher, jobs, SystemClock(), refresh_s=0)


async def test_update_of_the_name_does_not_take_back_an_address_that_was_just_given(
    webpages: Webpages, entities: EntityStore
) -> None:
    await asyncio.gather(webpages.update(CALLER, *PAGE, url=NEW), webpages.update(CALLER, *PAGE, name="Questions"))
    page = webpages.get(CALLER, *PAGE)
    assert (page.url, page.title, page.name) == (NEW, "Questions", "new.example-faq.md")
    assert [job.kind for job in entities.all(Job)] == [JOB_KIND_SCRAPE]


async def test_update_of_the_address_waits_for_a_text_that_is_being_replaced(
    webpages: Webpages, entities: EntityStore, jobs: Jobs
) -> None:
    def parse(transaction: Any) -> None:
        page = transaction.edit(transaction.get(Document, "page-1"))
        page.blob_id = "blob-1"
        jobs.add_parse(transaction, page)

    await entities.transact(parse)
    [job] = entities.all(Job)
    jobs.publishing.add(job.id)
    with pytest.raises(WebpageUpdatingError):
        await webpages.update(CALLER, *PAGE, url=NEW, name="Questions")
    assert (webpages.get(CALLER, *PAGE).url, webpages.get(CALLER, *PAGE).title) == (OLD, "")
    jobs.publishing.clear()
    assert (await webpages.update(CALLER, *PAGE, url=NEW)).url == NEW
    assert [one.kind for one in entities.all(Job)] == [JOB_KIND_SCRAPE]
