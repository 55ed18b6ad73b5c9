"""`python -m tests.bench` measures everything and prints one table."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import (
    agents,
    answers,
    broadcast,
    calls,
    chat,
    collection,
    ingest,
    pdf,
    process,
    quality,
    references,
    scale,
    search,
    subscribers,
)
from tests.bench.table import Row, show
from tests.serving import start_server

DOCUMENTS = 10_000
SUBSCRIBERS = 100_000


async def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="leave the 100k chunks out")
    options.add_argument("--quality", action="store_true", help="measure the quality of retrieval alone")
    options.add_argument(
        "--collection", type=Path, help="folder of a collection in BEIR's format; default: a sample of SQuAD"
    )
    given = options.parse_args()
    rows: list[Row] = []
    sizes = [10_000] if given.quick else [10_000, 100_000]
    judged = collection.read(given.collection) if given.collection else collection.sample()
    with tempfile.TemporaryDirectory(prefix="knowflow-bench-") as name:
        rows += await quality.measure(Path(name), judged)
    if given.quality:
        print(show(rows))
        return
    with tempfile.TemporaryDirectory(prefix="knowflow-bench-") as name:
        folders = [Path(name) / str(number) for number in range(8 + len(sizes))]
        for folder in folders:
            folder.mkdir()
        rows += await process.measure(folders[0])
        with start_server(folders[1]) as server:
            rows += await calls.measure(server)
            rows += await ingest.measure(server)
        rows += pdf.measure(folders[1])
        rows += await chat.measure(folders[2])
        rows += await scale.measure(folders[3], DOCUMENTS)
        rows += await agents.measure(folders[4])
        print(f"Filling {sizes[-1]} references ...", file=sys.stderr)
        rows += await references.measure(folders[5], sizes[-1])
        rows += await subscribers.measure(folders[6], sizes[-1])
        rows += await broadcast.measure(folders[7], 10_000 if given.quick else SUBSCRIBERS)
        for folder, size in zip(folders[8:], sizes, strict=True):
            print(f"Filling {size} chunks ...", file=sys.stderr)
            rows += await search.measure(folder, size)
    rows += await answers.measure()
    print(show(rows))


asyncio.run(main())
