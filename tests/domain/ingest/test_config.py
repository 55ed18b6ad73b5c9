"""Reading a stored parser_config."""

from typing import Any

import pytest

from knowflow_server.domain.ingest.config import IngestConfig, parse_delimiters, read_config


@pytest.mark.parametrize(
    ("delimiter", "expected"),
    [
        ("\n", ("\n",)),
        (r"\n", ("\n",)),
        (r"\n!?", ("\n", "!", "?")),
        ("`##`;", ("##", ";")),
        (r"`\n\n`。", ("\n\n", "。")),
        ("`##", ("`", "#")),
        ("aa", ("a",)),
        (r"\x", ("\\", "x")),
        ("`a``bcd`", ("bcd", "a")),
        ("", ()),
    ],
)
def test_parse_delimiters_each_notation_is_understood(delimiter: str, expected: tuple[str, ...]) -> None:
    assert parse_delimiters(delimiter) == expected


def test_read_config_nothing_given_has_defaults() -> None:
    expected = IngestConfig(chunk_tokens=512, delimiters=("\n",), task_page_size=12)
    assert read_config({}) == expected
    nulls = {
        "chunk_token_num": None,
        "delimiter": None,
        "layout_recognize": None,
        "task_page_size": None,
        "pages": None,
    }
    assert read_config(nulls) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 1), (1, 1), (2048, 2048), (9999, 2048), (128.0, 128), (True, 512), ("64", 512)]
)
def test_read_config_chunk_token_num_is_brought_into_range(value: Any, expected: int) -> None:
    assert read_config({"chunk_token_num": value}).chunk_tokens == expected


@pytest.mark.parametrize(
    ("layout", "is_plain", "missing"),
    [
        ("DeepDOC", False, ""),
        ("deepdoc", False, ""),
        ("Plain Text", True, ""),
        ("mineru", False, "mineru"),
        ("DOTS", False, "DOTS"),
        (True, False, ""),
    ],
)
def test_read_config_layout_names_in_any_case_are_known(layout: Any, is_plain: bool, missing: str) -> None:
    config = read_config({"layout_recognize": layout})
    assert (config.is_plain, config.missing_service) == (is_plain, missing)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([[1, 3], [7, 7]], ((1, 3), (7, 7))),
        ([[3, 1]], ()),
        ([[1]], ()),
        ("1-3", ()),
        ([["a", "b"]], ()),
        ([[2.0, 4.0]], ((2, 4),)),
    ],
)
def test_read_config_page_ranges_keep_only_whole_ones(pages: Any, expected: Any) -> None:
    assert read_config({"pages": pages}).page_ranges == expected
