"""Communities of a graph: groups of entities which relate to each other more than to others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The same graph has the same communities, whoever asks.
SEED = 17


def communities(
    source: NDArray[np.int64], target: NDArray[np.int64], weight: NDArray[np.float64], number: int
) -> list[list[int]]:
    """Return the nodes of each community of at least two nodes, the largest first, the nodes of each ascending.

    Found by the Leiden algorithm (Traag, Waltman and van Eck, 2019), which joins only nodes that are connected.

    Args:
        source: First node of each edge, shape (e,), each pair of nodes at most once.
        target: Second node of each edge, shape (e,).
        weight: Positive weight of each edge, shape (e,).
        number: Number of nodes; those without edges belong to no community.
    """
    if not len(source):
        return []
    import graspologic_native

    pairs = zip(source.tolist(), target.tolist(), weight.tolist(), strict=True)
    edges = [(str(tail), str(head), strength) for tail, head, strength in pairs]
    _, found = graspologic_native.leiden(edges, seed=SEED)
    members: dict[int, list[int]] = {}
    for node in range(number):
        if (community := found.get(str(node))) is not None:
            members.setdefault(community, []).append(node)
    return sorted((nodes for nodes in members.values() if len(nodes) > 1), key=lambda nodes: (-len(nodes), nodes))
