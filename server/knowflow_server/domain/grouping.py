"""Found children become their parents: each once, with the children that matched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1.chunk_pb2 import Chunk
from knowflow_server.domain.ranking import Ranking
from knowflow_server.store.chunks import ChunkTable
from knowflow_server.store.filters import Scope


class Group(NamedTuple):
    """What is shown as one chunk.

    Attributes:
        id: The chunk: a parent, or the only member.
        members: Places of its candidates, by falling similarity; the first one's scores are the chunk's.
        is_parent: Whether the members are children.
    """

    id: str
    members: list[int]
    is_parent: bool


def grouped(ranking: Ranking, kept: NDArray[np.int64]) -> list[Group]:
    """Return what is shown of a ranking, by falling similarity of the best member, ties by id.

    Args:
        ranking: The found chunks.
        kept: Places of those that are above the threshold, and may be seen.
    """
    parents, similarity = ranking.parent_ids, ranking.scores.similarity
    shown = [parent or identifier for parent, identifier in zip(parents, ranking.ids, strict=True)]
    order = kept[np.lexsort((np.array(ranking.ids)[kept], np.array(shown)[kept], -similarity[kept]))]
    groups: dict[str, Group] = {}
    for place in order.tolist():
        group = groups.setdefault(shown[place], Group(shown[place], [], bool(parents[place])))
        group.members.append(place)
    return list(groups.values())


def document_counts(ranking: Ranking, groups: Sequence[Group]) -> Counter[str]:
    """Return how many of the groups come from each document."""
    return Counter(ranking.document_ids[group.members[0]] for group in groups)


async def fetched(
    table: ChunkTable, organization_id: str, ranking: Ranking, groups: Sequence[Group]
) -> Mapping[str, Chunk]:
    """Return the chunks of groups and of their members by id; those that are gone are missing.

    Parents are read here, for the groups of one page, and nowhere else. A child which is not of the same write as its
    parent is left out: the one or the other was edited between the two reads.
    """
    places = [place for group in groups for place in group.members]
    members = await table.take([ranking.rows[n] for n in places], [ranking.ids[n] for n in places])
    parents = [group.id for group in groups if group.is_parent]
    heads = await table.by_ids(Scope(organization_id, available=True), parents)
    written = {head.id: head.updated_at for head in heads}
    present = [chunk for chunk in members if written.get(chunk.parent_id, chunk.updated_at) == chunk.updated_at]
    return {chunk.id: chunk for chunk in (*present, *heads)}
