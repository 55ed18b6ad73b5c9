"""The presentation, picture, email and tag methods on small documents. A token is a word here."""

from pathlib import Path

import pytest

from tests.domain.ingest.files import paragraph, pdf, run, save


@pytest.mark.parametrize("method", ["presentation", "picture"])
def test_pages_each_page_is_a_chunk_whatever_its_size(method: str, tmp_path: Path) -> None:
    pages = [paragraph("First slide", "one two three"), [], paragraph("Second slide", "four five")]
    result = run(save(tmp_path, "a.pdf", pdf(pages)), method, chunk_token_num=2)
    assert [(chunk.content.split(), chunk.page_number) for chunk in result.chunks] == [
        (["First", "slide", "one", "two", "three"], 1),
        (["Second", "slide", "four", "five"], 3),
    ]


@pytest.mark.parametrize(("method", "needs"), [("presentation", "slides or pages"), ("picture", "pages")])
def test_pages_document_without_pages_is_served_by_naive(method: str, needs: str, tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", "one\ntwo\n"), method, chunk_token_num=1)
    assert result.contents == ["one\n", "two\n"]
    assert result.messages[-2] == f"The method {method} expects {needs}; the file has none and is served by naive."


MAIL = """\
From: Ann <ann@example.org>
To: Bo <bo@example.org>
Subject: Our plan
X-Note: with a
  second line

Dear Bo,
we go.

Ann
"""


def test_email_header_is_a_chunk_and_the_body_is_cut_as_naive(tmp_path: Path) -> None:
    head, body = MAIL.split("\n\n", 1)
    result = run(save(tmp_path, "a.txt", MAIL), "email", chunk_token_num=20)
    assert result.contents == [head + "\n\n", body]
    assert [chunk.headings for chunk in result.chunks] == [("Our plan",)] * 2
    small = run(save(tmp_path, "a.txt", MAIL), "email", chunk_token_num=4).contents
    assert small[-2:] == ["Dear Bo,\nwe go.\n\n", "Ann\n"]


def test_email_file_with_attachment(tmp_path: Path) -> None:
    lines = ["Subject: Our plan", "From: ann@example.org", "MIME-Version: 1.0"]
    lines += ['Content-Type: multipart/mixed; boundary="x"', "", "--x", "Content-Type: text/plain", "", "We go.", "--x"]
    lines += ['Content-Type: text/plain; name="a.txt"', 'Content-Disposition: attachment; filename="a.txt"', ""]
    lines += ["The list.", "--x--", ""]
    result = run(save(tmp_path, "a.eml", "\r\n".join(lines)), "email")
    assert [content.split() for content in result.contents] == [
        ["Our", "plan", "From:", "ann@example.org"],
        ["We", "go."],
        ["Attachment:", "a.txt", "The", "list."],
    ]
    assert [chunk.headings for chunk in result.chunks] == [("Our plan",)] * 3


def test_email_other_text_is_served_by_naive(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", "From: here\nit goes on\n"), "email")
    assert result.messages[-2] == (
        "The method email expects the header of a message at its beginning; the file has none and is served by naive."
    )


def test_tag_description_is_the_content_and_tags_are_keywords(tmp_path: Path) -> None:
    text = (
        'Description,Tags\n"A red, round fruit","apple, fruit,apple"\nMore words\nA long fruit,banana，yellow\nTail\n'
    )
    result = run(save(tmp_path, "a.csv", text), "tag", chunk_token_num=1)
    assert [(chunk.content, chunk.keywords) for chunk in result.chunks] == [
        ("A red, round fruit", ("apple", "fruit")),
        ("More words\nA long fruit", ("banana", "yellow")),
        ("Tail", ()),
    ]
    tabs = run(save(tmp_path, "a.txt", "A red fruit\tapple\nA long one\tbanana; yellow\n"), "tag")
    assert [(chunk.content, chunk.keywords) for chunk in tabs.chunks] == [
        ("A red fruit", ("apple",)),
        ("A long one", ("banana", "yellow")),
    ]


def test_tag_prose_is_served_by_naive(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.txt", "One sentence.\nAnother one.\n"), "tag")
    assert result.messages[-2] == (
        "The method tag expects rows of a description and its tags; the file has none and is served by naive."
    )
