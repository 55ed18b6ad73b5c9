"""References in texts, and what stands for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.canvas.reference import Reference, parse, pieces, references, shown
from knowflow_server.domain.canvas.state import State


@pytest.mark.parametrize("text", ["Agent:HotDucks@content", "{Agent:HotDucks@content}", "{{ Agent:HotDucks@content }}"])
def test_parse_of_a_reference_with_or_without_braces_is_the_same(text: str) -> None:
    assert parse(text) == Reference("Agent:HotDucks", "content")


@pytest.mark.parametrize("text", ["", "begin", "a b@c", "{a@b} more", "{{a@b}} {{c@d}}", "sys", "@content"])
def test_parse_of_anything_else_is_none(text: str) -> None:
    assert parse(text) is None


def test_references_are_found_in_lists_and_objects() -> None:
    found = list(references({"a": ["{x@y}", {"b": "no, {sys.query} and {{begin@lang}}"}], "c": 3}))
    assert found == [Reference("x", "y"), Reference("", "sys.query"), Reference("begin", "lang")]


def test_pieces_of_a_text_are_its_texts_and_references_in_order() -> None:
    assert list(pieces("A {x@y}{sys.query} {no} {{")) == [
        "A ",
        Reference("x", "y"),
        Reference("", "sys.query"),
        " {no} {{",
    ]


@given(st.text(alphabet="ab@{}. :sysquery"))
def test_pieces_lose_nothing(text: str) -> None:
    found = "".join(piece if isinstance(piece, str) else piece.text for piece in pieces(text))
    for mark in "{} ":
        found, text = found.replace(mark, ""), text.replace(mark, "")
    assert found == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), (None, ""), (3, "3"), ([1, "ä"], '[1, "ä"]'), ({"a": 1}, '{"a": 1}'), (True, "true")],
)
def test_shown_value_is_text_or_json(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("x@result", {"items": ["a", {"b": 2}]}),
        ("x@result.items.1.b", 2),
        ("x@result.items.7", ""),
        ("x@result.none.b", ""),
        ("x@nothing", ""),
        ("other@result", ""),
        ("sys.user_id", ""),
        ("sys.nothing", ""),
        ("sys.conversation_turns", 0),
    ],
)
def test_state_gives_values_and_what_is_inside_of_them(reference: str, value: object) -> None:
    state = State({"components": {}, "state": {"outputs": {"x": {"result": {"items": ["a", {"b": 2}]}}}}})
    found = parse(reference)
    assert found is not None
    assert state.get(found) == value


def test_state_does_not_change_the_graph_it_was_made_of() -> None:
    dsl: dict[str, object] = {"components": {}, "history": [["user", "a"]]}
    state = State(dsl)
    state.begin_turn("b", user_id="u", files=["f"])
    assert dsl == {"components": {}, "history": [["user", "a"]]}
    assert state.history == [["user", "a"], ["user", "b"]]
    assert state.globals == {"sys.query": "b", "sys.user_id": "u", "sys.conversation_turns": 1, "sys.files": ["f"]}
    assert State(state.document()).document() == state.document()


def test_state_keeps_a_bounded_conversation() -> None:
    state = State({"components": {}, "history": [["user", "a"]] * 5_000})
    state.begin_turn("b", user_id="")
    assert (len(state.history), state.history[-1]) == (1_001, ["user", "b"])
