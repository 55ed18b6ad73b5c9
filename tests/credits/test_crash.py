"""A server that is killed again and again keeps every charge of an answer, doubles none, and its balances add up."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.credits.bench import ONE, opened
from tests.credits.writer import GRANT

# 100 takes some minutes.
ROUNDS = int(os.environ.get("CREDIT_CRASH_ROUNDS", "4"))
ROOT = Path(__file__).parents[2]


def killed_writer(folder: Path, turn: int, answers: int) -> set[int]:
    """Return which answers a writer gave until it was killed."""
    command = [sys.executable, "-m", "tests.credits.writer", str(folder), str(turn)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(answers)]
        process.kill()
        lines += process.stdout.readlines()
    assert len(lines) >= answers
    return {int(line) for line in lines if line.endswith(b"\n")}


@pytest.mark.slow
@pytest.mark.timeout(60 + 10 * ROUNDS)
async def test_killed_ledger_charges_every_answer_once(tmp_path: Path) -> None:
    answered: set[int] = set()
    for turn in range(ROUNDS):
        answered |= killed_writer(tmp_path, turn, random.Random(turn).randint(1, 150))
    async with opened(tmp_path, grant=GRANT) as bench:
        entries = await bench.entries(ONE)
        keys = Counter(entry.key for entry in entries.values())
        assert {f"charge/{number}" for number in answered} <= set(keys)
        assert max(keys.values()) == 1
        assert await bench.is_balanced(ONE)
        # What was summed up by day is what was charged.
        spent = sum(-entry.amount for entry in entries.values() if entry.amount < 0)
        today = bench.clock.time.date()
        assert bench.credits.usage(ONE.organization_id, "", today, today) == [(today, spent)]
        # Nothing is reserved: the whole balance can be spent.
        assert bench.credits.balance(ONE.organization_id) == GRANT - spent
