"""Answers of models: well-formed ones, cut ones, decorated ones, and lies."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.graph.answers import UnreadableAnswerError, read_answer, read_report, written

TEXT = "Anna Lee works for Acme in Oslo. 红楼梦 is a book."
ANSWER = {
    "entities": [
        {"name": "Anna Lee", "type": "person", "description": "Works for Acme."},
        {"name": "Acme", "type": "Organization", "description": "A company."},
        {"name": "红楼梦", "type": "book", "description": "A book."},
    ],
    "relations": [{"source": "Anna Lee", "target": "ACME", "relation": "Works for", "description": "x", "strength": 9}],
}
PLAIN = json.dumps(ANSWER)


@pytest.mark.parametrize(
    "answer",
    [
        PLAIN,
        json.dumps(ANSWER, indent=2, ensure_ascii=False),
        f"```json\n{PLAIN}\n```",
        f"<think>Which are {{the}} entities?</think>\nHere is the JSON:\n{PLAIN}\nI hope this helps {{you}}!",
        json.dumps({"data": None, **ANSWER}),
        "\n".join(json.dumps(item) for part in ANSWER.values() for item in part),
        PLAIN.replace('"name"', '"entity_name"').replace('"source"', '"src"').replace('"target"', '"tgt"'),
    ],
)
def test_read_answer_forms_of_one_answer_are_read_alike(answer: str) -> None:
    found = read_answer(answer, TEXT)
    assert {entity.name: entity.type for entity in found.entities.values()} == {
        "Anna Lee": "person",
        "Acme": "organization",
        "红楼梦": "book",
    }
    [(ends, relation)] = found.relations.items()
    assert (ends, relation.labels.most_common(), relation.weight) == (("anna lee", "acme"), [("works for", 1)], 9.0)


def test_read_answer_cut_in_the_middle_keeps_what_came_before() -> None:
    found = read_answer(PLAIN[: PLAIN.index('"relations"') - 20], TEXT)
    assert set(found.entities) == {"anna lee", "acme"}
    assert found.relations == {}


@pytest.mark.parametrize(
    "item",
    [
        {"name": "Elvis Presley", "type": "person"},
        {"name": "", "type": "person"},
        {"name": 7, "type": "person"},
        {"name": "---", "type": "person"},
        {"type": "person"},
        ["Acme"],
        None,
    ],
)
def test_read_answer_entity_that_is_made_up_or_malformed_is_left_out(item: object) -> None:
    found = read_answer(json.dumps({"entities": [item, {"name": "Oslo", "type": None}]}), TEXT)
    assert {key: entity.type for key, entity in found.entities.items()} == {"oslo": "concept"}


@pytest.mark.parametrize(
    "relation",
    [
        {"source": "Acme", "target": "Elvis Presley", "relation": "x"},
        {"source": "Acme", "target": "acme", "relation": "x"},
        {"source": "Acme", "target": None},
        {"target": "Acme"},
    ],
)
def test_read_answer_relation_without_both_ends_is_left_out(relation: object) -> None:
    answer = {"entities": [{"name": "Acme", "type": "organization"}], "relations": [relation]}
    assert read_answer(json.dumps(answer), TEXT).relations == {}


@pytest.mark.parametrize(
    ("given_strength", "weight"), [(3, 3.0), (99, 10.0), ("7", 1.0), (-1, 1.0), (True, 1.0), (None, 1.0)]
)
def test_read_answer_strength_is_bounded(given_strength: object, weight: float) -> None:
    answer = {
        "entities": [{"name": "Acme"}, {"name": "Oslo"}],
        "relations": [{"source": "Acme", "target": "Oslo", "strength": given_strength}],
    }
    [relation] = read_answer(json.dumps(answer), TEXT).relations.values()
    assert (relation.weight, list(relation.labels)) == (weight, ["related_to"])


def test_read_answer_that_finds_nothing_is_an_answer() -> None:
    assert read_answer('{"entities": [], "relations": []}', TEXT).entities == {}


@pytest.mark.parametrize("answer", ["", "There are no entities.", "[1, 2]", "<think>{}", "{'a': 1}"])
def test_read_answer_without_an_object_is_unreadable(answer: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_answer(answer, TEXT)


def test_written_is_read_again_as_it_was() -> None:
    found = read_answer(PLAIN, TEXT)
    assert read_answer(written(found), TEXT) == found


@given(st.text(alphabet='{}[]":,name entities Acme0\\\n', max_size=300))
def test_read_answer_of_anything_gives_something_consistent(answer: str) -> None:
    try:
        found = read_answer(answer, TEXT)
    except UnreadableAnswerError:
        return
    assert all({source, target} <= set(found.entities) for source, target in found.relations)


def test_read_report_with_and_without_json() -> None:
    assert read_report('```{"title": "Oslo", "summary": "All of it."}```') == ("Oslo", "All of it.")
    assert read_report("  Plain\n words ") == ("", "Plain words")
    assert read_report('{"title": "cut') == ("", "")
