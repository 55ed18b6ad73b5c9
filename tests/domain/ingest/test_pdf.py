"""PDF: text, layout, positions and broken files."""

import gc
import io
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib import colors, pdfencrypt  # type: ignore[import-untyped]
from reportlab.lib.styles import getSampleStyleSheet  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table  # type: ignore[import-untyped]

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers.pdf import read
from knowflow_server.domain.ingest.readers.pdf_page import UnreadableError
from knowflow_server.domain.ingest.readers.pdf_plumber import PlumberDocument
from tests.domain.ingest.files import PdfPage, PdfText, archive, count_words, grid, paragraph, pdf, run, save

BODY = [
    "A line of body text that is as long as the column is wide, so that it",
    "goes on in the next line, which ends here.",
]


def read_blocks(path: Path, method: str = "smart", **config: object) -> list[Block]:
    items = read(Source(path, read_config(config), method))
    return [block for item in items if not isinstance(item, Progress) for block in item]


def kinds_and_texts(path: Path, method: str = "smart", **config: object) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in read_blocks(path, method, **config)]


def test_layout_headings_paragraphs_and_lists_are_told_apart(tmp_path: Path) -> None:
    page = [
        *paragraph("1 The title", size=20, top=740),
        *paragraph(*BODY, top=700),
        *paragraph("A bold heading", top=650, bold=True),
        *paragraph(*BODY, top=630),
        *paragraph("• first item", "• second item", top=580),
    ]
    assert kinds_and_texts(save(tmp_path, "a.pdf", pdf([page]))) == [
        (Kind.HEADING, "1 The title\n\n"),
        (Kind.PARAGRAPH, " ".join(BODY) + "\n\n"),
        (Kind.HEADING, "A bold heading\n\n"),
        (Kind.PARAGRAPH, " ".join(BODY) + "\n\n"),
        (Kind.LIST, "• first item\n• second item\n\n"),
    ]


def test_layout_heading_levels_follow_the_sizes(tmp_path: Path) -> None:
    page = [
        *paragraph("Part", size=24, top=740),
        *paragraph("Chapter", size=18, top=700),
        *paragraph("Section", size=14, top=660),
        *paragraph("Bold", top=630, bold=True),
        *paragraph(*BODY * 4, top=600),
    ]
    blocks = read_blocks(save(tmp_path, "a.pdf", pdf([page])))
    assert [block.level for block in blocks if block.kind is Kind.HEADING] == [1, 2, 3, 4]


def test_layout_word_broken_at_a_line_end_is_joined_and_a_compound_keeps_its_hyphen(tmp_path: Path) -> None:
    lines = [
        "The long line of this paragraph ends in the middle of the word infor-",
        "mation; here comes a compound broken at its own hyphen, state-of-",
        "the-art as they say. It has to be kept as it is and as it was.",
    ]
    [block] = read_blocks(save(tmp_path, "a.pdf", pdf([paragraph(*lines)])))
    assert "the word information; here" in block.text
    assert "state-of-the-art" in block.text


def test_layout_two_columns_are_read_one_after_the_other_and_located_apart(tmp_path: Path) -> None:
    left = paragraph("The left column has lines of", "this width, and it is read", "before the other column.")
    right = paragraph("The right column is read last", "and stands beside the first.", x=330)
    path = save(tmp_path, "a.pdf", pdf([left + right]))
    [chunk] = run(path, "one").chunks
    assert chunk.content == (
        "The left column has lines of this width, and it is read before the other column.\n\n"
        "The right column is read last and stands beside the first.\n\n"
    )
    assert [round(position[1] / 100) for position in chunk.positions] == [1, 3]


def test_plain_text_layout_has_neither_headings_nor_tables(tmp_path: Path) -> None:
    page = PdfPage(
        [
            *paragraph("Title", size=20, top=740),
            *paragraph(*BODY),
            PdfText("a", 80, 605),
            PdfText("b", 180, 605),
            PdfText("c", 80, 575),
        ],
        drawing=grid([72, 172, 272], [560, 590, 620]),
    )
    path = save(tmp_path, "a.pdf", pdf([page]))
    assert {block.kind for block in read_blocks(path)} == {Kind.HEADING, Kind.PARAGRAPH, Kind.TABLE}
    assert {block.kind for block in read_blocks(path, layout_recognize="Plain Text")} == {Kind.PARAGRAPH}


