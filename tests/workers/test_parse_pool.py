"""The parse workers, with a fake pipeline in real processes, and once with the real one."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from knowflow_server.domain.ingest.pipeline import ChunkDraft, IngestError, Progress
from knowflow_server.domain.ports import ParseWorkers, WorkersClosedError
from knowflow_server.workers.parse_pool import ParsePool

Item = Progress | list[ChunkDraft]


@pytest.fixture(autouse=True)
def _fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[ParsePool]:
    pool = ParsePool(pipeline="fake_pipeline", memory_mb=300, timeout_s=30.0)
    yield pool
    await pool.close()


async def _parse(pool: ParseWorkers, method: str, *, path: Path = Path("/nowhere"), **config: object) -> list[Item]:
    async with aclosing(pool.parse(path, name="a.txt", method=method, config=config)) as items:
        return [item async for item in items]


async def _pid(pool: ParsePool) -> int:
    """Return the process id of the worker that serves now."""
    items = await _parse(pool, "large", length=1, drafts=1)
    assert isinstance(items[0], Progress)
    return int(items[0].message.split()[1])


def _contents(items: list[Item]) -> list[str]:
    return [draft.content for item in items if isinstance(item, list) for draft in item]


async def test_parse_lines_streams_drafts_and_progress_in_order(pool: ParsePool, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes("erste Zeile\nsecond line\n第三行\n".encode() + b"\xff\n")
    items = await _parse(pool, "lines", path=path, suffix="done")
    assert items[1:] == [
        [ChunkDraft("erste Zeile", ((1.0, 10.5, 20.0, 30.0, 40.25),), 1, 4)],
        [ChunkDraft("second line", ((1.0, 10.5, 20.0, 30.0, 40.25),), 1, 2)],
        [ChunkDraft("第三行", ((1.0, 10.5, 20.0, 30.0, 40.25),), 1, 3)],
        [ChunkDraft("\udcff", ((1.0, 10.5, 20.0, 30.0, 40.25),), 1, 0)],
        Progress(1.0, "a.txt done"),
    ]


async def test_parse_labels_of_drafts_arrive_as_they_were(pool: ParsePool) -> None:
    items = await _parse(pool, "labels", questions=["Why?", "谁？"], keywords=["abstract"], headings=["Act", "Part 1"])
    expected = ChunkDraft(
        "text", (), 0, 1, questions=("Why?", "谁？"), keywords=("abstract",), headings=("Act", "Part 1")
    )
    assert isinstance(items[1], list)
    assert items[1][0] == expected
    assert (items[1][1].questions, items[1][1].keywords, items[1][1].headings) == ((), (), ())


async def test_parse_slow_reader_keeps_worker_from_running_ahead(pool: ParsePool, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    async with aclosing(pool.parse(fifo, name="a", method="count", config={"items": 300})) as items:
        # The first item is a progress report that comes before any work.
        await anext(items)
        made = await asyncio.to_thread(fifo.open, encoding="ascii")
        # Four items may be under way, that report among them, and one more is made before the worker must wait.
        for number in range(1, 5):
            assert await asyncio.to_thread(made.readline) == f"{number}\n"
        for number in range(5, 10):
            following = asyncio.ensure_future(asyncio.to_thread(made.readline))
            done, _ = await asyncio.wait([following], timeout=0.1)
            assert not done
            assert isinstance(await anext(items), list)
            assert await following == f"{number}\n"
    made.close()


async def test_parse_large_batch_is_divided_and_complete(pool: ParsePool) -> None:
    items = await _parse(pool, "large", length=10_000, drafts=150)
    sizes = [len(item) for item in items if isinstance(item, list)]
    assert sum(sizes) == 150
    assert max(sizes) <= 64
    assert len(sizes) > 3


async def test_parse_closed_early_kills_worker_at_once(pool: ParsePool) -> None:
    items = pool.parse(Path("/nowhere"), name="a", method="spin", config={})
    await anext(items)
    (worker,) = pool.workers
    began = time.monotonic()
    await items.aclose()
    # Left alone, it would go on for the 30 s of the pool.
    assert time.monotonic() - began < 15.0
    assert worker.exited.is_set()
    assert not psutil.pid_exists(worker.pid)
    assert await _pid(pool) != worker.pid


async def test_parse_cancelled_task_kills_worker_and_its_children(pool: ParsePool) -> None:
    grandchild = asyncio.get_running_loop().create_future()

    async def follow() -> None:
        async for item in pool.parse(Path("/nowhere"), name="a", method="grandchild", config={}):
            if isinstance(item, Progress) and item.fraction == 0.5:
                grandchild.set_result(psutil.Process(int(item.message)))

    task = asyncio.create_task(follow())
    process = await grandchild
    (worker,) = pool.workers
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await worker.exited.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, [process], timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("refuse", "The file is empty."),
        ("bug", "The parser failed on this file; the server's log says why."),
        ("crash", "The parser crashed (signal 11)."),
        ("leave", "The parser crashed (exit code 3)."),
        ("grow", "The parser was stopped: it needed more than 300 MB."),
        ("allocate", "The parser was stopped: it needed more than 300 MB."),
    ],
)
async def test_parse_failing_pipeline_raises_sentence_and_next_file_works(
    pool: ParsePool, method: str, sentence: str
) -> None:
    with pytest.raises(IngestError) as caught:
        await _parse(pool, method)
    assert caught.value.sentence == sentence
    assert _contents(await _parse(pool, "large", length=3, drafts=1)) == ["xxx"]


async def test_parse_refused_file_keeps_worker(pool: ParsePool) -> None:
    before = await _pid(pool)
    with pytest.raises(IngestError):
        await _parse(pool, "refuse")
    assert await _pid(pool) == before


async def test_parse_too_long_is_killed_with_sentence() -> None:
    pool = ParsePool(pipeline="fake_pipeline", timeout_s=0.3)
    with pytest.raises(IngestError) as caught:
        await _parse(pool, "spin")
    assert caught.value.sentence == "The parser was stopped: it took longer than 0.3 s."
    assert pool.workers == []
    await pool.close()


@pytest.mark.parametrize(
    ("junk", "times"),
    [
        ("ff", 64),
        ('{"kind":"item","body":{}}', 2_000),
        ('{"kind":"item","body":{"drafts":[[1,2,3,4]]}}', 1),
        ('{"kind":"item","body":{"drafts":[["a",[],0,1,"Why?",[],[]]]}}', 1),
    ],
    ids=["no frames", "flood", "no drafts", "no questions"],
)
async def test_parse_worker_that_breaks_protocol_is_killed(pool: ParsePool, junk: str, times: int) -> None:
    data = bytes.fromhex(junk) if junk == "ff" else len(junk).to_bytes(4, "little") + bytes(4) + junk.encode()
    before = await _pid(pool)
    with pytest.raises(IngestError):
        await _parse(pool, "junk", bytes=data.hex(), times=times)
    assert not psutil.pid_exists(before)
    assert await _pid(pool) != before


async def test_parse_noisy_pipeline_disturbs_nothing_and_is_logged(
    pool: ParsePool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert _contents(await _parse(pool, "noise")) == ["''"]
        # The end of the process is the end of its log.
        await pool.close()
    assert {"printed", "written", "from a program"} <= set(caplog.messages)


async def test_parse_unexpected_error_is_logged_and_not_shown(
    pool: ParsePool, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(IngestError) as caught:
        await _parse(pool, "bug")
    await pool.close()
    assert "secret" not in str(caught.value)
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any("a secret of the file" in message for message in errors)


async def test_parse_environment_holds_no_settings_and_worker_is_nice(
    pool: ParsePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWFLOW_SECRET", "hidden")
    contents = _contents(await _parse(pool, "environment"))
    assert not [line for line in contents if line.upper().startswith("KNOWFLOW_")]
    assert "HF_HUB_OFFLINE=1" in contents
    assert f"nice={min(19, os.nice(0) + 5)}" in contents


async def test_parse_killed_idle_worker_is_replaced(pool: ParsePool) -> None:
    before = await _pid(pool)
    (worker,) = pool.workers
    os.kill(before, signal.SIGKILL)
    await worker.exited.wait()
    assert await _pid(pool) != before


async def test_pool_idle_worker_ends_and_comes_back() -> None:
    pool = ParsePool(pipeline="fake_pipeline", idle_s=0.05)
    assert pool.workers == []
    before = await _pid(pool)
    workers = pool.workers
    for worker in workers:
        await worker.exited.wait()
    assert pool.workers == []
    assert not psutil.pid_exists(before)
    assert await _pid(pool) != before
    await pool.close()


async def test_pool_size_two_parses_two_files_at_a_time_and_the_third_waits() -> None:
    pool = ParsePool(pipeline="fake_pipeline", size=2)
    open_items = [pool.parse(Path("/nowhere"), name="a", method="spin", config={}) for _ in range(2)]
    await asyncio.gather(*(anext(items) for items in open_items))
    assert len({worker.pid for worker in pool.workers}) == 2
    third = asyncio.create_task(_parse(pool, "large", length=1, drafts=1))
    done, _ = await asyncio.wait([third], timeout=0.3)
    assert not done
    await open_items[0].aclose()
    assert _contents(await third) == ["x"]
    await open_items[1].aclose()
    await pool.close()


async def test_close_during_parse_fails_with_closed_error_and_leaves_no_process() -> None:
    pool = ParsePool(pipeline="fake_pipeline")
    items = pool.parse(Path("/nowhere"), name="a", method="spin", config={})
    await anext(items)
    (worker,) = pool.workers
    following = asyncio.ensure_future(anext(items))
    await pool.close()
    with pytest.raises(WorkersClosedError):
        await following
    assert not psutil.pid_exists(worker.pid)
    with pytest.raises(WorkersClosedError):
        await _parse(pool, "large", length=1, drafts=1)


async def test_parse_real_pipeline_cuts_text_file(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    text = "The invoice is due in thirty days.\n" * 200
    path.write_text(text, encoding="utf-8")
    pool = ParsePool()
    items = [item async for item in pool.parse(path, name="terms.txt", method="naive", config={"chunk_token_num": 64})]
    await pool.close()
    assert "".join(_contents(items)) == text
    assert all(0 < draft.token_count <= 64 for item in items if isinstance(item, list) for draft in item)
    assert isinstance(items[-1], Progress)
    assert items[-1].fraction == 1.0
