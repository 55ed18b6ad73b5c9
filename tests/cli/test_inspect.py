"""`knowflow inspect`: the list, the pictures, and its errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.domain.ingest.files import paragraph, pdf, save


def inspect(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOWFLOW_")}
    command = [sys.executable, "-m", "knowflow_server", "inspect", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=120
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def two_pages(folder: Path) -> Path:
    pages = [paragraph("The moon pulls the sea.", top=700), paragraph("Yeast makes dough rise.", top=300)]
    return save(folder, "a.pdf", pdf(pages))


def coloured(path: Path) -> tuple[float, float, float, float] | None:
    """The box of what is neither black, grey nor white, in points, as x1, x2, y1, y2."""
    with Image.open(path) as image:
        hue = image.convert("HSV").getchannel("S").point(lambda value: 255 * (value > 120))
        box = hue.getbbox()
        scale = 612 / image.width
    return None if box is None else (box[0] * scale, box[2] * scale, box[1] * scale, box[3] * scale)


def test_inspect_lists_chunks_and_draws_them_where_they_stand(tmp_path: Path) -> None:
    two_pages(tmp_path)
    done = inspect(tmp_path, "a.pdf", "--method", "presentation", "--out", "shown")
    assert (0, ["page-1.png", "page-2.png"]) == (done.returncode, names(tmp_path / "shown")), done.stderr
    lines = done.stdout.splitlines()
    assert "    1  page 1           6 tokens  The moon pulls the sea." == lines[0]
    assert "    2  page 2           5 tokens  Yeast makes dough rise." == lines[1]
    assert "2 chunks, 11 tokens." == lines[2]
    # Text at x 72, with its foot 700 and 300 points above the page's foot; the number stands left of it.
    for page, foot in ((1, 792 - 700), (2, 792 - 300)):
        found = coloured(tmp_path / "shown" / f"page-{page}.png")
        assert found is not None
        assert (True, True, True) == (40 < found[0] < 72, 190 < found[1] < 230, foot - 15 < found[2] < foot)


def test_inspect_one_page_shows_that_page_only(tmp_path: Path) -> None:
    two_pages(tmp_path)
    done = inspect(tmp_path, "a.pdf", "--method", "presentation", "--page", "2")
    assert (0, ["page-2.png"]) == (done.returncode, names(tmp_path / "a.pdf-chunks")), done.stderr
    assert ("moon" in done.stdout, "Yeast" in done.stdout) == (False, True)


def test_inspect_as_json_says_the_same(tmp_path: Path) -> None:
    two_pages(tmp_path)
    done = inspect(tmp_path, "a.pdf", "--method", "presentation", "--page", "2", "--json")
    told = json.loads(done.stdout)
    assert told["pictures"] == ["a.pdf-chunks/page-2.png"]
    [chunk] = told["chunks"]
    assert (chunk["number"], chunk["pages"], chunk["content"].strip()) == (2, [2], "Yeast makes dough rise.")


def test_inspect_picture_is_drawn(tmp_path: Path) -> None:
    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((60, 100), "The moon pulls the sea", fill="black", font=ImageFont.load_default(48))
    image.save(tmp_path / "a.png")
    done = inspect(tmp_path, "a.png", "--method", "picture")
    assert (0, ["page-1.png"]) == (done.returncode, names(tmp_path / "a.png-chunks")), done.stderr
    assert "moon" in done.stdout


def test_inspect_format_without_pages_is_listed_only(tmp_path: Path) -> None:
    save(tmp_path, "a.md", "# Tides\n\nThe moon.\n")
    done = inspect(tmp_path, "a.md", "--config", '{"chunk_token_num": 2}')
    assert (0, ["a.md"]) == (done.returncode, names(tmp_path)), done.stderr
    assert "The file has no pages that can be drawn." in done.stdout
    assert "  page -" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.pdf"], "does not exist"),
        (["a.pdf", "--method", "wrong"], "There is no method wrong. Methods: book, email,"),
        (["a.pdf", "--page", "9"], "No chunk stands on page 9; pages 1 to 2 have some."),
        (["a.pdf", "--config", "[]"], "must be a JSON object"),
        (["broken.pdf"], "The PDF is damaged"),
        (["a.xyz"], ".xyz files are not supported yet."),
        (["a.pdf", "--out", "a.xyz/b"], "a.xyz"),
    ],
)
def test_inspect_mistake_is_told_in_a_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    two_pages(tmp_path)
    save(tmp_path, "broken.pdf", b"%PDF-1.7\n")
    save(tmp_path, "a.xyz", b"x")
    done = inspect(tmp_path, *arguments)
    assert 0 != done.returncode
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
