"""Bytes of files: what goes in comes out, what fails leaves nothing, and nothing waits for ever."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from knowflow_server.store.blob import PIECE_BYTES, TABLES, LanceBlobStore
from knowflow_server.store.database import Database

MIB = 2**20


@pytest.fixture
def blobs(database: Database) -> LanceBlobStore:
    return LanceBlobStore(database)


async def pieces(content: bytes, size: int = MIB) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def read(blobs: LanceBlobStore, blob_id: str) -> bytes:
    return b"".join([piece async for piece in blobs.read(blob_id)])


@pytest.mark.parametrize(
    "piece", [64 * 1024 + 1, MIB, 9 * MIB], ids=["65537 a piece", "1 MiB a piece", "9 MiB a piece"]
)
@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 30 * MIB])
async def test_write_then_read_gives_the_same_bytes(blobs: LanceBlobStore, size: int, piece: int) -> None:
    content = random.Random(size).randbytes(size)
    info = await blobs.write("id", pieces(content, piece))
    assert (info.size, info.sha256) == (size, hashlib.sha256(content).hexdigest())
    found = [piece async for piece in blobs.read("id")]
    assert b"".join(found) == content
    assert max(map(len, found)) <= PIECE_BYTES


async def test_read_of_an_unknown_id_is_an_error(blobs: LanceBlobStore) -> None:
    with pytest.raises(KeyError):
        await read(blobs, "nothing")


@pytest.mark.parametrize(
    "at", [0, 1, 5 * MIB, 20 * MIB], ids=["at once", "after 1 byte", "after 5 MiB", "after 20 MiB"]
)
async def test_write_whose_bytes_end_in_an_error_leaves_nothing(
    blobs: LanceBlobStore, database: Database, at: int
) -> None:
    await blobs.write("kept", pieces(b"kept"))

    async def failing() -> AsyncIterator[bytes]:
        async for piece in pieces(bytes(at)):
            yield piece
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        await blobs.write("cut", failing())
    assert await blobs.ids() == {"kept"}
    with pytest.raises(KeyError):
        await read(blobs, "cut")
    left = sum(path.stat().st_size for path in database.folder.rglob("*") if path.is_file())
    assert left < MIB
    await blobs.write("cut", pieces(b"again"))
    assert await read(blobs, "cut") == b"again"


async def test_write_that_is_cancelled_leaves_nothing(blobs: LanceBlobStore) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(MIB)
            begun.set()
            await asyncio.sleep(0)

    writing = asyncio.create_task(blobs.write("cut", endless()))
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await blobs.ids() == set()


async def test_write_that_is_cancelled_twice_is_no_error_in_the_log(
    blobs: LanceBlobStore, caplog: pytest.LogCaptureFixture
) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield bytes(MIB)
        begun.set()
        await asyncio.Event().wait()

    begun = asyncio.Event()
    writing = asyncio.create_task(blobs.write("cut", stuck()))
    await begun.wait()
    adding = next(task for task in asyncio.all_tasks() if "add" in repr(task.get_coro()))
    for _ in range(2):
        writing.cancel()
        await asyncio.sleep(0)
    await asyncio.wait([writing, adding])
    del writing, adding
    gc.collect()
    assert (await blobs.ids(), caplog.messages) == (set(), [])


async def test_write_that_is_cancelled_in_its_last_moment_leaves_all_or_nothing(blobs: LanceBlobStore) -> None:
    outcomes = set()
    for turns in range(0, 60, 3):
        writing = asyncio.create_task(blobs.write(f"id-{turns}", pieces(bytes(100))))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        kept = not writing.cancelled()
        assert (f"id-{turns}" in await blobs.ids()) == kept
        outcomes.add(kept)
    assert False in outcomes


async def test_writes_at_once_do_not_mix(blobs: LanceBlobStore) -> None:
    contents = {f"id-{number}": random.Random(number).randbytes(number * 700_001) for number in range(20)}
    infos = await asyncio.gather(*(blobs.write(blob_id, pieces(content)) for blob_id, content in contents.items()))
    assert [info.size for info in infos] == [len(content) for content in contents.values()]
    assert await blobs.ids() == set(contents)
    for blob_id, content in contents.items():
        assert await read(blobs, blob_id) == content


async def test_delete_removes_one_and_is_repeatable(blobs: LanceBlobStore) -> None:
    # Three in the same table, or some of forty are.
    for number in range(40):
        await blobs.write(f"id-{number}", pieces(b"%d" % number))
    for _ in range(2):
        await blobs.delete("id-7")
    assert await blobs.ids() == {f"id-{number}" for number in range(40)} - {"id-7"}
    assert await read(blobs, "id-8") == b"8"


@pytest.mark.parametrize("text", ["' OR 1=1 --", "\\')) or ((true)) --", "id-1' OR 'a'='a"])
async def test_id_is_a_value_only(blobs: LanceBlobStore, text: str) -> None:
    for number in range(3 * TABLES):
        await blobs.write(f"id-{number}", pieces(b"x"))
    await blobs.delete(text)
    assert len(await blobs.ids()) == 3 * TABLES
    with pytest.raises(KeyError):
        await read(blobs, text)


async def test_deleted_bytes_leave_the_disk(
    blobs: LanceBlobStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await blobs.write("large", pieces(bytes(20 * MIB)))
    await blobs.delete("large")
    from datetime import timedelta

    from knowflow_server.store import maintenance

    monkeypatch.setattr(maintenance, "KEEP_VERSIONS", timedelta(0))
    number = blobs._number("large")
    await blobs._maintenance[number].run(blobs._tables[number])
    assert blobs._maintenance[number].failures == 0
    assert sum(path.stat().st_size for path in database.folder.rglob("*") if path.is_file()) < MIB


async def test_write_of_a_large_file_takes_little_memory(blobs: LanceBlobStore) -> None:
    process = psutil.Process()
    await blobs.write("warm", pieces(bytes(8 * MIB)))
    before, most = process.memory_info().rss, 0
    block = random.Random(0).randbytes(MIB)

    async def large() -> AsyncIterator[bytes]:
        nonlocal most
        for _ in range(200):
            yield block
            most = max(most, process.memory_info().rss)

    info = await blobs.write("large", large())
    assert info.size == 200 * MIB
    assert most - before < 100 * MIB


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from knowflow_server.errors.base import StoreUnavailableError
from knowflow_server.store.blob import LanceBlobStore
from knowflow_server.store.database import Database

async def pieces(count):
    for _ in range(count):
        yield bytes(2**20)

async def main():
    database = await Database.open(Path(sys.argv[1]), durable=False)
    blobs = LanceBlobStore(database)
    await blobs.write("small", pieces(1))
    # The kernel refuses writes beyond this place of a file, as it does on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (8 * 2**20, 8 * 2**20))
    try:
        await blobs.write("large", pieces(60))
    except StoreUnavailableError as error:
        print(error.sentence)
    await blobs.write("after", pieces(1))
    print(sorted(await blobs.ids()))
    database.close()

asyncio.run(main())
"""


def test_write_to_a_full_disk_fails_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "db")]
    result = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert result.stdout.splitlines() == ["Database connection failed", "['after', 'small']"]
