"""The matchers of the cases accept what they should, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.cases.matching import KNOWN, Loader, Tag, differences, resolve

UUID1 = "4345aa0ea1a311f0b45566fc51ac58df"
UUID4 = "4345aa0ea1a341f0b45566fc51ac58df"


@pytest.mark.parametrize(
    ("expected", "good", "bad"),
    [
        ("'1'", "1", 1),
        ("1", 1.0, "1"),
        ("true", True, 1),
        ("{a: 1}", {"a": 1, "b": 2}, {"b": 2}),
        ("{a: !absent }", {"b": 1}, {"a": None}),
        ("[1, 2]", [1, 2], [1, 2, 3]),
        ("[1, 2]", [1, 2], [2, 1]),
        ("!text ", "a", ""),
        ("!id ", UUID1, UUID4),
        ("!chunk_id ", "8c204dcbb8955158", "8c204dcbb895515"),
        ("!time ", "2025-01-15T10:30:00Z", "2025-01-15T10:30:00"),
        ("!date ", "Wed, 15 Jan 2025 10:30:00 GMT", "2025-01-15"),
        ("!number ", 0, True),
        ("!at_least 2", 2, 1),
        ("!between [1, 2]", 1.5, 2.5),
        ("!near 0.2", 0.2, 0.21),
        ("!regex '^a'", "abc", "bac"),
        ("!contains b", "abc", "ac"),
        ("!length 2", [1, 2], [1]),
        ("!one_of [a, b]", "a", "c"),
        ("!falling n", [{"n": 2}, {"n": 1}], [{"n": 1}, {"n": 2}]),
        ("!unordered_by [n, [b, a]]", [{"n": "a"}, {"n": "b"}], [{"n": "a"}]),
        ("!exactly {a: 1}", {"a": 1}, {"a": 1, "b": 2}),
        ("!each {a: 1}", [{"a": 1}, {"a": 1}], [{"a": 1}, {"a": 2}]),
        ("!each 1", [1], []),
        ("!first 1", [1, 2], [2, 1]),
        ("!last 1", [2, 1], []),
        ("!all [!at_least 1, !not 2]", 3, 2),
        ("!not {a: 1}", {"a": 2}, {"a": 1, "b": 2}),
        ("!unordered [1, 2]", [2, 1], [2, 2]),
        ("!has [{a: 1}]", [{"a": 2}, {"a": 1}], [{"a": 2}]),
        (
            "!weighted [0.3, 0]",
            [{"vector_similarity": 1, "term_similarity": 0, "similarity": 0.3}],
            [{"vector_similarity": 1, "term_similarity": 0, "similarity": 0.7}],
        ),
    ],
)
def test_differences_of_a_fitting_and_another_value_are_none_and_some(expected: str, good: Any, bad: Any) -> None:
    pattern = yaml.load(expected, Loader)
    assert list(differences(pattern, good)) == []
    assert list(differences(pattern, bad)) != []


def test_resolve_keeps_the_type_of_a_lone_reference() -> None:
    names = {"a": {"b": [1, 2]}, "n": 3}
    assert resolve("${a.b}", names) == [1, 2]
    assert resolve("${a.b.1}", names) == 2
    assert resolve("n=${n}", names) == "n=3"
    assert resolve({"${n}": [Tag("at_least", "${n}")]}, names) == {3: [Tag("at_least", 3)]}
    with pytest.raises(KeyError):
        resolve("${nothing}", names)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("!padded [ab, 5, z]", "abxxz"),
        ("!base64 hi", "aGk="),
        ("!concat [[1], [2]]", [1, 2]),
        ("!ids [a, b]", [{"id": "a"}, {"id": "b"}]),
        ("!count [a, b]", 2),
        ("!repeat [a, 2]", ["a", "a"]),
        ("!merge [{a: 1, b: 1}, {b: 2}]", {"a": 1, "b": 2}),
    ],
)
def test_resolve_computes(given: str, made: Any) -> None:
    assert resolve(yaml.load(given, Loader), {}) == made


def test_load_of_an_unknown_tag_is_refused() -> None:
    with pytest.raises(AssertionError, match="there is no tag !nonsense"):
        yaml.load("!nonsense 1", Loader)
    assert "nonsense" not in KNOWN
