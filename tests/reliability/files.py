"""Files for tests: long ones, and ones that somebody made wrong or made to do harm."""

from __future__ import annotations

import io
import random
import zipfile

from docx import Document as Docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WORDS = """
    moon sea tide salt wind stone river bread yeast flour oven storm harbour sailor island coast winter summer morning
    night bridge village market letter window garden forest mountain valley candle silver copper iron
""".split()  # noqa: SIM905 - a list of quoted words reads worse


def long_text(characters: int, *, seed: int = 0) -> str:
    """Return paragraphs of a text of about this many characters, none twice."""
    generator = random.Random(seed)
    paragraphs, length = [], 0
    while length < characters:
        words = [generator.choice(WORDS) for _ in range(generator.randint(15, 60))]
        paragraphs.append(f"Paragraph {len(paragraphs)} of {seed}: {' '.join(words)}.")
        length += len(paragraphs[-1]) + 2
    return "\n\n".join(paragraphs)


def pdf(*, pages: int = 1, password: str | None = None, text: str = "The moon pulls the sea.") -> bytes:
    """Return a PDF with a line of text on each page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, encrypt=password, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(72, 720, f"Page {page}. {text}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def docx(text: str = "The moon pulls the sea.") -> bytes:
    """Return a DOCX of one paragraph."""
    buffer = io.BytesIO()
    document = Docx()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def zip_bomb_docx(*, megabytes: int = 512) -> bytes:
    """Return a DOCX of some hundred kilobytes whose text unpacks to much more."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx())) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for entry in source.infolist():
            if entry.filename != "word/document.xml":
                target.writestr(entry, source.read(entry))
        with target.open("word/document.xml", "w") as document:
            document.write(b'<?xml version="1.0"?><w:document xmlns:w="x"><w:body>')
            for _ in range(megabytes):
                document.write(b"<w:p/>" * (2**20 // 6))
    return buffer.getvalue()


def long_pdf(pages: int, *, seed: int = 0) -> bytes:
    """Return a PDF of many pages of text, no two alike."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    generator = random.Random(seed)
    for page in range(1, pages + 1):
        for line in range(25):
            words = " ".join(generator.choice(WORDS) for _ in range(9))
            canvas.drawString(72, 760 - 25 * line, f"{page}.{line} of {seed}: {words}.")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
