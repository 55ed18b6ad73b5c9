"""DOC: the text of Word 97 to 2003 with its headings, lists and tables [MS-DOC].

The main text is read. Footnotes, headers, remarks and pictures are left out, and so is text that was deleted in a file
saved in a hurry, which the pieces of the text pass over.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from knowflow_server.domain.ingest.blocks import Block, Kind, Progress, clean
from knowflow_server.domain.ingest.errors import IngestError
from knowflow_server.domain.ingest.formats import Source
from knowflow_server.domain.ingest.readers import rtf
from knowflow_server.domain.ingest.readers.compound import open_compound
from knowflow_server.domain.ingest.readers.doc_looks import Look, Looks
from knowflow_server.domain.ingest.readers.table_text import table_rows

_LABEL = "a Word document"
_WORD_97 = 0xC1
_MAGIC = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_FLAGS, _CCP_TEXT, _CLX, _PAPX = 0x0A, 0x4C, 0x1A2, 0x102
_MAX_LEVEL = 6
_BATCH = 500
_COMPRESSED = 0x4000_0000
_MARKS = str.maketrans(
    {"\x01": None, "\x02": None, "\x05": None, "\x08": None, "\x1f": None, "\x1e": "-", "\x0b": "\n"}
)
_END = re.compile("[\r\x07\x0c]")
_FIELD, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"


class _Piece(NamedTuple):
    """A run of the text: characters from `start` to `end`, at `offset` of the stream."""

    start: int
    end: int
    offset: int
    width: int  # bytes of a character: 1 in code page 1252, 2 in UTF-16


def read(source: Source) -> Iterator[Progress | list[Block]]:
    """Yield the blocks of a document in their order; see `Reader`. RTF under this name is read as what it is."""
    with source.path.open("rb") as file:
        is_rtf = file.read(5) == b"{\\rtf"
    if is_rtf:
        yield from rtf.read(source)
        return
    with open_compound(source.path, label=_LABEL) as file:
        main = file.stream("WordDocument")
        _check(main)
        (flags,) = struct.unpack_from("<H", main, _FLAGS)
        table = file.stream("1Table" if flags & _TABLE_1 else "0Table")
        blocks = _Blocks()
        for text, look in _paragraphs(main, table):
            blocks.add(text, look)
            if len(blocks.done) >= _BATCH:
                yield blocks.done
                blocks.done = []
        blocks.end()
        yield blocks.done


def _check(main: bytes) -> None:
    magic, version = struct.unpack_from("<HH", main, 0)
    if magic != _MAGIC or version < _WORD_97:
        raise IngestError("The Word document is older than Word 97; save it as DOCX.")
    if struct.unpack_from("<H", main, _FLAGS)[0] & _ENCRYPTED:
        raise IngestError("The Word document is encrypted; upload it without a password.")


def _paragraphs(main: bytes, table: bytes) -> Iterator[tuple[str, Look]]:
    """Yield the paragraphs, cells included, each with the character that ends it, and how it looks."""
    (length,) = struct.unpack_from("<I", main, _CCP_TEXT)
    looks = Looks(main, table, *struct.unpack_from("<II", main, _PAPX))
    rest: list[str] = []
    for piece in _pieces(table, *struct.unpack_from("<II", main, _CLX)):
        count = min(piece.end, length) - piece.start
        if count <= 0:
            continue
        encoding = "utf-16-le" if piece.width == 2 else "cp1252"
        text = main[piece.offset : piece.offset + count * piece.width].decode(encoding, "replace")
        offset, start = piece.offset, 0
        for match in _END.finditer(text):
            part = text[start : match.end()]
            start = match.end()
            # Characters beyond the basic plane are two units; what cannot be decoded is one all the same.
            offset += piece.width * (len(part) + sum(character > "\uffff" for character in part))
            rest.append(part)
            yield "".join(rest), looks.at(offset - piece.width)
            rest = []
        rest.append(text[start:])
    if "".join(rest).strip():
        yield "".join(rest) + "\r", Look()


def _pieces(table: bytes, offset: int, size: int) -> list[_Piece]:
    """Return the pieces of the text, in their order (2.9.38, Clx)."""
    clx = table[offset : offset + size]
    position = 0
    while position < len(clx) and clx[position] == 1:  # Prc: formats that pieces refer to
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    (length,) = struct.unpack_from("<I", clx, position + 1)
    plc = clx[position + 5 : position + 5 + length]
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc, 0)
    pieces = []
    for index in range(count):
        (at,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)
        is_compressed = bool(at & _COMPRESSED)
        at &= _COMPRESSED - 1
        pieces.append(_Piece(ends[index], ends[index + 1], at // 2 if is_compressed else at, 1 if is_compressed else 2))
    return pieces


class _Blocks:
    """Makes blocks of paragraphs."""

    def __init__(self) -> None:
        self.done: list[Block] = []
        self._depth = 0  # fields inside fields
        self._is_code = False
        self._cell: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._items: list[str] = []

    def add(self, paragraph: str, look: Look) -> None:
        text = clean(self._shown(paragraph[:-1]).translate(_MARKS)).strip(" \t\n")
        if paragraph.endswith("\x07"):
            self._end_cell(text, look)
        elif look.in_table:
            self._cell.append(text)
        else:
            self._end_table()
            if text:
                self._paragraph(text, look)

    def end(self) -> None:
        """Complete what is begun."""
        self._end_table()
        self._end_list()

    def _shown(self, text: str) -> str:
        """Return the text without the codes of fields, of which a reader sees the results."""
        if _FIELD not in text and not self._depth:
            return text
        shown = []
        for character in text:
            if character == _FIELD:
                self._depth += 1
                self._is_code = True
            elif character == _FIELD_RESULT:
                self._is_code = False
            elif character == _FIELD_END:
                self._depth = max(0, self._depth - 1)
                self._is_code = False
            elif not self._is_code:
                shown.append(character)
        return "".join(shown)

    def _paragraph(self, text: str, look: Look) -> None:
        if look.is_list and not look.level:
            self._items.append(f"- {text}")
            return
        self._end_list()
        if look.level:
            title = " ".join(text.split())
            self.done.append(Block(Kind.HEADING, f"{title}\n\n", min(look.level, _MAX_LEVEL)))
        else:
            self.done.append(Block(Kind.PARAGRAPH, f"{text}\n\n"))

    def _end_cell(self, text: str, look: Look) -> None:
        if look.ends_row:
            self._end_list()
            self._rows.append(self._row)
            self._row, self._cell = [], []
            return
        self._row.append(" ".join([*self._cell, text]))
        self._cell = []

    def _end_table(self) -> None:
        if self._row:  # a file that does not say where its rows end
            self._rows.append(self._row)
        if self._cell:
            self._items += self._cell
        self._row, self._cell = [], []
        rows, self._rows = table_rows(self._rows), []
        if rows:
            self.done.append(Block(Kind.TABLE, "".join(rows) + "\n"))

    def _end_list(self) -> None:
        if self._items:
            self.done.append(Block(Kind.LIST, "\n".join(self._items) + "\n\n"))
            self._items = []
