"""Entities and relations without a model: what a reader would find, and nothing where there is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.graph.extraction import Extraction
from knowflow_server.domain.graph.heuristic import Heuristic
from knowflow_server.domain.graph.names import key_of
from tests.domain.graph import corpus


def read(*texts: str) -> Extraction:
    reader = Heuristic()
    for text in texts:
        reader.add(text)
    return reader.result()


def nodes(found: Extraction) -> dict[str, str]:
    return {entity.name: entity.type for entity in found.entities.values()}


def edges(found: Extraction) -> set[tuple[str, str, str]]:
    return {
        (found.entities[source].name, relation.labels.most_common(1)[0][0], found.entities[target].name)
        for (source, target), relation in found.relations.items()
    }


def test_result_prose_has_the_graph_a_reader_draws() -> None:
    found = read(corpus.CURIE)
    assert edges(found) == corpus.CURIE_EDGES
    assert nodes(found) == {**corpus.CURIE_NODES, "Curie": "person"}
    # Two have that name: nobody can tell which of them taught.
    found.resolve()
    assert nodes(found) == {**corpus.CURIE_NODES, "Curie": "person"}
    # A heading is no sentence, and describes nothing.
    assert found.entities["marie curie"].descriptions[0] == "Marie Curie was born in Warsaw on 7 November 1867."


def test_result_acronym_law_address_and_company_are_told_by_their_form() -> None:
    found = read(corpus.WHO)
    assert found.aliases == {"who": "world health organization"}
    assert ("WHO", "works with", "European Commission") in edges(found)
    found.resolve()
    assert corpus.WHO_NODES.items() <= nodes(found).items()
    assert corpus.WHO_EDGES <= edges(found)
    # "Acme Inc." and "ACME Incorporated" are one.
    assert found.entities["acme"].weight == 2
    assert found.entities["acme"].type == "organization"


def test_result_language_with_capital_nouns_gives_only_what_is_told_by_more() -> None:
    assert nodes(read(corpus.GERMAN)) == corpus.GERMAN_NODES


def test_result_chinese_quotes_and_dates() -> None:
    assert nodes(read(corpus.CHINESE)) == corpus.CHINESE_NODES


@pytest.mark.parametrize(
    "text", ["", corpus.NOTHING, "A. B. C.", "| A | B |\n| - | - |\n| Rome | Oslo |", "١٢٣ ... !!!"]
)
def test_result_text_without_names_is_empty(text: str) -> None:
    found = read(text)
    assert (nodes(found), found.relations) == ({}, {})


def test_result_word_that_is_mostly_written_small_is_no_name() -> None:
    assert nodes(read("We bake bread. The bread was good, said Anna Lee. I like Bread. More bread came.")) == {
        "Anna Lee": "concept"
    }


def test_result_name_proven_in_one_chunk_counts_where_a_sentence_begins_in_another() -> None:
    found = read("Lisbon lies by the sea.", "We went to Lisbon in June.")
    assert found.entities["lisbon"].weight == 2


def test_result_list_of_many_names_relates_none() -> None:
    towns = "Oslo Bergen Rome Milan Paris Lyon Madrid Porto Vienna Graz Berlin Bremen Delhi".split()  # noqa: SIM905
    found = read(f"We went to {', '.join(towns)} by train.")
    assert len(found.entities) == len(towns)
    assert found.relations == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Marie Curie", "MARIE  CURIE"),
        ("Ｍａｒｉｅ Curie", "Marie Curie’s"),
        ("The Beatles", "beatles"),
        ("U.S.A.", "USA"),
        ("Acme Widgets, Inc.", "Acme Widget"),
        ("华为技术有限公司", "华为技术"),
        ("Universities", "university"),
        ("https://acme.example/a/", "https://acme.example/a"),
    ],
)
def test_key_of_spellings_of_one_name_are_equal(one: str, other: str) -> None:
    assert key_of(one) == key_of(other) != ""


@pytest.mark.parametrize(("one", "other"), [("Marie Curie", "Pierre Curie"), ("AG", "SE"), ("Paris", "Pari")])
def test_key_of_different_names_differ(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_resolve_of_two_possible_meanings_keeps_the_name() -> None:
    found = read("Mr. Marie Stone met Mr. John Stone. Then Mr. Stone left.")
    found.resolve()
    assert set(nodes(found)) == {"Marie Stone", "John Stone", "Stone"}


def test_resolve_of_the_only_possible_meaning_makes_one_of_two() -> None:
    found = read("Ada Byron wrote to London. Byron taught at the University of Oslo.")
    found.resolve()
    assert set(nodes(found)) == {"Ada Byron", "London", "University of Oslo"}
    assert ("Ada Byron", "taught at", "University of Oslo") in edges(found)


def test_keep_types_leaves_out_other_entities_and_their_relations() -> None:
    found = read(corpus.CURIE)
    found.keep_types(["Person"])
    assert set(nodes(found).values()) == {"person"}
    assert edges(found) == {("Marie Curie", "married", "Pierre Curie")}


@given(st.lists(st.text(max_size=200), max_size=5))
def test_result_of_any_text_is_consistent(texts: list[str]) -> None:
    found = read(*texts)
    found.resolve()
    assert all(key and entity.name and entity.weight > 0 for key, entity in found.entities.items())
    for source, target in found.relations:
        assert source != target
        assert {source, target} <= set(found.entities)
