"""Parser configurations: what is refused and in which words, what is completed, what is merged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowflow_server.domain.parser_config import DEFAULTS, complete, field_sentence, merge, plain, struct, validate
from knowflow_server.errors.base import InvalidArgumentError

OFF = {"raptor": {"use_raptor": False}, "graphrag": {"use_graphrag": False}}
GENERAL = {
    "chunk_token_num": 512,
    "delimiter": "\\n",
    "html4excel": False,
    "layout_recognize": "DeepDOC",
    **OFF,
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
CONFIGS = st.dictionaries(st.text(max_size=4), JSON, max_size=4)


@pytest.mark.parametrize(
    "config",
    [
        {},
        GENERAL,
        {"chunk_token_num": 1, "delimiter": "\n!?。"},
        {"chunk_token_num": 2048, "auto_keywords": 32, "auto_questions": 10, "topn_tags": 10},
        {"raptor": {"use_raptor": True, "prompt": "Sum up.", "threshold": 1, "max_cluster": 1024, "random_seed": 7}},
        {"graphrag": {"use_graphrag": True, "entity_types": ["person"], "method": "general", "community": True}},
        {"filename_embd_weight": None, "task_page_size": None, "pages": [[1, 10]], "tag_kb_ids": ["a"]},
        {"filename_embd_weight": 0.5, "task_page_size": 12, "pages": None, "layout_recognize": "Plain Text"},
    ],
)
def test_validate_takes_what_the_documents_show(config: dict[str, Any]) -> None:
    validate(config)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (
            {"chunk_token_num": 0},
            (
                "Field: <parser_config.chunk_token_num>"
                " - Message: <Input should be greater than or equal to 1> - Value: <0>"
            ),
        ),
        (
            {"chunk_token_num": 2049},
            (
                "Field: <parser_config.chunk_token_num>"
                " - Message: <Input should be less than or equal to 2048> - Value: <2049>"
            ),
        ),
        (
            {"chunk_token_num": "512"},
            "Field: <parser_config.chunk_token_num> - Message: <Input should be a valid integer> - Value: <512>",
        ),
        (
            {"chunk_token_num": 3.14},
            "Field: <parser_config.chunk_token_num> - Message: <Input should be a valid integer> - Value: <3.14>",
        ),
        (
            {"delimiter": ""},
            "Field: <parser_config.delimiter> - Message: <String should have at least 1 character> - Value: <>",
        ),
        (
            {"html4excel": "True"},
            "Field: <parser_config.html4excel> - Message: <Input should be a valid boolean> - Value: <True>",
        ),
        (
            {"raptor": {"threshold": 1.5}},
            (
                "Field: <parser_config.raptor.threshold>"
                " - Message: <Input should be less than or equal to 1> - Value: <1.5>"
            ),
        ),
        (
            {"raptor": {"prompt": "  "}},
            "Field: <parser_config.raptor.prompt> - Message: <String should have at least 1 character> - Value: <  >",
        ),
        (
            {"graphrag": {"method": "heavy"}},
            "Field: <parser_config.graphrag.method> - Message: <Input should be 'light' or 'general'> - Value: <heavy>",
        ),
        (
            {"unknown": 1},
            "Field: <parser_config.unknown> - Message: <Extra inputs are not permitted> - Value: <1>",
        ),
        (
            {"raptor": {"unknown": 1}},
            "Field: <parser_config.raptor.unknown> - Message: <Extra inputs are not permitted> - Value: <1>",
        ),
        (
            {"auto_keywords": -1, "auto_questions": 11},
            (
                "Field: <parser_config.auto_keywords>"
                " - Message: <Input should be greater than or equal to 0> - Value: <-1>\n"
                "Field: <parser_config.auto_questions>"
                " - Message: <Input should be less than or equal to 10> - Value: <11>"
            ),
        ),
    ],
)
def test_validate_refuses_in_ragflow_s_words(config: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        validate(config)
    assert caught.value.sentence == sentence
    assert caught.value.metadata["field"] == sentence.split("<")[1].split(">", maxsplit=1)[0]


def test_validate_refuses_what_is_too_long_without_repeating_it() -> None:
    with pytest.raises(InvalidArgumentError, match="exceeds size limit \\(max 65,535 characters\\)") as caught:
        validate({"delimiter": "x" * 70_000})
    assert len(caught.value.sentence) < 400


def test_field_sentence_shows_the_beginning_of_a_long_value() -> None:
    assert field_sentence("a", "m", "x" * 500) == f"Field: <a> - Message: <m> - Value: <{'x' * 128}>"


@pytest.mark.parametrize("method", ["naive", "smart"])
def test_complete_without_a_config_gives_the_general_defaults(method: str) -> None:
    assert complete(method, None) == GENERAL
    assert complete(method, {}) == GENERAL


@pytest.mark.parametrize("method", ["qa", "manual", "paper", "book", "laws", "presentation"])
def test_complete_of_most_methods_switches_raptor_and_graphrag_off(method: str) -> None:
    assert complete(method, None) == OFF


@pytest.mark.parametrize("method", ["table", "one", "email", "picture", "tag"])
def test_complete_of_methods_without_settings_is_none(method: str) -> None:
    assert complete(method, None) is None
    assert complete(method, {"chunk_token_num": 5}) == {"chunk_token_num": 5}


def test_complete_fills_up_what_was_given() -> None:
    given_config = {"chunk_token_num": 128, "raptor": {"prompt": "Sum up."}}
    assert complete("naive", given_config) == {
        **GENERAL,
        "chunk_token_num": 128,
        "raptor": {"use_raptor": False, "prompt": "Sum up."},
    }


def test_complete_of_smart_keeps_what_was_given_as_it_is() -> None:
    assert complete("smart", {"chunk_token_num": 128}) == {"chunk_token_num": 128}


def test_complete_does_not_share_its_defaults() -> None:
    first = complete("naive", None)
    assert first is not None
    first["chunk_token_num"] = 1
    assert complete("naive", None) == GENERAL


def test_every_default_is_valid() -> None:
    for defaults in DEFAULTS.values():
        validate(defaults or {})


@given(CONFIGS, CONFIGS)
def test_merge_takes_the_change_and_keeps_the_rest(base: dict[str, Any], change: dict[str, Any]) -> None:
    merged = merge(base, change)
    assert merged.keys() == base.keys() | change.keys()
    for key, value in change.items():
        if not isinstance(value, dict) or not isinstance(base.get(key), dict):
            assert merged[key] == value
        else:
            assert merged[key] == merge(base[key], value)
    assert all(merged[key] == value for key, value in base.items() if key not in change)


@given(CONFIGS)
def test_merge_twice_is_merge_once(config: dict[str, Any]) -> None:
    once = merge(GENERAL, config)
    assert merge(once, config) == once


@given(CONFIGS)
def test_struct_and_plain_are_inverse(config: dict[str, Any]) -> None:
    assert plain(struct(config)) == config
    assert plain(struct(None)) == {}
