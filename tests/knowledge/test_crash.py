"""Knowledge items whose writer is killed again and again: each has its chunks and no others, and all numbers fit."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from knowflow.store.v1.knowledge_item_pb2 import KnowledgeChange
from tests.knowledge.bench import opened

ROUNDS = int(os.environ.get("KNOWLEDGE_CRASH_ROUNDS", "4"))
ROOT = Path(__file__).parents[2]


def killed_writer(folder: Path, turn: int, changes: int) -> None:
    """Have a writer make so many changes, and kill it amid the next ones."""
    command = [sys.executable, "-m", "tests.knowledge.writer", str(folder), str(turn)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert all(process.stdout.readline() == b"done\n" for _ in range(changes))
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
