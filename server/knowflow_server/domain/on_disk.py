"""Files on disk, where workers read them, for as long as they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path


@asynccontextmanager
async def on_disk(folder: Path, name: str, pieces: AsyncIterator[bytes]) -> AsyncIterator[Path]:
    """Have bytes in a file of a folder, which is made when it is missing."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            async with aclosing(pieces) as open_pieces:  # type: ignore[type-var]
                async for piece in open_pieces:
                    await asyncio.to_thread(file.write, piece)
        yield path
    finally:
        path.unlink(missing_ok=True)
