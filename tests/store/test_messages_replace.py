"""The state of a session: the newest counts, and those before it go."""

from __future__ import annotations

import asyncio
from pathlib import Path

from knowflow.store.v1.agent_pb2 import CanvasState, RunTrace
from knowflow_server.store.database import Database
from knowflow_server.store.messages import MessageStore

SESSIONS, TURNS = 20, 4


def _state(session: int, turn: int) -> CanvasState:
    names = {"organization_id": "o", "session_id": f"s{session}"}
    return CanvasState(id=f"{session}-{turn}", dsl=f"{turn}", created_at=turn, **names)


async def test_replace_of_many_sessions_at_once_keeps_the_newest_of_each_and_what_came_with_it(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "db", durable=False)
    store = await MessageStore.open(database)

    async def talk(session: int) -> None:
        for turn in range(TURNS):
            trace = RunTrace(id=f"t{session}-{turn}", organization_id="o", session_id=f"s{session}", created_at=turn)
            await store.replace(_state(session, turn), [trace])
            found = await store.records(CanvasState, "o", [f"s{session}"])
            assert found[-1].dsl == str(turn)

    await asyncio.gather(*map(talk, range(SESSIONS)))
    await store.close()
    store = await MessageStore.open(database)
    names = [f"s{session}" for session in range(SESSIONS)]
    states = await store.records(CanvasState, "o", names)
    assert sorted(state.id for state in states) == sorted(f"{session}-{TURNS - 1}" for session in range(SESSIONS))
    assert len(await store.records(RunTrace, "o", names)) == SESSIONS * TURNS
    await store.close()
    database.close()