def test_table_ruled_cells_become_rows_in_their_place(tmp_path: Path) -> None:
    cells = [("Name", 80, 605), ("Price|EUR", 180, 605), ("Tea", 80, 575), ("green", 80, 563), ("2", 180, 575)]
    page = PdfPage(
        [
            *paragraph("Text before the table."),
            *[PdfText(text, x, y, 10) for text, x, y in cells],
            *paragraph("Text after the table.", top=500),
        ],
        drawing=grid([72, 172, 272], [555, 590, 620]),
    )
    path = save(tmp_path, "a.pdf", pdf([page]))
    blocks = read_blocks(path)
    assert [(block.kind, block.text) for block in blocks] == [
        (Kind.PARAGRAPH, "Text before the table.\n\n"),
        (Kind.TABLE, "| Name | Price\\|EUR |\n| --- | --- |\n| Tea green | 2 |\n\n"),
        (Kind.PARAGRAPH, "Text after the table.\n\n"),
    ]
    chunk = run(path).chunks[1]
    assert chunk.positions == ((1.0, 72.0, 272.0, 172.0, 237.0),)


def test_table_made_by_a_report_library_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    rows = [[f"row {row} cell {column}" for column in range(4)] for row in range(30)]
    table = Table(rows, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    text = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(str(path)).build([Paragraph("Before", text), table, Paragraph("After", text)])
    blocks = read_blocks(path)
    tables = [block.text for block in blocks if block.kind is Kind.TABLE]
    lines = [line for text in tables for line in text.splitlines() if "row" in line and "row 0" not in line]
    assert lines == ["| " + " | ".join(row) + " |" for row in rows[1:]]
    assert [block.text for block in blocks if block.kind is not Kind.TABLE] == ["Before\n\n", "After\n\n"]


def test_table_text_beside_it_and_words_broken_in_cells_stay_whole(tmp_path: Path) -> None:
    left = [
        PdfText("infor-", 80, 605, 10),
        PdfText("mation", 80, 594, 10),
        PdfText("b", 180, 605),
        PdfText("c", 80, 575),
    ]
    row = [PdfText("beside", 300, 575), PdfText("d", 400, 575), PdfText("e", 480, 575), PdfText("f", 400, 605)]
    drawing = grid([72, 172, 272], [560, 590, 620]) + "\n" + grid([390, 470, 550], [560, 590, 620])
    path = save(tmp_path, "a.pdf", pdf([PdfPage([*left, *row], drawing)]))
    assert sorted(kinds_and_texts(path)) == [
        (Kind.PARAGRAPH, "beside\n\n"),
        (Kind.TABLE, "| f |  |\n| --- | --- |\n| d | e |\n\n"),
        (Kind.TABLE, "| information | b |\n| --- | --- |\n| c |  |\n\n"),
    ]


def test_table_partly_outside_the_page_keeps_its_text(tmp_path: Path) -> None:
    cells = [PdfText(text, x, y) for text, x, y in [("a", 80, -20), ("b", 180, -20), ("c", 80, 15), ("d", 180, 15)]]
    page = PdfPage(cells, grid([72, 172, 272], [-30, 0, 40]))
    [chunk] = run(save(tmp_path, "a.pdf", pdf([page]))).chunks
    assert sorted(chunk.content.replace("|", " ").replace("-", " ").split()) == ["a", "b", "c", "d"]


def test_table_frame_around_text_is_no_table(tmp_path: Path) -> None:
    page = PdfPage(paragraph(*BODY), drawing="60 650 480 80 re S")
    assert kinds_and_texts(save(tmp_path, "a.pdf", pdf([page]))) == [(Kind.PARAGRAPH, " ".join(BODY) + "\n\n")]


def test_outline_decides_the_sections_of_the_manual_method(tmp_path: Path) -> None:
    first = [
        *paragraph("1. Introduction", top=740),
        *paragraph("Big but no section", size=20, top=700),
        *paragraph("text a", top=650),
    ]
    second = [*paragraph("text b", top=740), *paragraph("2. Use", top=700), *paragraph("text c", top=650)]
    path = save(tmp_path, "a.pdf", pdf([first, second], outline=[("Introduction", 0), ("Use", 1)]))
    assert run(path, "manual").contents == [
        "1. Introduction\n\nBig but no section\n\ntext a\n\ntext b\n\n",
        "2. Use\n\ntext c\n\n",
    ]
    without = save(tmp_path, "b.pdf", pdf([first, second]))
    assert run(without, "manual").contents == [
        "1. Introduction\n\n",
        "Big but no section\n\ntext a\n\ntext b\n\n2. Use\n\ntext c\n\n",
    ]


@pytest.mark.parametrize(("rotate", "x", "y"), [(0, 50, 300), (90, 300, 150), (180, 150, 100), (270, 100, 50)])
def test_positions_are_those_of_the_page_as_shown(rotate: int, x: int, y: int, tmp_path: Path) -> None:
    # A page of 400 by 200 points cut out of a larger one; the text begins 50 points from its left and its bottom.
    size = 10
    page = PdfPage([PdfText("Here", 150, 150, size)], width=600, height=500, crop=(100, 100, 500, 300), rotate=rotate)
    [chunk] = run(save(tmp_path, "a.pdf", pdf([page]))).chunks
    [(number, x1, x2, y1, y2)] = chunk.positions
    assert (number, chunk.page_number) == (1.0, 1)
    corners = {0: (x1, y2), 90: (x1, y1), 180: (x2, y1), 270: (x2, y2)}
    expected = {0: (50, 150), 90: (50, 50), 180: (350, 50), 270: (150, 350)}
    assert corners[rotate] == pytest.approx(expected[rotate], abs=1.5)


def test_positions_chunk_over_pages_has_one_box_per_page(tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([paragraph("first page"), paragraph("second page"), paragraph("third page")]))
    first, second = run(path, chunk_token_num=4).chunks
    assert [position[0] for position in first.positions] == [1.0, 2.0]
    assert [position[0] for position in second.positions] == [3.0]
    assert (first.page_number, second.page_number) == (1, 3)


coordinates = st.floats(-100, 900, allow_nan=False).map(lambda value: round(value, 2))
lines = st.builds(
    PdfText,
    st.text("abcXYZ0 .-•é", min_size=1, max_size=30),
    coordinates,
    coordinates,
    st.sampled_from([4, 10, 12, 30]),
)
pages = st.builds(
    PdfPage,
    st.lists(lines, max_size=6),
    st.sampled_from(["", grid([72, 172, 272], [555, 590, 620])]),
    st.sampled_from([612, 595.28, 200]),
    st.sampled_from([792, 841.89, 200.55]),
    st.sampled_from([0, 90, 180, 270]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(pages, min_size=1, max_size=3), st.sampled_from(["naive", "smart", "manual", "one"]), st.integers(1, 20)
)
def test_any_pages_are_lossless_and_positions_are_inside_the_page(
    document: list[PdfPage], method: str, limit: int
) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder), "a.pdf", pdf(document))
        try:
            result = run(path, method, chunk_token_num=limit)
        except IngestError as error:
            assert "no text layer" in error.sentence
            return
    for chunk in result.chunks:
        for number, x1, x2, y1, y2 in chunk.positions:
            page = document[int(number) - 1]
            width, height = (page.height, page.width) if page.rotate % 180 else (page.width, page.height)
            assert 0 <= x1 <= x2 <= width
            assert 0 <= y1 <= y2 <= height
    numbers = [chunk.page_number for chunk in result.chunks]
    assert numbers == sorted(numbers)


