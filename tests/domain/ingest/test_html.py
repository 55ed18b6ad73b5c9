"""HTML: structure, encodings and pages made to do harm."""

from pathlib import Path

import pytest

from knowflow_server.domain.ingest.blocks import Kind, Progress
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.html import read
from tests.domain.ingest.files import run, save


def shown(path: Path) -> list[tuple[Kind, str]]:
    items = read(Source(path, read_config({}), "smart"))
    return [(block.kind, block.text) for item in items if not isinstance(item, Progress) for block in item]


PARAGRAPH, HEADING, LIST, CODE = Kind.PARAGRAPH, Kind.HEADING, Kind.LIST, Kind.CODE


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>one\n two<br>three &amp; four", [(PARAGRAPH, "one two\nthree & four\n\n")]),
        ("<h1>A <b>b</b></h1>c", [(HEADING, "A b\n\n"), (PARAGRAPH, "c\n\n")]),
        ("a<div>b <span>c</span></div>d", [(PARAGRAPH, "a\n\n"), (PARAGRAPH, "b c\n\n"), (PARAGRAPH, "d\n\n")]),
        ("<ul><li>a<li>b<ol><li>c<li>d</ol><li>e</ul>", [(LIST, "- a\n- b\n  1. c\n  2. d\n- e\n\n")]),
        ("<ul><li><p>a</p><p>b</p></ul>", [(LIST, "- a\n  b\n\n")]),
        ("<ul><li><h2>h</h2>a</li></ul>", [(HEADING, "h\n\n"), (LIST, "- a\n\n")]),
        ("<pre>\n a\n  b </pre>", [(CODE, " a\n  b \n\n")]),
        ("<head><title>t</title></head><style>s</style>a<noscript>n</noscript>", [(PARAGRAPH, "a\n\n")]),
        ("a<script>if (a < b) '</p>'</script>b", [(PARAGRAPH, "ab\n\n")]),
        ("<!-- c --><p>a<!-- <p>b</p> --></p>", [(PARAGRAPH, "a\n\n")]),
        ("<dl><dt>t</dt><dd>d</dd></dl>", [(PARAGRAPH, "t\n\n"), (PARAGRAPH, "d\n\n")]),
        ("a&nbsp;b &#x1F600; &unknown; &#0;", [(PARAGRAPH, "a b 😀 &unknown; \ufffd\n\n")]),
        ("</p></div>a", [(PARAGRAPH, "a\n\n")]),
        ("   ", []),
        ("<p></p>", []),
    ],
)
def test_structure_is_kept_and_markup_is_not(page: str, expected: list[tuple[Kind, str]], tmp_path: Path) -> None:
    assert shown(save(tmp_path, "a.html", page)) == expected


def test_table_of_data_becomes_rows(tmp_path: Path) -> None:
    page = (
        "<table><caption>Prices</caption><thead><tr><th>Name<th>Price|EUR<tbody>"
        "<tr><td>Tea <b>green</b><td><p>1</p><p>2</p></td></tr><tr><td colspan=2>none</td></tr><tr></tr></table>after"
    )
    assert shown(save(tmp_path, "a.htm", page)) == [
        (Kind.PARAGRAPH, "Prices\n\n"),
        (Kind.TABLE, "| Name | Price\\|EUR |\n| --- | --- |\n| Tea green | 1 2 |\n| none |  |\n\n"),
        (Kind.PARAGRAPH, "after\n\n"),
    ]


def test_table_that_arranges_the_page_is_dissolved(tmp_path: Path) -> None:
    page = (
        "<table><tr><td>menu</td><td>start<h2>Title</h2><p>text</p><table><tr><td>a<td>b</table></td></tr></table>end"
    )
    assert shown(save(tmp_path, "a.html", page)) == [
        (Kind.PARAGRAPH, "menu\n\n"),
        (Kind.PARAGRAPH, "start\n\n"),
        (Kind.HEADING, "Title\n\n"),
        (Kind.PARAGRAPH, "text\n\n"),
        (Kind.TABLE, "| a | b |\n| --- | --- |\n\n"),
        (Kind.PARAGRAPH, "end\n\n"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<meta charset=utf-8><p>é".encode(), "é\n\n"),
        ("<meta charset=iso-8859-1><p>é “x”".encode("cp1252"), "é “x”\n\n"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>привет'.encode("cp1251"),
            "привет\n\n",
        ),
        ('<?xml version="1.0" encoding="shift_jis"?><p>日本'.encode("shift_jis"), "日本\n\n"),
        ("<meta charset=gb2312><p>é valid UTF-8 wins".encode(), "é valid UTF-8 wins\n\n"),
        ("<p>é".encode("utf-16"), "é\n\n"),
        ("<meta charset=base64><p>é".encode("cp1252"), "é\n\n"),
        ("<meta charset=idna><p>é".encode("cp1252"), "é\n\n"),
        (b"<p>a\x00b", "ab\n\n"),
    ],
)
def test_encoding_is_the_declared_one_unless_the_bytes_say_otherwise(
    content: bytes, expected: str, tmp_path: Path
) -> None:
    assert run(save(tmp_path, "a.html", content), "one").contents == [expected]


def test_nesting_costs_neither_time_nor_memory(tmp_path: Path) -> None:
    page = "<div>" * 200_000 + "deep" + "</div>" * 200_000
    assert run(save(tmp_path, "a.html", page)).contents == ["deep\n\n"]


@pytest.mark.parametrize(
    "piece", ["<ul><li>x", "<table><tr><td>x", "<!-- x", "<a x", "<![CDATA[x", "<p b='x", "&", "<"]
)
def test_open_ends_by_the_thousand_are_survived(piece: str, tmp_path: Path) -> None:
    run(save(tmp_path, "a.html", "begin " + piece * 20_000), "smart")


def test_page_arriving_in_parts_is_read_as_one(tmp_path: Path) -> None:
    count = 30_000
    path = save(
        tmp_path, "a.html", "".join(f"<p title='é {number}'>paragraph &#169; {number}</p>\n" for number in range(count))
    )
    texts = [text for _, text in shown(path)]
    assert texts == [f"paragraph © {number}\n\n" for number in range(count)]
    assert run(path).messages[0].startswith("Read 1.")
