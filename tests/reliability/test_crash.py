"""A server that is killed in the middle of its work goes on where it stood: nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from knowflow.store.v1.document_pb2 import Document
from knowflow.store.v1.job_pb2 import Job
from tests.reliability.files import long_pdf
from tests.reliability.store import blob_ids, chunk_rows, entities_of, eventually
from tests.rpc.calls import (
    begun,
    chunks_of,
    data_of,
    delete_datasets,
    delete_documents,
    document_of,
    ended,
    new_dataset,
    parsed,
    reached,
    start_parsing,
    upload,
)
from tests.serving import Server

COMPARED = ("content", "positions", "page_number", "token_count", "important_keywords", "questions", "available")


def comparable(chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what two parses of one file must have in common."""
    return [{field: chunk[field] for field in COMPARED} for chunk in chunks]


@pytest.mark.slow
async def test_parse_killed_three_times_gives_the_chunks_of_an_undisturbed_one(
    own_server: Callable[..., Server],
) -> None:
    content = long_pdf(50)
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest, parser_config={"chunk_token_num": 64})
        document = await upload(rest, dataset, "long.pdf", content)
        await start_parsing(rest, dataset, document)
    for percent in (-1, 20, 60):
        async with server.channel() as channel:
            found = await reached(channel, dataset, document, percent)
            assert found.status == "0"
        server.kill()
        server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        last = await ended(channel, dataset, document)
        assert (last.status, last.progress) == ("1", 100.0), last.progress_msg
        assert last.progress_msg.endswith("Task done")
        undisturbed = await upload(rest, dataset, "undisturbed.pdf", content)
        assert (await parsed(rest, channel, dataset, undisturbed)).status == "1"
        chunks, expected = await chunks_of(rest, dataset, document), await chunks_of(rest, dataset, undisturbed)
        assert len(expected) > 100
        assert comparable(chunks) == comparable(expected)
        assert len({chunk["id"] for chunk in chunks + expected}) == 2 * len(expected)
        records = [await document_of(rest, dataset, one) for one in (document, undisturbed)]
        assert [record["chunk_count"] for record in records] == [len(expected)] * 2
        assert records[0]["token_count"] == records[1]["token_count"]
        [kept] = data_of(await rest.get("/api/v1/datasets", params={"id": dataset}))["datasets"]
        assert kept["chunk_count"] == 2 * len(expected)
        # Nothing hidden is left over either.
        assert chunk_rows(server, dataset=dataset) == 2 * len(expected)
        assert list((server.folder / "data" / "tmp").iterdir()) == []
        body = {"question": chunks[70]["content"], "dataset_ids": [dataset], "document_ids": [document]}
        assert data_of(await rest.post("/api/v1/retrieval", json=body))["chunks"][0]["id"] == chunks[70]["id"]


@pytest.mark.slow
async def test_server_killed_after_each_answer_has_kept_what_it_answered(own_server: Callable[..., Server]) -> None:
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        dataset, doomed = await new_dataset(rest), await new_dataset(rest)
        keep, gone, stuck = [await upload(rest, dataset, f"{number}.pdf", long_pdf(2)) for number in range(3)]
        other = await upload(rest, doomed, "other.pdf", long_pdf(2))
        for place, document in ((dataset, keep), (dataset, gone), (doomed, other)):
            assert (await parsed(rest, channel, place, document)).status == "1"
        await start_parsing(rest, dataset, stuck)
        await begun(channel, dataset, stuck)
        # Between the deletion of records and the removal of what belongs to them.
        await delete_documents(rest, dataset, gone)
        await delete_datasets(rest, doomed)
    server.kill()
    async with entities_of(server.folder) as entities:
        # The parse that the server was killed in again and again is taken for its reason.
        [job] = [job for job in entities.all(Job) if job.document_id == stuck]
        await entities.transact(lambda transaction: setattr(transaction.edit(job), "attempts", 5))
        kept_blobs = {record.blob_id for record in entities.all(Document)}
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        last = await ended(channel, dataset, stuck)
        assert last.status == "2"
        assert last.progress_msg.endswith(
            "Parsing was given up: the server stopped 5 times while it parsed this document."
        )
        listed = data_of(await rest.get("/api/v1/datasets"))["datasets"]
        assert [one["id"] for one in listed] == [dataset]
        assert (listed[0]["document_count"], listed[0]["chunk_count"]) == (2, len(await chunks_of(rest, dataset, keep)))
        await eventually(lambda: chunk_rows(server, document=gone) + chunk_rows(server, dataset=doomed) == 0)
        await eventually(lambda: blob_ids(server) == kept_blobs)
        assert len(kept_blobs) == 2
        assert chunk_rows(server, document=stuck) == 0
        answer = await rest.get(f"/api/v1/datasets/{dataset}/documents/{keep}")
        assert answer.content == long_pdf(2)
        # What was given up can be asked for again.
        assert (await parsed(rest, channel, dataset, stuck)).status == "1"


@pytest.mark.slow
async def test_server_with_a_thousand_waiting_documents_starts_again(own_server: Callable[..., Server]) -> None:
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        dataset = await new_dataset(rest)
        document = await upload(rest, dataset, "a.txt", "moon")
        assert (await parsed(rest, channel, dataset, document)).status == "1"
    assert server.stop() == 0
    async with entities_of(server.folder) as entities:
        present = entities.get(Document, document)
        assert present is not None

        def many(transaction: Any) -> None:
            for number in range(1_000):
                copy = Document()
                copy.CopyFrom(present)
                copy.id, copy.name, copy.state = f"copy{number}", f"{number}.txt", 2  # type: ignore[assignment]
                transaction.put(copy)
                job = Job(id=f"job{number}", organization_id=copy.organization_id, kind=1, dataset_id=dataset)  # type: ignore[arg-type]
                job.document_id, job.created_at = copy.id, number + 1
                transaction.put(job)

        await entities.transact(many)
    server = own_server()
    async with server.rest() as rest, server.channel() as channel:
        assert (await ended(channel, dataset, "copy0")).status == "1"
        await delete_datasets(rest, dataset)
        assert data_of(await rest.get("/api/v1/datasets"))["total"] == 0
        await eventually(lambda: chunk_rows(server, dataset=dataset) == 0)
    assert server.stop() == 0