def test_progress_is_reported_per_task_page_size(tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([paragraph(f"page {number}") for number in range(1, 6)]))
    result = run(path, task_page_size=2)
    assert result.messages == ["Read pages 1-2 of 5.", "Read pages 3-4 of 5.", "Read page 5 of 5.", "Made 1 chunk."]
    assert [progress.fraction for progress in result.progress] == [0.4, 0.8, 1.0, 1.0]


def test_pages_restrict_what_is_read(tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([paragraph(f"page {number}") for number in range(1, 8)]))
    result = run(path, "one", pages=[[6, 99], [2, 3], [3, 3]])
    assert result.contents == ["page 2\n\npage 3\n\npage 6\n\npage 7\n\n"]
    assert result.messages[0] == "Read pages 2-7 of 7."
    with pytest.raises(IngestError, match="leave none of them"):
        run(path, pages=[[8, 9]])


@pytest.mark.parametrize("service", ["mineru", "MinerU", "dots"])
def test_layout_service_that_is_not_there_is_said_and_replaced(service: str, tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([paragraph("text")]))
    messages = run(path, layout_recognize=service).messages
    assert messages[0] == f"No {service} service is configured; the built-in layout reader serves."
    assert len(run(path, layout_recognize="DeepDOC").messages) == len(messages) - 1


def test_pages_without_text_layer_are_counted_and_blank_pages_are_not(tmp_path: Path) -> None:
    picture = PdfPage(drawing="100 100 300 300 re f")
    path = save(tmp_path, "a.pdf", pdf([paragraph("text"), picture, PdfPage(), picture]))
    expected = "Pages without a text layer left out: 2 of 4. OCR finds no text on them."
    assert expected in run(path).messages


def test_pdf_without_any_text_layer_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([PdfPage(drawing="100 100 300 300 re f")] * 2))
    with pytest.raises(IngestError, match="no text layer on any page. OCR finds no text either"):
        run(path)


