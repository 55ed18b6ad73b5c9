"""A broadcast whose server is killed again and again reaches everybody, and nobody twice."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from knowflow.store.v1.broadcast_pb2 import BROADCAST_STATE_COMPLETED, Broadcast, BroadcastPart
from knowflow.store.v1.chat_message_pb2 import ChatMessage
from tests.domain.talk.house import house
from tests.domain.talk.test_broadcasts import by_tag, crowd

ROUNDS = 6
PEOPLE = 300
ROOT = Path(__file__).parents[3]


def killed_sender(folder: Path, steps: int) -> str:
    """Have a process send until it has told of some steps, kill it, and return what it told last."""
    command = [sys.executable, "-m", "tests.domain.talk.sender", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(steps)]
        process.kill()
        lines += process.stdout.readlines()
    return lines[-1].decode().strip()


@pytest.mark.slow
async def test_killed_sender_reaches_everybody_once(tmp_path: Path) -> None:
    async with house(tmp_path, start=False) as h:
        flow, people = await crowd(h, PEOPLE)
        made = await h.broadcasts.create(flow, by_tag())  # type: ignore[arg-type]
    told = [killed_sender(tmp_path, random.Random(turn).randint(2, 14)) for turn in range(ROUNDS)]
    # Each of them was at work when it was killed.
    assert set(told) == {"step"}
    async with house(tmp_path) as h:
        done = await h.completed(made)
        identifiers = [person.id for person in people]  # type: ignore[attr-defined]
        found = await h.messages.records(ChatMessage, "organization", identifiers)

        assert Counter(identifiers) == Counter(one.subscriber_id for one in found)
        assert (PEOPLE, PEOPLE, 0) == (done.total, done.sent, done.failed)
        assert BROADCAST_STATE_COMPLETED == h.entities.get(Broadcast, made.id).state  # type: ignore[union-attr]
        assert not list(h.entities.all(BroadcastPart))
