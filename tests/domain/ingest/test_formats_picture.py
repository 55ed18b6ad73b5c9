"""Pictures and scanned pages, read by OCR."""

import io
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from knowflow_server.domain.ingest.errors import IngestError
from tests.domain.ingest.files import paragraph, pdf, run, save

LINES = ("The first line of words", "and a second line 2025", "A paragraph further down")


def drawn(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (900, 400)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(36)
    for line, top in zip(lines, (40, 90, 260), strict=False):
        pen.text((60, top), line, fill="black", font=font)
    return image


def stored(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "ending"),
    [("PNG", ".png"), ("JPEG", ".jpg"), ("TIFF", ".tif"), ("GIF", ".gif"), ("BMP", ".bmp"), ("WEBP", ".webp")],
)
def test_lines_become_paragraphs_with_their_places(form: str, ending: str, tmp_path: Path) -> None:
    result = run(save(tmp_path, f"a{ending}", stored(drawn(), form)), "one")
    assert result.contents == [f"{LINES[0]}\n{LINES[1]}\n\n{LINES[2]}\n\n"]
    ((page, left, right, top, bottom),) = result.chunks[0].positions
    assert (page, result.chunks[0].page_number) == (1, 1)
    scale = 0.72 if form == "BMP" and left < 50 else 1.0  # a BMP file always states a resolution
    assert left == pytest.approx(60 * scale, abs=8)
    assert top == pytest.approx(45 * scale, abs=12)
    assert bottom == pytest.approx(300 * scale, abs=16)
    assert right < 600


def test_reading_pictures_reports_nothing_to_anyone(tmp_path: Path) -> None:
    run(save(tmp_path, "a.png", stored(drawn(), "PNG")), "one")
    # Where it cannot be imported, it sends nothing.
    assert sys.modules["openvino_telemetry"] is None


def test_places_follow_the_stated_resolution(tmp_path: Path) -> None:
    result = run(save(tmp_path, "a.png", stored(drawn(), "PNG", dpi=(144, 144))), "one")
    assert result.chunks[0].positions[0][1] == pytest.approx(30, abs=4)


def test_pictures_of_a_tiff_file_are_its_pages(tmp_path: Path) -> None:
    pages = [drawn(("Page number one",)), drawn(("Page number two",))]
    content = stored(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    result = run(save(tmp_path, "a.tiff", content), chunk_token_num=3)
    assert [(chunk.content, chunk.page_number) for chunk in result.chunks] == [
        ("Page number one\n\n", 1),
        ("Page number two\n\n", 2),
    ]
    assert result.messages[:2] == ["Read picture 1 of 2.", "Read picture 2 of 2."]


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (5000, 3), (40, 1900)])
def test_picture_without_text_has_no_chunks(size: tuple[int, int], tmp_path: Path) -> None:
    assert run(save(tmp_path, "a.png", stored(Image.new("RGBA", size), "PNG"))).contents == []


def test_scanned_page_is_read_and_the_others_keep_their_text(tmp_path: Path) -> None:
    scan = stored(drawn(size=(1700, 2200)), "PDF", resolution=200)
    result = run(save(tmp_path, "a.pdf", scan), "one")
    assert result.contents == [f"{LINES[0]}\n{LINES[1]}\n\n{LINES[2]}\n\n"]
    ((page, left, _, top, _),) = result.chunks[0].positions
    assert page == 1
    assert left == pytest.approx(60 * 0.36, abs=4)
    assert top == pytest.approx(45 * 0.36, abs=6)
    assert "Pages without a text layer read by OCR: 1 of 1." in result.messages
    assert run(save(tmp_path, "b.pdf", pdf([paragraph("text")]))).messages == ["Read page 1 of 1.", "Made 1 chunk."]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.png", b"text", "is not a picture: its content looks like plain text"),
        ("a.png", b"", "The file is empty"),
        ("a.png", b"\x89PNG\r\n\x1a\n and nothing more", "The picture is damaged"),
        ("a.png", stored(drawn(), "PNG")[:600], "The picture is damaged"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVE", "The picture is damaged"),
        ("a.bmp", b"text", "The picture is damaged"),
        (
            "a.png",
            stored(Image.new("1", (9000, 9000)), "PNG"),
            "has 9000 x 9000 pixels, more than the limit of 50 mill",
        ),
    ],
)
def test_other_content_is_refused_in_our_words(name: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(IngestError) as error:
        run(save(tmp_path, name, content))
    assert sentence in error.value.sentence


def test_too_small_a_memory_limit_is_said(tmp_path: Path) -> None:
    path = save(tmp_path, "a.png", stored(drawn(), "PNG"))
    program = (
        "import resource, sys\nfrom pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n"
        "from knowflow_server.domain.ingest.errors import IngestError\n"
        "from knowflow_server.domain.ingest.pipeline import document_text\n"
        "try:\n    document_text(Path(sys.argv[1]), name='a.png', method='naive', config={})\n"
        "except IngestError as error:\n    print(error.sentence)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "Reading text off pictures needs a memory limit of 3584 MB for a parser; it has 2048 MB.\n"
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
