"""Messages: appended in group commits, read by session, oldest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from knowflow.store.v1.chat_pb2 import CitedChunk, Message
from knowflow_server.errors.base import OverloadedError, StoreUnavailableError
from knowflow_server.store import messages as module
from knowflow_server.store.messages import MessageStore
from tests.store.records import ORGANIZATION, open_database


def message(number: int, session: str = "s1", **fields: object) -> Message:
    defaults = {
        "id": f"m{number:05d}",
        "organization_id": ORGANIZATION,
        "session_id": session,
        "role": "user",
        "content": f"message {number}",
        "created_at": number,
    }
    return Message(**{**defaults, **fields})  # type: ignore[arg-type]


@asynccontextmanager
async def open_messages(folder: Path) -> AsyncIterator[MessageStore]:
    async with open_database(folder) as database:
        store = await MessageStore.open(database)
        try:
            yield store
        finally:
            await store.close()


@pytest.fixture
async def messages(tmp_path: Path) -> AsyncIterator[MessageStore]:
    async with open_messages(tmp_path) as store:
        yield store


async def rows(store: MessageStore) -> int:
    return int(await store._table.count_rows())


async def test_messages_are_read_as_they_were_written_oldest_first(messages: MessageStore) -> None:
    answer = message(2, role="assistant", chunks=[CitedChunk(id="c", content="知识")], finish_reason="stop")
    await messages.add([answer, message(1)])
    await messages.add([message(3, content="")])
    assert await messages.of(ORGANIZATION, ["s1"]) == {"s1": [message(1), answer, message(3, content="")]}


async def test_messages_of_one_moment_keep_an_order(messages: MessageStore) -> None:
    said = [message(number, created_at=7) for number in range(10)]
    await messages.add(said[::-1])
    assert (await messages.of(ORGANIZATION, ["s1"]))["s1"] == said


async def test_sessions_and_organizations_are_kept_apart(messages: MessageStore) -> None:
    await messages.add([message(1), message(2, "s2"), message(3, organization_id="other")])
    found = await messages.of(ORGANIZATION, ["s1", "s2", "s3"])
    assert found == {"s1": [message(1)], "s2": [message(2, "s2")], "s3": []}
    assert await messages.of("other", ["s1", "s2"]) == {"s1": [message(3, organization_id="other")], "s2": []}
    assert await messages.of(ORGANIZATION, []) == {}


async def test_hostile_session_names_find_nothing(messages: MessageStore) -> None:
    await messages.add([message(1)])
    names = ["' OR 1=1 --", "s1' OR 'a'='a", "%", "s1\x00", "\\"]
    assert await messages.of(ORGANIZATION, names) == {name: [] for name in names}
    await messages.delete(ORGANIZATION, names)
    assert await rows(messages) == 1


async def test_200_writers_share_commits_and_read_their_own(messages: MessageStore) -> None:
    before = await messages._table.version()

    async def write(number: int) -> list[Message]:
        await messages.add([message(number, f"s{number}")])
        return (await messages.of(ORGANIZATION, [f"s{number}"]))[f"s{number}"]

    found = await asyncio.gather(*map(write, range(200)))
    assert found == [[message(number, f"s{number}")] for number in range(200)]
    assert await messages._table.version() - before < 50


async def test_delete_removes_what_was_queued_before_it_and_nothing_after(messages: MessageStore) -> None:
    await asyncio.gather(
        messages.add([message(1)]),
        messages.add([message(2, "s2")]),
        messages.delete(ORGANIZATION, ["s1"]),
        messages.add([message(3)]),
        messages.delete("other", ["s2"]),
        messages.delete(ORGANIZATION, []),
    )
    assert await messages.of(ORGANIZATION, ["s1", "s2"]) == {"s1": [message(3)], "s2": [message(2, "s2")]}
    assert await rows(messages) == 2


async def test_messages_are_there_after_reopening(tmp_path: Path) -> None:
    async with open_messages(tmp_path) as store:
        await store.add([message(1), message(2)])
        await store.delete(ORGANIZATION, ["nothing"])
    async with open_messages(tmp_path) as store:
        assert await store.of(ORGANIZATION, ["s1"]) == {"s1": [message(1), message(2)]}
        await store.add([message(3)])
        assert len((await store.of(ORGANIZATION, ["s1"]))["s1"]) == 3


async def test_close_writes_what_is_queued(tmp_path: Path) -> None:
    async with open_messages(tmp_path) as store:
        writing = [asyncio.create_task(store.add([message(number)])) for number in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*writing)
    async with open_messages(tmp_path) as store:
        assert len((await store.of(ORGANIZATION, ["s1"]))["s1"]) == 20


async def test_failing_write_is_told_to_its_writers_alone(
    messages: MessageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        async def add(self, batch: object) -> None:
            raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(messages, "_table", Broken())
        results = await asyncio.gather(*(messages.add([message(n)]) for n in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailableError] * 3
    await messages.add([message(4)])
    assert await messages.of(ORGANIZATION, ["s1"]) == {"s1": [message(4)]}


async def test_many_records_are_made_in_pieces_and_all_are_there(
    messages: MessageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE_ROWS", 3)
    said = [message(number) for number in range(10)]
    await messages.add(said)
    assert said == (await messages.of(ORGANIZATION, ["s1"]))["s1"]


async def test_record_that_makes_no_row_fails_its_writers_and_not_those_after(
    messages: MessageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, "_row", lambda _: {"created_at": "no time"})
        with pytest.raises(StoreUnavailableError):
            await messages.add([message(1)])
    async with asyncio.timeout(10):
        await messages.add([message(2)])
    assert [message(2)] == (await messages.of(ORGANIZATION, ["s1"]))["s1"]


async def test_full_queue_refuses_further_writers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE", 5)
    async with open_messages(tmp_path) as store:
        results = await asyncio.gather(*(store.add([message(n)]) for n in range(20)), return_exceptions=True)
        refused = [result for result in results if isinstance(result, OverloadedError)]
        assert refused
        assert len((await store.of(ORGANIZATION, ["s1"]))["s1"]) == 20 - len(refused)


async def test_writer_who_leaves_does_not_stop_the_write(messages: MessageStore) -> None:
    task = asyncio.create_task(messages.add([message(1)]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await messages.add([message(2)])
    assert await messages.of(ORGANIZATION, ["s1"]) == {"s1": [message(1), message(2)]}


async def test_write_after_close_is_refused_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with open_messages(tmp_path) as store:
        await store.add([message(1)])
    async with asyncio.timeout(10):
        with pytest.raises(StoreUnavailableError):
            await store.add([message(2)])
        with pytest.raises(StoreUnavailableError):
            await store.delete(ORGANIZATION, ["s1"])
