"""The board: percents never fall, watchers see every end, and nobody is kept who has left."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from knowflow.store.v1 import document_pb2
from knowflow.store.v1.document_pb2 import Document
from knowflow_server.domain.board import Board

RUNNING = Document(id="d", state=document_pb2.PARSE_STATE_RUNNING, progress_message="Waiting for a free worker.")


def test_post_percents_never_fall_and_equal_lines_come_once() -> None:
    board = Board()
    board.post("d", percent=0, line="Parsing started.")
    board.post("d", percent=40, line="Page 1.")
    board.post("d", percent=10, line="Page 1.")
    board.post("d", line="Page 2.")
    live = board.overlay(RUNNING)
    assert (live.progress, live.progress_message) == (40.0, "Parsing started.\nPage 1.\nPage 2.")
    assert RUNNING.progress == 0


def test_overlay_without_a_standing_is_the_record_itself() -> None:
    board = Board()
    assert board.overlay(RUNNING) is RUNNING
    board.post("d", percent=5)
    # There is progress and no line yet: the record's message stands.
    assert board.overlay(RUNNING).progress_message == "Waiting for a free worker."
    board.clear("d")
    assert board.overlay(RUNNING) is RUNNING


@pytest.mark.parametrize(
    "state",
    [
        document_pb2.PARSE_STATE_UNSTARTED,
        document_pb2.PARSE_STATE_CANCELLED,
        document_pb2.PARSE_STATE_SUCCEEDED,
        document_pb2.PARSE_STATE_FAILED,
    ],
)
def test_overlay_of_a_document_that_is_not_parsed_is_the_record_itself(state: document_pb2.ParseState) -> None:
    board = Board()
    board.post("d", percent=70, line="Page 7.")
    stopped = Document(id="d", state=state, progress_message="Parsing was stopped.")
    assert board.overlay(stopped) is stopped


async def test_changes_come_at_once_and_after_each_post() -> None:
    board = Board()
    async with aclosing(board.changes("d")) as changes:
        async with asyncio.timeout(5):
            await anext(changes)
            board.post("other", percent=1)
            waiting = asyncio.ensure_future(anext(changes))
            await asyncio.sleep(0)
            assert not waiting.done()
            board.post("d", percent=1)
            await waiting
            # Quick changes come together.
            board.post("d", percent=2)
            board.post("d", percent=3)
            await anext(changes)
            waiting = asyncio.ensure_future(anext(changes))
            await asyncio.sleep(0)
            assert not waiting.done()
            board.clear("d")
            await waiting
    assert not board._watchers


async def test_tell_all_wakes_everybody() -> None:
    board = Board()
    async with aclosing(board.changes("a")) as first, aclosing(board.changes("b")) as second:
        async with asyncio.timeout(5):
            await asyncio.gather(anext(first), anext(second))
            waiting = [asyncio.ensure_future(anext(changes)) for changes in (first, second)]
            board.tell_all()
            await asyncio.gather(*waiting)


async def test_changes_that_are_cancelled_leave_no_watcher() -> None:
    board = Board()

    async def watch() -> None:
        async with aclosing(board.changes("d")) as changes:
            async for _ in changes:
                pass

    watchers = [asyncio.create_task(watch()) for _ in range(3)]
    await asyncio.sleep(0)
    assert len(board._watchers["d"]) == 3
    for watcher in watchers:
        watcher.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)
    assert not board._watchers
