"""The graph of a dataset: the facts of its documents added up, names that mean one entity taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowflow.store.v1 import graph_pb2
from knowflow_server.domain.graph.communities import communities
from knowflow_server.domain.graph.extraction import fact_id
from knowflow_server.domain.graph.matching import NameIndex
from knowflow_server.store.graph import FactColumns

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DAMPING = 0.85
# The usual end of the power iteration: beyond, ranks change by less than a millionth.
ITERATIONS = 50
TOLERANCE = 1e-6
# Facts read for one entity or relation, to tell its description: those of the documents which speak most of it.
DETAILS = 3


@dataclass(frozen=True, slots=True)
class Members:
    """Which facts support which node or edge: rows of facts by member, the heaviest first, and where each begins.

    Args:
        rows: Places of facts, shape (m,).
        starts: Where the rows of each member begin, shape (members + 1,).
    """

    rows: Ints
    starts: Ints

    def of(self, member: int) -> Ints:
        """Return the facts of a member, the heaviest first."""
        return self.rows[self.starts[member] : self.starts[member + 1]]

    @classmethod
    def group(cls, rows: Ints, members: Ints, weight: Floats, number: int) -> Members:
        """Return facts by member; `members` has the member of each row."""
        order = np.lexsort((rows, -weight, members))
        starts = np.searchsorted(members[order], np.arange(number + 1))
        return cls(rows[order], starts.astype(np.int64))


@dataclass(frozen=True)
class GraphView:
    """A graph, in arrays. Nodes stand by falling page rank, edges by falling weight; ties by key.

    Args:
        facts: The facts it is made of.
        keys: Key of each node.
        names: Name of each node.
        types: Type of each node.
        weight: How often each node is named, shape (n,).
        pagerank: Shape (n,), adds up to 1.
        source: First node of each edge, shape (e,).
        target: Second node of each edge, shape (e,).
        edge_weight: Shape (e,).
        node_facts: Facts by node.
        edge_facts: Facts by edge.
        aliases: Other keys, and the node each means.
    """

    facts: FactColumns
    keys: Sequence[str]
    names: Sequence[str]
    types: Sequence[str]
    weight: Floats
    pagerank: Floats
    source: Ints
    target: Ints
    edge_weight: Floats
    node_facts: Members
    edge_facts: Members
    aliases: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of nodes, edges and facts: what it costs to keep."""
        return len(self.keys) + len(self.source) + len(self.facts.kind)

    @cached_property
    def degree(self) -> Ints:
        """Number of edges of each node, shape (n,)."""
        ends = np.concatenate([self.source, self.target])
        return np.bincount(ends, minlength=len(self.keys)).astype(np.int64)

    @cached_property
    def documents(self) -> list[str]:
        """The documents which support the graph."""
        return sorted(self.facts.document.values)

    @cached_property
    def communities(self) -> list[list[int]]:
        """The nodes of each community of at least two, the largest community first, nodes by falling page rank."""
        return communities(self.source, self.target, self.edge_weight, len(self.keys))

    @cached_property
    def neighbours(self) -> Members:
        """The edges of each node, the heaviest first."""
        edges = np.tile(np.arange(len(self.source), dtype=np.int64), 2)
        ends = np.concatenate([self.source, self.target])
        return Members.group(edges, ends, np.tile(self.edge_weight, 2), len(self.keys))

    @cached_property
    def index(self) -> NameIndex:
        """The names of the entities, by word."""
        return NameIndex.of(self.names, self.aliases)

    def relation(self, edge: int) -> str:
        """Return the words of an edge: those of its heaviest fact that has some."""
        return self.labels(edge)[0]

    def labels(self, edge: int, limit: int = 8) -> list[str]:
        """Return all words of an edge, the most frequent first; `related_to` only where there are no others."""
        rows = self.edge_facts.of(edge)
        totals: dict[str, float] = {}
        for row in rows[:1000].tolist():
            label = self.facts.label.values[self.facts.label.codes[row]]
            totals[label] = totals.get(label, 0.0) + float(self.facts.weight[row])
        ranked = sorted(totals, key=lambda label: (label == "related_to", -totals[label], label))
        telling = [label for label in ranked if label != "related_to"]
        return telling[:limit] or ranked[:1]

    def supporters(self, rows: Ints, limit: int) -> list[str]:
        """Return the documents of facts, each once."""
        codes = self.facts.document.codes[rows[: 20 * limit]]
        places = dict.fromkeys(codes.tolist())
        return [self.facts.document.values[place] for place in list(places)[:limit]]

    def detail_ids(self, rows: Ints) -> list[str]:
        """Return the ids of the facts whose descriptions tell most, the heaviest first."""
        facts = self.facts
        return [
            fact_id(
                facts.generation.values[facts.generation.codes[row]],
                int(facts.kind[row]),
                facts.source.values[facts.source.codes[row]],
                facts.target.values[facts.target.codes[row]],
            )
            for row in rows[:DETAILS].tolist()
        ]


