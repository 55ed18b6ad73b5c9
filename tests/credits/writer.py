"""Charges without end, and tells of each one that is answered; for tests that kill it."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from knowflow_server.domain import credits as module
from tests.credits.bench import ONE, opened

GRANT = 1_000_000


async def main(folder: Path, turn: int) -> None:
    # So few that entries are moved amid the charges.
    module.KEPT_ENTRIES = module.MOVED_AT_ONCE = 20
    async with opened(folder, grant=GRANT) as bench:
        await bench.organization(ONE)
        numbers = itertools.count(turn * 1_000_000)

        async def chat() -> None:
            for number in numbers:
                await bench.pay(ONE, str(number), agent_id="agent")
                os.write(1, f"{number}\n".encode())

        await asyncio.gather(*(chat() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
