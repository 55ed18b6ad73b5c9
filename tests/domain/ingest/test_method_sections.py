"""The laws, book and paper methods on small documents, with chunks written by hand. A token is a word here."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowflow_server.domain.ingest.blocks import Block, Kind
from knowflow_server.domain.ingest.chunkers.methods import CHUNKERS
from knowflow_server.domain.ingest.config import read_config
from tests.domain.ingest.files import Result, count_words, paragraph, pdf, run, save


def labelled(result: Result) -> list[tuple[str, tuple[str, ...]]]:
    return [(chunk.content, chunk.headings) for chunk in result.chunks]


LAW = """\
Data Act

Adopted on 1 May.

PART I General
Chapter 1 Scope
Article 1 Aim
This act is about data.
Section 5 of the old act ends.
Article 2. In this act, data means bytes.
Chapter 2 Duties

Article 3
(1) Keep data safe.
(2) Delete it.
Chapter 3
"""


def test_laws_each_article_is_a_chunk_with_its_chain_of_headings(tmp_path: Path) -> None:
    first, second = (
        ("Data Act", "PART I General", "Chapter 1 Scope"),
        ("Data Act", "PART I General", "Chapter 2 Duties"),
    )
    assert labelled(run(save(tmp_path, "a.txt", LAW), "laws")) == [
        ("Data Act\n\nAdopted on 1 May.\n\n", ("Data Act",)),
        (
            "PART I General\nChapter 1 Scope\nArticle 1 Aim\nThis act is about data.\nSection 5 of the old act ends.\n",
            (*first, "Article 1 Aim"),
        ),
        ("Article 2. In this act, data means bytes.\n", (*first, "Article 2")),
        ("Chapter 2 Duties\n\nArticle 3\n(1) Keep data safe.\n(2) Delete it.\n", (*second, "Article 3")),
        ("Chapter 3\n", ("Data Act", "PART I General", "Chapter 3")),
    ]


def test_laws_chinese_articles_with_their_text_on_the_line(tmp_path: Path) -> None:
    text = "数据法\n第一章 总则\n第一条 为了保护数据，制定本法。\n第二条 本法适用于数据。\n"
    text += "第二章 附则\n第三条 本法自公布之日起施行。\n"
    assert labelled(run(save(tmp_path, "a.txt", text), "laws")) == [
        ("数据法\n第一章 总则\n第一条 为了保护数据，制定本法。\n", ("数据法", "第一章 总则", "第一条")),
        ("第二条 本法适用于数据。\n", ("数据法", "第一章 总则", "第二条")),
        ("第二章 附则\n第三条 本法自公布之日起施行。\n", ("数据法", "第二章 附则", "第三条")),
    ]


def test_laws_decimal_clauses_and_headings_of_markdown(tmp_path: Path) -> None:
    text = "# Lease\n\n## 1 Rent\n\n1.1 The rent is due monthly.\n\n1.2 It may rise.\n\n## 2 Repairs\n\nNone.\n"
    assert labelled(run(save(tmp_path, "a.md", text), "laws")) == [
        ("# Lease\n\n## 1 Rent\n\n1.1 The rent is due monthly.\n\n", ("Lease", "1 Rent", "1.1")),
        ("1.2 It may rise.\n\n", ("Lease", "1 Rent", "1.2")),
        ("## 2 Repairs\n\nNone.\n", ("Lease", "2 Repairs")),
    ]


def test_laws_article_above_the_limit_is_cut_and_each_part_has_the_headings(tmp_path: Path) -> None:
    text = "Article 1\nOne two three. Four five six. Seven eight.\nArticle 2\nNine.\n"
    assert labelled(run(save(tmp_path, "a.txt", text), "laws", chunk_token_num=5)) == [
        ("Article 1\nOne two three. ", ("Article 1",)),
        ("Four five six. Seven eight.\n", ("Article 1",)),
        ("Article 2\nNine.\n", ("Article 2",)),
    ]


BOOK = """\
The Sea

Contents

Chapter 1 Boats ........ 1
1.1 Hulls ... 2
Chapter 2 Fish 5

