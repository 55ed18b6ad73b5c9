"""EPUB."""

from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Kind
from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import archive, read_blocks, run, save

CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
PAGE = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html><head><title/></head><body>%s</body></html>'


def epub(*chapters: str, parts: dict[str, str] | None = None, declaration: str = "", metadata: str = "") -> bytes:
    """A book; the chapters are stored backwards, so that only the spine knows their order."""
    numbers = range(len(chapters))
    items = "".join(
        f'<item id="c{n}" href="text/chapter%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in reversed(numbers)
    )
    items += '<item id="css" href="style.css" media-type="text/css"/>'
    spine = "".join(f'<itemref idref="c{n}"/>' for n in numbers) + '<itemref idref="css"/><itemref idref="gone"/>'
    lists = f"<manifest>{items}</manifest><spine>{spine}</spine>"
    package = f"{declaration}<package><metadata>{metadata}</metadata>{lists}</package>"
    pages = {f"OPS/text/chapter {n}.xhtml": PAGE % chapters[n] for n in reversed(numbers)}
    return archive({"META-INF/container.xml": CONTAINER, "OPS/book.opf": package, **pages, **(parts or {})})


def test_book_has_its_title_and_chapters_in_reading_order(tmp_path: Path) -> None:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    metadata = (
        f"<dc:title {names}>The Book</dc:title><dc:creator {names}>Ann</dc:creator><dc:creator {names}>Bo</dc:creator>"
    )
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    path = save(
        tmp_path,
        "a.epub",
        epub(
            "<h1>One</h1><p>caf\u00e9 &amp; <a id='x'/>more</p>",
            f"<h2>Two</h2><ul><li>i</li></ul>{table}",
            metadata=metadata,
        ),
    )
    assert read_blocks(path) == [
        (Kind.HEADING, 1, "The Book\n\n"),
        (Kind.PARAGRAPH, 0, "Ann, Bo\n\n"),
        (Kind.HEADING, 1, "One\n\n"),
        (Kind.PARAGRAPH, 0, "café & more\n\n"),
        (Kind.HEADING, 2, "Two\n\n"),
        (Kind.LIST, 0, "- i\n\n"),
        (Kind.TABLE, 0, "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n"),
    ]
    assert run(path).messages[:2] == ["Read chapter 1 of 2.", "Read chapter 2 of 2."]


def test_font_protection_is_none_of_the_text(tmp_path: Path) -> None:
    part = '<encryption><CipherReference URI="OPS/font.otf"/></encryption>'
    path = save(tmp_path, "a.epub", epub("<p>x</p>", parts={"META-INF/encryption.xml": part}))
    assert run(path).contents == ["x\n\n"]


def test_entities_of_a_chapter_are_not_expanded(tmp_path: Path) -> None:
    page = '<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b SYSTEM "file:///etc/hostname">]><html><p>x &a; &b;</p></html>'
    path = save(tmp_path, "a.epub", epub("", parts={"OPS/text/chapter 0.xhtml": page}))
    text = "".join(run(path).contents)
    assert "x &a; &b;" in text
    assert text.count("boom") <= 1  # the declaration itself may show as text


LOCKED = '<encryption><CipherReference URI="OPS/text/chapter%200.xhtml"/></encryption>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"text", "is not an EPUB book: its content looks like plain text"),
        (archive({"a": "b"}), "The file is not an EPUB book: the archive holds no list of chapters"),
        (epub(), "The EPUB book has no chapters"),
        (epub("<p>x</p>", declaration='<!DOCTYPE x [<!ENTITY e "boom">]>'), "declares an XML document type"),
        (
            epub("<p>x</p>", parts={"META-INF/encryption.xml": LOCKED}),
            "is encrypted; upload it without copy protection",
        ),
        (epub("<p>x</p>")[:-30], "The EPUB archive is damaged"),
        (epub("<p>" + "x" * 300_000_000), "would unpack to 286 MB"),
        (epub("<p>x</p>", metadata="<dc:title>"), "The EPUB file holds invalid XML"),
    ],
)
def test_other_content_is_refused_in_our_words(content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, "a.epub", content))
    assert sentence in error.value.sentence


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], max_codepoint=0xD7FF), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4))
def test_every_chapter_of_any_book_is_there_in_order(chapters: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.epub", epub(*(f"<p>{escape(text)}</p>" for text in chapters)))
        text = " ".join("".join(run(path, chunk_token_num=5).contents).split())
    position = 0
    for chapter in (" ".join(chapter.split()) for chapter in chapters):
        assert (position := text.find(chapter, position)) >= 0
