"""Which components of a graph come before which: what a component that several lead to has to wait for.

Edges that lead back, found by a depth-first search, make loops. Within a loop a component of an earlier round comes
before one of a later round; in the same round, one comes before those that it leads to without an edge back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Rounds: TypeAlias = Mapping[str, int]
"""How often a way through the graph has gone back to each head of a loop."""


class Order:
    """The order of a graph's components. Sets of components are bit masks, so that large graphs cost little.

    Args:
        successors: For each component, those which it may go on with.
        starts: Where runs start; the search for edges that lead back goes from there.
    """

    def __init__(self, successors: Mapping[str, Sequence[str]], starts: Iterable[str]) -> None:
        self._successors = successors
        self._names = list(successors)
        self._bit = {name: 1 << place for place, name in enumerate(self._names)}
        self._back: set[tuple[str, str]] = set()
        finished = self._search([*starts, *self._names])
        self._forward = self._forwards(finished)
        self._reach = self._reaches(finished)
        self._loops = {head: self._loop(head) for _, head in self._back}

    def reaches(self, source: str, target: str) -> bool:
        """Return whether a component can run because of another one, over one or more steps."""
        return bool(self._reach[source] & self._bit[target])

    def loop_of(self, name: str) -> frozenset[str]:
        """Return the components which lead to a component and to which it leads; empty when it is in no loop."""
        if not self.reaches(name, name):
            return frozenset()
        return frozenset(other for other in self._names if self.reaches(name, other) and self.reaches(other, name))

    def along(self, source: str, target: str, rounds: Rounds) -> Rounds:
        """Return the rounds of a way that goes on over an edge."""
        if (source, target) not in self._back:
            return rounds
        return {**rounds, target: rounds.get(target, 0) + 1}

    def is_before(self, other: str, other_rounds: Rounds, name: str, rounds: Rounds) -> bool:
        """Return whether a component has to wait for another one that runs, or waits itself."""
        if not self.reaches(other, name):
            return False
        if not self.reaches(name, other):
            return True
        both = self._bit[other] | self._bit[name]
        shared = [head for head, members in self._loops.items() if members & both == both]
        earlier, mine = (sum(way.get(head, 0) for head in shared) for way in (other_rounds, rounds))
        return earlier < mine if earlier != mine else bool(self._forward[other] & self._bit[name])

    def _search(self, starts: Iterable[str]) -> list[str]:
        """Note the edges that lead back, and return the components in the order in which the search left them."""
        open_, done = set[str](), dict[str, None]()
        for start in starts:
            if start in done:
                continue
            open_.add(start)
            path = [(start, iter(self._successors[start]))]
            while path:
                name, left = path[-1]
                for after in left:
                    if after in open_:
                        self._back.add((name, after))
                    elif after not in done:
                        open_.add(after)
                        path.append((after, iter(self._successors[after])))
                        break
                else:
                    path.pop()
                    open_.discard(name)
                    done[name] = None
        return list(done)

    def _forwards(self, finished: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name in finished:
            ahead = [after for after in self._successors[name] if (name, after) not in self._back]
            found[name] = _union(self._bit[after] | found[after] for after in ahead)
        return found

    def _reaches(self, finished: Sequence[str]) -> dict[str, int]:
        found = dict(self._forward)
        changed = bool(self._back)
        while changed:
            changed = False
            for name in finished:
                mask = _union(self._bit[after] | found[after] for after in self._successors[name])
                if mask != found[name]:
                    found[name], changed = mask, True
        return found

    def _loop(self, head: str) -> int:
        """Return the natural loop of a head: what lies between it and the edges that lead back to it."""
        ends = _union(self._bit[source] for source, target in self._back if target == head)
        inside = ends | self._bit[head]
        for name in self._names:
            if self._forward[head] & self._bit[name] and self._forward[name] & ends:
                inside |= self._bit[name]
        return inside


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
