"""JSON and JSON lines."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import read_blocks, run, save


def texts(path: Path) -> list[str]:
    blocks = read_blocks(path)
    assert {kind for kind, _, _ in blocks} == {Kind.LIST}
    return [text for _, _, text in blocks]


def test_records_of_a_list_name_every_value(tmp_path: Path) -> None:
    people = [
        {"name": "Ann", "address": {"city": "Oslo", "zip": None}, "tags": ["a", "b"], "none": [], "ok": True},
        {"name": "Bo\nJunior", "sum": 1.50, "phones": [{"no": 1}, {"no": 2}], "note": ""},
    ]
    assert texts(save(tmp_path, "a.json", json.dumps(people, indent=2))) == [
        "name: Ann\naddress.city: Oslo\naddress.zip: null\ntags: a; b\nnone: []\nok: true\n\n",
        "name: Bo\nJunior\nsum: 1.5\nphones.no: 1\nphones.no: 2\nnote:\n\n",
    ]


def test_members_of_an_object_and_records_inside_it_are_parted(tmp_path: Path) -> None:
    content = '{"version": 2, "server": {"host": "h", "ports": [80, 443]}, "data": [{"id": 1}, {"id": 2}]}'
    assert texts(save(tmp_path, "a.json", content)) == [
        "version: 2\nserver.host: h\nserver.ports: 80; 443\n\n",
        "data.id: 1\n\n",
        "data.id: 2\n\n",
    ]


@pytest.mark.parametrize("ending", [".json", ".jsonl", ".ndjson"])
def test_json_lines_are_records(ending: str, tmp_path: Path) -> None:
    path = save(tmp_path, f"a{ending}", '{"q": "é"}\n\n{"q": "\\ud83d\\ude00"}\n[[1, 2], [3]]\n7\n')
    assert texts(path) == ["q: é\n\n", "q: 😀\n\n", "1; 2\n\n", "3\n\n", "7\n\n"]


def test_wide_text_with_a_mark_is_read(tmp_path: Path) -> None:
    assert texts(save(tmp_path, "a.json", '{"a": "é"}'.encode("utf-16"))) == ["a: é\n\n"]


def test_long_lists_and_names_do_not_grow(tmp_path: Path) -> None:
    name = "n" * 1000
    text = "".join(texts(save(tmp_path, "a.json", json.dumps({name: list(range(50_000))}))))
    assert text.startswith(f"{name}:\n0; 1; 2")
    assert len(text) < 400_000
    assert text.replace("\n", "; ").count("; ") >= 50_000


def test_long_text_is_read_in_parts_with_progress(tmp_path: Path) -> None:
    records = [{"id": number, "text": "x" * 100} for number in range(20_000)]
    result = run(save(tmp_path, "a.json", json.dumps(records)))
    assert "".join(result.contents) == "".join(f"id: {number}\ntext: {'x' * 100}\n\n" for number in range(20_000))
    assert result.messages[0] == "Read 1.0 of 2.5 MB."


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_blank_text_has_no_chunks(content: bytes, tmp_path: Path) -> None:
    assert run(save(tmp_path, "a.json", content)).contents == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("nonsense", "The file is not valid JSON; the error is behind value 0."),
        ('{"a": 1, "b" 2}', "The file is not valid JSON; the error is behind value 1."),
        ("[1, 1e99999999999999999999]", "The file is not valid JSON; the error is behind value 1."),
        ('{"a": [1, 2', "The file is not valid JSON; the error is behind value 2."),
        ("[" * 100_000, "The JSON text is nested more than 100 levels deep."),
        ("1" * 5000, "The JSON text holds a number of more than 1,000 digits."),
        ("[" + " " * 65_000 + "1" * 5000 + "]", "The JSON text holds a number of more than 1,000 digits."),
    ],
)
def test_invalid_text_is_refused_in_our_words(content: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, "a.json", content))
    assert error.value.sentence == sentence


letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
scalars = st.none() | st.booleans() | st.integers() | letters
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(letters, inner, max_size=4))


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value.strip() if isinstance(value, str) else json.dumps(value)


@settings(max_examples=100, deadline=None)
@given(values, st.booleans())
def test_every_name_and_value_of_any_text_is_there(value: Any, ascii_only: bool) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.json", json.dumps(value, ensure_ascii=ascii_only))
        text = "".join(block for _, _, block in read_blocks(path))
        run(path, chunk_token_num=5)
    assert [leaf for leaf in leaves(value) if leaf not in text] == []
