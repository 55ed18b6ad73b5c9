"""Plain text and Markdown: encodings, paragraphs and blocks."""

from pathlib import Path

import pytest

from knowflow_server.domain.ingest.blocks import Kind, Progress
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.pipeline import ingest
from knowflow_server.domain.ingest.readers import markdown, text
from tests.domain.ingest.files import count_words, run, save

JAPANESE = "これは日本語のテキストです。漢字も含まれています。\n" * 20
CHINESE = "这是一个测试句子，用于检测编码。\n" * 20


def shown(path: Path) -> list[tuple[Kind, int, str]]:
    items = markdown.read(Source(path, read_config({}), "smart"))
    return [(b.kind, b.level, b.text) for item in items if not isinstance(item, Progress) for b in item if b.text]


@pytest.mark.parametrize(
    ("content", "expected", "note"),
    [
        (b"plain", "plain", ""),
        ("\ufeffmark é".encode(), "mark é", ""),
        ("wide é".encode("utf-16"), "wide é", ""),
        ("wide é".encode("utf-32"), "wide é", ""),
        (b"\xfe\xff" + "big é".encode("utf-16-be"), "big é", ""),
        ("no mark".encode("utf-16-le"), "no mark", "The file has no byte order mark; UTF-16-LE is assumed."),
        ("no mark".encode("utf-16-be"), "no mark", "The file has no byte order mark; UTF-16-BE is assumed."),
        ("café “x”".encode("cp1252"), "café “x”", "The file is not UTF-8; the encoding cp1252 is assumed."),
        (JAPANESE.encode("shift_jis"), JAPANESE, "The file is not UTF-8; the encoding cp932 is assumed."),
        (CHINESE.encode("gb18030"), CHINESE, "The file is not UTF-8; the encoding gb18030 is assumed."),
        (
            "héllo ".encode() * 20 + b"\xff",
            "héllo " * 20 + "\ufffd",
            "The file is UTF-8 with wrong bytes in it, which are replaced.",
        ),
        (b"a\x00b\x00\x00c and more", "abc and more", ""),
        (b"x\xed\xa0\x80y", "xí\xa0€y", "The file is not UTF-8; the encoding cp1252 is assumed."),
        (b"\xff\xfe\x00\xd8a\x00", "\ufffda", ""),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree\n", ""),
    ],
)
def test_any_bytes_come_out_as_text(content: bytes, expected: str, note: str, tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", content), "one")
    assert result.contents == [expected]
    assert result.messages[:-1] == ([note] if note else [])


def test_wrong_bytes_behind_a_long_valid_beginning_are_survived(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "é valid\n".encode() * 20_000 + b"\xff\xfe\xff")
    assert run(path, "one").contents == ["é valid\n" * 20_000 + "\ufffd" * 3]


def test_character_on_the_border_of_two_parts_is_kept(tmp_path: Path) -> None:
    content = "a" + "漢" * 100_000
    assert run(save(tmp_path, "a.txt", content), "one").contents == [content]


def test_empty_text_has_no_chunks_and_says_so(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", b""))
    assert (result.chunks, result.messages) == ([], ["The file holds no text."])


def test_paragraphs_end_with_empty_lines(tmp_path: Path) -> None:
    path = save(tmp_path, "a.txt", "one\ntwo\n \n\nthree\n\nfour")
    items = text.read(Source(path, read_config({}), "smart"))
    texts = [block.text for item in items if not isinstance(item, Progress) for block in item]
    assert texts == ["one\ntwo\n \n\n", "three\n\n", "four"]


def test_markdown_outermost_blocks_keep_their_source(tmp_path: Path) -> None:
    source = (
        "---\ntitle: x\n---\n\n# One\ntext *a*\nmore\n\nTwo\n---\n- a\n\n  b\n- c\n\n> # quoted\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n```py\n# no heading\n\n```\n    # code\n\n***\n"
        "<table>\n<tr><td>x</td></tr>\n</table>\n\n[r]: http://x\n"
    )
    assert shown(save(tmp_path, "a.md", source)) == [
        (Kind.CODE, 0, "---\ntitle: x\n---\n"),
        (Kind.HEADING, 1, "\n# One\n"),
        (Kind.PARAGRAPH, 0, "text *a*\nmore\n\n"),
        (Kind.HEADING, 2, "Two\n---\n"),
        (Kind.LIST, 0, "- a\n\n  b\n- c\n\n"),
        (Kind.PARAGRAPH, 0, "> # quoted\n\n"),
        (Kind.TABLE, 0, "| a | b |\n|---|---|\n| c | d |\n\n"),
        (Kind.CODE, 0, "```py\n# no heading\n\n```\n"),
        (Kind.CODE, 0, "    # code\n\n"),
        (Kind.PARAGRAPH, 0, "***\n"),
        (Kind.TABLE, 0, "<table>\n<tr><td>x</td></tr>\n</table>\n\n[r]: http://x\n"),
    ]


def test_markdown_long_text_is_cut_into_sections_at_headings_only(tmp_path: Path) -> None:
    section = "# Title\n\n" + "- item\n" * 50 + "\n```\n\n# comment\n\n```\n\ntext\n\n"
    blocks = shown(save(tmp_path, "a.md", section * 400))
    assert blocks == shown(save(tmp_path, "b.md", section)) * 400


@pytest.mark.parametrize("piece", ["[", ">", "`", "- ", "#", "|a", "<", "*", "1. ", "\t", "~"])
def test_markdown_repetitions_take_time_in_proportion(piece: str, tmp_path: Path) -> None:
    run(save(tmp_path, "a.md", piece * 50_000), "smart")


@pytest.mark.parametrize("ending", [".txt", ".md", ".html"])
def test_progress_of_a_text_goes_on_while_its_chunks_come(ending: str, tmp_path: Path) -> None:
    path = save(tmp_path, f"a{ending}", "# Heading\n\n<p>Some words of a paragraph.</p>\n\n" * 12_000)
    seen: list[float] = []
    items = ingest(path, name=path.name, method="naive", config={"chunk_token_num": 64}, count_tokens=count_words)
    for item in items:
        seen.append(item.fraction if isinstance(item, Progress) else -1.0)
    # Chunks come before, between and after at least five different shares.
    first, last = seen.index(-1.0), len(seen) - 1 - seen[::-1].index(-1.0)
    assert len({share for share in seen[first:last] if share >= 0}) >= 5