def test_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=pdfencrypt.StandardEncryption("secret"))
    canvas.drawString(72, 700, "hidden")
    canvas.save()
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, "a.pdf", buffer.getvalue()))
    assert error.value.sentence == "The PDF is encrypted; upload it without a password."


def test_pdf_protected_against_printing_only_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=pdfencrypt.StandardEncryption("", ownerPassword="owner", canPrint=0))
    canvas.drawString(72, 700, "visible")
    canvas.save()
    assert run(save(tmp_path, "a.pdf", buffer.getvalue())).contents == ["visible\n\n"]


@pytest.mark.parametrize("keep", [9, 200, 700])
def test_truncated_pdf_is_refused_in_our_words(keep: int, tmp_path: Path) -> None:
    path = save(tmp_path, "a.pdf", pdf([paragraph("text")])[:keep])
    with pytest.raises(IngestError) as error:
        run(path)
    assert error.value.sentence == "The PDF is damaged and cannot be opened."


def test_pdf_without_its_last_lines_is_repaired(tmp_path: Path) -> None:
    whole = pdf([paragraph("text")])
    path = save(tmp_path, "a.pdf", whole[: whole.rindex(b"startxref")])
    assert run(path).contents == ["text\n\n"]


def test_pdf_no_engine_can_read_is_closed(tmp_path: Path) -> None:
    # The second engine fails only at its pages, after it has opened the file.
    whole = pdf([paragraph("text")])
    path = save(tmp_path, "a.pdf", re.sub(rb"/MediaBox\[[^\]]*\]", b"/MediaBox[/a/b/c/d]", whole))
    with pytest.raises(UnreadableError):
        PlumberDocument(path)
    # A file that is left open warns when it is collected, and warnings are errors.
    gc.collect()


def test_pdf_only_the_second_engine_can_open_is_read(tmp_path: Path) -> None:
    broken = pdf([paragraph("Second engine", *BODY)]).replace(b"/Root 1 0 R", b"/Root 9 0 R")
    result = run(save(tmp_path, "a.pdf", broken))
    assert result.contents == ["Second engine\n" + " ".join(BODY) + "\n\n"]
    assert result.messages[0] == "The PDF is damaged and is read with the second, slower reader."
    [(number, x1, _, y1, _)] = result.chunks[0].positions
    assert (number, round(x1)) == (1.0, 72)
    assert y1 == pytest.approx(92, abs=12)


def test_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"The file is empty \(0 bytes\)"):
        run(save(tmp_path, "a.pdf", b""))


def test_other_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"ends in \.pdf but is not a PDF: its content looks like a ZIP archive"):
        run(save(tmp_path, "a.pdf", archive({"a": "b"})))


def test_characters_beyond_the_basic_plane_and_wrong_ones_come_out_whole(tmp_path: Path) -> None:
    codes = b"<41> <D83DDE00> <42> <00660069> <43> <D83D> <44> <0000>"
    font = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
    font += b"endcodespacerange 4 beginbfchar " + codes + b" endbfchar endcmap end end"
    stream = b"99 0 obj\n<</Length %d>>stream\n%s\nendstream\nendobj\n" % (len(font), font)
    plain = b"/Encoding/WinAnsiEncoding>>\nendobj\n4 0"
    mapped = b"/Encoding/WinAnsiEncoding/ToUnicode 99 0 R>>\nendobj\n" + stream + b"4 0"
    data = pdf([[PdfText("xAyBzCwD.")]]).replace(plain, mapped)
    [content] = run(save(tmp_path, "a.pdf", data)).contents
    assert content.encode("utf-8").decode("utf-8") == content
    assert content.startswith("x\U0001f600yfiz")


MEASURE = """
import resource, sys
from pathlib import Path
from tests.domain.ingest.files import count_words
from knowflow_server.domain.ingest.pipeline import ingest

def ingested(**config):
    items = ingest(Path(sys.argv[1]), name="a.pdf", method="naive", config=config, count_tokens=count_words)
    chunks = sum(len(item) for item in items if isinstance(item, list))
    return chunks, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

_, before = ingested(pages=[[1, 20]])
chunks, after = ingested()
print(chunks, after - before)
"""


def test_two_thousand_pages_need_hardly_more_memory_than_twenty(tmp_path: Path) -> None:
    page = [text for index in range(4) for text in paragraph(*BODY, top=700 - 100 * index)]
    path = save(tmp_path, "a.pdf", pdf([page] * 2000))
    command = [sys.executable, "-c", MEASURE, str(path)]
    done = subprocess.run(command, check=False, env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    chunks, megabytes = map(int, done.stdout.split())
    per_chunk = 512 // count_words([" ".join(BODY)])[0]
    assert chunks == -(-2000 * 4 // per_chunk)
    assert megabytes < 40
