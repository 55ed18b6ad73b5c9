"""A writer that is killed again and again loses nothing it has acknowledged, and doubles nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from knowflow.store.v1.dataset_pb2 import Dataset
from knowflow_server.store.filters import Scope
from tests.store.records import ORGANIZATION, open_chunks, open_entities

ROUNDS = 10
ROOT = Path(__file__).parents[2]


def killed_writer(folder: Path, turn: int, acknowledgements: int) -> set[tuple[str, int]]:
    """Return what a writer acknowledged until it was killed; it did more of it meanwhile than was waited for."""
    command = [sys.executable, "-m", "tests.store.writer", str(folder), str(turn)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(acknowledgements)]
        process.kill()
        # What the pipe still holds was acknowledged before the end.
        lines += process.stdout.readlines()
    words = [line.decode().split() for line in lines if line.endswith(b"\n")]
    assert len(words) >= acknowledgements
    return {(kind, int(number)) for kind, number in words}


@pytest.mark.slow
async def test_killed_writer_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    acknowledged: set[tuple[str, int]] = set()
    for turn in range(ROUNDS):
        # Up to several times the number of commits after which a table is compacted.
        acknowledged |= killed_writer(tmp_path, turn, random.Random(turn).randint(1, 250))
    assert len(acknowledged) > ROUNDS
    async with open_entities(tmp_path) as store:
        rows = (await store._table.query().select(["pk"]).to_arrow()).column("pk").to_pylist()
        assert max(Counter(rows).values()) == 1
        pairs: dict[int, set[str]] = {}
        for record in store.all(Dataset):
            half, number = record.id.split("-")
            pairs.setdefault(int(number), set()).add(half)
        assert all(halves == {"a", "b"} for halves in pairs.values())
        assert {number for kind, number in acknowledged if kind == "entity"} <= set(pairs)
    async with open_chunks(tmp_path) as table:
        counts = Counter(int(record.id, 16) for record in await table.read(Scope(ORGANIZATION)))
        assert max(counts.values()) == 1
        expected = {4 * number + place for kind, number in acknowledged if kind == "chunk" for place in range(4)}
        assert expected <= set(counts)