Chapter 1 Boats

Boats float.

1.1 Hulls

Of wood.

1.2 Sails

Of cloth.

Chapter 2 Fish

Fish swim.
"""
CONTENTS = "Contents\n\nChapter 1 Boats ........ 1\n1.1 Hulls ... 2\nChapter 2 Fish 5\n\n"


def test_book_sections_are_packed_but_never_across_chapters_and_contents_stand_apart(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", BOOK), "book")
    assert labelled(result) == [
        ("The Sea\n\n", ()),
        (CONTENTS, ("Contents",)),
        (
            "Chapter 1 Boats\n\nBoats float.\n\n1.1 Hulls\n\nOf wood.\n\n1.2 Sails\n\nOf cloth.\n\n",
            ("Chapter 1 Boats",),
        ),
        ("Chapter 2 Fish\n\nFish swim.\n", ("Chapter 2 Fish",)),
    ]


def test_book_section_that_does_not_fit_begins_a_chunk(tmp_path: Path) -> None:
    assert run(save(tmp_path, "a.txt", BOOK), "book", chunk_token_num=12).contents[-3:] == [
        "Chapter 1 Boats\n\nBoats float.\n\n1.1 Hulls\n\nOf wood.\n\n",
        "1.2 Sails\n\nOf cloth.\n\n",
        "Chapter 2 Fish\n\nFish swim.\n",
    ]


def test_book_markdown_headings_with_linked_contents(tmp_path: Path) -> None:
    text = "# Sea\n\n## Contents\n\n- [Boats](#boats)\n- [Fish](#fish)\n\n"
    text += "## Boats\n\nFloat.\n\n### Hull\n\nWood.\n\n## Fish\n\nSwim.\n"
    assert labelled(run(save(tmp_path, "a.md", text), "book")) == [
        ("# Sea\n\n", ("Sea",)),
        ("## Contents\n\n- [Boats](#boats)\n- [Fish](#fish)\n\n", ("Sea", "Contents")),
        ("## Boats\n\nFloat.\n\n### Hull\n\nWood.\n\n", ("Sea", "Boats")),
        ("## Fish\n\nSwim.\n", ("Sea", "Fish")),
    ]


def test_book_without_structure_is_served_by_naive_with_256_tokens(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", "word\n" * 600), "book")
    assert [chunk.token_count for chunk in result.chunks] == [256, 256, 88]
    assert result.messages[-2] == (
        "The method book expects headings or numbered chapters; the file has none and is served by naive."
    )
    assert [
        chunk.token_count for chunk in run(save(tmp_path, "b.txt", "a\n" * 9), "book", chunk_token_num=5).chunks
    ] == [5, 4]


PAPER = """\
Chunks at Scale

Ann Lee, Bo Cai
University of Bonn

Abstract—We cut texts.
They stay whole.

1 Introduction
Texts are long.
1.1 Related Work
Others cut them too.
2 Method
We cut them better.

