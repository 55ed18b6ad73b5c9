"""The built-in layout of PDFs: running lines, captions, columns, headings; expected blocks are written by hand."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from knowflow_server.domain.ingest.blocks import Kind
from tests.domain.ingest.files import PdfText, paragraph, pdf, read_blocks, run, save

SUBJECTS = ["tides", "bread", "glaciers", "bridges", "volcanoes", "bees"]


def book(*, header: str = "Journal of Tides", pages: int = 6, left: str | None = None) -> bytes:
    """Pages with a running header (another one on left pages where given), a page number, and a text of their own."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, 800, left if left and page % 2 == 0 else header)
        canvas.drawCentredString(297, 30, f"- {page + 10} -")
        canvas.setFont("Helvetica", 11)
        canvas.drawString(72, 700, f"This page is all about {SUBJECTS[(page - 1) % 6]} and goes on for a while.")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def bodies(pages: int = 6) -> list[str]:
    return [f"This page is all about {SUBJECTS[page % 6]} and goes on for a while.\n\n" for page in range(pages)]


@pytest.mark.parametrize("left", [None, "Part one"])
def test_running_headers_and_page_numbers_are_left_out(left: str | None, tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", book(left=left))
    assert bodies() == [text for _, _, text in read_blocks(path)]
    expected = "Running headers, footers and page numbers left out on 6 of 6 pages."
    assert expected in run(path).messages


def test_running_lines_of_a_long_document_are_found_in_a_sample(tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", book(left="Part one", pages=60))
    assert bodies(60) == [text for _, _, text in read_blocks(path)]


def test_running_lines_stay_in_plain_text(tmp_path: Path) -> None:
    blocks = read_blocks(save(tmp_path, "a.pdf", book()), layout_recognize="Plain Text")
    assert 6 == sum("Journal of Tides" in text for _, _, text in blocks)


def test_text_that_differs_from_page_to_page_is_not_running(tmp_path: Path) -> None:
    pages = [
        [PdfText(f"Invoice {number}", 72, 770), PdfText(f"The customer owes us {index} crowns.", 72, 400)]
        for index, number in enumerate((4711, 815, 90210, 1234))
    ]
    texts = "".join(text for _, _, text in read_blocks(save(tmp_path, "a.pdf", pdf(pages))))
    assert [True] * 4 == [f"Invoice {number}" in texts for number in (4711, 815, 90210, 1234)]


def test_headings_at_the_top_are_not_running(tmp_path: Path) -> None:
    pages = [
        [*paragraph(f"Chapter {number}", size=20, top=750), *paragraph("Some body text stands here.", top=500)]
        for number in range(1, 6)
    ]
    blocks = read_blocks(save(tmp_path, "a.pdf", pdf(pages)))
    assert [f"Chapter {number}\n\n" for number in range(1, 6)] == [
        text for kind, _, text in blocks if kind is Kind.HEADING
    ]


def test_page_of_nothing_but_running_lines_keeps_them(tmp_path: Path) -> None:
    pages = [[PdfText(f"Page {number}", 72, 770)] for number in range(1, 6)]
    assert 5 == len(read_blocks(save(tmp_path, "a.pdf", pdf(pages))))


def test_two_pages_are_too_few_to_tell(tmp_path: Path) -> None:
    texts = "".join(text for _, _, text in read_blocks(save(tmp_path, "a.pdf", book(pages=2))))
    assert 2 == texts.count("Journal of Tides")


@settings(max_examples=30, deadline=None)
@given(
    header=st.text("abcdefgh ", min_size=3, max_size=30).map(str.strip).filter(lambda text: len(text) > 2),
    pages=st.integers(3, 20),
)
def test_any_book_keeps_everything_but_its_running_lines(header: str, pages: int) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.pdf", book(header=header, pages=pages))
        result = run(path, "one")
        assert "".join(bodies(pages)) == "".join(result.contents)
        for chunk in result.chunks:
            for page, x1, x2, y1, y2 in chunk.positions:
                assert (True, True, True) == (1 <= page <= pages, 0 <= x1 < x2 <= A4[0], 0 <= y1 < y2 <= A4[1])
