"""Watching a document: every step, in order, until nothing runs any more."""

from __future__ import annotations

import asyncio
import itertools

import grpc
import httpx
import pytest

from tests.reliability.files import long_pdf, long_text
from tests.rpc.calls import (
    begun,
    delete_datasets,
    delete_documents,
    ended,
    new_dataset,
    parsed,
    start_parsing,
    stop_parsing,
    upload,
    watch,
)


async def test_watch_of_a_document_at_rest_is_one_message(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "a.txt", "moon")
    assert [message.document.status async for message in watch(channel, dataset, document)] == ["UNSTART"]
    last = await parsed(rest, channel, dataset, document)
    assert (last.status, last.progress) == ("1", 100.0)
    assert [message.document.status async for message in watch(channel, dataset, document)] == ["1"]


async def test_watch_shows_progress_that_only_grows_and_an_end(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel
) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "long.pdf", long_pdf(40))
    await start_parsing(rest, dataset, document)
    seen = [message.document async for message in watch(channel, dataset, document)]
    progress = [document.progress for document in seen]
    assert progress == sorted(progress)
    assert 0 <= progress[0] < progress[-1] == 100.0
    assert len(set(progress)) > 2
    assert {document.status for document in seen[:-1]} <= {"0"}
    assert seen[-1].status == "1"
    assert seen[-1].progress_msg.splitlines()[-1] == "Task done"
    # Messages are added, never taken back.
    for earlier, later in itertools.pairwise(seen):
        assert later.progress_msg.startswith(earlier.progress_msg) or earlier.progress_msg.startswith("Waiting")
    # No message is sent twice.
    assert all(earlier != later for earlier, later in itertools.pairwise(seen))


async def test_watch_of_an_unknown_document_is_not_found(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset = await new_dataset(rest)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ended(channel, dataset, "nothing")
    assert (caught.value.code(), caught.value.details()) == (
        grpc.StatusCode.NOT_FOUND,
        "You don't own the document nothing.",
    )


@pytest.mark.parametrize("what", ["document", "dataset", "chunk method", "stop"])
async def test_watch_ends_when_its_waiting_document_does(
    rest: httpx.AsyncClient, channel: grpc.aio.Channel, what: str
) -> None:
    dataset = await new_dataset(rest)
    # As many as are parsed at once, and one that waits.
    busy = [await upload(rest, dataset, f"{number}.txt", long_text(200_000, seed=number)) for number in range(2)]
    waiting = await upload(rest, dataset, "waiting.txt", "moon")
    await start_parsing(rest, dataset, *busy)
    await asyncio.gather(*(begun(channel, dataset, document) for document in busy))
    await start_parsing(rest, dataset, waiting)
    call = watch(channel, dataset, waiting)
    first = await call.read()
    assert (first.document.status, first.document.progress_msg) == ("0", "Waiting for a free worker.")
    match what:
        case "document":
            await delete_documents(rest, dataset, waiting)
        case "dataset":
            await delete_datasets(rest, dataset)
        case "chunk method":
            await rest.put(f"/api/v1/datasets/{dataset}/documents/{waiting}", json={"chunk_method": "one"})
        case "stop":
            await stop_parsing(rest, dataset, waiting)
    async with asyncio.timeout(30):
        if what in {"document", "dataset"}:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call.read()
            assert caught.value.code() == grpc.StatusCode.NOT_FOUND
        else:
            last = (await call.read()).document
            assert (last.status, last.progress) == ("UNSTART", 0.0)
            assert last.progress_msg == ("Parsing was stopped." if what == "stop" else "")
            assert await call.read() is grpc.aio.EOF
    if what != "dataset":
        await delete_datasets(rest, dataset)


async def test_watch_serves_many_at_once(rest: httpx.AsyncClient, channel: grpc.aio.Channel) -> None:
    dataset = await new_dataset(rest)
    document = await upload(rest, dataset, "a.txt", long_text(20_000))
    await start_parsing(rest, dataset, document)
    ends = await asyncio.gather(*(ended(channel, dataset, document) for _ in range(20)))
    assert {(end.status, end.progress, end.progress_msg) for end in ends} == {("1", 100.0, ends[0].progress_msg)}
