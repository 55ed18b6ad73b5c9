"""References: what the surfaces that show them take part in."""

from __future__ import annotations

from knowflow_server.assembly.part import Base
from knowflow_server.domain.chunk_counts import ChunkCounts
from knowflow_server.domain.reference import References


def references_of(base: Base) -> References:
    """Return what references are kept with; they hold nothing themselves, so that there may be several."""
    common, stores = base.common, base.stores
    return References(
        stores.entities,
        stores.chunks,
        base.knowledge.indexing,
        ChunkCounts(stores.entities, base.hooks.outbox),
        common.locks,
        common.clock,
        common.ids,
    )
