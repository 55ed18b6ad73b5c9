"""The graph of a dataset is the sum of the facts of its documents, in whatever order they came."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.graph_pb2 import GraphFact
from knowflow_server.domain.graph.extraction import Extraction
from knowflow_server.domain.graph.view import GraphView, pagerank, view_of
from knowflow_server.store.graph import SPEC, FactColumns, _columns, _rows
from knowflow_server.store.schema import fact_schema

Document = tuple[list[tuple[str, str]], list[tuple[str, str, str]]]


def columns(facts: Sequence[GraphFact]) -> FactColumns:
    import pyarrow as pa

    table = _rows(facts, fact_schema(SPEC))
    return _columns(table, pa.array(sorted({fact.generation for fact in facts}), pa.string()))


def facts_of(number: int, found: Extraction) -> list[GraphFact]:
    return found.facts("org", "dataset", f"document {number}", f"job {number}")


def shown(view: GraphView) -> tuple[object, ...]:
    """Everything of a graph that a reader sees, without what only says where it lies."""
    nodes = [
        (view.keys[n], view.names[n], view.types[n], view.weight[n], round(float(view.pagerank[n]), 9))
        for n in range(len(view.keys))
    ]
    edges = [
        (view.keys[view.source[e]], view.keys[view.target[e]], view.relation(e), view.edge_weight[e])
        for e in range(len(view.source))
    ]
    return sorted(nodes), sorted(edges)


def extraction(names: Sequence[tuple[str, str]], relations: Sequence[tuple[str, str, str]] = ()) -> Extraction:
    found = Extraction()
    keys = {name: found.name(name, kind, description=f"About {name}.") for name, kind in names}
    for source, label, target in relations:
        found.relate(keys[source], keys[target], label)
    return found


def test_view_of_two_documents_adds_what_both_say() -> None:
    one = extraction([("Acme Inc.", "organization"), ("Anna Lee", "person")], [("Anna Lee", "works for", "Acme Inc.")])
    two = extraction([("ACME", "concept"), ("Anna Lee", "person")], [("ACME", "hired", "Anna Lee")])
    view = view_of(columns([*facts_of(1, one), *facts_of(2, two), *facts_of(3, one)]))
    assert dict(zip(view.keys, view.types, strict=True)) == {"acme": "organization", "anna lee": "person"}
    assert view.names[view.keys.index("acme")] == "Acme Inc."
    # One edge for a pair, in the direction of the first of its heaviest facts, with the words of all.
    assert len(view.source) == 1
    assert view.edge_weight.tolist() == [3.0]
    assert view.labels(0) == ["works for", "hired"]
    assert view.supporters(view.edge_facts.of(0), 10) == ["document 1", "document 2", "document 3"]
    assert view.supporters(view.edge_facts.of(0), 2) == ["document 1", "document 2"]
    assert view.degree.tolist() == [1, 1]


def test_view_of_alias_merges_across_documents_while_somebody_explains_it() -> None:
    explains = extraction([("World Health Organization", "organization")])
    explains.aliases["who"] = "world health organization"
    uses = extraction([("WHO", "concept"), ("Geneva", "geo")], [("WHO", "sits in", "Geneva")])
    both = view_of(columns([*facts_of(1, explains), *facts_of(2, uses)]))
    assert sorted(both.keys) == ["geneva", "world health organization"]
    assert both.names[both.keys.index("world health organization")] == "World Health Organization"
    assert both.keys[both.aliases["who"]] == "world health organization"
    # The document that explained it goes: the name stands for itself again.
    assert sorted(view_of(columns(facts_of(2, uses))).keys) == ["geneva", "who"]


def test_view_of_alias_with_two_meanings_stands_for_itself() -> None:
    one, two = (extraction([(name, "organization"), ("CIA", "concept")]) for name in ("Central Agency", "Cake Academy"))
    one.aliases["cia"], two.aliases["cia"] = "central agency", "cake academy"
    view = view_of(columns([*facts_of(1, one), *facts_of(2, two)]))
    assert sorted(view.keys) == ["cake academy", "central agency", "cia"]


def test_view_of_aliases_in_a_circle_ends() -> None:
    found = extraction([("A One", "concept"), ("B Two", "concept")])
    found.aliases.update({"a one": "b two", "b two": "a one"})
    assert 1 <= len(view_of(columns(facts_of(1, found))).keys) <= 2


def test_view_of_nothing_is_empty() -> None:
    view = view_of(columns([]))
    assert (len(view.keys), len(view.source), view.communities, view.index.matches("anything", 5)) == (0, 0, [], [])


def test_communities_groups_that_hardly_relate_are_apart() -> None:
    found = Extraction()
    names = [[f"Left {n} A" for n in range(5)], [f"Right {n} B" for n in range(5)]]
    for group in names:
        keys = [found.name(name, "concept") for name in group]
        for place, source in enumerate(keys):
            for target in keys[:place]:
                found.relate(source, target, "knows", weight=5)
    found.relate("left 0 a", "right 0 b", "met")
    view = view_of(columns(facts_of(1, found)))
    groups = [{view.names[node] for node in nodes} for nodes in view.communities]
    assert sorted(map(sorted, groups)) == sorted(map(sorted, names))
    assert view.communities == view_of(columns(facts_of(1, found))).communities


def test_matches_best_covered_name_first_and_aliases() -> None:
    found = extraction(
        [("Marie Curie", "person"), ("Pierre Curie", "person"), ("Radium", "concept"), ("红楼梦", "concept")]
    )
    found.aliases["mme sklodowska"] = "marie curie"
    view = view_of(columns(facts_of(1, found)))

    def matched(question: str) -> list[str]:
        return [view.names[node] for node, _ in view.index.matches(question, 5)]

    assert set(matched("Did Pierre Curie like radium?")[:2]) == {"Pierre Curie", "Radium"}
    assert matched("Who was Mme Sklodowska?") == ["Marie Curie"]
    assert matched("《红楼梦》是谁写的") == ["红楼梦"]
    assert matched("What is the weather?") == []


def test_pagerank_star_has_its_centre_first_and_adds_up() -> None:
    rank = pagerank(np.array([0, 0, 0]), np.array([1, 2, 3]), np.ones(3), 5)
    assert rank.argmax() == 0
    assert rank.sum() == pytest.approx(1)
    assert rank[1] == pytest.approx(rank[3])
    assert rank[4] < rank[1]


NAMES = st.sampled_from(["Ada One", "Bob Two", "Cid Three", "Dee Four", "Eve Five"])
DOCUMENTS = st.lists(
    st.tuples(
        st.lists(st.tuples(NAMES, st.sampled_from(["person", "concept"])), min_size=1, max_size=5),
        st.lists(st.tuples(NAMES, st.sampled_from(["met", "knows", "related_to"]), NAMES), max_size=5),
    ),
    min_size=1,
    max_size=5,
)


@given(DOCUMENTS, st.randoms())
def test_view_of_facts_in_any_order_is_the_same(documents: list[Document], chance: random.Random) -> None:
    facts = []
    for number, (names, relations) in enumerate(documents):
        ends = [(name, "concept") for relation in relations for name in (relation[0], relation[2])]
        facts += facts_of(number, extraction([*names, *ends], relations))
    mixed = list(facts)
    chance.shuffle(mixed)
    view = view_of(columns(facts))
    assert sorted(view.keys) == sorted({fact.source for fact in facts if fact.kind == 1})
    assert shown(view) == shown(view_of(columns(mixed)))
