"""Which entities of a graph a question names."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from knowflow_server.domain.analysis import query_words

# Beyond these, entities are so far from the centre of the graph that no question is about them.
MAX_INDEXED = 50_000
# Share of a name's words, each counted by how rare it is, which the question must have.
COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The names of a graph's entities, by word.

    Args:
        nodes: The entity of each name.
        words: The words of each name.
        places: The names that have a word.
    """

    nodes: Sequence[int]
    words: Sequence[tuple[str, ...]]
    places: dict[str, list[int]]

    @classmethod
    def of(cls, names: Sequence[str], aliases: dict[str, int]) -> NameIndex:
        """Index names, which stand at the place of their entity, and other names for entities."""
        nodes: list[int] = []
        words: list[tuple[str, ...]] = []
        places: defaultdict[str, list[int]] = defaultdict(list)
        entries = [*enumerate(names[:MAX_INDEXED]), *((node, alias) for alias, node in aliases.items())]
        for node, name in entries:
            parts = tuple(dict.fromkeys(query_words(name)))
            for word in parts:
                places[word].append(len(nodes))
            nodes.append(node)
            words.append(parts)
        return cls(nodes, words, dict(places))

    def matches(self, question: str, limit: int) -> list[tuple[int, float]]:
        """Return the entities whose names a question holds, the best first, with their share in (0, 1]."""
        asked = [word for word in query_words(question) if word in self.places]
        found: Counter[int] = Counter()
        for word in asked:
            for place in self.places[word]:
                found[place] += 1
        known = set(asked)
        shares: dict[int, float] = {}
        # A word of thousands of names tells nothing by itself: names with more matching words are looked at first.
        for place, _ in found.most_common(1000):
            total = sum(map(self._rarity, self.words[place]))
            share = sum(self._rarity(word) for word in self.words[place] if word in known) / total
            if share >= COVERAGE:
                node = self.nodes[place]
                shares[node] = max(shares.get(node, 0.0), share)
        # Entities stand by falling page rank, which decides between equals.
        return sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self.nodes) / len(self.places[word]))
