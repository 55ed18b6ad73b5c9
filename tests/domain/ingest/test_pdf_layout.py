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


def columns(count: int, rows: int = 6) -> list[list[PdfText]]:
    width = 500 / count
    return [
        [PdfText(f"Column {column} and row {row} go on", 60 + column * width, 600 - 14 * row, 9) for row in range(rows)]
        for column in range(count)
    ]


def column_text(count: int, rows: int = 6) -> str:
    return "".join(f"Column {column} and row {row} go on " for column in range(count) for row in range(rows))


def words(path: Path) -> list[str]:
    return "".join(text for _, _, text in read_blocks(path)).split()


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("order", ["row by row", "right to left", "left to right"])
def test_columns_are_read_from_left_to_right(count: int, order: str, tmp_path: Path) -> None:
    drawn = columns(count)
    texts = {
        "row by row": [text for row in zip(*drawn, strict=True) for text in row],
        "right to left": [text for column in reversed(drawn) for text in column],
        "left to right": [text for column in drawn for text in column],
    }[order]
    title = [PdfText("A title goes across all of the columns below it here", 60, 650, 16)]
    foot = [
        PdfText(
            "Some last words, and more than a few, go across all of the columns that stand above them",
            60,
            480,
            9,
        )
    ]
    path = save(tmp_path, "a.pdf", pdf([[*title, *texts, *foot]]))
    assert f"{title[0].text} {column_text(count)}{foot[0].text}".split() == words(path)
    [chunk] = run(path, "one").chunks
    lefts = sorted({round(position[1]) for position in chunk.positions})
    assert len(lefts) >= count - 1, chunk.positions


def test_word_broken_at_the_end_of_a_column_is_joined(tmp_path: Path) -> None:
    rows = [("This is the infor-", "Other words are here"), ("mation that we need", "and they go on for")] * 3
    texts = [
        PdfText(text, 60 + 250 * side, 600 - 14 * row, 9)
        for row, pair in enumerate(rows)
        for side, text in enumerate(pair)
    ]
    assert 3 == words(save(tmp_path, "a.pdf", pdf([texts]))).count("information")


def test_table_without_rules_keeps_its_rows(tmp_path: Path) -> None:
    rows = [
        ("Brest", "7.2", "2020"),
        ("Cork", "4.1", "2021"),
        ("Dover", "6.0", "2022"),
        ("Calais", "6.4", "2023"),
        ("Ostend", "4.5", "2024"),
    ]
    texts = [
        PdfText(text, 60 + 150 * side, 600 - 14 * row, 9)
        for row, cells in enumerate(rows)
        for side, text in enumerate(cells)
    ]
    assert [cell for row in rows for cell in row] == words(save(tmp_path, "a.pdf", pdf([texts])))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_lines_anywhere_keep_every_word_and_stay_on_the_page(data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, 20), st.sampled_from([60, 230, 400]))
    texts = [
        PdfText(data.draw(st.text("abcdefg ", min_size=1, max_size=24).filter(str.strip)), x, 700 - 20 * row, 9)
        for row, x in data.draw(st.lists(places, min_size=1, max_size=40, unique=True))
    ]
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.pdf", pdf([texts]))
        assert sorted("".join(text.text for text in texts).replace(" ", "")) == sorted(
            "".join(words(path)).replace("-", "")
        )
        for chunk in run(path).chunks:
            for page, x1, x2, y1, y2 in chunk.positions:
                assert (1, True, True) == (page, 0 <= x1 < x2 <= 612, 0 <= y1 < y2 <= 792)


def test_headings_are_told_by_size_and_weight(tmp_path: Path) -> None:
    body = ["Body text of the usual size goes on from here to there, so that", "it fills two lines of the page."]
    page = [
        *paragraph("The Title", size=22, top=740),
        *paragraph("Part", size=16, top=700),
        *paragraph(*body, size=10, top=670),
        *paragraph("Bold and no larger", size=10, top=630, bold=True),
        *paragraph(*body * 2, size=10, top=610),
    ]
    blocks = read_blocks(save(tmp_path, "a.pdf", pdf([page])))
    assert [("The Title", 1), ("Part", 2), ("Bold and no larger", 3)] == [
        (text.strip(), level) for kind, level, text in blocks if kind is Kind.HEADING
    ]
