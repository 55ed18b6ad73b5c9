"""`python -m tests.bench` measures everything and prints one table."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import answers, calls, ingest, pdf, process, search
from tests.bench.table import Row, show
from tests.serving import start_server


async def main() -> None:
    """Measure and print; `--quick` leaves the 100k chunks out."""
    rows: list[Row] = []
    sizes = [10_000] if "--quick" in sys.argv else [10_000, 100_000]
    with tempfile.TemporaryDirectory(prefix="knowflow-bench-") as name:
        folders = [Path(name) / str(number) for number in range(2 + len(sizes))]
        for folder in folders:
            folder.mkdir()
        rows += await process.measure(folders[0])
        with start_server(folders[1]) as server:
            rows += await calls.measure(server)
            rows += await ingest.measure(server)
        rows += pdf.measure(folders[1])
        for folder, size in zip(folders[2:], sizes, strict=True):
            print(f"Filling {size} chunks ...", file=sys.stderr)
            rows += await search.measure(folder, size)
    rows += await answers.measure()
    print(show(rows))


asyncio.run(main())