References
[1] A. Lee. Cutting. 2020.
2 Cai. More cuts
"""


def test_paper_abstract_sections_and_references_stand_apart(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", PAPER), "paper")
    assert labelled(result) == [
        ("Chunks at Scale\n\nAnn Lee, Bo Cai\nUniversity of Bonn\n\n", ()),
        ("Abstract—We cut texts.\nThey stay whole.\n\n", ("Abstract",)),
        ("1 Introduction\nTexts are long.\n1.1 Related Work\nOthers cut them too.\n", ("1 Introduction",)),
        ("2 Method\nWe cut them better.\n\n", ("2 Method",)),
        ("References\n[1] A. Lee. Cutting. 2020.\n2 Cai. More cuts\n", ("References",)),
    ]
    assert [chunk.keywords for chunk in result.chunks] == [(), ("abstract", "summary"), (), (), ()]


def test_paper_pdf_and_markdown_headings(tmp_path: Path) -> None:
    markdown = "# Chunks\n\nAnn Lee\n\n## Abstract\n\nWe cut.\n\n"
    markdown += "## Method\n\nKnife.\n\n### Detail\n\nSharp.\n\n## References\n\n1. Lee\n"
    result = run(save(tmp_path, "a.md", markdown), "paper")
    assert labelled(result) == [
        ("# Chunks\n\nAnn Lee\n\n", ("Chunks",)),
        ("## Abstract\n\nWe cut.\n\n", ("Chunks", "Abstract")),
        ("## Method\n\nKnife.\n\n### Detail\n\nSharp.\n\n", ("Chunks", "Method")),
        ("## References\n\n1. Lee\n", ("Chunks", "References")),
    ]
    page = paragraph("Chunks at Scale", size=20) + paragraph("Ann Lee", top=660)
    page += paragraph("Abstract", top=620, size=14, bold=True) + paragraph("We cut texts. " * 5, "And more.", top=600)
    page += paragraph("1 Introduction", top=540, size=14, bold=True) + paragraph(
        "Texts are long. " * 5, "Yes.", top=520
    )
    chunks = run(save(tmp_path, "a.pdf", pdf([page])), "paper").chunks
    assert [chunk.headings[-1:] for chunk in chunks][-2:] == [("Abstract",), ("1 Introduction",)]
    assert [chunk.keywords for chunk in chunks][-2:] == [("abstract", "summary"), ()]
    assert all(chunk.positions for chunk in chunks)


@pytest.mark.parametrize(
    ("method", "needs"),
    [("laws", "headings or numbered articles"), ("paper", "an abstract, or sections and references")],
)
def test_sections_of_plain_prose_are_served_by_naive_with_a_message(method: str, needs: str, tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", "One.\n\nIn Section 5 of it.\nTwo.\n"), method, chunk_token_num=6)
    assert result.contents == ["One.\n\nIn Section 5 of it.\n", "Two.\n"]
    assert result.messages[-2] == f"The method {method} expects {needs}; the file has none and is served by naive."


LINES = [
    *LAW.splitlines(keepends=True), *BOOK.splitlines(keepends=True), *PAPER.splitlines(keepends=True), "\n", " ",
    "第一章 总则\n", "第一条 为了保护数据，制定本法。\n", "I. GENERAL\n", "A. Detail\n", "（一）甲。\n", "一、总则\n",
    "From: a\nTo: b\n\n", "Attachment: x\n\n", "§ 12 Duties\n", "| a | b |\n| --- | --- |\n| c | d |\n",
]  # fmt: skip
texts = st.lists(st.sampled_from(LINES), max_size=8).map("".join)
blocks = st.lists(st.builds(Block, st.sampled_from(list(Kind)), texts, st.integers(0, 6)), max_size=12)
methods = st.sampled_from(["book", "email", "laws", "paper", "picture", "presentation"])


@settings(max_examples=200, deadline=None)
@given(blocks, methods, st.integers(1, 30), st.integers(1, 5))
def test_sections_any_blocks_lose_nothing_and_keep_order_and_limit(
    document: list[Block], method: str, limit: int, step: int
) -> None:
    config = read_config({"chunk_token_num": limit})
    chunker, other = CHUNKERS[method](config, count_words), CHUNKERS[method](config, count_words)
    contents = [*chunker.feed(document), *chunker.finish()]
    text = "".join(block.text for block in document)
    assert "".join(content.text for content in contents) == (text if text.strip() else "")
    assert [content.tokens for content in contents] == count_words([content.text for content in contents])
    assert all(content.text.strip() and content.tokens <= limit for content in contents)
    parts = [document[start : start + step] for start in range(0, len(document), step)]
    assert [content for part in parts for content in other.feed(part)] + other.finish() == contents


def test_laws_long_text_keeps_the_chapter_of_every_article(tmp_path: Path) -> None:
    articles = [f"Article {n}\nText of it.\n" for n in range(1, 2001)]
    text = "".join(("" if n % 10 else f"Chapter {n // 10 + 1}\n") + article for n, article in enumerate(articles))
    result = run(save(tmp_path, "a.txt", text), "laws")
    assert [chunk.headings for chunk in result.chunks] == [
        (f"Chapter {n // 10 + 1}", f"Article {n + 1}") for n in range(2000)
    ]