def view_of(facts: FactColumns) -> GraphView:
    """Return the graph that facts add up to."""
    texts = sorted({*facts.source.values, *facts.target.values})
    places = {text: place for place, text in enumerate(texts)}
    source = np.array([places[text] for text in facts.source.values], np.int64)[facts.source.codes]
    target = np.array([places[text] for text in facts.target.values], np.int64)[facts.target.codes]
    entities = np.flatnonzero(facts.kind == graph_pb2.GRAPH_FACT_KIND_ENTITY)
    relations = np.flatnonzero(facts.kind == graph_pb2.GRAPH_FACT_KIND_RELATION)
    meaning = _meaning(facts, source, target, entities, len(texts))
    source, target = meaning[source], meaning[target]

    nodes, node_of = np.unique(source[entities], return_inverse=True)
    place = np.full(len(texts), -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    weight = _sum(node_of, facts.weight[entities], len(nodes))
    edges = _edges(relations, place[source[relations]], place[target[relations]], facts.weight, len(nodes))
    relations, edge_of, edge_weight = edges.rows, edges.edge_of, edges.weight
    tails, heads = edges.tails, edges.heads
    rank = pagerank(tails, heads, edge_weight, len(nodes))

    order = np.lexsort((np.arange(len(nodes)), -weight, -rank))
    back = np.empty(len(nodes), np.int64)
    back[order] = np.arange(len(nodes))
    tails, heads = back[tails], back[heads]
    edge_order = np.lexsort((heads, tails, -edge_weight))
    edge_back = np.empty(len(tails), np.int64)
    edge_back[edge_order] = np.arange(len(tails))
    node_of, edge_of = back[node_of], edge_back[edge_of]
    keys = [texts[n] for n in nodes[order].tolist()]
    is_own = np.array([places[text] for text in facts.source.values], np.int64)[facts.source.codes] == source
    return GraphView(
        facts=facts,
        keys=keys,
        # Where an acronym means a name, the name is shown, however often the acronym is used.
        names=_best(
            node_of,
            facts.name.codes[entities],
            facts.weight[entities] * np.where(is_own[entities], 1.0, 1e-6),
            facts.name.values,
            len(nodes),
        ),
        types=_best(
            node_of, facts.label.codes[entities], _type_weight(facts, entities), facts.label.values, len(nodes)
        ),
        weight=weight[order],
        pagerank=rank[order],
        source=tails[edge_order],
        target=heads[edge_order],
        edge_weight=edge_weight[edge_order],
        node_facts=Members.group(entities, node_of, facts.weight[entities], len(nodes)),
        edge_facts=Members.group(relations, edge_of, facts.weight[relations], len(tails)),
        aliases={
            texts[n]: int(back[place[meaning[n]]])
            for n in range(len(texts))
            if meaning[n] != n and place[meaning[n]] >= 0
        },
    )


@dataclass(frozen=True, slots=True)
class _Edges:
    """Relations taken together by pair of nodes: the facts that count, the edge of each; ends and weight of edges."""

    rows: Ints
    edge_of: Ints
    tails: Ints
    heads: Ints
    weight: Floats


def _edges(relations: Ints, first: Ints, second: Ints, weight: Floats, number: int) -> _Edges:
    """Return the edges of `number` nodes that relations make, given the nodes they go from and to; -1 means none."""
    # A relation whose end no document names any more cannot be; those of an entity with itself say nothing.
    kept = (first >= 0) & (second >= 0) & (first != second)
    relations, first, second = relations[kept], first[kept], second[kept]
    low, high = np.minimum(first, second), np.maximum(first, second)
    pairs, edge_of = np.unique(low * max(number, 1) + high, return_inverse=True)
    # Relations have a direction: that for which most weight speaks.
    ahead = _sum(edge_of, np.where(first == low, 1.0, -1.0) * weight[relations], len(pairs)) >= 0
    lower, higher = pairs // max(number, 1), pairs % max(number, 1)
    return _Edges(
        relations,
        edge_of,
        np.where(ahead, lower, higher),
        np.where(ahead, higher, lower),
        _sum(edge_of, weight[relations], len(pairs)),
    )


def _sum(members: Ints, weight: Floats, number: int) -> Floats:
    """Return the weight of each member, shape (number,)."""
    # Of no members at all, numpy makes integers.
    return np.bincount(members, weight, number).astype(np.float64)


def _meaning(facts: FactColumns, source: Ints, target: Ints, entities: Ints, number: int) -> Ints:
    """Return which key each key means: an alias its entity, where all documents agree on one, else itself."""
    meaning = np.arange(number, dtype=np.int64)
    named = np.zeros(number, dtype=bool)
    named[source[entities]] = True
    aliases = np.flatnonzero(facts.kind == graph_pb2.GRAPH_FACT_KIND_ALIAS)
    claims: dict[int, set[int]] = {}
    for alias, key in zip(source[aliases].tolist(), target[aliases].tolist(), strict=True):
        if named[key]:
            claims.setdefault(alias, set()).add(key)
    for alias, keys in claims.items():
        if len(keys) == 1:
            meaning[alias] = keys.pop()
    # An alias of an alias means what that one means; circles end where they began.
    for _ in range(3):
        meaning = meaning[meaning]
    return meaning


def _type_weight(facts: FactColumns, entities: Ints) -> Floats:
    """Return what each fact counts for the type of its entity: a guess that failed (`concept`) hardly anything."""
    unknown = np.array([label == "concept" for label in facts.label.values], dtype=bool)
    guessed = unknown[facts.label.codes[entities]] if len(unknown) else np.zeros(len(entities), dtype=bool)
    return facts.weight[entities] * np.where(guessed, 1e-3, 1.0)


def _best(members: Ints, codes: Ints, weight: Floats, values: Sequence[str], number: int) -> list[str]:
    """Return for each member the text for which most weight speaks, ties by text."""
    pairs, place = np.unique(members * max(len(values), 1) + codes, return_inverse=True)
    total = np.bincount(place, weight, len(pairs))
    owner, code = pairs // max(len(values), 1), pairs % max(len(values), 1)
    best: list[tuple[float, str]] = [(-1.0, "")] * number
    for member, text, speaks in zip(owner.tolist(), code.tolist(), total.tolist(), strict=True):
        best[member] = max(best[member], (speaks, values[text]))
    return [text for _, text in best]


def pagerank(source: Ints, target: Ints, weight: Floats, number: int) -> Floats:
    """Return the page rank of nodes of an undirected weighted graph, shape (number,), adding up to 1.

    Power iteration as in Page, Brin, Motwani and Winograd (1999), with the usual damping of 0.85; the rank of nodes
    without edges is spread over all.
    """
    if not number:
        return np.zeros(0)
    tails, heads = np.concatenate([source, target]), np.concatenate([target, source])
    weights = np.tile(weight, 2)
    strength = np.bincount(tails, weights, number)
    share = weights / strength[tails] if len(tails) else weights
    alone = strength == 0
    rank = np.full(number, 1 / number)
    for _ in range(ITERATIONS):
        flow = np.bincount(heads, rank[tails] * share, number) + rank[alone].sum() / number
        after = (1 - DAMPING) / number + DAMPING * flow
        change = float(np.abs(after - rank).sum())
        rank = after
        if change < TOLERANCE:
            break
    return np.asarray(rank / rank.sum())
