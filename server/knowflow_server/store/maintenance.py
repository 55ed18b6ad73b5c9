"""Maintenance of a table: small fragments are merged, new rows indexed, old versions dropped.

It runs inside the actor that writes the table, between commits: beside a writer it would lose every race for the
next version.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

logger = logging.getLogger(__name__)

# Each commit adds a fragment and a manifest that lists all fragments; cost grows with the square of the commits in
# between.
COMMITS_BETWEEN = 64
SECONDS_BETWEEN = 300.0
# Each commit looks for its keys among the rows which are not indexed yet; one that starts 10,000 parses leaves 20,000.
ROWS_BETWEEN = 5_000
# Small fragments keep a compaction's cost with the change, not with the table.
ROWS_PER_FRAGMENT = 65_536
# Longer than the longest read: a reader of a dropped version fails.
KEEP_VERSIONS = timedelta(minutes=10)
# New rows go to delta segments of each index; every so often the deltas are merged.
FULL_MERGE_EVERY = 8


class Maintenance:
    """Decides when a table needs maintenance, and does it.

    Args:
        uri: Where the table lies.
        compact: Whether small fragments are merged; tables of blobs gain nothing from that.
    """

    def __init__(self, uri: str, *, compact: bool = True) -> None:
        self._uri = uri
        self._compact = compact
        self._commits = 0
        self._rows = 0
        self._runs = 0
        self._last = time.monotonic()
        self.failures = 0

    async def after_commit(self, table: Any, rows: int = 1) -> None:
        """Count a commit and its rows, and run when enough of them have come together."""
        self._commits += 1
        self._rows += rows
        due = self._commits >= COMMITS_BETWEEN or self._rows >= ROWS_BETWEEN
        if due or time.monotonic() - self._last >= SECONDS_BETWEEN:
            await self.run(table)

    async def run(self, table: Any) -> None:
        """Run now. A step that fails is logged and does not keep the others from running."""
        self._commits, self._rows, self._last = 0, 0, time.monotonic()
        self._runs += 1
        with self._logged("all"):
            await asyncio.to_thread(self._steps)
            await table.checkout_latest()

    def _steps(self) -> None:
        # pylance, not Table.optimize(): that one ignores the fragment size and rewrites whole tables.
        import lance

        dataset = lance.dataset(self._uri)
        merge = 30 if self._runs % FULL_MERGE_EVERY == 0 else 0
        if self._compact:
            with self._logged("compact"):
                dataset.optimize.compact_files(target_rows_per_fragment=ROWS_PER_FRAGMENT, num_threads=1)
            with self._logged("index"):
                dataset.optimize.optimize_indices(num_indices_to_merge=merge)
        with self._logged("clean up"):
            dataset.cleanup_old_versions(KEEP_VERSIONS, error_if_tagged_old_versions=False)

    @contextmanager
    def _logged(self, step: str) -> Iterator[None]:
        """Log and count a failure, and go on: the actor that writes the table must outlive its maintenance."""
        try:
            yield
        except Exception:
            self.failures += 1
            logger.exception("A step of maintenance failed.", extra={"step": step, "table": self._uri})


# From this many chunks on, a vector index pays; below, the exact search is as fast.
VECTOR_INDEX_ROWS = 50_000
# New rows cost a word search about 18 microseconds each until they are indexed.
UNINDEXED_ROWS = 2_000


class ChunkMaintenance(Maintenance):
    """Maintenance of a table of chunks: as above, and its indexes follow its rows closely."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri)
        self.unindexed = 0
        self.has_vector_index = False
        self._trained_rows = 0

    async def prepare(self, table: Any) -> None:
        """Learn which indexes the table has."""
        stats = await table.index_stats("vector_idx")
        if stats is not None:
            self.has_vector_index, self._trained_rows = True, stats.num_indexed_rows

    async def after_write(self, table: Any, rows: int) -> None:
        """Count a write of rows, and index or compact when enough have come together."""
        self.unindexed += rows
        self._commits += 1
        if self._commits >= COMMITS_BETWEEN or self.unindexed >= UNINDEXED_ROWS:
            await self.index(table)

    async def index(self, table: Any) -> None:
        """Index all rows that are not indexed yet; build the vector index when the table has grown enough for it."""
        self.unindexed = 0
        if self._commits >= COMMITS_BETWEEN or time.monotonic() - self._last >= SECONDS_BETWEEN:
            await self.run(table)
        else:
            self._runs += 1
            with self._logged("index"):
                await asyncio.to_thread(self._index_step)
                await table.checkout_latest()
        with self._logged("vector index"):
            await self._vector_index(table)

    def _index_step(self) -> None:
        import lance

        merge = 30 if self._runs % FULL_MERGE_EVERY == 0 else 0
        lance.dataset(self._uri).optimize.optimize_indices(num_indices_to_merge=merge)

    async def _vector_index(self, table: Any) -> None:
        from lancedb.index import IvfSq

        rows = await table.count_rows()
        if rows < max(VECTOR_INDEX_ROWS, 2 * self._trained_rows):
            return
        # Set first: a build that fails, for example over equal vectors, is tried again when the table has doubled.
        self._trained_rows = rows
        config = IvfSq(distance_type="cosine", num_partitions=max(1, int(rows**0.5)))
        await table.create_index("vector", config=config, replace=True)
        self.has_vector_index = True
