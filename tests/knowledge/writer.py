"""Writes, changes and deletes knowledge items without end, and tells of each change; for tests that kill it."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

from knowflow.store.v1.knowledge_item_pb2 import KnowledgeItem
from tests.knowledge.bench import CALLER, Bench, opened

AGENTS = ("agent-1", "agent-2", "agent-3")


async def change(bench: Bench, chance: random.Random) -> None:
    """Make one change of any kind."""
    present = [item.id for item in bench.entities.all(KnowledgeItem)]
    text = " ".join(f"word{chance.randint(1, 50)}" for _ in range(chance.randint(1, 9)))
    agents = chance.sample(AGENTS, chance.randint(1, 3))
    kind = chance.choice(["create", "content", "agents", "delete"]) if len(present) > 5 else "create"
    chosen = chance.choice(present) if present else ""
    if kind == "create":
        await bench.items.create(CALLER, content=text, name="", agent_ids=agents)
    elif kind == "content":
        await bench.items.update(CALLER, chosen, content=text)
    elif kind == "agents":
        await bench.items.update(CALLER, chosen, agent_ids=agents)
    else:
        await bench.items.delete(CALLER, chosen)


async def main(folder: Path, seed: int) -> None:
    async with opened(folder) as bench:
        for agent_id in AGENTS:
            await bench.agent(agent_id)
        bench.shelving.start()
        chance = random.Random(seed)
        while True:
            await change(bench, chance)
            os.write(1, b"done\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
