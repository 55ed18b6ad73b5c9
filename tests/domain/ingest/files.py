"""Files for the tests, written byte by byte or with the libraries that users' programs use."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowflow_server.domain.ingest.blocks import Kind, Progress
from knowflow_server.domain.ingest.chunkers.methods import REWRITING
from knowflow_server.domain.ingest.config import read_config
from knowflow_server.domain.ingest.formats import Source, identify
from knowflow_server.domain.ingest.pipeline import ChunkDraft, document_text, ingest

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def count_words(texts: Sequence[str]) -> list[int]:
    """A token counter which a reader of a test can follow: a token is a word."""
    return [len(text.split()) for text in texts]


@dataclass
class Result:
    chunks: list[ChunkDraft] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    batch_sizes: list[int] = field(default_factory=list)

    @property
    def contents(self) -> list[str]:
        return [chunk.content for chunk in self.chunks]

    @property
    def messages(self) -> list[str]:
        return [progress.message for progress in self.progress if progress.message]


def run(path: Path, method: str = "naive", count_tokens: Any = count_words, name: str = "", **config: Any) -> Result:
    """Ingest a file and check what holds for every file."""
    result = Result()
    for item in ingest(path, name=name or path.name, method=method, config=config, count_tokens=count_tokens):
        if isinstance(item, Progress):
            result.progress.append(item)
        else:
            result.chunks += item
            result.batch_sizes.append(len(item))
    text = document_text(path, name=name or path.name, method=method, config=config)
    if method not in REWRITING:
        assert "".join(result.contents) == (text if text.strip() else "")
    assert all(content.strip() for content in result.contents)
    assert [chunk.token_count for chunk in result.chunks] == count_tokens(result.contents)
    assert all(0 < size <= 64 for size in result.batch_sizes)
    fractions = [progress.fraction for progress in result.progress]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    return result


@dataclass
class PdfText:
    """A line of text: left end and baseline in points from the page's bottom left corner, as PDF counts."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 12
    bold: bool = False


@dataclass
class PdfPage:
    texts: Sequence[PdfText] = ()
    drawing: str = ""
    width: float = 612
    height: float = 792
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None


def paragraph(*lines: str, top: float = 700, size: float = 12, x: float = 72, bold: bool = False) -> list[PdfText]:
    return [PdfText(line, x, top - 1.2 * size * index, size, bold) for index, line in enumerate(lines)]


def grid(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Drawing operators of a ruled grid."""
    across = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys]
    return "\n".join(across + [f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs])


def pdf(pages: Sequence[PdfPage | Sequence[PdfText]], outline: Sequence[tuple[str, int]] = ()) -> bytes:
    """A PDF; `outline` has titles with the index of their page."""
    full = [page if isinstance(page, PdfPage) else PdfPage(page) for page in pages]
    first_page, first_entry = 6, 6 + 2 * len(full)
    kids = " ".join(f"{first_page + 2 * index} 0 R" for index in range(len(full)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{'/Outlines 5 0 R' if outline else ''}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(full)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        f"<</Type/Outlines/First {first_entry} 0 R/Last {first_entry + len(outline) - 1} 0 R>>".encode(),
    ]
    for index, page in enumerate(full):
        crop = f"/CropBox[{' '.join(map(str, page.crop))}]" if page.crop else ""
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]{crop}/Rotate {page.rotate}"
            f"/Contents {first_page + 2 * index + 1} 0 R/Resources<</Font<</F 3 0 R/B 4 0 R>>>>>>".encode()
        )
        content = (page.drawing + "\n" + "\n".join(map(_show, page.texts))).encode("cp1252")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    for index, (title, target) in enumerate(outline):
        links = f"/Next {first_entry + index + 1} 0 R" if index + 1 < len(outline) else ""
        links += f"/Prev {first_entry + index - 1} 0 R" if index else ""
        page_id = first_page + 2 * target
        objects.append(f"<</Title({_escape(title)})/Parent 5 0 R/Dest[{page_id} 0 R/Fit]{links}>>".encode())
    return _assemble(objects)


def _show(text: PdfText) -> str:
    return f"BT /{'B' if text.bold else 'F'} {text.size} Tf {text.x} {text.y} Td ({_escape(text.text)}) Tj ET"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assemble(objects: Sequence[bytes]) -> bytes:
    data, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        bytes(data)
        + head
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    )


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """A DOCX with this XML inside its body; `parts` are further parts of the folder `word` without their ending."""
    files = {"word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"}
    return archive(files | {f"word/{name}.xml": content for name, content in parts.items()})


def save(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_blocks(path: Path, method: str = "smart", **config: Any) -> list[tuple[Kind, int, str]]:
    """The blocks of a file as kind, level and text; neighbours in the same table are joined, blanks left out."""
    items = identify(path, path.name).read(Source(path, read_config(config), method))
    shown: list[tuple[Kind, int, str]] = []
    for block in (block for item in items if not isinstance(item, Progress) for block in item):
        if shown and block.kind is Kind.TABLE and block.text == "\n":
            shown[-1] = (*shown[-1][:2], shown[-1][2] + block.text)
        elif block.text.strip():
            shown.append((block.kind, block.level, block.text))
    return shown
