"""What holds for every text, every option and every method."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS, REWRITING
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.pipeline import document_text
from knowflow_server.domain.ingest.tokens import MiniLmTokenCounter
from tests.domain.ingest.files import PdfPage, Result, count_words, docx, grid, paragraph, pdf, run, save

COUNT = MiniLmTokenCounter()
FRAGMENTS = [
    "\n", "\n\n", "\r\n", "\r", " ", "\t", "# ", "## Heading\n", "Title\n===\n", "- item\n", "1. one\n", "> quote\n",
    "| a | b |\n|---|---|\n| c | d |\n", "```\n", "~~~", "    code\n", "---\n", "word ", "Sentence one. ", "Two! ",
    "这是。", "한국어 ", "e\u0301\u0301", "👨\u200d👩\u200d👧", "<table><tr><td>x</td></tr></table>\n", "<div>\n", "##",
    ";", "un", "break", "able", "\u2028", "\u3000", "\x0c", "[a]: b\n", "\\", "`",
]  # fmt: skip
anything = st.characters(exclude_categories=["Cs", "Cc"])
texts = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join),
    st.text(st.one_of(anything, st.sampled_from("\n\t "))),
)
delimiters = st.one_of(
    st.sampled_from([r"\n", "\n", "", "。;", "`##`", "`one`e", r"`\n\n`!?", "`", "n", " "]),
    st.text(anything, max_size=5),
)
limits = st.one_of(st.integers(1, 12), st.integers(1, 2048))
CUTTING = sorted(CHUNKERS.keys() - REWRITING)
methods = st.sampled_from(CUTTING)


def ingest_text(text: str, ending: str, method: str, counter: Any, **config: Any) -> Result:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"file{ending}"
        path.write_bytes(text.encode())
        result = run(path, method, counter, **config)
        whole = document_text(path, name=path.name, method=method, config=config)
    assert whole == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return result


def assert_within(result_tokens: list[int], contents: list[str], limit: int) -> None:
    """Only one character that is more than the limit by itself may be above it."""
    for tokens, content in zip(result_tokens, contents, strict=True):
        assert tokens <= limit or len(content.strip()) == 1, content


@settings(max_examples=150, deadline=None)
@given(texts, delimiters, limits, methods, st.sampled_from([".txt", ".md"]), st.sampled_from([COUNT, count_words]))
def test_ingest_any_text_is_lossless_and_within_the_limit(
    text: str, delimiter: str, limit: int, method: str, ending: str, counter: Any
) -> None:
    result = ingest_text(text, ending, method, counter, delimiter=delimiter, chunk_token_num=limit)
    if method != "one":
        tokens = [chunk.token_count for chunk in result.chunks]
        assert_within(tokens, result.contents, limit)


block_texts = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)
blocks = st.lists(st.builds(Block, st.sampled_from(list(Kind)), block_texts), max_size=20)


@settings(max_examples=150, deadline=None)
@given(blocks, delimiters, limits, methods, st.integers(1, 5), st.sampled_from([COUNT, count_words]))
def test_chunker_any_blocks_are_lossless_and_within_the_limit(
    document: list[Block], delimiter: str, limit: int, method: str, step: int, counter: Any
) -> None:
    config = read_config({"delimiter": delimiter, "chunk_token_num": limit})
    chunker = CHUNKERS[method](config, counter)
    contents = [
        content for start in range(0, len(document), step) for content in chunker.feed(document[start : start + step])
    ]
    contents += chunker.finish()
    text = "".join(block.text for block in document)
    assert "".join(content.text for content in contents) == (text if text.strip() else "")
    assert all(content.text.strip() for content in contents)
    assert [content.tokens for content in contents] == counter([content.text for content in contents])
    if method != "one":
        assert_within([content.tokens for content in contents], [content.text for content in contents], limit)


@settings(max_examples=60, deadline=None)
@given(blocks, delimiters, limits, st.sampled_from(sorted(CHUNKERS)))
def test_chunker_contents_do_not_depend_on_how_blocks_arrive(
    document: list[Block], delimiter: str, limit: int, method: str
) -> None:
    config = read_config({"delimiter": delimiter, "chunk_token_num": limit})
    at_once, one_by_one = CHUNKERS[method](config, count_words), CHUNKERS[method](config, count_words)
    expected = at_once.feed(document) + at_once.finish()
    assert [content for block in document for content in one_by_one.feed([block])] + one_by_one.finish() == expected


@pytest.mark.parametrize("method", CUTTING)
@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_ingest_text_of_many_parts_is_lossless(method: str, ending: str) -> None:
    section = "# Heading\n\nSome words — with «signs» and 漢字. And more; of them!\n\n- a\n- b\n\n"
    section += "```\n\n# no heading\n\n```\n\n"
    result = ingest_text(section * 1000, ending, method, COUNT, chunk_token_num=100)
    assert len(result.chunks) == 1 if method == "one" else len(result.chunks) > 200


@pytest.mark.parametrize(
    "make", [lambda n: "." * n, lambda n: '."' * n, lambda n: "a" * n, lambda n: "\n" * n + "x", lambda n: "é" * n]
)
def test_ingest_monotonous_text_takes_time_in_proportion(make: Callable[[int], str]) -> None:
    ingest_text(make(60_000), ".txt", "naive", count_words, chunk_token_num=8)


WHOLE_FILES = {
    "a.pdf": pdf(
        [PdfPage(paragraph("Title", "a"), grid([72, 172, 272], [555, 590, 620]))] * 2, [("Title", 0), ("a", 1)]
    ),
    "a.docx": docx("<w:p><w:pPr/><w:r><w:t>text</w:t></w:r></w:p><w:tbl><w:tr><w:tc/></w:tr></w:tbl>" * 5),
    "a.html": b"<h1>Title</h1><ul><li>a<li>b</ul><table><tr><td>a<td>b</table><p title='x'>&amp;</p>",
    "a.md": b"# Title\n\n- a\n  - b\n\n| a |\n|---|\n\n```\ncode\n```\n",
    "a.txt": "é text\n\n漢字".encode(),
}
replacements = st.binary(max_size=4) | st.sampled_from([b"<<", b">>", b"-1", b"<td>", b"&"])
changes = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), replacements), max_size=8)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(WHOLE_FILES)), changes, st.sampled_from(sorted(CHUNKERS)))
def test_ingest_damaged_file_is_read_or_refused_in_our_words(
    name: str, damage: list[tuple[float, int, bytes]], method: str
) -> None:
    content = WHOLE_FILES[name]
    for place, length, replacement in damage:
        start = int(place * len(content))
        content = content[:start] + replacement + content[start + length :]
    with TemporaryDirectory() as folder, suppress(IngestError):
        run(save(Path(folder), name, content), method)
