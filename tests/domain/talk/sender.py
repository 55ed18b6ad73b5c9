"""Sends the broadcasts of a folder, and tells of each step that is on the disk; for tests that kill it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from knowflow.store.v1.broadcast_pb2 import BROADCAST_STATE_COMPLETED, Broadcast, BroadcastPart
from knowflow_server.domain.talk import broadcast_worker as module
from tests.domain.talk.house import house


async def main(folder: Path) -> None:
    module.PART, module.BATCH = 40, 5
    over = asyncio.Event()
    async with house(folder, start=False) as h:
        h.entities.subscribe(BroadcastPart, lambda *_: os.write(1, b"step\n"))

        def look(_: str, record: Broadcast | None) -> None:
            if record is not None and record.state == BROADCAST_STATE_COMPLETED:
                over.set()

        h.entities.subscribe(Broadcast, look)
        h.talks.start()
        h.worker.start()
        await over.wait()
        os.write(1, b"over\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
