"""Knowledge items whose writer is killed again and again: each has its chunks and no others, and all numbers fit."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowflow.store.v1.knowledge_item_pb2 import KnowledgeChange
from tests.knowledge.bench import CALLER, opened

ROUNDS = int(os.environ.get("KNOWLEDGE_CRASH_ROUNDS", "2"))
ROOT = Path(__file__).parents[2]


def killed_writer(folder: Path, turn: int, changes: int) -> None:
    """Have a writer make so many changes, and kill it amid the next ones."""
    command = [sys.executable, "-m", "tests.knowledge.writer", str(folder), str(turn)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert all(process.stdout.readline() == b"done\n" for _ in range(changes))
        # Into the middle of the next change.
        time.sleep(random.Random(turn).uniform(0, 0.05))
        process.kill()


@pytest.mark.slow
@pytest.mark.timeout(60 + 15 * ROUNDS)
async def test_killed_writer_leaves_nothing_that_is_not_finished(tmp_path: Path) -> None:
    for turn in range(ROUNDS):
        killed_writer(tmp_path, turn, random.Random(turn).randint(5, 40))
        async with opened(tmp_path) as bench:
            await bench.finished()
            assert list(bench.entities.all(KnowledgeChange)) == []
            assert await bench.faults() == []


async def test_change_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    """Of each change, the data as they are when it is written down and no chunk is: what a power cut leaves there."""
    cuts: list[Path] = []

    def cut(identifier: str, change: KnowledgeChange | None) -> None:
        if change is not None:
            cuts.append(shutil.copytree(tmp_path / "whole", tmp_path / f"cut-{len(cuts)}"))

    async with opened(tmp_path / "whole", is_durable=True) as bench:
        for agent_id in ("agent-1", "agent-2"):
            await bench.agent(agent_id)
        bench.entities.subscribe(KnowledgeChange, cut)
        item = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"])
        await bench.items.update(CALLER, item.id, content="Dial 2, or 3.")
        await bench.items.update(CALLER, item.id, agent_ids=["agent-2"])
        await bench.items.delete(CALLER, item.id)
    assert len(cuts) == 4
    found = []
    for folder in cuts:
        async with opened(folder) as bench:
            assert len(list(bench.entities.all(KnowledgeChange))) == 1
            await bench.finished()
            assert list(bench.entities.all(KnowledgeChange)) == []
            assert await bench.faults() == []
            found.append([(one.dataset_id, one.content) for one in await bench.chunks()])
    first, second = found[0][0][0], found[2][0][0]
    assert found == [
        [(first, "Phone\nDial 1.")],
        [(first, "Phone\nDial 2, or 3.")],
        [(second, "Phone\nDial 2, or 3.")],
        [],
    ]


async def test_caller_need_not_wait_for_the_end_of_a_change_that_was_cut_off(tmp_path: Path) -> None:
    """The next change of the same item finishes it first."""
    async with opened(tmp_path / "whole", is_durable=True) as bench:
        await bench.agent("agent-1")
        item = await bench.items.create(CALLER, content="Dial 1.", name="Phone", agent_ids=["agent-1"])
        bench.entities.subscribe(
            KnowledgeChange,
            lambda _, change: shutil.copytree(tmp_path / "whole", tmp_path / "cut") and None if change else None,
        )
        await bench.items.update(CALLER, item.id, content="Dial 2.")
    async with opened(tmp_path / "cut") as bench:
        await bench.items.update(CALLER, item.id, name="Number")
        assert [chunk.content for chunk in await bench.chunks()] == ["Number\nDial 2."]
        assert await bench.faults() == []
