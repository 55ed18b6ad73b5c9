"""Files to upload: small ones of each format, made in memory."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

from tests.cases.matching import Tag

WORDS = "The lighthouse keeper writes his log at dawn."


def _pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(300, 200), invariant=1)
    canvas.drawString(30, 120, WORDS)
    canvas.save()
    return buffer.getvalue()


def _docx() -> bytes:
    from docx import Document

    buffer = io.BytesIO()
    document = Document()
    document.add_heading("Log", 1)
    document.add_paragraph(WORDS)
    document.save(buffer)
    return buffer.getvalue()


TEXTS = {
    "small.html": f"<html><body><h1>Log</h1><p>{WORDS}</p></body></html>",
    "small.md": f"# Log\n\n{WORDS}\n",
    "small.txt": f"{WORDS}\r\nSecond line, no line feed at its end",
    "long.md": "".join(f"# Part {n}\n\nA paragraph about subject {n}.\n\n" for n in range(2_000)),
    "two_megabytes.txt": "0123456789abcde\n" * 131_072,
    "broken.pdf": "%PDF-1.7\nthis is where it ends",
}
MAKERS: dict[str, Callable[[], bytes]] = {
    "small.pdf": _pdf,
    "small.docx": _docx,
    # Neither text nor anything else, with every byte there is and what multipart bodies are cut by.
    "bytes.txt": lambda: bytes(range(256)) * 40 + b"\r\n--\r\n------cases-boundary\r\n",
}


@cache
def _made(name: str) -> bytes:
    return TEXTS[name].encode() if name in TEXTS else MAKERS[name]()


def sample(tag: Tag) -> bytes:
    """Return the bytes of a sample, `!file small.pdf`."""
    assert tag.name == "file", tag
    return _made(str(tag.argument))
