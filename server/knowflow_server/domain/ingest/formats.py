"""The table of file formats, and telling a file's format from its name and its first bytes."""

import codecs
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from knowflow_server.domain.ingest.blocks import Block, Progress
from knowflow_server.domain.ingest.config import IngestConfig
from knowflow_server.domain.ingest.errors import IngestError

_HEAD = 2048
_OLD_OFFICE = "an old or password-protected Office file"

# (first bytes, what a file that begins with them is)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a WebP picture or a recording"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_PLAIN = "plain text"
_PICTURES = ("a PNG picture", "a JPEG picture", "a GIF picture", "a TIFF picture", "a WebP picture or a recording")
_TEXT_BYTES = bytes({*range(0x20, 0x100), *b"\t\n\f\r\x1b"})
# PDF readers accept other bytes before the signature (ISO 32000-1, annex H.3.4.1).
_PDF_HEADER = 1024


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader is given.

    Attributes:
        path: The file on disk, which may have a meaningless name.
        config: The document's options.
        method: The chunking method asked for; readers may prepare for it, and need not.
        depth: How many e-mails the file is attached inside of.
    """

    path: Path
    config: IngestConfig
    method: str
    depth: int = 0


class Reader(Protocol):
    """Reads a file of one format."""

    def __call__(self, source: Source) -> Iterator[Progress | list[Block]]:
        """Yield blocks in document order, in lists that fit into memory, and progress between them.

        Raises:
            IngestError: The file cannot be read.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table.

    Attributes:
        name: The format's name in lists.
        label: What one file of it is called in a sentence, with its article.
        extensions: Lower-case name endings, with their dot.
        kinds: What the first bytes of such a file may look like.
        reader: Module of `readers/` whose function `read` is the `Reader`; it is imported when first needed.
    """

    name: str
    label: str
    extensions: tuple[str, ...]
    kinds: tuple[str, ...]
    reader: str

    def read(self, source: Source) -> Iterator[Progress | list[Block]]:
        """Yield what the format's reader yields; see `Reader`."""
        module = importlib.import_module(f"knowflow_server.domain.ingest.readers.{self.reader}")
        return cast("Reader", module.read)(source)


_CODE_ENDINGS = (
    ".py .js .jsx .ts .tsx .java .c .h .cc .cpp .hpp .cs .php .go .sh .kt .sql .rs .rb .swift .scala .lua .r .pl .dart "
    ".vue .css .scss .bat .ps1 .proto .tf .xml .yaml .yml .toml .ini .cfg .conf .properties .rst .tex .srt .vtt"
)
_SOURCE_CODE = tuple(_CODE_ENDINGS.split())

FORMATS = (
    Format("PDF", "a PDF", (".pdf",), ("a PDF",), "pdf"),
    Format("DOCX", "a DOCX document", (".docx",), ("a ZIP archive",), "docx"),
    Format("DOC", "a Word document", (".doc", ".dot"), (_OLD_OFFICE, "an RTF document"), "doc"),
    Format("RTF", "an RTF document", (".rtf",), ("an RTF document",), "rtf"),
    Format("ODT", "an ODT document", (".odt",), ("a ZIP archive",), "odt"),
    Format("HTML", "an HTML page", (".html", ".htm"), (_PLAIN,), "html"),
    Format("Markdown", "a Markdown text", (".md", ".markdown", ".mdx"), (_PLAIN,), "markdown"),
    Format("XLSX", "a spreadsheet", (".xlsx", ".xlsm"), ("a ZIP archive", _OLD_OFFICE), "spreadsheet"),
    Format("XLS", "a spreadsheet", (".xls",), (_OLD_OFFICE, "a ZIP archive"), "spreadsheet"),
    Format("XLSB", "a spreadsheet", (".xlsb",), ("a ZIP archive",), "spreadsheet"),
    Format("ODS", "an ODS spreadsheet", (".ods",), ("a ZIP archive",), "ods"),
    Format("PPTX", "a PPTX presentation", (".pptx",), ("a ZIP archive",), "pptx"),
    Format("PPT", "a PowerPoint presentation", (".ppt", ".pps"), (_OLD_OFFICE,), "ppt"),
    Format("MSG", "an Outlook message", (".msg",), (_OLD_OFFICE,), "msg"),
    Format("EML", "an e-mail", (".eml",), (_PLAIN,), "mail"),
    Format("EPUB", "an EPUB book", (".epub",), ("a ZIP archive",), "epub"),
    Format("picture", "a picture", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp"), _PICTURES, "picture"),
    Format("BMP", "a BMP picture", (".bmp",), ("binary data", _PLAIN), "picture"),
    Format("CSV", "a table in text form", (".csv", ".tsv", ".tab"), (_PLAIN,), "delimited"),
    Format("IPYNB", "a notebook", (".ipynb",), (_PLAIN,), "notebook"),
    Format("JSON", "a JSON text", (".json", ".jsonl", ".ndjson"), (_PLAIN,), "json_text"),
    Format("plain text", "a text file", (".txt", ".text", ".log", *_SOURCE_CODE), (_PLAIN,), "text"),
)
_BY_EXTENSION = {extension: row for row in FORMATS for extension in row.extensions}


def identify(path: Path, name: str) -> Format:
    """Return the format of the file at `path` which its owner calls `name`.

    Raises:
        IngestError: Files with this ending are not supported, or the first bytes belong to another format.
    """
    extension = Path(name).suffix.lower()
    row = _BY_EXTENSION.get(extension)
    if row is None:
        what = f"{extension} files are" if extension else "Files without an ending in their name are"
        raise IngestError(f"{what} not supported yet. Supported: {', '.join(row.name for row in FORMATS)}.")
    head = _first_bytes(path)
    if not head:
        if _PLAIN in row.kinds:
            return row
        raise IngestError("The file is empty (0 bytes).")
    kind = "a PDF" if extension == ".pdf" and b"%PDF-" in head[:_PDF_HEADER] else _kind(head)
    if kind not in row.kinds:
        raise IngestError(f"The file ends in {extension} but is not {row.label}: its content looks like {kind}.")
    return row


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _kind(head: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return _PLAIN  # the mark of UTF-32 in the other byte order begins with the first of these
    # Two bytes a character leave every other byte NUL in Latin text; more than half is nobody's text.
    controls = len(head.translate(None, _TEXT_BYTES))
    return _PLAIN if controls * 20 <= len(head) * 11 else "binary data"
